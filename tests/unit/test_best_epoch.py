"""The best epoch: a run keeps the weights with which a network did best on validation data, and says which."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aecore.progress import Progress
from aecore.recommender import load
from aecore.recommender.evaluation.splits import prepare
from aecore.recommender.models.base import MEASURED_EPOCHS, is_measured
from aecore.recommender.models.hybrid import Hybrid, HybridSettings
from aecore.recommender.models.mult_dae import MultDae, MultDaeSettings
from aecore.recommender.training.best_epoch import BestEpoch
from aecore.recommender.training.settings import RecommenderSettings
from aecore.runs.store import RunStore
from tests.small_recommenders import bring_tastes, make_recommender
from tests.small_runs import finish, records, send_after
from tests.tastes import checkerboard

SMALL = {"hidden_size": 8, "batch_size": 16}
HYBRID = {"hidden_size": 6, "latent_size": 4, "ease_penalty": 20.0, "burn_in": 2, "draws": 4, "kept_draws": 2}


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


@pytest.fixture
def data(home: Path) -> str:
    return bring_tastes(home)


@pytest.mark.parametrize("epochs", [1, 7, 25, 60, 100, 333])
def test_the_epochs_that_are_compared_are_spread_evenly_and_hold_the_last(epochs: int) -> None:
    measured = [epoch for epoch in range(1, epochs + 1) if is_measured(epoch, epochs)]
    assert len(measured) == min(epochs, MEASURED_EPOCHS)
    assert measured[-1] == epochs
    gaps = np.diff([0, *measured])
    assert gaps.max() - gaps.min() <= 1


def test_the_weights_of_the_best_epoch_come_back_whatever_came_after() -> None:
    ratings, films = checkerboard()
    model, best = MultDae(MultDaeSettings(epochs=6, **SMALL)), BestEpoch()
    said, kept = [0.2, 0.5, 0.4, 0.5, 0.3, 0.1], {}
    for progress, value in zip(model.fit(ratings, films), said, strict=True):
        now = replace(progress, validation={"NDCG@10": value})
        assert best.begin(model, now) is model
        assert best.is_due(model, now)
        best.compare(model, now)
        kept[round(progress.epoch)] = {name: np.array(array) for name, array in model.arrays().items()}
    restored = best.finish(model)
    (only,) = best.kept
    assert (only.epoch, only.epochs, only.value, only.figure, only.measured) == (2, 6, 0.5, "NDCG@10", 6)
    for name, array in restored.arrays().items():
        np.testing.assert_array_equal(array, kept[2][name])
    assert any((array != kept[6][name]).any() for name, array in restored.arrays().items())


def test_a_hybrid_keeps_the_best_epoch_of_each_network_before_the_next_is_measured() -> None:
    ratings, films = checkerboard()
    model, best = Hybrid(HybridSettings(epochs=4, **HYBRID)), BestEpoch()
    chosen = {"vae": 3, "dae": 1, "second dae": 4}
    wanted: dict[str, np.ndarray] = {}
    for progress in model.fit(ratings, films):
        assert best.begin(model, progress) is model
        epoch = round(progress.epoch)
        if best.is_due(model, progress):
            best.compare(model, replace(progress, validation={"NDCG@10": float(epoch == chosen[progress.phase])}))
        if chosen.get(progress.phase) == epoch:
            wanted[progress.phase] = np.array(model.parts[progress.phase].output_weights)
        if progress.phase == "dae":
            np.testing.assert_array_equal(model.parts["vae"].output_weights, wanted["vae"])
    model = best.finish(model)
    assert {each.phase: each.epoch for each in best.kept} == chosen
    for phase, weights in wanted.items():
        np.testing.assert_array_equal(model.parts[phase].output_weights, weights)
    assert set(model.parts) == set(Hybrid.PARTS)


def test_what_was_never_measured_stays_as_it_is() -> None:
    ratings, films = checkerboard()
    model, best = MultDae(MultDaeSettings(epochs=2, **SMALL)), BestEpoch()
    for progress in model.fit(ratings, films):
        best.begin(model, progress)
        best.compare(model, Progress(**{**progress.to_dict(), "validation": {}}))
    assert best.finish(model) is model
    assert not best.kept


@pytest.mark.parametrize(
    ("model", "figure"), [("mult-dae", "NDCG@10"), ("user-autorec", "RMSE"), ("item-autorec", "RMSE")]
)
def test_a_run_serves_the_epoch_that_did_best_on_validation_users(
    model: str, figure: str, store: RunStore, data: str
) -> None:
    values = SMALL | {"epochs": 40, "learning_rate": 0.02}
    run = finish(store, make_recommender(store, data, model, **values))
    assert run.status.state == "done", run.status.message
    loaded = load(run.id)
    (kept,) = loaded.facts["kept"]
    seen = {round(each["epoch"]): each["validation"][figure] for each in records(run) if each["validation"]}
    best = max(seen.values()) if figure == "NDCG@10" else min(seen.values())
    assert (kept["figure"], kept["epochs"], kept["measured"]) == (figure, 40, len(seen))
    assert len(seen) == MEASURED_EPOCHS
    assert kept["value"] == best == seen[kept["epoch"]]
    split = prepare(RecommenderSettings.from_dict(run.settings))
    assert split.watch(loaded.model)[figure] == pytest.approx(best, abs=1e-6)


def test_what_is_kept_does_not_depend_on_how_fast_the_machine_is(store: RunStore, data: str) -> None:
    first, second = (finish(store, make_recommender(store, data, "mult-dae", epochs=30, **SMALL)) for _ in range(2))
    assert load(first.id).facts["kept"] == load(second.id).facts["kept"]
    assert first.status.test == second.status.test


def test_a_run_without_validation_users_and_a_closed_form_keep_what_they_end_with(store: RunStore, data: str) -> None:
    last = finish(store, make_recommender(store, data, "mult-dae", epochs=3, validation_share=0.0, **SMALL))
    solved = finish(store, make_recommender(store, data, "ease", penalty=20.0))
    assert load(last.id).facts["kept"] == load(solved.id).facts["kept"] == []


def test_a_stopped_run_serves_the_best_of_the_epochs_it_had(store: RunStore, data: str) -> None:
    run = send_after(store, make_recommender(store, data, "mult-dae", epochs=50, **SMALL), 12, "stop")
    assert run.status.state == "stopped"
    (kept,) = load(run.id).facts["kept"]
    assert 0 < kept["epoch"] <= records(run)[-1]["epoch"] < 50


def test_a_hybrid_run_keeps_an_epoch_of_each_of_its_networks(store: RunStore, data: str) -> None:
    run = finish(store, make_recommender(store, data, "hybrid", epochs=5, **HYBRID))
    assert run.status.state == "done", run.status.message
    assert [each["phase"] for each in load(run.id).facts["kept"]] == ["vae", "dae", "second dae"]
