"""The training curves of recommenders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aecore.recommender.evaluation import published
from ui.widgets.kept_epochs import kept_words
from ui.widgets.range_words import range_words
from ui.widgets.recommender_figures import epochs_done, loss_terms, term_figure, watched, watched_figure


def record(epoch: float, phase: str = "", train: dict[str, float] | None = None, **validation: float) -> dict[str, Any]:
    return {"epoch": epoch, "phase": phase, "train": train or {}, "validation": validation}


RECORDS = [
    record(1, "vae", {"negative log-likelihood": 9.0}, RMSE=1.2),
    record(2, "vae", {"negative log-likelihood": 8.0}),
    record(1, "stars", {"RMSE": 1.0}, RMSE=0.9),
    record(2, "stars", {"RMSE": 0.8}, RMSE=0.8),
]


def test_epochs_go_on_counting_from_part_to_part() -> None:
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


def test_the_epochs_that_were_kept_are_marked_where_they_lie_on_the_curve() -> None:
    kept = [
        {"phase": "vae", "epoch": 1, "figure": "RMSE", "value": 1.2},
        {"phase": "stars", "epoch": 2, "figure": "RMSE", "value": 0.8},
        {"phase": "stars", "epoch": 2, "figure": "NDCG@10", "value": 0.4},
    ]
    *_, marks = watched_figure(RECORDS, "RMSE", {}, kept).data
    assert (marks.name, list(marks.x), list(marks.y)) == ("kept", [1, 4], [1.2, 0.8])


def test_what_was_kept_is_told_for_every_kind_of_model() -> None:
    one = {"phase": "", "epoch": 53, "epochs": 120, "figure": "NDCG@10", "value": 0.48, "measured": 25}
    assert "epoch 53 of 120, the best by NDCG@10" in kept_words("mult-vae", [one])
    words = kept_words("hybrid", [{**one, "phase": phase} for phase in ("vae", "dae", "second dae")])
    assert "Mult-VAE epoch 53 of 120, Mult-DAE epoch 53 of 120, second Mult-DAE epoch 53 of 120" in words
    assert "solved in one step" in kept_words("ease", [])
    assert "solved in one step" in kept_words("bias", None)
    assert "averages its draws" in kept_words("bayesian", [])
    assert "keeps its last epoch" in kept_words("stacked-faithful", [])
    assert "No validation users" in kept_words("mult-dae", [])
    assert "from before the best epoch was kept" in kept_words("hybrid", None)


def test_how_often_the_range_held_is_told_as_measured_and_not_at_all_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    row = published.measured(published.RANGES)["10"]
    assert f"{row['on_bar']:.0f} of 100 other ratings of the {row['users']:.0f} users" in range_words()
    assert f"and {row['in_range']:.0f} of 100 within the ends" in range_words()
    monkeypatch.setattr(published, "FILE", tmp_path / "none.json")
    assert range_words() == ""
