"""What goes wrong in a run is told in a sentence: a full disk, missing data, broken files, another trainer."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from safetensors import SafetensorError

from aecore.experiment import runner
from aecore.experiment.settings import RunSettings
from aecore.files import write_json
from aecore.runs.store import RunError, RunStore
from tests.small_runs import finish, held, make, send_after

pytestmark = pytest.mark.usefixtures("few_probed")


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


def test_a_full_disk_ends_the_run_with_a_sentence_that_names_the_folder(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make(store)

    def full(source: Path, target: Path) -> None:
        if Path(target).name == "weights.safetensors":
            raise OSError(errno.ENOSPC, "No space left on device")
        os.rename(source, target)

    with monkeypatch.context() as disk:
        disk.setattr(os, "replace", full)
        run = finish(store, run)
    assert run.status.state == "failed"
    assert run.status.message.startswith(f"The disk is full: the folder {run.folder.name} could not be written.")
    assert finish(store, run).status.state == "done"


def test_a_full_disk_is_named_when_safetensors_meets_it(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """safetensors 0.8 tells a failed write by an error of its own, without errno (seen with a file size limit)."""

    def full(*_: object) -> None:
        raise SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)")

    monkeypatch.setattr("aecore.experiment.checkpoints.save_file", full)
    run = finish(store, make(store))
    assert run.status.state == "failed"
    assert run.status.message.startswith(f"The disk is full: the folder {run.folder.name} could not be written.")


def test_an_unforeseen_error_leaves_its_traceback_beside_a_sentence(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "fit", lambda *_: 1 / 0)
    run = finish(store, make(store))
    assert (run.status.state, run.status.message.startswith("Training failed: division by zero.")) == ("failed", True)
    assert "ZeroDivisionError" in (run.folder / "error.log").read_text()


def test_a_data_set_that_is_not_there_fails_with_a_sentence(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_DATA", str(tmp_path / "nothing"))
    run = finish(store, store.create(RunSettings.build("fashion-mnist", "undercomplete").to_dict(), "Clothes"))
    assert run.status.state == "failed"
    assert "python -m aecore data fetch fashion-mnist" in run.status.message
    assert not (run.folder / "error.log").exists()


def test_a_device_that_is_not_there_fails_with_a_sentence(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aecore.training.devices.available_devices", lambda: ("cpu",))
    assert (
        finish(store, make(store, device="cuda")).status.message
        == "device is 'cuda', but this machine has only cpu; choose 'auto'."
    )


def test_two_processes_cannot_train_the_same_run(store: RunStore) -> None:
    run = make(store)
    with held(store, run.id):
        with pytest.raises(RunError, match=f"^Run {run.id} is being trained by another process\\.$"):
            next(runner.run(store, run.id))
        assert store.get(run.id).status == run.status  # the other one's facts are left alone
    assert finish(store, run).status.state == "done"


def test_two_trainers_in_one_process_cannot_train_the_same_run_either(store: RunStore) -> None:
    run = make(store)
    first = runner.run(store, run.id)
    next(first)
    with pytest.raises(RunError, match="is being trained by another process"):
        next(runner.run(store, run.id))
    assert store.get(run.id).status.state == "training"
    list(first)
    assert store.get(run.id).status.state == "done"


def test_a_run_deleted_while_it_waited_does_not_come_back_as_a_ghost(store: RunStore) -> None:
    run = make(store)
    store.delete(run.id)
    with pytest.raises(RunError, match="no run"):
        next(runner.run(store, run.id))
    assert store.list() == []
    assert store.restore(run.id).name == "Test"


@pytest.mark.parametrize("file", ["settings.json", "status.json"])
@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"state": 5, "data": 5}', '{"data": "digits", "variant": ["linear"]}']
)
def test_a_run_edited_by_hand_fails_with_a_sentence_and_the_list_still_works(
    store: RunStore, file: str, text: str
) -> None:
    run, other = make(store), make(store)
    (run.folder / file).write_text(text)
    failed = finish(store, run)
    assert failed.status.state == "failed"
    assert failed.status.message.endswith(".")
    assert not (run.folder / "error.log").exists()  # foreseen, not a traceback
    assert {each.id for each in store.list()} == {run.id, other.id}


def test_a_broken_checkpoint_is_told_in_a_sentence(store: RunStore) -> None:
    run = send_after(store, make(store), 2, "pause")
    (run.folder / "resume.safetensors").write_bytes(b"junk" * 10)
    run = finish(store, run)
    assert run.status.state == "failed"
    assert run.status.message.startswith(f"The checkpoint of run {run.id} cannot be read")


def test_a_checkpoint_of_another_network_is_told_in_a_sentence(store: RunStore) -> None:
    run = send_after(store, make(store), 2, "pause")
    write_json(run.folder / "settings.json", {**run.settings, "latent_size": 5})
    run = finish(store, run)
    assert run.status.message.startswith(f"The checkpoint of run {run.id} cannot be read")
