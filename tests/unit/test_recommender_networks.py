"""Recommender networks in NumPy against torch; fold-in of new users; trainings that are stopped."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aecore.recommender.models import MODELS, multinomial_training, rating_network, sparse_batches
from aecore.recommender.models.denoising_items import DenoisingItems, DenoisingItemsSettings
from aecore.recommender.models.item_autorec import ItemAutoRec, ItemAutoRecSettings
from aecore.recommender.models.mult_vae import MultVae, MultVaeSettings
from aecore.recommender.models.multinomial import grades
from aecore.recommender.models.rating_network import _dense, _forward, _shown
from aecore.recommender.models.stacked import Stacked, StackedSettings
from aecore.recommender.ratings.table import Ratings
from tests.tastes import MOVIE_IDS, checkerboard, tastes

TRAINED = (
    "mult-vae",
    "mult-dae",
    "stacked-faithful",
    "stacked",
    "user-autorec",
    "item-autorec",
    "denoising-items",
    "bayesian",
    "hybrid",
)


def test_mult_vae_in_numpy_is_mult_vae_in_torch() -> None:
    model = MultVae(MultVaeSettings(hidden_size=9, latent_size=5, epochs=3))
    list(model.fit(*checkerboard()))
    given = tastes(0, 1)
    x = torch.from_numpy(given.matrix_of(grades(given.stars)).toarray())
    arrays = {name: torch.from_numpy(value) for name, value in model.arrays().items()}
    hidden = torch.tanh(torch.nn.functional.normalize(x) @ arrays["input_weights"] + arrays["input_bias"])
    code = hidden @ arrays["mean_weights"] + arrays["mean_bias"]
    expected = code @ arrays["output_weights"].T + arrays["output_bias"]
    np.testing.assert_allclose(model.score(given).order, torch.log_softmax(expected, 1).numpy(), atol=1e-4)


def test_grades_count_liking_only() -> None:
    np.testing.assert_allclose(grades(np.array([0.5, 2.0, 3.5, 5.0])), [0, 0, 0.5, 1])


def test_a_rating_network_in_numpy_is_the_one_in_torch() -> None:
    ratings, films = checkerboard()
    model = Stacked(StackedSettings(hidden_sizes=(9, 5, 7), epochs=2, dropout=0.0, hide_least=0.0, hide_most=0.0))
    list(model.fit(ratings, films))
    table = model.table(ratings)
    leaves = [
        torch.from_numpy(each)
        for each in (model.network.features, *(each for layer in model.network.layers for each in layer))
    ]
    places, target, _ = _dense(table, "cpu")
    shown = _shown(places, torch.ones(table.nnz, dtype=torch.bool), target, model.recipe())
    expected = _forward(shown, None, leaves, model.recipe())
    np.testing.assert_allclose(model.network.outputs(table), expected.numpy(), atol=1e-4)


def test_the_features_of_films_reach_the_hidden_layer() -> None:
    ratings, films = checkerboard()
    model = DenoisingItems(DenoisingItemsSettings(hidden_size=6, epochs=3))
    list(model.fit(ratings, films))
    rows = model.table(ratings).T.tocsr()
    features = model.film_features(films)
    assert not np.allclose(model.network.hidden(rows, features), model.network.hidden(rows, np.zeros_like(features)))
    np.testing.assert_allclose(model.codes, model.network.hidden(rows, features), atol=1e-5)


def test_users_of_the_training_keep_their_weights_and_others_are_solved_for() -> None:
    ratings, films = checkerboard()
    model = ItemAutoRec(ItemAutoRecSettings(hidden_size=6, epochs=40, fold_in_penalty=3.0))
    list(model.fit(ratings, films))
    np.testing.assert_array_equal(model.weights_of(ratings), model.person_weights)
    new = tastes(1)
    inputs = np.column_stack([model.codes[new.films], np.ones(len(new))])
    mean, left = model.person_weights.mean(0), model.bias.residuals(new)
    expected = mean + np.linalg.solve(inputs.T @ inputs + 3.0 * np.eye(7), inputs.T @ (left - inputs @ mean))
    np.testing.assert_allclose(model.weights_of(new)[0], expected, atol=1e-4)


@pytest.mark.parametrize("name", TRAINED)
def test_a_training_that_is_stopped_leaves_a_model_that_scores(name: str) -> None:
    model = MODELS[name].model_class()
    training = model.fit(*checkerboard())
    for _ in range(2):
        next(training)
    training.close()
    order = model.score(tastes(0, 1)).order
    assert np.isfinite(order).all()


@pytest.mark.parametrize("name", [name for name in TRAINED if name != "hybrid"])
def test_the_same_seed_gives_the_same_model_and_validation_is_watched(name: str) -> None:
    ratings, films = checkerboard()
    hidden = np.arange(len(ratings)) % 7 == 0
    orders = []
    for _ in range(2):
        model = MODELS[name].model_class()
        training = model.fit(ratings.only(~hidden), films, ratings.only(hidden))
        records = [next(training) for _ in range(3)]
        training.close()
        assert all(record.is_epoch and np.isfinite(list(record.validation.values())).all() for record in records)
        orders.append(model.score(Ratings.of_tastes([{int(MOVIE_IDS[0]): 5.0}], MOVIE_IDS)).order)
    np.testing.assert_allclose(orders[0], orders[1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "name", ["mult-vae", "mult-dae", "stacked", "user-autorec", "item-autorec", "denoising-items", "hybrid"]
)
def test_weights_that_live_elsewhere_during_training_come_back_after_every_epoch(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a GPU, whose memory is its own: here every tensor is a copy of its array."""
    entry = MODELS[name]
    settings = entry.settings_class.from_dict(
        {"epochs": 3, "burn_in": 2, "draws": 3} if name == "hybrid" else {"epochs": 3}
    )
    here, elsewhere = entry.model_class(settings), entry.model_class(settings)
    list(here.fit(*checkerboard()))
    for module in (rating_network, sparse_batches, multinomial_training):
        monkeypatch.setattr(module, "resident", lambda array, device: torch.from_numpy(array).clone())
    training = elsewhere.fit(*checkerboard())
    next(training)
    first = elsewhere.score(tastes(0, 1)).order
    list(training)
    assert not np.allclose(first, elsewhere.score(tastes(0, 1)).order), (
        "nothing came back after the first epoch, or nothing later"
    )
    for key, value in here.arrays().items():
        np.testing.assert_array_equal(elsewhere.arrays()[key], value, err_msg=key)


def test_only_models_with_a_network_in_torch_ask_for_a_gpu() -> None:
    assert {name for name, entry in MODELS.items() if entry.model_class.uses_gpu} == {*TRAINED, "hybrid"} - {
        "stacked-faithful",
        "bayesian",
    }
