"""The words beside the link of the Movies page: everything that its address holds, and nothing else."""

from __future__ import annotations

from itertools import combinations

import pytest

from ui.app import url_state
from ui.screens.movies import link
from ui.screens.movies.link_words import WORDS, link_says

ALONE = {
    "dial": ("Hidden gems", "the dial as it is set"), "genres": ("War", "the filters as they are set"),
    "without": ("War", "the filters as they are set"), "years": (["1990", "1999"], "the filters as they are set"),
    "show": ("48", "as many recommendations"), "film": ("1", "the film that is open"),
    "model": ("some-run", "the recommender"), "on-map": ("All", "which films are on the map"),
    "only-mine": ("true", "which films are on the map"), "circled": ("1.2", "the films circled on the map"),
    "list": ("Watchlist", "which list of *My ratings* is shown, and in what order"),
    "order": ("By title", "which list of *My ratings* is shown, and in what order"),
    "has": ("dune", "the letters that titles must have in *My ratings*"),
    "rule": ("Least misery", "the rule of the film night"),
    "again": ("true", "whether the film night has films that some have seen"),
    "from": ("Watchlists", "from which films the film night chooses, but no file"),
    "given": ("20", "how many ratings the figures of *About* are for"),
    "there": ("Ada", "the names of the profiles that watch"),
    "who": ("2", "profile number 2 of the browser that opens it"),
    "with": ("abcdefghij.klmnopqrst", "It holds 2 codes of friends, and so shows their names and what would suit"),
    "night": ("ABC234", "It holds the code ABC234 of a film night: under *Friends*, anyone who opens it can join."),
}  # fmt: skip
"""Parameter -> a value of it, and what the words say of it."""


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch):
    """What is said of an address."""

    def of(**query: str | list[str]) -> str:
        texts = {name: each if isinstance(each, list) else [each] for name, each in query.items()}
        monkeypatch.setattr(url_state, "settle_address", lambda params: None)
        monkeypatch.setattr(url_state, "_texts", lambda name: texts.get(name, []))
        monkeypatch.setattr(url_state.st, "query_params", texts)
        return link_says()

    return of


def test_every_parameter_of_the_page_has_words() -> None:
    params = {each.name for each in vars(link).values() if isinstance(each, url_state.Param)} - {"view"}
    assert params | {"model"} == set(ALONE)
    assert {each.name for group, _ in WORDS for each in group} == set(ALONE) - {"there", "who", "with", "night"}


def test_an_address_without_parameters_opens_the_first_panel_and_no_more(said) -> None:
    assert said() == (
        "The link opens the panel *Recommendations*. Films are recommended by the ratings of the person who opens it: "
        "yours, your lists, what you type into the search and a key of TMDb are not in it."
    )


def test_the_words_say_what_the_address_holds_and_nothing_else_in_all_combinations_of_three(said) -> None:
    for names in (each for count in (1, 2, 3) for each in combinations(sorted(ALONE), count)):
        words, held = said(**{name: ALONE[name][0] for name in names}), {ALONE[each][1] for each in names}
        for _, mine in ALONE.values():
            assert (mine in words) == (mine in held), f"{names}: {mine}"
        assert "Ada" not in words


def test_all_at_once_and_a_panel(said) -> None:
    words = said(view="Friends", **{name: value for name, (value, _) in ALONE.items()})
    assert words.startswith("The link opens the panel *Friends*, the dial as it is set, ")
    assert all(mine in words for _, mine in ALONE.values())


def test_a_text_that_does_not_count_is_not_claimed(said) -> None:
    nonsense = {
        "dial": "Loud",
        "rule": "loudest",
        "night": "no code",
        "who": "0",
        "with": "??",
        "film": "x",
        "show": "1",
    }
    assert said(**nonsense) == said()
    assert "that nobody of the browser that opens it watches" in said(there="")
    assert "names" not in said(rule="least misery")
