"""A run's page says where the run has been logged, or why it has not, and to whom."""

from __future__ import annotations

import time

import pytest
from streamlit.testing.v1 import AppTest

from aecore.runs.store import Run, RunStore
from aecore.runs.tracking import note
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage
from ui.app.identity import Person
from ui.widgets.run_tracking import is_being_logged

WHY = "The MLflow server at http://10.1.2.3:5000 does not answer: nothing listens there. <b>*Start*</b> it."


@pytest.fixture
def run(store: RunStore) -> Run:
    return finished_run(store.folder, "Logged", epochs=1)


def captions(page: AppTest) -> str:
    assert not page.exception
    return " ".join(each.value for each in page.caption)


@pytest.mark.parametrize("name", ["train", "runs"])
def test_where_it_is_logged_stands_on_its_page(name: str, run: Run, open_page: OpenPage) -> None:
    assert "MLflow" not in captions(open_page(name, run=run.id))
    note(run.folder, "logged", "MLflow, experiment 'Digits', run 0a1b")
    assert "Logged to MLflow, experiment 'Digits', run 0a1b." in captions(open_page("train", run=run.id))


def test_why_it_is_not_is_for_the_host_alone(run: Run, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    note(run.folder, "failed", WHY)
    said = captions(open_page("train", run=run.id))
    assert "Not logged to MLflow, which changes nothing about the run." in said
    assert "does not answer: nothing listens there. \\<b>\\*Start\\*\\</b> it." in said
    assert f"aecore export {run.id} --to mlflow" in said
    monkeypatch.setattr("ui.app.services._visiting", lambda: Person("a stranger"))
    said = captions(open_page("train", run=run.id))
    assert "could not be logged to MLflow. The host of this server sees why" in said
    assert "10.1.2.3" not in said


def test_each_tracker_is_told_of_by_its_name(run: Run, open_page: OpenPage) -> None:
    note(run.folder, "logged", "MLflow, experiment 'Digits', run 0a1b")
    note(run.folder, "failed", "/logs cannot be written (Permission denied).", "tensorboard")
    said = captions(open_page("train", run=run.id))
    assert "Logged to MLflow, experiment 'Digits', run 0a1b." in said
    assert "Not logged to TensorBoard, which changes nothing about the run. /logs cannot be written" in said
    assert f"aecore export {run.id} --to tensorboard" in said
    note(run.folder, "waiting", tracker="tensorboard")
    assert "Waiting to be logged to TensorBoard." in captions(open_page("train", run=run.id))


def test_a_page_watches_a_run_only_until_it_is_logged(
    run: Run, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(run.folder, "waiting")
    assert not is_being_logged(run), "nobody has said where to"
    monkeypatch.setenv("AECORE_MLFLOW", "here")
    assert is_being_logged(run)
    for state in ("logged", "failed"):
        note(run.folder, state)
        assert not is_being_logged(run)
    (run.folder / "tracker.json").unlink()
    assert is_being_logged(store.update(run.id, finished=time.time()))
    assert not is_being_logged(store.update(run.id, finished=time.time() - 60))
    (run.folder / "tracker.json").write_text('{"state": ["?"]}')
    assert "MLflow" not in store.get(run.id).problem
    monkeypatch.delenv("AECORE_MLFLOW")
    monkeypatch.setenv("AECORE_TENSORBOARD", "there")
    note(run.folder, "waiting", tracker="tensorboard")
    assert is_being_logged(run)
    note(run.folder, "logged", tracker="tensorboard")
    assert not is_being_logged(run)
