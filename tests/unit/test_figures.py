"""Figures: records in, traces out; nothing is invented between the points."""

import numpy as np
import plotly.graph_objects as go
import pytest

from ui.components.training_steps.lesson import course_of
from ui.screens.steps.checks import LESSON
from ui.screens.steps.figures import courses_figure
from ui.screens.train.inside_figures import use_figure
from ui.widgets.figures import Curves, comparison_figure, heat_figure, loss_figure, smooth, thin


def record(step: int, train: dict[str, float], validation: dict[str, float] | None = None) -> dict:
    return {
        "step": step, "epoch": step / 10, "seconds": step / 5, "train": train, "validation": validation or {},
        "validation_mse": sum(validation.values()) if validation else None,
    }  # fmt: skip


RECORDS = [
    record(step, {"reconstruction": 1 / step}, {"reconstruction": 2 / step} if step % 10 == 0 else None)
    for step in range(1, 31)
]


def test_training_and_validation_losses_are_drawn_where_they_were_measured() -> None:
    train, validation = loss_figure(Curves("a", RECORDS)).data
    assert list(train.y) == [1 / step for step in range(1, 31)]
    assert list(validation.x) == [1.0, 2.0, 3.0]
    assert list(validation.y) == pytest.approx([0.2, 0.1, 2 / 30])


def test_each_term_has_a_curve_of_its_own_when_there_are_several() -> None:
    records = [record(step, {"reconstruction": 1.0, "sparsity": 0.5}) for step in (1, 2, 3)]
    figure = loss_figure(Curves("a", records))
    assert [trace.name for trace in figure.data] == ["training loss", "validation loss", "reconstruction", "sparsity"]
    assert list(figure.data[0].y) == [1.5, 1.5, 1.5]


def test_the_line_to_beat_stands_at_its_value_and_says_it() -> None:
    line = loss_figure(Curves("a", RECORDS, {"PCA": 0.0203})).data[-1]
    assert set(line.y) == {0.0203}
    assert "0.0203" in line.name


def test_a_level_of_zero_is_left_out_of_a_logarithmic_chart() -> None:
    assert len(loss_figure(Curves("a", RECORDS, {"PCA": 0.0})).data) == 2


def test_smoothing_of_a_constant_is_that_constant_from_the_first_point_on() -> None:
    assert smooth([3.0] * 20, 0.9) == pytest.approx([3.0] * 20)


def test_smoothing_is_the_corrected_moving_average() -> None:
    values, weight = [1.0, 5.0, 2.0], 0.5
    by_hand = [
        sum(v * weight ** (n - i) for i, v in enumerate(values[: n + 1])) / sum(weight ** (n - i) for i in range(n + 1))
        for n in range(3)
    ]
    assert smooth(values, weight) == pytest.approx(by_hand)


def test_thinning_keeps_both_ends_and_invents_no_point() -> None:
    x = list(range(5000))
    thin_x, thin_y = thin(x, [value**2 for value in x])
    assert len(thin_x) <= 400
    assert (thin_x[0], thin_x[-1]) == (0, 4999)
    assert thin_y == [value**2 for value in thin_x]


def test_a_comparison_has_one_curve_per_run_told_apart_by_more_than_colour() -> None:
    figure = comparison_figure([Curves(str(i), RECORDS) for i in range(9)], over="seconds")
    assert len({(trace.line.color, trace.line.dash) for trace in figure.data}) == 9
    assert list(figure.data[0].x) == [2.0, 4.0, 6.0]


def test_no_records_give_an_empty_chart_and_no_error() -> None:
    assert all(len(trace.x) == 0 for trace in loss_figure(Curves("a", [])).data)


def test_rows_of_a_table_are_drawn_on_one_scale() -> None:
    figure = heat_figure(np.zeros((4, 3)), np.ones((4, 3)))
    assert {(trace.zmin, trace.zmax) for trace in figure.data} == {(0, 1)}


def test_the_use_of_few_units_is_a_bar_for_each_and_that_of_many_a_line() -> None:
    few, many = use_figure(np.array([0.2, 0.9, 0.0])).data[0], use_figure(np.linspace(0, 1, 200)).data[0]
    assert (few.type, list(few.x), list(few.y)) == ("bar", [1, 2, 3], [90.0, 20.0, 0.0])
    assert list(few.customdata) == [1, 0, 2]
    assert (many.type, len(many.x)) == ("scatter", 200)


@pytest.mark.parametrize("over", ["epochs", "updates"])
def test_what_is_drawn_unchecked_would_pass_plotlys_checks(over: str) -> None:
    drawn = courses_figure([course_of(LESSON, 5)], over=over, marked_epoch=3).to_dict()
    assert go.Figure(drawn).to_dict() == drawn


@pytest.mark.parametrize("is_log", [True, False])
def test_what_is_drawn_without_plotlys_checks_would_pass_them(is_log: bool) -> None:
    figure = loss_figure(Curves("a", RECORDS, {"PCA": 0.0203}), smoothing=0.5, is_log=is_log, height=280)
    assert go.Figure(figure.to_dict()).layout.height == 280
