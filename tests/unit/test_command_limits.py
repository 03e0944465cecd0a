"""The command line is bound by the limits that are set, and empties the trash of runs by age."""

from __future__ import annotations

import time

import pytest

from aecore.__main__ import main
from aecore.commands import runs as command
from aecore.pretrained.notebook import train
from aecore.runs.store import RunStore
from aecore.runs.usage import QuotaError
from aecore.settings import SettingsError
from tests.small_runs import make

Capture = pytest.CaptureFixture[str]
DAY = 86_400.0


@pytest.fixture
def store(home: object) -> RunStore:
    return RunStore()


def test_a_network_that_is_too_large_is_refused_before_there_is_a_run(
    store: RunStore, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_MOST_WEIGHTS", "1000")
    assert main(["train", "--data", "digits", "--epochs", "1"]) == 1
    assert "weights and biases" in (told := capsys.readouterr().err)
    assert "this server accepts 1,000. Use smaller" in told
    with pytest.raises(SettingsError, match="accepts 1,000"):
        train("digits", epochs=1, watch=False)
    assert store.list() == []


def test_no_more_runs_than_are_allowed_are_begun(
    store: RunStore, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(store)
    monkeypatch.setenv("AECORE_MOST_RUNS", "1")
    for arguments in (["train", "--data", "digits"], ["train-recommender", "--model", "popularity"]):
        assert main(arguments) == 1
        assert "You have 1 run, and another would be too many" in capsys.readouterr().err
    with pytest.raises(QuotaError, match="one person may keep 1"):
        train("digits", epochs=1, watch=False)
    assert len(store.list()) == 1


def test_the_trash_is_emptied_by_age(store: RunStore, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, kept = make(store), make(store)
    store.delete(gone.id)
    assert main(["runs", "empty-trash"]) == 0
    assert capsys.readouterr().out == "0 runs are removed for good.\n"
    real = time.time
    monkeypatch.setattr(command.time, "time", lambda: real() + 2.5 * DAY)
    assert main(["runs", "empty-trash", "--days", "2"]) == 0
    assert capsys.readouterr().out == "1 run is removed for good.\n"
    assert store.deleted() == []
    assert [run.id for run in store.list()] == [kept.id]


@pytest.mark.parametrize("days", ["0", "0.5", "-3", "nan", "many", "1e9"])
def test_what_was_deleted_today_stays(days: str, store: RunStore, capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["runs", "empty-trash", f"--days={days}"])
    assert "what was deleted today can always be brought back" in capsys.readouterr().err
