"""The command line: what it prints, how it refuses, and that every setting is an option."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aecore.__main__ import COMMANDS, main
from aecore.experiment.settings import parts_of
from aecore.runs.store import RunStore
from aecore.variants import VARIANTS
from tests.small_runs import finish, has_same_weights, make, send_after

QUICK = ["--epochs", "2", "--widths", "16", "--latent-size", "6", "--device", "cpu", "--precision", "full"]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


def run_main(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    """Exit status, what was printed, and what went to stderr."""
    capsys.readouterr()
    try:
        status = main(list(arguments))
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    return status, *capsys.readouterr()


def test_a_class_that_is_not_there_is_refused_at_once_with_those_that_are(capsys: Capture, store: RunStore) -> None:
    status, _, told = run_main(capsys, "train", "--data", "shapes", "--variant", "linear", "--leave-out", "cirle")
    assert status != 0
    assert (
        "leave_out is 'cirle', but 'shapes' has no such class; there are circle, square, triangle, star, heart, cross."
        in told
    )
    assert store.list() == []


@pytest.mark.parametrize("arguments", [["--help"], ["runs", "list"], ["runs", "--help"], ["export", "--help"]])
def test_commands_that_train_nothing_import_nothing_heavy(arguments: list[str], home: Path) -> None:
    asked = (
        "import sys\n"
        "from aecore.__main__ import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(sorted({'torch', 'sklearn', 'scipy', 'plotly', 'streamlit', 'pandas'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.long
def test_the_last_line_of_a_training_in_json_holds_the_run_its_error_and_its_seconds(home: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "aecore",
        "train",
        "--data",
        "digits",
        "--variant",
        "undercomplete",
        *QUICK,
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    run = RunStore(home / "runs").list()[0]
    assert lines[-1] == {"run": run.id, "test": run.status.test, "seconds": run.status.seconds}
    assert 0 < lines[-1]["test"]["mse"] < 0.1
    assert lines[-1]["seconds"] > 0
    assert lines[0] == {"run": run.id, "name": run.name, "folder": str(run.folder)}
    assert [line["epoch"] for line in lines[1:-1] if line["validation"]] == [1, 2]


def test_a_training_tells_its_progress_in_words_too(store: RunStore, capsys: Capture) -> None:
    status, out, err = run_main(capsys, "train", *QUICK, "--name", "By hand")
    run = store.list()[0]
    assert (status, err) == (0, "")
    first, folder, *epochs, last = out.splitlines()
    assert (first, folder) == (f"Run {run.id}: By hand", f"In {run.folder}")
    assert [line.split()[1] for line in epochs] == ["1/2", "2/2"]
    assert f"{(run.status.test or {})['mse']:.5f}" in last


def test_the_epochs_of_a_stack_are_counted_over_all_its_phases(store: RunStore, capsys: Capture) -> None:
    _, out, _ = run_main(capsys, "train", "--variant", "stacked", *QUICK, "--layer-epochs", "3")
    _, _, *epochs, _ = out.splitlines()
    assert [line.split()[1] for line in epochs] == [f"{number}/8" for number in range(1, 9)]
    assert ["fine-tuning" in line for line in epochs] == [False] * 6 + [True] * 2


@pytest.mark.parametrize("widths", [["32", "16"], ["32,16"], ["32, 16"]], ids=" ".join)
def test_widths_are_written_with_commas_or_without(store: RunStore, capsys: Capture, widths: list[str]) -> None:
    assert run_main(capsys, "train", *QUICK, "--widths", *widths)[0] == 0
    assert store.list()[0].settings["widths"] == [32, 16]


def test_a_list_whose_reader_has_had_enough_ends_quietly(store: RunStore, home: Path) -> None:
    make(store)
    command = f"{sys.executable} -m aecore runs list | true"
    ended = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60)
    assert (ended.stderr, ended.returncode) == ("", 0)


@pytest.mark.long
@pytest.mark.parametrize("reader", ["head -1", "head -4", "true"])
def test_a_training_whose_reader_has_had_enough_is_no_success_and_can_be_continued(home: Path, reader: str) -> None:
    command = f"{sys.executable} -m aecore train --epochs 2000 --batch-size 16 | {reader}"
    ended = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=120)
    assert (ended.stderr, ended.returncode) == ("", 1)
    (run,) = RunStore(home / "runs").list()
    assert run.status.state == "interrupted"


def test_options_reach_the_run_and_the_rest_takes_the_datas_defaults(store: RunStore, capsys: Capture) -> None:
    run_main(capsys, "train", *QUICK, "--corruption", "masking", "--noise-level", "0.25", "--seed", "7")
    settings = store.list()[0].settings
    wanted = {
        "epochs": 2,
        "widths": [16],
        "latent_size": 6,
        "corruption": "masking",
        "noise_level": 0.25,
        "seed": 7,
        "batch_size": 64,
    }
    assert {name: settings[name] for name in wanted} == wanted


def test_a_preset_is_a_starting_point_that_other_options_change(store: RunStore, capsys: Capture) -> None:
    assert run_main(capsys, "train", "--preset", "denoise", "--epochs", "1")[0] == 0
    settings = store.list()[0].settings
    assert (settings["corruption"], settings["widths"], settings["epochs"]) == ("masking", [128], 1)


REFUSED = [
    (["--epochs", "0"], "epochs is 0; it must lie between 1 and 2000"),
    (["--epochs", "two"], "epochs is 'two'; it must be a whole number"),
    (["--epochs", "9" * 400], "epochs is"),
    (["--learning-rate", "nan"], "learning_rate is nan"),
    (["--learning-rate", "1e999"], "learning_rate is inf"),
    (["--optimiser", "magic"], "optimiser is 'magic'; it must be one of adam"),
    (["--widths", "64,0"], "widths is 0"),
    (["--latent-size", "64"], "latent_size is 64, but an example has only 64 inputs"),
    (["--loss", "bce", "--output", "linear"], "loss is 'bce', which needs probabilities"),
    (["--variant", "magic"], "invalid choice: 'magic'"),
    (["--data", "cats"], "invalid choice: 'cats'"),
    (["--expansion", "2"], "unrecognized arguments: --expansion"),
    (["--epoch", "2"], "unrecognized arguments: --epoch"),
    (["--resume", "nonsense"], "'nonsense' is not the id of a run"),
    (["--resume", "0123456789ab"], "There is no run '0123456789ab' here"),
    (["--threads", "0", "--epochs", "1"], "threads"),
]


@pytest.mark.parametrize(
    ("arguments", "sentence"), REFUSED, ids=lambda value: " ".join(value)[:30] if isinstance(value, list) else ""
)
def test_what_is_refused_is_told_on_stderr_and_makes_no_run(
    arguments: list[str], sentence: str, store: RunStore, capsys: Capture
) -> None:
    status, out, err = run_main(capsys, "train", *arguments)
    assert status in (1, 2)
    assert sentence in " ".join(err.split())
    assert "Traceback" not in err
    assert out == ""
    assert store.list() == []


def test_a_run_that_fails_says_why_and_exits_with_1(
    store: RunStore, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_DATA", str(tmp_path / "nothing"))
    status, _, err = run_main(capsys, "train", "--data", "fashion-mnist", "--epochs", "1")
    assert status == 1
    assert err.startswith("aecore train: 'fashion-mnist' has not been downloaded yet.")


def test_a_paused_run_is_resumed_to_the_same_end(store: RunStore, capsys: Capture) -> None:
    whole, paused = finish(store, make(store)), send_after(store, make(store), 2, "pause")
    status, out, _ = run_main(capsys, "train", "--resume", paused.id, "--json")
    assert status == 0
    assert json.loads(out.splitlines()[-1])["run"] == paused.id
    assert has_same_weights(store.get(paused.id), whole)
    assert len(store.list()) == 2


def test_a_finished_run_is_not_trained_again_from_its_start_under_the_name_of_resuming(
    store: RunStore, capsys: Capture
) -> None:
    run = finish(store, make(store))
    before = (run.folder / "progress.jsonl").read_bytes()
    status, _, err = run_main(capsys, "train", "--resume", run.id)
    assert status == 1
    assert "finished" in err or "done" in err
    assert store.get(run.id).status == run.status
    assert (run.folder / "progress.jsonl").read_bytes() == before


def test_a_setting_beside_resume_is_refused_and_not_ignored(store: RunStore, capsys: Capture) -> None:
    run = send_after(store, make(store), 1, "pause")
    status, _, err = run_main(capsys, "train", "--resume", run.id, "--epochs", "9")
    assert status in (1, 2) or store.get(run.id).settings["epochs"] == 9
    assert "Traceback" not in err


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_help_lists_every_knob_with_its_bounds(variant: str, capsys: Capture) -> None:
    status, out, _ = run_main(capsys, "train", "--variant", variant, "--help")
    assert status == 0
    text = " ".join(out.split())
    for part in parts_of(variant):
        for each in part.knobs():
            assert f"--{each.name.replace('_', '-')} " in text
            if each.low is not None and each.high is not None:
                assert f"From {each.low:g} to {each.high:g}." in text


@pytest.mark.parametrize("arguments", [["--help"], *([command, "--help"] for command in COMMANDS)], ids=" ".join)
def test_every_command_has_help(arguments: list[str], capsys: Capture) -> None:
    status, out, err = run_main(capsys, *arguments)
    assert (status, err) == (0, "")
    assert "usage: python -m aecore" in out


@pytest.mark.parametrize("arguments", [[], ["dance"], ["runs", "dance"], ["runs", "rename"]], ids=" ".join)
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: Capture) -> None:
    status, out, err = run_main(capsys, *arguments)
    assert (status, out) == (2, "")
    assert "usage:" in err


def test_runs_are_listed_renamed_deleted_and_restored(store: RunStore, capsys: Capture) -> None:
    run = finish(store, make(store, "Old name", epochs=1))

    def listed() -> list[dict[str, Any]]:
        return [json.loads(line) for line in run_main(capsys, "runs", "list", "--json")[1].splitlines()]

    assert listed() == [
        {"run": run.id, "name": "Old name", "state": "done", "created": run.status.created, "test": run.status.test}
    ]
    assert run_main(capsys, "runs", "rename", run.id, "New name") == (0, f"{run.id} is now called 'New name'.\n", "")
    assert run_main(capsys, "runs")[1].split()[0] == run.id
    assert "New name" in run_main(capsys, "runs", "list")[1]
    assert run_main(capsys, "runs", "delete", run.id)[0] == 0
    assert listed() == []
    assert run_main(capsys, "runs", "restore", run.id)[:2] == (0, "'New name' is back.\n")
    assert listed()[0]["name"] == "New name"


@pytest.mark.parametrize(
    "verb", [["rename", "0123456789ab", "x"], ["delete", "../../../etc"], ["restore", "0123456789ab"]], ids=" ".join
)
def test_runs_that_are_not_there_are_told_in_a_sentence(verb: list[str], capsys: Capture) -> None:
    status, out, err = run_main(capsys, "runs", *verb)
    assert (status, out) == (1, "")
    assert err.startswith("aecore runs: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "junk", ["{", '{"created": 1e300}', '{"created": NaN}', '{"test": [["mse", 1]]}', '{"test": {}}']
)
def test_runs_edited_by_hand_do_not_stop_the_list(junk: str, store: RunStore, capsys: Capture) -> None:
    good, bad = make(store, "Good"), make(store, "Bad")
    (bad.folder / "status.json").write_text(junk)
    status, out, _ = run_main(capsys, "runs", "list")
    assert status == 0
    assert {line.split()[0] for line in out.splitlines()} == {good.id, bad.id}


def test_data_sets_are_listed(capsys: Capture) -> None:
    status, out, _ = run_main(capsys, "data")
    assert status == 0
    assert ["digits", "ready"] in [line.split() for line in out.splitlines()]
