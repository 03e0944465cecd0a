"""The training curves of recommenders."""

from __future__ import annotations

from typing import Any

from ui.widgets.recommender_figures import epochs_done, loss_terms, term_figure, watched, watched_figure


def record(epoch: float, phase: str = "", train: dict[str, float] | None = None, **validation: float) -> dict[str, Any]:
    return {"epoch": epoch, "phase": phase, "train": train or {}, "validation": validation}


RECORDS = [
    record(1, "vae", {"negative log-likelihood": 9.0}, RMSE=1.2),
    record(2, "vae", {"negative log-likelihood": 8.0}),
    record(1, "stars", {"RMSE": 1.0}, RMSE=0.9),
    record(2, "stars", {"RMSE": 0.8}, RMSE=0.8),
]


def test_rounds_go_on_counting_from_part_to_part() -> None:
    assert epochs_done(RECORDS) == [1, 2, 3, 4]


def test_a_figure_draws_what_was_watched_and_the_level_to_beat() -> None:
    assert watched(RECORDS) == ["RMSE"]
    validation, training, level = watched_figure(RECORDS, "RMSE", {"biases": 0.95}).data
    assert (list(validation.x), list(validation.y)) == ([1, 3, 4], [1.2, 0.9, 0.8])
    assert (list(training.x), list(training.y)) == ([3, 4], [1.0, 0.8])
    assert (list(level.x), list(level.y)) == ([0, 4], [0.95, 0.95])


def test_loss_terms_are_those_without_a_chart_of_their_own() -> None:
    assert loss_terms(RECORDS) == ["negative log-likelihood"]
    (line,) = term_figure(RECORDS, "negative log-likelihood").data
    assert (list(line.x), list(line.y)) == ([1, 2], [9.0, 8.0])
