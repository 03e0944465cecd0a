"""The articles' training, compiled, against the same training in torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import sparse

from aecore.recommender.models.stacked_faithful import (
    SIZES,
    StackedFaithful,
    StackedFaithfulSettings,
    forward,
    initial_weights,
    split,
)
from aecore.recommender.models.stacked_kernel import epoch
from aecore.recommender.ratings.table import Ratings
from tests.tastes import MOVIE_IDS, checkerboard

FILMS = 30
RATE, DECAY = np.float32(0.01), np.float32(0.5)


def stars_of(count: int, rng: np.random.Generator) -> np.ndarray:
    """(count, FILMS) stars, 0 where missing."""
    rated = rng.random((count, FILMS)) < 0.3
    rated[:, :2] = True
    return np.where(rated, rng.integers(1, 6, (count, FILMS)), 0).astype(np.float32)


def torch_network(flat: np.ndarray) -> torch.nn.Sequential:
    """The same network as torch builds it."""
    parts: list[torch.nn.Module] = []
    for weights, bias in split(flat, FILMS):
        layer = torch.nn.Linear(*weights.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weights.T.copy()))
            layer.bias.copy_(torch.from_numpy(bias.copy()))
        parts += [layer, torch.nn.Sigmoid()]
    return torch.nn.Sequential(*parts[:-1])


def torch_loss(network: torch.nn.Module, row: np.ndarray) -> torch.Tensor:
    """The sum of squared errors of rated films, divided by the number of all films."""
    target = torch.from_numpy(row[None])
    return torch.nn.functional.mse_loss(network(target) * (target > 0), target)


def flattened(parts: list[torch.Tensor]) -> np.ndarray:
    """Weights or gradients of the network in the layout of `split`: only the last layer's lie as torch has them."""
    arrays = [each.detach().numpy() for each in parts]
    return np.concatenate(
        [
            each.ravel() if each.ndim == 1 or place == len(arrays) - 2 else each.T.ravel()
            for place, each in enumerate(arrays)
        ]
    )


def run_epoch(
    x: np.ndarray, flat: np.ndarray, summed: np.ndarray, squares: np.ndarray, rate: np.float32 = RATE
) -> float:
    table = sparse.csr_matrix(x)
    return epoch(
        table.indptr.astype(np.int64), table.indices, table.data, (FILMS, *SIZES), flat, summed, squares, rate, DECAY
    )


def test_the_forward_pass_is_torchs() -> None:
    rng = np.random.default_rng(0)
    flat, x = initial_weights(FILMS, rng), stars_of(5, rng)
    expected = torch_network(flat)(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(forward(x, split(flat, FILMS)), expected, atol=1e-5)
    np.testing.assert_allclose(forward(sparse.csr_matrix(x), split(flat, FILMS)), expected, atol=1e-5)


def test_the_gradient_is_that_of_autograd() -> None:
    rng = np.random.default_rng(1)
    flat, x = initial_weights(FILMS, rng), stars_of(6, rng)
    network = torch_network(flat)
    for row in x:
        torch_loss(network, row).backward()
    summed, still = np.zeros_like(flat), flat.copy()
    error = run_epoch(x, still, summed, np.zeros_like(flat), np.float32(0))
    np.testing.assert_array_equal(still, flat)
    np.testing.assert_allclose(summed, flattened([each.grad for each in network.parameters()]), atol=1e-5)
    output = forward(x, split(flat, FILMS))
    assert error == pytest.approx(
        np.mean([np.sqrt(np.mean((row[own > 0] - own[own > 0]) ** 2)) for row, own in zip(output, x, strict=True)]),
        rel=1e-5,
    )


def test_its_steps_are_those_of_torchs_rmsprop_whose_gradient_is_never_set_back() -> None:
    rng = np.random.default_rng(2)
    flat, x = initial_weights(FILMS, rng), stars_of(40, rng)
    network = torch_network(flat)
    optimizer = torch.optim.RMSprop(network.parameters(), lr=0.01, weight_decay=0.5)
    for row in x:
        torch_loss(network, row).backward()
        optimizer.step()
    run_epoch(x, flat, np.zeros_like(flat), np.zeros_like(flat))
    np.testing.assert_allclose(flat, flattened(list(network.parameters())), atol=2e-4)


def test_with_gradients_set_back_the_weight_decay_would_leave_nothing() -> None:
    rng = np.random.default_rng(3)
    network, x = torch_network(initial_weights(FILMS, rng)), stars_of(60, rng)
    optimizer = torch.optim.RMSprop(network.parameters(), lr=0.01, weight_decay=0.5)
    errors = []
    for _ in range(4):
        for row in x:
            optimizer.zero_grad()
            torch_loss(network, row).backward()
            optimizer.step()
            predicted = network(torch.from_numpy(row[None])).detach().numpy()[0]
            errors.append(np.sqrt(np.mean((predicted - row)[row > 0] ** 2)))
    assert np.mean(errors[-60:]) > 2.0


def test_it_reports_the_error_the_articles_report() -> None:
    ratings, films = checkerboard()
    hidden = np.arange(len(ratings)) % 5 == 0
    model = StackedFaithful(StackedFaithfulSettings(epochs=3))
    last = list(model.fit(ratings.only(~hidden), films, ratings.only(hidden)))[-1]
    test = ratings.only(hidden)
    stars = model.score(ratings.only(~hidden)).stars
    each = [
        np.sqrt(np.mean((stars[row, test.user(row)[0]] - test.user(row)[1]) ** 2))
        for row in np.flatnonzero(test.counts)
    ]
    assert last.validation["RMSE per user"] == pytest.approx(np.mean(each), rel=1e-5)


def test_users_without_ratings_are_passed_over() -> None:
    ratings = Ratings.of_tastes([{100: 5.0, 103: 2.0}, {}, {106: 4.0}], MOVIE_IDS)
    records = list(StackedFaithful(StackedFaithfulSettings(epochs=2)).fit(ratings))
    assert records[-1].step == 4
