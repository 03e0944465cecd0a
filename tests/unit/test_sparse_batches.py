"""Batches of sparse ratings: sampled films and their weights, and lazy Adam on some rows."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import sparse

from aecore.recommender.models.sparse_batches import FilmRows, cosine, draw_batch, kept_inputs


def liked(users: int, films: int, rng: np.random.Generator) -> sparse.csr_matrix:
    table = rng.random((users, films)) * (rng.random((users, films)) < 0.2)
    table[:, 0] = 1.0
    return sparse.csr_matrix(table.astype(np.float32))


def test_a_batch_over_all_films_holds_the_rows_as_they_are() -> None:
    rng = np.random.default_rng(0)
    x, part = liked(9, 30, rng), np.array([7, 2, 4])
    batch = draw_batch(x, part, 100, rng)
    again = np.zeros((3, 30), np.float32)
    again[batch.users, batch.columns] = batch.grades
    assert batch.films == slice(None)
    np.testing.assert_array_equal(again, x[part].toarray())


def test_a_batch_of_some_films_holds_all_that_were_rated() -> None:
    rng = np.random.default_rng(1)
    x, part = liked(4, 200, rng), np.array([3, 0])
    batch = draw_batch(x, part, 10, rng)
    again = np.zeros((2, 200), np.float32)
    again[batch.users, batch.films[batch.columns]] = batch.grades
    np.testing.assert_array_equal(again, x[part].toarray())
    assert len(np.unique(batch.films)) == len(batch.films) == len(np.unique(x[part].indices)) + 10


def test_the_sum_over_sampled_films_is_right_on_average() -> None:
    rng = np.random.default_rng(2)
    x, part = liked(4, 200, rng), np.array([1, 2])
    logits = rng.normal(size=200)
    sums = []
    for _ in range(2000):
        batch = draw_batch(x, part, 30, rng)
        sums.append(np.exp(logits[batch.films] + batch.log_counts).sum())
    assert np.mean(sums) == pytest.approx(np.exp(logits).sum(), rel=0.01)


def test_users_show_as_many_ratings_as_asked_and_the_rest_is_hidden() -> None:
    rng = np.random.default_rng(3)
    x = sparse.csr_matrix(np.ones((50, 400), np.float32))
    batch = draw_batch(x, np.arange(50), 1000, rng)
    shown = kept_inputs(batch, 10, 10, rng).reshape(50, 400)
    np.testing.assert_allclose((shown**2).sum(1), 1, rtol=1e-5)
    assert (shown > 0).sum(1).mean() == pytest.approx(10, abs=1.5)
    assert (kept_inputs(batch, 400, 400, rng) > 0).all()


def test_adam_on_all_rows_is_torchs() -> None:
    rng = np.random.default_rng(4)
    start = rng.normal(size=(6, 3)).astype(np.float32)
    rows, other = FilmRows({"w": start.copy()}), torch.from_numpy(start.copy()).requires_grad_()
    optimizer = torch.optim.Adam([other], lr=0.05)
    for step in range(5):
        leaf = rows.leaves(slice(None))["w"]
        (leaf * (step - leaf)).sum().backward()
        rows.step(0.05)
        optimizer.zero_grad()
        (other * (step - other)).sum().backward()
        optimizer.step()
    np.testing.assert_allclose(rows.arrays["w"], other.detach().numpy(), atol=1e-5)


def test_rows_that_a_step_does_not_touch_stay() -> None:
    start = np.ones((6, 3), np.float32)
    rows = FilmRows({"w": start.copy()})
    rows.leaves(np.array([4, 1]))["w"].square().sum().backward()
    rows.step(0.1)
    np.testing.assert_array_equal(rows.arrays["w"][[0, 2, 3, 5]], start[[0, 2, 3, 5]])
    assert (rows.arrays["w"][[1, 4]] < 1).all()


def test_the_learning_rate_falls_to_nothing() -> None:
    assert cosine(0.1, 0.0) == pytest.approx(0.1)
    assert cosine(0.1, 0.5) == pytest.approx(0.05)
    assert cosine(0.1, 1.0) == pytest.approx(0.0)
