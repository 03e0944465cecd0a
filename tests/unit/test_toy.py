"""The toy network against the articles' numbers, brute force and autograd."""

from itertools import product

import numpy as np
import pytest
import torch

from aecore.worked_examples.toy_network import (
    ARTICLE,
    ToyNetwork,
    arg_max,
    come_back,
    copying_network,
    cross_entropy,
    gradient,
    learn,
    patterns,
    random_network,
    sign_network,
    softmax,
    threshold,
)
from aecore.worked_examples.toy_solutions import hint, is_countable, signs, solutions


@pytest.mark.parametrize(
    ("x", "h", "o"),
    [
        ((1, 0, 0, 0), (1, 1), (2, 0, 0, -2)),
        ((0, 1, 0, 0), (1, -1), (0, 2, -2, 0)),
        ((0, 0, 1, 0), (-1, 1), (0, -2, 2, 0)),
        ((0, 0, 0, 1), (-1, -1), (-2, 0, 0, 2)),
    ],
)
def test_the_four_examples_of_the_articles_come_back_in_every_reading(x: tuple, h: tuple, o: tuple) -> None:
    x = np.array(x, float)
    assert tuple(ARTICLE.encode(x)) == h
    assert tuple(ARTICLE.decode(ARTICLE.encode(x))) == o
    out = np.array(o, float)
    assert (arg_max(out) == x).all()
    assert (threshold(out) == x).all()
    assert softmax(out).argmax() == x.argmax()


def test_the_true_softmax_is_neither_of_the_articles_readings() -> None:
    assert softmax(np.array([2.0, 0, 0, -2])).round(3).tolist() == [0.776, 0.105, 0.105, 0.014]


def test_a_low_temperature_carries_the_softmax_over_into_the_arg_max() -> None:
    o = np.array([[2.0, 0, 0, -2], [0.1, 0.3, 0.2, -9]])
    assert np.allclose(softmax(o, 0.01), arg_max(o), atol=1e-4)
    assert np.allclose(softmax(o, 1e6), 0.25, atol=1e-5)
    with pytest.raises(ValueError, match="temperature"):
        softmax(o, 0.0)


def test_nobody_wins_a_tie() -> None:
    assert arg_max(np.array([2.0, 2, -2, -2])).sum() == 0


def test_of_two_likes_the_threshold_brings_back_four_pairs_and_opposite_films_share_a_code() -> None:
    pairs = patterns(4, 2)
    assert come_back(ARTICLE, pairs, "threshold").tolist() == [True, True, False, False, True, True]
    assert not come_back(ARTICLE, pairs).any()
    assert (ARTICLE.encode(pairs)[2:4] == 0).all()
    assert (ARTICLE.encode(np.zeros(4)) == 0).all()


def test_the_sign_network_of_four_and_two_is_the_articles_drawing() -> None:
    made = sign_network(4, 2)
    assert (made.w1 == ARTICLE.w1).all()
    assert (made.w2 == ARTICLE.w2).all()


@pytest.mark.parametrize(("inputs", "hidden"), list(product(range(3, 7), range(1, 7))))
def test_a_sign_network_brings_back_as_much_as_its_codes_allow(inputs: int, hidden: int) -> None:
    back = come_back(sign_network(inputs, hidden), patterns(inputs))
    assert back.all() == (2**hidden >= inputs)


def test_a_network_wider_than_its_input_copies_anything() -> None:
    x = np.random.default_rng(0).normal(size=(20, 4))
    network = copying_network(4, 6)
    assert np.allclose(network.decode(network.encode(x)), x)


def test_the_solutions_of_4_2_4_are_the_24_orders_of_its_four_codes() -> None:
    found = solutions(4, 2)
    assert len(found) == 24
    for setting in found:
        w1, w2 = setting[:8].reshape(2, 4), setting[8:].reshape(4, 2)
        assert len({tuple(code) for code in w1.T}) == 4, "four different codes"
        assert (w2 == w1.T).all()


def test_every_setting_of_3_2_3_is_judged_as_it_is_one_by_one() -> None:
    known = {tuple(setting) for setting in solutions(3, 2).tolist()}
    for setting in product((1, -1), repeat=12):
        network = ToyNetwork.of(np.reshape(setting[:6], (2, 3)), np.reshape(setting[6:], (3, 2)))
        assert come_back(network, patterns(3)).all() == (setting in known)


def test_sizes_with_too_many_synapses_are_not_enumerated() -> None:
    assert is_countable(4, 2)
    assert not is_countable(5, 2)
    with pytest.raises(ValueError, match="20 synapses"):
        solutions(5, 2)


def test_hints_lead_from_anywhere_to_a_solution_in_as_many_flips_as_they_say() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        flat = rng.choice([-1.0, 1.0], 16)
        first = hint(ToyNetwork.of(flat[:8].reshape(2, 4), flat[8:].reshape(4, 2)))
        missing = first[1] if first else 0
        for left in range(missing, 0, -1):
            index, flips = hint(ToyNetwork.of(flat[:8].reshape(2, 4), flat[8:].reshape(4, 2)))
            assert flips == left
            flat[index] *= -1
        network = ToyNetwork.of(flat[:8].reshape(2, 4), flat[8:].reshape(4, 2))
        assert hint(network) is None
        assert come_back(network, patterns(4)).all()


def test_hints_find_all_24_solutions_when_found_ones_are_left_out() -> None:
    flat, found = np.ones(16), set()
    for _ in range(200):
        step = hint(ToyNetwork.of(flat[:8].reshape(2, 4), flat[8:].reshape(4, 2)), found)
        if step is None:
            break
        flat[step[0]] *= -1
        if step[1] == 1:
            found.add(tuple(flat.astype(int).tolist()))
    assert len(found) == 24


def test_one_hidden_node_has_no_solution_and_gives_no_hint() -> None:
    assert len(solutions(4, 1)) == 0
    assert hint(sign_network(4, 1)) is None
    assert signs(random_network(4, 2, 0)) is None


def test_the_gradients_are_autograds() -> None:
    network, x = random_network(5, 3, seed=4), patterns(5)
    network = ToyNetwork(network.w1, network.w2, np.array([0.3, -0.2, 0.9]), np.linspace(-1, 1, 5))
    parts = {name: torch.tensor(getattr(network, name), requires_grad=True) for name in ("w1", "w2", "b1", "b2")}
    o = (torch.tensor(x) @ parts["w1"].T + parts["b1"]) @ parts["w2"].T + parts["b2"]
    loss = torch.nn.functional.cross_entropy(o, torch.arange(5))
    loss.backward()
    found = gradient(network, x)
    assert cross_entropy(network, x) == pytest.approx(loss.item())
    for name, part in parts.items():
        assert np.allclose(getattr(found, name), part.grad.numpy()), name


@pytest.mark.parametrize("seed", range(5))
def test_gradient_descent_from_random_weights_learns_to_bring_every_film_back(seed: int) -> None:
    start = random_network(4, 2, seed)
    learned = learn(start, patterns(4), 1.0, 300)
    assert come_back(learned, patterns(4)).all()
    assert cross_entropy(learned, patterns(4)) < 0.05 * cross_entropy(start, patterns(4))
    assert not learned.b1.any()
    assert learn(start, patterns(4), 1.0, 3, with_biases=True).b2.any()


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="asks for"):
        ToyNetwork.of([[1, 1]], [[1, 1]])
