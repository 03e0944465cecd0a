"""The numbers of the training loop: rates, orders, losses, errors and seconds are what they say."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
import torch
from torch import Tensor

from aecore import progress
from aecore.training.evaluation import evaluate
from aecore.training.loop import begin, epoch_order, fit, learning_rate
from tests.small_training import examples, half_masked, model_of, settings_of, trained


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record after each step, as if each took long."""
    monkeypatch.setattr(progress, "RECORD_SECONDS", 0.0)


@pytest.mark.parametrize("schedule", ["one-cycle", "cosine"])
def test_a_schedule_peaks_at_the_rate_asked_for_and_ends_at_zero(schedule: str) -> None:
    settings = settings_of(schedule=schedule, learning_rate=0.3)
    rates = [learning_rate(settings, step, 1000) for step in range(1001)]
    peak = rates.index(max(rates))
    assert max(rates) == pytest.approx(0.3)
    assert peak == (50 if schedule == "one-cycle" else 0)
    assert rates[1000] == pytest.approx(0)
    assert all(earlier < later for earlier, later in itertools.pairwise(rates[: peak + 1]))
    assert all(earlier > later for earlier, later in itertools.pairwise(rates[peak:]))
    assert rates[0] == pytest.approx(0.03 if schedule == "one-cycle" else 0.3)  # the warm-up begins at a tenth
    assert rates[500] == pytest.approx(0.3 * 500 / 950 if schedule == "one-cycle" else 0.15)


def test_a_constant_rate_is_constant_and_reaches_the_optimizer() -> None:
    settings = settings_of(schedule="constant", learning_rate=0.3)
    assert {learning_rate(settings, step, 10) for step in range(11)} == {0.3}
    records, _ = trained(settings_of(schedule="cosine", epochs=2))
    assert records[-1].learning_rate == pytest.approx(learning_rate(settings_of(schedule="cosine"), 7, 8))


def test_an_epoch_visits_every_example_once_in_an_order_of_its_own() -> None:
    orders = [epoch_order(100, seed, epoch).tolist() for seed in range(3) for epoch in range(5)]
    assert all(sorted(order) == list(range(100)) for order in orders)
    assert len(set(map(tuple, orders))) == len(orders)
    torch.manual_seed(123)
    assert epoch_order(100, 2, 4).tolist() == orders[-1]
    assert epoch_order(100, 2**31 - 1, 2000).sort().values.tolist() == list(range(100))


@pytest.mark.usefixtures("every_step")
def test_each_step_sees_the_next_examples_of_its_epochs_order() -> None:
    settings, x = settings_of(), examples()
    seen: list[Tensor] = []

    def watch(clean: Tensor, rng: torch.Generator) -> Tensor:
        seen.append(clean.clone())
        return clean

    state = begin(model_of(), settings)
    for record in fit(state, x, x[:1], settings, watch):
        if record.is_epoch:
            seen.pop()  # of the validation
    expected = torch.cat([x[epoch_order(50, settings.seed, epoch)] for epoch in range(3)])
    assert [len(batch) for batch in seen] == [16, 16, 16, 2] * 3
    assert torch.equal(torch.cat(seen), expected)


def test_evaluate_equals_plain_numpy() -> None:
    model, x = model_of(widths=(7,), activation="tanh", code_activation="linear"), examples(4100)
    parts = {key: value.double().numpy() for key, value in model.state_dict().items()}
    y = x.double().numpy()
    y = np.tanh(y @ parts["encoder.0.weight"].T + parts["encoder.0.bias"])
    y = y @ parts["encoder.2.weight"].T + parts["encoder.2.bias"]
    y = np.tanh(y @ parts["decoder.0.weight"].T + parts["decoder.0.bias"])
    y = 1 / (1 + np.exp(-(y @ parts["decoder.2.weight"].T + parts["decoder.2.bias"])))
    expected = float(((y - x.double().numpy()) ** 2).mean())
    terms, mse = evaluate(model, x)  # in three batches, the last one short
    assert terms == {"reconstruction": pytest.approx(expected, rel=1e-5)}
    assert mse == pytest.approx(expected, rel=1e-5)
    assert model.training


def test_evaluate_corrupts_the_input_of_the_loss_alike_every_time_but_not_that_of_the_error() -> None:
    model, x = model_of(), examples()
    clean_terms, clean_mse = evaluate(model, x)
    terms, mse = evaluate(model, x, half_masked)
    assert mse == clean_mse
    assert terms["reconstruction"] != clean_terms["reconstruction"]
    torch.manual_seed(4)
    assert evaluate(model, x, half_masked) == (terms, mse)


@pytest.mark.parametrize("batch_size", [16, 33, 49, 50, 100])
def test_a_records_loss_is_the_mean_over_its_examples_the_last_short_batch_included(batch_size: int) -> None:
    settings = settings_of(epochs=1, batch_size=batch_size, schedule="constant", learning_rate=1e-6)  # it hardly moves
    model, x = model_of(), examples()
    x[epoch_order(50, 0, 0)[-2:]] = 1.0  # the last ones differ
    expected = evaluate(model, x)[0]["reconstruction"]
    record = list(fit(begin(model, settings), x, x, settings))[-1]
    assert record.train["reconstruction"] == pytest.approx(expected, rel=1e-4)


@pytest.mark.usefixtures("every_step")
def test_every_epoch_ends_with_a_validation_and_no_other_record_has_one() -> None:
    records, _ = trained(settings_of(epochs=5))
    assert [each.step for each in records] == list(range(1, 21))
    assert [each.epoch for each in records] == pytest.approx([step / 4 for step in range(1, 21)])
    for each in records:
        assert each.is_epoch == (each.step % 4 == 0) == (each.validation_mse is not None)
        assert set(each.validation) == (set(each.train) if each.is_epoch else set())
    assert all(earlier.seconds < later.seconds for earlier, later in itertools.pairwise(records))


def test_without_slow_steps_an_epoch_is_one_record() -> None:
    training_records, _ = trained(settings_of(epochs=5))
    assert sum(each.is_epoch for each in training_records) == 5


def test_the_consumers_own_time_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    skipped = 0.0
    clock = time.perf_counter
    monkeypatch.setattr(progress.time, "perf_counter", lambda: clock() + skipped)
    settings, x = settings_of(epochs=5), examples()
    state = begin(model_of(), settings)
    for record in fit(state, x, x, settings):
        skipped += 1000.0  # as if the consumer had taken this long
        assert record.seconds < 1000
        assert record.samples_per_second > 1
    assert 0 < state.seconds < 1000
