"""An upload that was deleted in another tab: pages that still show it answer with a sentence and a way on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from aecore.datasets.base import Examples
from aecore.datasets.uploads.base import Uploaded
from aecore.datasets.uploads.store import save_upload, upload_store
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage, button

PAGES = ("train", "data", "noise", "features", "anomaly", "compression", "latent", "generate", "translate", "race")


@pytest.fixture
def pictures(home: Path) -> str:
    """The id of an upload of pictures with two classes."""
    rng = np.random.default_rng(0)
    examples = Examples(rng.random((80, 1, 8, 8)).astype(np.float32), rng.integers(0, 2, 80))
    return save_upload(Uploaded(examples, "images", ("a", "b"), ()), "Pictures", home)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_goes_on_when_its_upload_is_deleted_in_another_tab(
    name: str, open_page: OpenPage, pictures: str, home: Path, store: RunStore
) -> None:
    run = finished_run(store.folder, "Run", epochs=1, data=pictures).id
    query = {"data": pictures, "run": run, "network": run, "networks": run, "runs": run}
    page = open_page(name, **query)
    assert not page.exception
    browser = page._tree.get_widget_states()  # what the other tab's browser will send
    upload_store(home).delete(pictures)
    page._run(browser)
    assert not page.exception
    assert not open_page(name, **query).exception


@pytest.mark.parametrize("label", ["Train on it", "Delete"])
def test_the_buttons_of_a_deleted_upload_refuse_with_a_sentence(
    label: str, open_page: OpenPage, pictures: str, home: Path
) -> None:
    page = open_page("data")
    pressed = next(each for each in page.button if each.label == label and pictures in each.key)
    upload_store(home).delete(pictures)
    pressed.click().run()
    assert not page.exception
    told = [each.value for kind in (page.toast, page.warning) for each in kind]
    assert label == "Train on it" or any("may have been deleted" in each for each in told), told


def test_training_on_a_deleted_upload_is_refused(
    open_page: OpenPage, pictures: str, home: Path, store: RunStore
) -> None:
    page = open_page("train", data=pictures)
    browser = page._tree.get_widget_states()
    trigger = browser.widgets.add()
    trigger.id, trigger.trigger_value = button(page, "Train").id, True
    upload_store(home).delete(pictures)
    page._run(browser)
    assert not page.exception
    assert not store.list()


def test_numbers_beyond_all_bounds_in_an_address_are_refused(open_page: OpenPage) -> None:
    for number in ("1e400", "-1e400", "nan", "9" * 400):
        page: AppTest = open_page("train", seed=number, epochs=number, learning_rate=number)
        assert not page.exception
        assert any("seed" in each.value.lower() for each in page.warning), number
