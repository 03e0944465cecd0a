"""The training loop: what it reaches, that it can go on from any record, and what its numbers mean."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles
from sklearn.decomposition import PCA
from torch import Tensor

from aecore import progress
from aecore.experiment.checkpoints import load_checkpoint, save_checkpoint
from aecore.progress import Progress, TrainingDiverged
from aecore.training.evaluation import evaluate
from aecore.training.loop import begin, epoch_order, fit
from tests.small_training import examples, half_masked, model_of, settings_of, trained, weights


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record after each step, as if each took long."""
    monkeypatch.setattr(progress, "RECORD_SECONDS", 0.0)


def test_a_linear_autoencoder_reaches_pcas_error_and_spans_its_components() -> None:
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(12, 12)) * np.array([3, 2.5, 2] + [0.3] * 9)  # three strong directions
    x = (rng.normal(size=(400, 12)) @ mixing.T * 0.1 + 0.5).astype(np.float32)
    settings = settings_of(epochs=500, batch_size=100, learning_rate=0.05)
    state, data = begin(model_of("linear", latent_size=3), settings), torch.from_numpy(x)
    error = list(fit(state, data, data, settings))[-1].validation_mse
    pca = PCA(3).fit(x)
    best = float(((pca.inverse_transform(pca.transform(x)) - x) ** 2).mean())
    assert best * (1 - 1e-5) <= error < 1.01 * best  # no linear code does better
    decoder = state.model.decoder[0].weight.detach().double().numpy()
    assert float(np.rad2deg(subspace_angles(decoder, pca.components_.T)).max()) < 2


@pytest.mark.usefixtures("every_step")  # a record holds the mean since the last, which may come at any time
def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    (first, final), (again, final_again), (other, final_other) = (trained(settings_of(seed=seed)) for seed in (5, 5, 6))
    assert [(each.train, each.validation, each.validation_mse) for each in first if each.is_epoch] == [
        (each.train, each.validation, each.validation_mse) for each in again if each.is_epoch
    ]
    assert all(map(torch.equal, final, final_again))
    assert not any(map(torch.equal, final, final_other))
    assert first[-1].validation != other[-1].validation


def test_what_else_draws_random_numbers_does_not_matter() -> None:
    settings, x = settings_of(), examples()
    state = begin(model_of(), settings)
    for _ in fit(state, x, x, settings, half_masked):
        torch.rand(7)  # a consumer that uses the global generator
        np.random.rand(3)
    assert all(map(torch.equal, weights(state), trained(settings_of())[1]))


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("optimiser", ["adam", "adamw", "rmsprop", "sgd"])
@pytest.mark.parametrize("stop_at", range(0, 12))
def test_training_saved_at_any_record_resumes_to_the_same_bits(optimiser: str, stop_at: int, tmp_path: Path) -> None:
    """Four steps an epoch, so most of these stops lie inside one; the damage has to go on with its own draws."""
    settings, x = settings_of(optimiser=optimiser, learning_rate=0.01, weight_decay=0.01), examples()
    whole = begin(model_of(), settings)
    assert len(list(fit(whole, x, x, settings, half_masked))) == 12
    first = begin(model_of(), settings)
    for _ in itertools.islice(fit(first, x, x, settings, half_masked), stop_at):
        pass
    save_checkpoint(tmp_path, first)
    second = begin(model_of(seed=9), settings.replace(seed=settings.seed))  # other weights, to be overwritten
    assert load_checkpoint(tmp_path, second)
    assert (second.step, second.seconds) == (stop_at, first.seconds)
    rest = list(fit(second, x, x, settings, half_masked))
    assert [each.step for each in rest] == list(range(stop_at + 1, 13))
    assert all(map(torch.equal, weights(whole), weights(second)))


def test_a_closed_loop_leaves_a_usable_model() -> None:
    settings, x = settings_of(), examples()
    state = begin(model_of(), settings)
    records = fit(state, x, x, settings)
    next(records)
    records.close()  # type: ignore[attr-defined]
    assert evaluate(state.model, x)[1] < 1


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_input_that_is_no_number_is_told_in_a_sentence(bad: float) -> None:
    x = examples()
    x[3, 4] = bad
    settings = settings_of()
    with pytest.raises(
        TrainingDiverged,
        match=r"The loss stopped being a number in epoch 1: with a learning rate of .* smaller learning rate\.",
    ):
        list(fit(begin(model_of("linear"), settings), x, x, settings))


def diverging(rate: float) -> Iterator[Progress]:
    settings = settings_of(epochs=200, batch_size=50, optimiser="sgd", schedule="constant", learning_rate=rate)
    return fit(begin(model_of("linear"), settings), examples(), examples(), settings)


def test_a_rate_far_too_large_is_told_in_a_sentence() -> None:
    with pytest.raises(TrainingDiverged, match=r"with a learning rate of 100 the steps overshoot"):
        list(diverging(100.0))


def test_a_loss_that_runs_away_is_stopped_while_it_is_still_a_number() -> None:
    seen: list[float] = []
    records = (seen.append(sum(record.train.values())) for record in diverging(3.0))
    with pytest.raises(TrainingDiverged, match=r"The loss grew .*100.* in epoch \d+: .* smaller learning rate\."):
        list(records)
    assert 1 < len(seen) < 200
    assert max(seen) <= progress.RUNAWAY * max(1, seen[0])


def blank_first(count: int = 20) -> Tensor:
    """Examples of which the very first one to be visited is blank: a linear network without biases gets it right."""
    x = examples(count)
    x[epoch_order(count, 0, 0)[0]] = 0.0
    return x


def test_a_blank_first_example_does_not_make_a_healthy_run_look_run_away() -> None:
    settings, x = settings_of(batch_size=1, learning_rate=0.001), blank_first()
    records = [each for each in fit(begin(model_of("linear"), settings), x, x, settings) if each.is_epoch]
    assert records[-1].validation_mse < records[0].validation_mse


def test_an_easy_first_example_after_a_pause_does_not_make_a_healthy_run_look_run_away() -> None:
    """The first step of the whole run is the measure, not the first one after each pause."""
    settings = settings_of(epochs=4, batch_size=1, learning_rate=0.001)
    x = examples(20)
    x[epoch_order(20, 0, 2)[0]] = 0.001  # the first one that is visited after the pause
    state = begin(model_of("linear"), settings)
    assert len(list(itertools.islice((each for each in fit(state, x, x, settings) if each.is_epoch), 2))) == 2
    assert [each.epoch for each in fit(state, x, x, settings) if each.is_epoch] == [3, 4]
