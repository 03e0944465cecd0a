"""The button "Export" on the Train, Runs and Recommender pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aecore.experiment.settings import RunSettings
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage
from tests.small_recommenders import bring_tastes, make_recommender
from tests.small_runs import finish

CODE = ["Script (.py)", "Notebook (.ipynb)", "Everything (.zip)"]
MODEL = ["Hugging Face (.zip)", "TensorBoard (.zip)"]
LABELS = CODE + MODEL


def downloads(page: AppTest) -> list[str]:
    return [each.proto.label for each in page.get("download_button") if each.proto.label in LABELS]


def popover(page: AppTest) -> list[tuple[bool, str]]:
    """(disabled, help) of every menu called "Export"."""
    found = [each.proto.popover for each in page.get("popover")]
    return [(each.disabled, each.help) for each in found if each.label == "Export"]


@pytest.mark.parametrize("data", ["digits", "spiral"])
def test_a_run_that_is_over_offers_script_notebook_and_zip(data: str, open_page: OpenPage, store: RunStore) -> None:
    if data == "digits":
        run = finished_run(store.folder, "Over", epochs=2)
    else:
        run = store.update(
            store.create(RunSettings.build(data, "linear", latent_size=1).to_dict(), "Stopped").id, state="stopped"
        )
    page = open_page("train", run=run.id)
    assert not page.exception
    assert downloads(page) == LABELS
    assert [disabled for disabled, _ in popover(page)] == [False]
    says = " ".join(each.value for each in page.caption)
    assert ("the ZIP holds it" in says) == (data == "spiral")


def test_a_paused_run_offers_its_program_and_says_why_not_its_model(open_page: OpenPage, store: RunStore) -> None:
    run = store.create(RunSettings.build("digits", "linear").to_dict(), "Resting *here*")
    store.update(run.id, state="paused")
    page = open_page("train", run=run.id)
    assert not page.exception
    assert downloads(page) == CODE
    assert any(
        "Run 'Resting \\*here\\*' has not finished: it is paused. Continue it to its end first." in each.value
        for each in page.caption
    )


def test_without_the_library_tensorboard_is_off_and_says_what_to_install(
    open_page: OpenPage, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aecore.exchange.is_installed", lambda name: False)
    page = open_page("train", run=finished_run(store.folder, "Over", epochs=1).id)
    assert [each.proto.label for each in page.get("download_button") if each.proto.disabled] == ["TensorBoard (.zip)"]
    assert any("pip install tensorboardX" in each.value for each in page.caption)


def test_while_a_run_waits_or_trains_the_menu_says_when(open_page: OpenPage, store: RunStore) -> None:
    run = store.create(RunSettings.build("digits", "linear").to_dict(), "Waiting")
    page = open_page("train", run=run.id)
    assert not page.exception
    assert downloads(page) == []
    ((disabled, help),) = popover(page)
    assert disabled
    assert "Until then the Runs page" in help


def test_a_run_that_cannot_be_exported_says_why(open_page: OpenPage, store: RunStore) -> None:
    run = store.create({"data": "upload-0123456789", "variant": "linear"}, "Its data are gone")
    store.update(run.id, state="stopped")
    page = open_page("train", run=run.id)
    assert not page.exception
    ((disabled, help),) = popover(page)
    assert disabled
    assert "There is no data set 'upload-0123456789'" in help


@pytest.fixture
def ticked(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the Runs page, every run that is there."""
    monkeypatch.setattr("ui.screens.runs.table.run_table", list)


@pytest.mark.usefixtures("ticked")
@pytest.mark.parametrize("name", ["recommender", "runs"])
def test_a_recommender_that_is_over_offers_its_model(
    name: str, open_page: OpenPage, store: RunStore, home: Path
) -> None:
    run = finish(store, make_recommender(store, bring_tastes(home)))
    page = open_page(name, run=run.id)
    assert not page.exception
    assert downloads(page) == MODEL
    assert popover(page) == [(False, "Its model, films and curves, for other machines and programs.")]
    assert any("films, " in each.value and "reconstructions" not in each.value for each in page.caption)


@pytest.mark.usefixtures("ticked")
def test_a_recommender_that_waits_says_when_it_can_be_exported(
    open_page: OpenPage, store: RunStore, home: Path
) -> None:
    run = make_recommender(store, bring_tastes(home))
    page = open_page("runs", run=run.id)
    assert not page.exception
    assert downloads(page) == []
    ((disabled, help),) = popover(page)
    assert disabled
    assert "has not finished: it waits to be trained" in help
    assert popover(open_page("recommender", run=run.id)) == []
