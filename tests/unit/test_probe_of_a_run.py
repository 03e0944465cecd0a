"""The probe at the end of a run: logistic regression on the codes, where there are classes,
and nothing where there are none.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from aecore.datasets import Dataset, Examples, load
from aecore.experiment import final_metrics as scores
from aecore.experiment import runner
from aecore.runs.store import Run, RunStore
from tests.small_runs import codes_and_pictures, finish, make


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore(home / "runs")


def relabelled(monkeypatch: pytest.MonkeyPatch, labels: object, classes: tuple[str, ...]) -> None:
    """The digits with other labels: a function of the old ones, or None for none."""
    data = load("digits")
    parts = [
        Examples(part.x, None if labels is None else labels(part.labels))
        for part in (data.train, data.validation, data.test)
    ]  # type: ignore[operator]
    monkeypatch.setattr(runner, "_load", lambda name: Dataset(name, *parts, classes=classes))


def probe_of(run: Run) -> float | None:
    assert run.status.state == "done", run.status.message
    assert "mse" in (run.status.test or {})
    return (run.status.test or {}).get("probe")


@pytest.mark.long
def test_it_is_the_accuracy_of_scikit_learns_regression_on_codes_computed_in_numpy(store: RunStore) -> None:
    run, data = finish(store, make(store, epochs=20)), load("digits")
    (z, held_out, unseen), scores = (
        (codes_and_pictures(run, part.x)[0] for part in (data.train, data.validation, data.test)),
        [],
    )
    middle, size = z.mean(0), np.sqrt(((z - z.mean(0)) ** 2).sum(1).mean()) / 10
    for penalty in np.logspace(0, -6, 7):
        fitted = LogisticRegression(C=1 / (2 * penalty * len(z)), max_iter=5000).fit(
            (z - middle) / size, data.train.labels
        )
        pairs = ((held_out, data.validation.labels), (unseen, data.test.labels))
        scores.append([fitted.score((codes - middle) / size, labels) for codes, labels in pairs])
    best = max(scores, key=lambda pair: pair[0])[1]
    assert probe_of(run) == pytest.approx(best, abs=0.015)
    assert best > 0.7, "six numbers tell the digits apart much better than chance"


def test_codes_that_know_nothing_of_random_classes_are_right_no_more_often_than_chance(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    relabelled(monkeypatch, lambda labels: rng.integers(0, 4, len(labels)), tuple("abcd"))
    assert probe_of(finish(store, make(store))) == pytest.approx(0.25, abs=0.09)


def test_it_learns_from_training_examples_is_tuned_on_validation_examples_and_takes_no_more_than_it_says(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, seen, whole = load("digits"), [], scores.linear_probe
    monkeypatch.setattr(scores, "linear_probe", lambda *given: seen.append(given) or whole(*given))
    for most in (5000, 100):
        monkeypatch.setattr(scores, "PROBED", most)
        assert probe_of(finish(store, make(store, epochs=1))) is not None
    (train, validation, test, classes), (few_to_learn, few_to_choose, still_all, _) = seen
    assert classes == 10
    assert np.array_equal(np.bincount(train.labels), np.bincount(data.train.labels))
    assert np.array_equal(np.bincount(validation.labels), np.bincount(data.validation.labels))
    assert np.array_equal(test.labels, data.test.labels)
    assert [len(part.z) for part in (few_to_learn, few_to_choose, still_all)] == [100, 100, len(data.test)]


@pytest.mark.parametrize(
    ("labels", "classes"),
    [(None, ()), (lambda old: np.zeros_like(old), ("all",)), (lambda old: old, tuple(map(str, range(101))))],
    ids=["no labels", "one class", "too many classes"],
)
def test_where_there_is_nothing_to_tell_apart_the_run_is_done_without_a_probe(
    labels: object, classes: tuple[str, ...], store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    relabelled(monkeypatch, labels, classes)
    assert probe_of(finish(store, make(store, epochs=1))) is None
