"""Recommenders trained by several processes: the weights that one process would have had, and how it ends otherwise."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from aecore.__main__ import main as command
from aecore.experiment import runner
from aecore.limits import limits_for
from aecore.progress import Progress
from aecore.recommender import load
from aecore.recommender.models import MODELS
from aecore.recommender.models.base import Recommender
from aecore.recommender.models.ranks import ALONE, Ranks
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.training import parallel
from aecore.recommender.training.meeting import HERE, interface_of
from aecore.recommender.training.parallel import Crew
from aecore.recommender.training.run import train
from aecore.recommender.training.settings import RecommenderSettings
from aecore.recommender.training.size import NETWORK_BYTES, check_size, parameters
from aecore.runs.store import RunError, RunStore
from aecore.settings import SettingsError
from tests.small_recommenders import bring_tastes, make_recommender
from tests.small_runs import records

TOLERANCE = 1e-4
"""Of single precision: the largest difference of two weights, against the largest weight beside them."""

SMALL: dict[str, dict[str, Any]] = {
    "mult-vae": {"hidden_size": 8, "latent_size": 4, "sampled_films": 20, "batch_size": 16, "least_ratings": 1},
    "mult-dae": {"hidden_size": 8, "sampled_films": 20, "batch_size": 16, "least_ratings": 1},
    "stacked": {"hidden_sizes": (8, 6), "batch_size": 16},
    "user-autorec": {"hidden_size": 8, "batch_size": 16},
}
EPOCHS = 3


def uneven(seed: int = 0) -> Ratings:
    """Users with 1 to 40 ratings: the mean of the means of two halves is not the mean of all."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, 41, 50)
    rows = np.repeat(np.arange(50), counts)
    films = np.concatenate([rng.choice(120, count, replace=False) for count in counts])
    return Ratings.of(rows, films, rng.integers(1, 11, len(rows)) / 2, None, np.arange(50), np.arange(120))


def untrained(name: str, **values: Any) -> Recommender:
    entry = MODELS[name]
    return entry.model_class(entry.settings_class(**SMALL.get(name, {}) | {"epochs": EPOCHS} | values))


def trained(name: str, processes: int, **values: Any) -> tuple[Recommender, list[Progress]]:
    ratings, model = uneven(), untrained(name, **values)
    if processes == 1:
        return model, list(model.fit(ratings))
    with Crew(processes).join(model, ratings):
        records = list(model.fit(ratings))
    assert model.ranks is ALONE
    return model, records


def difference(one: Recommender, other: Recommender) -> float:
    """The largest difference of two arrays of the same name, against the largest number in them."""
    pairs = [
        (np.asarray(value, float), np.asarray(other.arrays()[name], float)) for name, value in one.arrays().items()
    ]
    return max(float(np.abs(a - b).max() / max(1e-12, np.abs(a).max())) for a, b in pairs if a.size)


def others() -> list[psutil.Process]:
    """The processes that this one has started and that still run."""
    mine = psutil.Process().children()
    return [each for each in mine if "aecore.recommender.training.rank" in each.cmdline()]


@pytest.fixture
def data(home: Path) -> str:
    return bring_tastes(home)


def test_every_network_that_several_can_train_is_tried_here() -> None:
    able = {name for name, entry in MODELS.items() if entry.model_class.is_parallel}
    assert able == {*SMALL, "hybrid"}


@pytest.mark.parametrize("name", SMALL)
def test_two_processes_end_with_the_weights_and_the_records_of_one(name: str) -> None:
    one, records = trained(name, 1)
    two, said = trained(name, 2)
    assert difference(one, two) < TOLERANCE < 0.01 < difference(one, trained(name, 1, seed=1)[0])
    for here, there in zip(records, said, strict=True):
        assert here.step == there.step
        assert here.train == pytest.approx(there.train, rel=TOLERANCE)


@pytest.mark.long
def test_three_processes_do_too_though_the_batches_cannot_be_divided_by_three() -> None:
    assert difference(trained("mult-dae", 1)[0], trained("mult-dae", 3)[0]) < TOLERANCE


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_every_row_of_a_batch_is_of_one_process(count: int) -> None:
    for rows in (count, 10, 64):
        shares = [Ranks(rank, count).share(rows) for rank in range(count)]
        assert [row for share in shares for row in range(rows)[share]] == list(range(rows))
        assert max(share.stop - share.start for share in shares) - rows // count <= 1


@pytest.mark.long
def test_a_hybrid_trained_by_two_is_the_run_that_one_process_would_have_made(
    data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ["--epochs", "4", "--hidden-size", "6", "--latent-size", "3", "--burn-in", "2", "--draws", "3"]
    found = []
    for processes in ("1", "2"):
        arguments = ["--data", data, "--model", "hybrid", *small, "--kept-draws", "2", "--processes", processes]
        assert command(["train-recommender", *arguments]) == 0, capsys.readouterr().err
        found.append(RunStore().list()[0])
    one, two = found
    assert one.id != two.id
    assert (one.status.device, two.status.device) == ("CPU", "CPU, 2 processes")
    assert two.status.test == pytest.approx(one.status.test, abs=1e-3)
    models = [load(each.id) for each in (one, two)]
    assert difference(models[0].model, models[1].model) < TOLERANCE
    kept = [[(each["phase"], each["epoch"], each["measured"]) for each in model.facts["kept"]] for model in models]
    assert kept[0] == kept[1]
    assert len(kept[0]) == 3
    assert [len(records(each)) for each in found] == [len(records(one))] * 2


def test_one_that_dies_ends_the_training_with_a_sentence(data: str) -> None:
    run = make_recommender(store := RunStore(), data, "mult-dae", epochs=1000, hidden_size=4)
    training = runner.run(store, run.id, partial(train, crew=Crew(2)))
    next(training)
    (other,) = others()
    other.kill()
    assert all(progress.share < 1 for progress in training)
    status = store.get(run.id).status
    assert status.state == "failed"
    assert status.message == "Process 2 of 2 ended before the training did (exit status -9). Train again."


def train_together(crew: Crew, model: Recommender, after: Callable[[Progress], object] = lambda _: None) -> None:
    ratings = uneven()
    with crew.join(model, ratings):
        for progress in model.fit(ratings):
            after(progress)


@pytest.mark.long
def test_one_that_no_longer_answers_ends_it_after_a_while() -> None:
    def suspend(progress: Progress) -> None:
        if progress.epoch == 2:
            others()[0].suspend()

    with pytest.raises(RunError, match="did not answer, or not within 2 seconds"):
        train_together(Crew(2, patience=2.0), untrained("mult-dae", epochs=1000), suspend)
    assert others() == []


def test_one_that_cannot_begin_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "RANK", "aecore.no_such_module")
    with pytest.raises(RunError, match="Process 2 of 2 ended before the training did .exit status 1.. Train again."):
        train_together(Crew(2), untrained("mult-dae"))


def test_what_one_cannot_do_is_said_in_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    model = untrained("mult-dae")
    monkeypatch.setattr(model.settings_class, "to_dict", lambda _: {"epochs": 0})
    with pytest.raises(RunError, match="Process 2 of 2 failed. epochs is 0; it must lie between 1 and 1000"):
        train_together(Crew(2), model)


@pytest.mark.long
@pytest.mark.parametrize("request_", ["pause", "stop"])
def test_the_others_end_with_a_training_that_is_paused_or_stopped(request_: str, data: str) -> None:
    run = make_recommender(store := RunStore(), data, "mult-dae", epochs=1000, hidden_size=4)
    training = runner.run(store, run.id, partial(train, crew=Crew(2)))
    next(training)
    assert len(others()) == 1
    with pytest.raises(StopIteration):
        training.send(request_)
    assert store.get(run.id).status.state == {"pause": "paused", "stop": "stopped"}[request_]
    assert others() == []


@pytest.mark.long
def test_the_others_end_when_the_first_is_killed(data: str) -> None:
    command = [sys.executable, "-m", "aecore", "train-recommender", "--data", data, "--model", "mult-dae"]
    first = psutil.Popen(
        [*command, "--epochs", "1000", "--processes", "2", "--json"], stdout=subprocess.PIPE, text=True
    )
    for _ in range(3):
        assert first.stdout.readline()
    (other,) = first.children()
    first.kill()
    first.wait()
    first.stdout.close()
    other.wait(30)


@pytest.mark.parametrize(
    ("model", "options", "sentence"),
    [
        ("ease", [], "EASE is trained by one process: only networks whose rows are users"),
        ("item-knn", [], "choose one of stacked, user-autorec, mult-vae, mult-dae, hybrid."),
        ("denoising-items", [], "Item-based denoising autoencoder is trained by one process"),
        ("stacked-faithful", [], "is trained by one process"),
        ("mult-vae", ["--device", "cuda"], "set device to cpu"),
    ],
)
def test_what_several_cannot_train_is_refused_before_there_is_a_run(
    model: str, options: list[str], sentence: str, data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(["train-recommender", "--data", data, "--model", model, "--processes", "2", *options]) == 1
    assert sentence in capsys.readouterr().err
    assert RunStore().list() == []


def test_each_process_counts_for_the_memory_of_this_machine(
    data: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = RecommenderSettings.build(data, "mult-dae")
    limits = limits_for(Path(), is_host=True)
    narrow = replace(limits, training_bytes=NETWORK_BYTES * parameters(settings))
    check_size(settings, narrow)
    with pytest.raises(SettingsError, match="of memory while it trains"):
        check_size(settings, narrow, 2)


def test_steps_too_small_for_all_are_refused() -> None:
    with pytest.raises(SettingsError, match="needs a user in every step, and a step would have only 1. Set a larger"):
        trained("stacked", 2, batch_size=1)


def test_processes_of_this_machine_meet_where_no_other_machine_can_come() -> None:
    assert interface_of(HERE).startswith("lo")
    assert interface_of("203.0.113.7") == ""
