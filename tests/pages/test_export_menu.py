"""The button "Export to code" on the Train and Runs pages."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from aecore.experiment.settings import RunSettings
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage

LABELS = ["Script (.py)", "Notebook (.ipynb)", "Everything (.zip)"]


def downloads(page: AppTest) -> list[str]:
    return [each.proto.label for each in page.get("download_button") if each.proto.label in LABELS]


def popover(page: AppTest) -> list[tuple[bool, str]]:
    """(disabled, help) of every menu called "Export to code"."""
    found = [each.proto.popover for each in page.get("popover")]
    return [(each.disabled, each.help) for each in found if each.label == "Export to code"]


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
