"""`aecore sweep`: trains all runs, says the test error of the best one only, and can go on after a break."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aecore.__main__ import main
from aecore.jobs import cluster
from aecore.runs.store import RunStore
from aecore.runs.sweeps import SweepStore

SHORT = ["--data", "digits", "--variant", "undercomplete", "--epochs", "1", "--at-once", "1"]


def test_a_grid_is_trained_and_only_the_best_one_is_tested_for(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", *SHORT, "--search", "latent_size=2,16", "--search", "learning-rate=0.01", "--json"]) == 0
    first, *ended, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["runs"] == 2 == len(ended)
    errors = {each["run"]: each["validation_mse"] for each in ended}
    assert last["best"] == min(errors, key=errors.__getitem__)
    assert last["test"] == RunStore(home / "runs").get(last["best"]).status.test["mse"]
    assert not any("test" in each for each in ended)
    assert SweepStore(home).get(first["sweep"]).status.state == "done"
    assert {run.id for run in RunStore(home / "runs").list()} == set(errors)


def test_it_trains_on_the_cluster_of_the_app(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "BRIDGE", "tests.fake_bridge")
    monkeypatch.setenv("AECORE_CLUSTER", "works")
    assert main(["sweep", *SHORT, "--search", "latent_size=2,3,4"]) == 0
    runs = RunStore(home / "runs").list()
    assert {run.status.device for run in runs} == {"CPU of node far-away"}
    assert len(runs) == 3
    assert "Trainings run on a cluster: 2 nodes, 3 at a time." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "at least one setting"),
        (["--search", "latent_size"], "latent_size=2,4,8"),
        (["--search", "beauty=1"], "'beauty' cannot be searched"),
        (["--search", "learning_rate=0.1..0.2"], "a grid needs single values"),
        (["--search", "learning_rate=0.2..0.1", "--runs", "3"], "learning_rate is empty"),
        (["--search", "latent_size=2,3", "--halving"], "after 1 epochs, but each run has only 1"),
        (["--search", "latent_size=2,3", "--first-check", "2"], "give both"),
        (["--resume", "0123456789ab", "--search", "latent_size=2"], "own search"),
        (["--resume", "0123456789ab"], "no sweep '0123456789ab'"),
    ],
)
def test_what_cannot_be_swept_is_refused(
    arguments: list[str], told: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", *SHORT, *arguments]) == 1
    assert told in capsys.readouterr().err
    assert not RunStore(home / "runs").list()
