"""The view of the synapses page, to the address and back, and what bad addresses get."""

import numpy as np
import pytest

from aecore.worked_examples.toy_network import ToyNetwork, random_network
from ui.components.synapse_network.view import ToyView, from_component, from_query
from ui.screens.synapses.tables import number, table_of, why_two_likes_fail


def test_a_view_comes_back_from_its_address() -> None:
    network = random_network(5, 3, seed=2)
    network = ToyNetwork(network.w1.round(2), network.w2.round(2), np.array([1.0, 0, -2.5]), np.zeros(5))
    view = ToyView(network, (1.0, 0.0, 0.25, -3.0, 0.0), "inside", "music", 0.5, ("pm",))
    again = from_query(view.to_query())
    assert again.to_query() == view.to_query()
    assert (again.network.w1 == network.w1).all()
    assert (again.network.b1 == network.b1).all()
    assert (again.x, again.biases, again.names, again.temperature, again.found) == (
        view.x,
        view.biases,
        view.names,
        view.temperature,
        view.found,
    )


def test_an_empty_address_is_where_the_puzzle_begins() -> None:
    assert (from_query({}).network.w1 == 1).all()
    assert (from_query({}).network.w2 == 1).all()
    assert from_query({"unknown": "1"}).x == (1.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"w": "1_2_x"}, "not a number"),
        ({"w": "1_2_3"}, "16 numbers"),
        ({"x": "nan_0_0_0"}, "between"),
        ({"x": "1e99_0_0_0"}, "between"),
        ({"size": "9-2"}, "3 to 6 inputs"),
        ({"size": "four"}, "inputs-hidden"),
        ({"biases": "<script>"}, "it can be none, node, inside"),
        ({"t": "0"}, "temperature"),
        ({"b": "1_1"}, "6 numbers"),
    ],
)
def test_an_address_that_cannot_be_shown_is_told_why(query: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        from_query(query)


def test_a_drawing_of_another_size_or_with_monstrous_numbers_is_not_taken() -> None:
    view = ToyView()
    state = {
        **{name: getattr(view.network, name).tolist() for name in ("w1", "w2", "b1", "b2")},
        "x": [0, 1, 0, 0],
        "temperature": 2,
    }
    assert from_component(view, state).x == (0.0, 1.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="another size"):
        from_component(view, {**state, "x": [0, 1]})
    with pytest.raises(ValueError, match="lie between"):
        from_component(view, {**state, "x": [0, 1e9, 0, 0]})
    with pytest.raises(ValueError, match="lie between"):
        from_component(view, {**state, "b1": [float("nan"), 0]})


def test_numbers_are_written_as_people_write_them() -> None:
    assert [number(v) for v in (1, -1, 0.5, -0.001, 0, 2e6, -1.5e12, float("nan"))] == [
        "1",
        "−1",
        "0.5",
        "0",
        "0",
        "2.0·10^6",
        "−1.5·10^12",
        "–",
    ]


def test_huge_weights_leave_no_nan_in_the_tables() -> None:
    big = ToyView(ToyNetwork.of(np.full((2, 4), 1e6), np.full((4, 2), -1e6)))
    for text in (table_of(big, 1), table_of(big, 2), why_two_likes_fail(big)):
        assert "nan" not in text.lower()
        assert "inf" not in text.lower()


def test_why_two_likes_fail_names_the_films_that_share_a_code() -> None:
    text = why_two_likes_fail(ToyView())
    assert "**4 of 6** pairs" in text
    assert "liking nothing, Space opera + Ghost tale and Heist + Love story" in text
