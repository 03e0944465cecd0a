"""The Features page: what it finds is shown and said, links restore a view,
and what cannot be analysed gets a sentence.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from aecore.analyses.feature_results import results_of
from aecore.analyses.features import analyse
from aecore.jobs.service import Jobs
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage, button, sentences
from tests.small_uploads import upload_rows
from ui.screens.features.text import percent

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ("features", "digits", "logistic", 1000)


def found_out(store: RunStore, name: str = "digits", classifier: str = "logistic", labelled: int = 1000) -> None:
    """Does the analysis in this process; the usual one of the digits only once for all tests."""
    if ("features", name, classifier, labelled) == DIGITS:
        shutil.copytree(Path(_digits_found_out().name) / "cache", store.folder.parent / "cache", dirs_exist_ok=True)
    else:
        list(analyse(store, name, classifier, labelled))


@cache
def _digits_found_out() -> TemporaryDirectory[str]:
    folder = TemporaryDirectory(prefix="digits-found-out-")
    list(analyse(RunStore(Path(folder.name) / "runs"), *DIGITS[1:]))
    return folder


def parameter(page: AppTest, name: str) -> str | None:
    value = page.query_params.get(name)
    return value[0] if isinstance(value, list) else value


def cell_box(page: AppTest) -> Any:
    """Where a cell of the board is chosen by its words."""
    (found,) = [each for each in page.selectbox if each.label == "Look at"]
    return found


def headings(page: AppTest) -> list[str]:
    return [each.value for each in page.subheader]


def test_a_fresh_machine_begins_at_once_with_a_built_in_model(open_page: OpenPage, jobs: Jobs) -> None:
    page = open_page("features")
    assert not page.exception
    assert page.selectbox(key="features-run").value == "digits"
    waiting = jobs.find(DIGITS)
    assert waiting is not None
    assert waiting.is_active
    assert "It starts in a moment." in sentences(page)
    button(page, "Stop").click().run()
    assert not waiting.is_active
    assert button(page, "Go on")
    button(page, "Go on").click().run()
    assert jobs.find(DIGITS).is_active  # type: ignore[union-attr]


def test_results_are_shown_with_intervals_conclusions_and_confusions(open_page: OpenPage, store: RunStore) -> None:
    found_out(store)
    page = open_page("features")
    assert not page.exception
    results = results_of(store, find_trained_model(store, "digits"))
    probes = results.at("logistic", 1000)
    names = {"code": "Code", "pixels": "Raw pixels", "pca": "PCA"}
    assert {each.label: each.value for each in page.metric} == {
        label: percent(probes[name].accuracy) for name, label in names.items()
    }
    assert headings(page) == ["270 test pictures, 1,000 labels", "What labels are worth", "Confusion matrix"]
    text = "\n".join(each.value for each in page.markdown)
    assert "only from raw pixels" in text
    assert "only from PCA" in text
    cells = cell_box(page)
    confusion = probes["code"].confusion
    assert len(cells.options) == (confusion > 0).sum()
    assert sentences(page) == ""


def test_a_link_brings_back_model_classifier_labels_representation_and_cell(
    open_page: OpenPage, store: RunStore
) -> None:
    found_out(store, classifier="svm", labelled=100)
    page = open_page("features", run="digits", classifier="svm", labels="100", of="pca", cell="3.3")
    assert not page.exception
    assert page.button_group(key="features-classifier").value == "svm"
    assert page.select_slider(key="features-labels").value == "100"
    assert page.button_group(key="features-of").value == "pca"
    assert cell_box(page).value == "3.3"
    assert headings(page)[0] == "270 test pictures, 100 labels"


def test_a_sparse_code_is_told_which_pca_it_meets(open_page: OpenPage, store: RunStore) -> None:
    found_out(store, "digits-k-sparse", labelled=30)
    page = open_page("features", run="digits-k-sparse", labels="100")
    probes = results_of(store, find_trained_model(store, "digits-k-sparse")).at("logistic", 30)
    said = "\n".join(each.value for each in page.caption)
    assert (
        f"10 of the code's {probes['code'].size:,} numbers are active for a picture, so PCA has 10 components" in said
    )
    assert "10 numbers" in said  # below the figure itself
    assert "has them all" not in said


def test_where_pca_would_be_the_identity_there_is_none_and_the_page_says_why(
    open_page: OpenPage, store: RunStore
) -> None:
    found_out(store, "digits-overcomplete", labelled=100)
    page = open_page("features", run="digits-overcomplete", labels="100", of="pca")
    assert not page.exception
    assert [each.label for each in page.metric] == ["Code", "Raw pixels"]
    assert "PCA is not compared here" in "\n".join(each.value for each in page.caption)
    assert "PCA is not compared with this network" in sentences(page)
    assert page.button_group(key="features-of").value == "code"


def test_a_choice_of_pca_gives_way_without_a_word_where_the_next_network_has_none(
    open_page: OpenPage, store: RunStore
) -> None:
    found_out(store, labelled=100)
    found_out(store, "digits-overcomplete", labelled=100)
    page = open_page("features", labels="100", of="pca")
    page.selectbox(key="features-run").set_value("digits-overcomplete").run()
    assert page.button_group(key="features-of").value == "code"
    assert parameter(page, "of") is None
    assert sentences(page) == ""


def test_choices_are_written_into_the_address(open_page: OpenPage, store: RunStore) -> None:
    found_out(store)
    page = open_page("features")
    assert parameter(page, "cell") is None
    page.button_group(key="features-of").set_value("pixels").run()
    cell_box(page).select_index(1).run()
    page.select_slider(key="features-labels").set_value("300").run()
    assert not page.exception
    assert parameter(page, "of") == "pixels"
    assert parameter(page, "cell") == cell_box(page).value
    assert parameter(page, "labels") == "300"
    assert headings(page)[0] == "270 test pictures, 300 labels"


def test_a_choice_survives_the_moment_in_which_more_becomes_known(open_page: OpenPage, store: RunStore) -> None:
    page = open_page("features", labels="all")
    button(page, "Compare").click().run()
    for labelled in (30, 0):  # the number of labels that there are is known, then everything
        found_out(store, labelled=labelled)
        page.run()
        assert not page.exception
        assert page.select_slider(key="features-labels").value == "all"
        assert parameter(page, "labels") == "all"
        assert parameter(page, "cell") is None
    assert headings(page)[0] == "270 test pictures, 1,257 labels"


@pytest.mark.parametrize(
    "query", [{"classifier": "x"}, {"labels": "7"}, {"labels": "-1"}, {"of": "y"}, {"cell": "99.1"}, {"cell": "<b>"}]
)
def test_nonsense_in_the_address_does_not_break_the_page(
    query: dict[str, str], open_page: OpenPage, store: RunStore
) -> None:
    found_out(store)
    page = open_page("features", **query)
    assert not page.exception
    assert headings(page)[0] == "270 test pictures, 1,000 labels"


def test_your_own_run_can_be_chosen_and_all_labels_wait_for_a_button(
    open_page: OpenPage, store: RunStore, jobs: Jobs
) -> None:
    run = finished_run(store.folder, "Mine", epochs=2)
    found_out(store, run.id, labelled=100)
    page = open_page("features", run=run.id, labels="all")
    assert not page.exception
    assert page.selectbox(key="features-run").options[0] == "Mine"
    assert page.selectbox(key="features-run").value == run.id
    assert jobs.find(("features", run.id, "logistic", 0)) is None
    assert any("Up to **all** labels: 100 took" in each.value for each in page.markdown)
    assert headings(page)[0] == "270 test pictures, 100 labels"
    button(page, "Compare").click().run()
    assert jobs.find(("features", run.id, "logistic", 0)).is_active  # type: ignore[union-attr]


def test_a_deleted_run_an_unended_one_and_a_name_that_is_none_get_a_sentence(
    open_page: OpenPage, store: RunStore
) -> None:
    gone = finished_run(store.folder, "Gone", epochs=1)
    store.delete(gone.id)
    waiting = store.create({"data": "digits", "variant": "undercomplete"}, "Waiting")
    for name, words in (
        (gone.id, "It may have been deleted"),
        (waiting.id, "'Waiting' has no final weights"),
        ("nonsense", "neither the id of a run"),
    ):
        page = open_page("features", run=name)
        assert not page.exception
        assert words in sentences(page)
        assert not page.metric
    page.selectbox(key="features-run").set_value("digits").run()
    assert sentences(page) == "It starts in a moment."


def test_data_without_labels_get_a_sentence(open_page: OpenPage, store: RunStore, home: Path) -> None:
    run = finished_run(store.folder, "Bare", epochs=1, data=upload_rows(home))
    page = open_page("features", run=run.id)
    assert not page.exception
    assert "have no labels, so there is nothing to recognise" in sentences(page)


def test_data_that_are_not_here_are_offered_for_download(
    open_page: OpenPage, store: RunStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AECORE_DATA", str(tmp_path))
    run = finished_run(store.folder, "MNIST", epochs=1)
    (run.folder / "settings.json").write_text(
        (run.folder / "settings.json").read_text().replace('"data": "digits"', '"data": "mnist"')
    )
    page = open_page("features", run=run.id)
    assert not page.exception
    assert button(page, "Download MNIST")
    assert not page.metric


def test_a_table_shows_rows_where_pictures_would_be(open_page: OpenPage, store: RunStore, home: Path) -> None:
    run = finished_run(store.folder, "Rows", epochs=1, data=upload_rows(home, ("red", "green", "blue")))
    found_out(store, run.id)
    page = open_page("features", run=run.id)
    assert not page.exception
    assert headings(page)[0] == "18 test rows, 84 labels"
    assert [each.label for each in page.metric] == ["Code", "Raw numbers", "PCA"]
    assert len(page.dataframe) == 1
