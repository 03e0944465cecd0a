"""The training of the small table: numbers by hand, every gradient against autograd,
online and batch against their definitions.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aecore.worked_examples.toy_training import (
    ORDERS,
    Ratings,
    Weights,
    average_error,
    course,
    epoch,
    output,
    sigmoid,
    start,
    table_error,
    visit,
)

STARS = np.array([[5, 4, 5, 1, 0, 1], [4, 5, 0, 1, 2, 1], [0, 0, 0, 0, 0, 0], [1, 1, 2, 5, 4, 5]])
TABLE = Ratings.of(STARS / 5, STARS > 0)
NAMES = ("w1", "b1", "w2", "b2")


def same(one: Weights, other: Weights) -> bool:
    return all(np.allclose(getattr(one, name), getattr(other, name), rtol=1e-12, atol=1e-15) for name in NAMES)


def autograd(weights: Weights, x: np.ndarray, mask: np.ndarray) -> tuple[float, Weights]:
    """E and its gradient for rows x, by torch, from a loss that is written down another way."""
    w1, b1, w2, b2 = (torch.tensor(getattr(weights, name), dtype=torch.float64, requires_grad=True) for name in NAMES)
    rows, rated = torch.tensor(np.atleast_2d(x), dtype=torch.float64), torch.tensor(np.atleast_2d(mask)) > 0
    y = torch.sigmoid(torch.nn.functional.linear(torch.sigmoid(torch.nn.functional.linear(rows, w1, b1)), w2, b2))
    error = 0.5 * torch.nn.functional.mse_loss(y[rated], rows[rated], reduction="sum")
    error.backward()
    return error.item(), Weights(*(each.grad.numpy() for each in (w1, b1, w2, b2)))


def test_one_row_by_hand() -> None:
    weights = Weights(np.array([[0.0, 0.0]]), np.array([0.0]), np.array([[2.0], [-2.0]]), np.array([-1.0, 1.0]))
    one = visit(weights, Ratings.of(np.array([[1.0, 0.5]]), np.array([[1, 1]])), 0, 2.0)
    assert one.z.tolist() == [0.5]
    assert one.y.tolist() == [0.5, 0.5]
    assert one.difference.tolist() == [-0.5, 0.0]
    assert (one.distance, one.error) == (0.5, 0.125)
    assert one.delta2.tolist() == [-0.125, 0.0]
    assert one.back.tolist() == [-0.25]
    assert one.delta1.tolist() == [-0.0625]
    assert one.gradient.w2.tolist() == [[-0.0625], [0.0]]
    assert one.gradient.w1.tolist() == [[-0.0625, -0.03125]]
    assert one.after.w2.tolist() == [[2.125], [-2.0]]
    assert one.after.w1.tolist() == [[0.125, 0.0625]]
    assert one.after.b1.tolist() == [0.125]
    assert one.after.b2.tolist() == [-0.75, 1.0]
    assert one.before is weights


@pytest.mark.parametrize("hidden", [1, 2, 3, 4])
@pytest.mark.parametrize("row", range(len(TABLE)))
def test_every_gradient_of_a_row_is_autograds(hidden: int, row: int) -> None:
    weights = start(hidden, seed=10 + row)
    each = visit(weights, TABLE, row, 0.5)
    error, gradient = autograd(weights, TABLE.x[row], TABLE.mask[row])
    assert each.error == pytest.approx(error, rel=1e-12)
    assert same(each.gradient, gradient)


@pytest.mark.parametrize("hidden", [1, 3])
def test_the_batch_gradient_is_autograds_of_the_whole_table(hidden: int) -> None:
    weights = start(hidden, seed=3)
    error, gradient = autograd(weights, TABLE.x, TABLE.mask)
    once = epoch(weights, TABLE, 0.7, "batch")
    assert table_error(weights, TABLE) == pytest.approx(error, rel=1e-12)
    assert same(once.total, gradient)
    assert same(once.after, weights.moved(gradient, 0.7))


def test_online_is_one_update_after_the_other() -> None:
    weights = now = start(2, seed=4)
    once = epoch(weights, TABLE, 0.9, "online")
    for row, each in enumerate(once.visits):
        assert same(each.before, now)
        now = now.moved(autograd(now, TABLE.x[row], TABLE.mask[row])[1], 0.9)
        assert same(each.after, now)
    assert same(once.after, now)
    assert once.table_errors == pytest.approx(
        [table_error(weights, TABLE), *(table_error(each.after, TABLE) for each in once.visits)]
    )


def test_in_a_batch_every_row_meets_the_same_weights_and_the_sum_is_used_once() -> None:
    weights = start(2, seed=4)
    once = epoch(weights, TABLE, 0.9, "batch")
    assert all(each.before is weights and each.after is weights for each in once.visits)
    assert np.allclose(once.after.w1, weights.w1 - 0.9 * sum(each.gradient.w1 for each in once.visits))
    assert len(once.table_errors) == 2


@pytest.mark.parametrize("order", ORDERS)
def test_a_course_is_epoch_after_epoch(order: str) -> None:
    run, now = course(start(3, 5), TABLE, 1.5, order, 4), start(3, 5)
    assert len(run.weights) == len(run.epoch_errors) == 5
    errors = [table_error(now, TABLE)]
    for number in range(1, 5):
        once = epoch(now, TABLE, 1.5, order, number)
        now = once.after
        errors += once.table_errors[1:]
        assert same(run.weights[number], now)
        assert run.epoch_errors[number] == pytest.approx(table_error(now, TABLE))
    assert run.errors.tolist() == pytest.approx(errors)


@pytest.mark.parametrize("order", ORDERS)
def test_it_learns_two_tastes_and_guesses_what_was_not_rated(order: str) -> None:
    stars = np.array([[5, 5, 5, 1, 1, 1], [5, 5, 0, 1, 1, 1], [1, 1, 1, 5, 5, 5], [1, 1, 1, 5, 5, 0]])
    ratings = Ratings.of(stars / 5, stars > 0)
    run = course(start(2, 1), ratings, 1.0, order, 200)
    assert run.errors[-1] < 0.1 * run.errors[0]
    guesses = 5 * output(run.weights[-1], ratings.x)
    assert guesses[1, 2] > 3.5, "whoever likes the first three will like the third"
    assert guesses[3, 5] > 3.5


def test_a_row_without_ratings_teaches_nothing() -> None:
    each = visit(start(2, 1), TABLE, 2, 100.0)
    assert (each.error, each.distance) == (0, 0)
    assert same(each.after, each.before)
    assert not each.gradient.w1.any()
    assert not each.gradient.b2.any()


def test_a_start_is_the_same_for_the_same_seed_and_in_whole_hundredths() -> None:
    assert same(start(3, 7), start(3, 7))
    assert not same(start(3, 7), start(3, 8))
    assert np.allclose(start(4, 9).w1 * 100, (start(4, 9).w1 * 100).round())
    assert np.abs(start(4, 9).w2).max() <= 1


def test_the_sigmoid_neither_overflows_nor_loses_its_middle() -> None:
    with np.errstate(all="raise", under="ignore"):
        assert sigmoid(np.array([-1e308, -50.0, 0.0, 50.0, 1e308])) == pytest.approx(
            [0.0, 1.9287498479639178e-22, 0.5, 1.0, 1.0]
        )


def test_what_cannot_be_learned_from_is_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        epoch(start(2, 1), Ratings.of(np.zeros((0, 6)), np.zeros((0, 6))), 1.0, "online")
    with pytest.raises(ValueError, match="order is 'both'"):
        course(start(2, 1), TABLE, 1.0, "both", 1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        Ratings.of(np.array([[5.0]]), np.array([[1]]))
    with pytest.raises(ValueError, match="mask of shape"):
        Ratings.of(np.zeros((2, 3)), np.zeros(3) + np.ones((1, 3)))


def test_the_average_of_each_film_leaves_an_error_over_rated_cells_alone() -> None:
    x, rated = np.array([[1.0, 0.4], [0.0, 0.2], [0.5, 0.0]]), np.array([[1, 1], [1, 1], [0, 0]])
    assert average_error(Ratings.of(x, rated)) == pytest.approx((0.5**2 + 0.5**2 + 0.1**2 + 0.1**2) / 2)
    assert average_error(Ratings.of(np.full((3, 2), 0.6), np.ones((3, 2)))) == 0
    assert average_error(Ratings.of(np.zeros((2, 2)), np.zeros((2, 2)))) == 0
