"""A run that was imported from a Hugging Face-style folder stands on every page that looks at runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aecore.exchange.huggingface import write_folder
from aecore.exchange.importing import import_run
from aecore.runs.store import Run, RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage

ADDRESSES = {
    "train": "run", "runs": "run", "race": "runs", "features": "run", "latent": "network", "noise": "networks",
    "anomaly": "network", "compression": "networks", "generate": "network", "translate": "network",
}  # fmt: skip


@pytest.fixture
def folder(store: RunStore, tmp_path: Path) -> Path:
    """The folder of a run that is no longer here."""
    run = finished_run(store.folder, "From elsewhere", epochs=2)
    write_folder(run, tmp_path / "model")
    store.discard(store.delete(run.id).name)
    return tmp_path / "model"


@pytest.fixture
def run(store: RunStore, folder: Path) -> Run:
    return import_run(store, folder).run


def texts(page: AppTest) -> list[str]:
    return [each.value for kind in (page.error, page.warning, page.info) for each in kind]


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_page_opens_it(name: str, run: Run, open_page: OpenPage) -> None:
    query = {ADDRESSES[name]: run.id, **({"data": "digits"} if name in ("noise", "compression") else {})}
    page = open_page(name, **query)
    assert not page.exception
    assert not [each for each in texts(page) if "not on this machine" in each or "cannot be used" in each]


def test_its_page_has_curves_figures_and_pictures(run: Run, open_page: OpenPage) -> None:
    page = open_page("train", run=run.id)
    assert [each.value for each in page.subheader] == ["From elsewhere"]
    assert "Loss" in " ".join(each.value for each in page.markdown)
    assert "never trained on" in " ".join(each.value for each in page.markdown)
    assert page.metric


def test_without_the_record_of_its_training_its_page_says_so(
    folder: Path, store: RunStore, open_page: OpenPage
) -> None:
    (folder / "progress.jsonl").unlink()
    page = open_page("train", run=import_run(store, folder).run.id)
    assert not page.exception
    assert "This run was imported without the record of its training" in texts(page)[0]
    assert "never trained on" in " ".join(each.value for each in page.markdown)
