"""The Recommendations panel: films to rate on the left, recommendations on the right, updated with every click."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aecore.datasets.uploads.base import count_of
from aecore.recommender.profiles.taste import Taste
from aecore.recommender.serving.recommend import Preferences, recommend
from ui.components.film_cards import Card, Screen, Section, film_cards, searched, take_actions
from ui.screens.movies.adding import add
from ui.screens.movies.cards import Cards, columns_of
from ui.screens.movies.catalogue_words import catalogue_words
from ui.screens.movies.filters import ask_preferences
from ui.screens.movies.link import GENRES, MOST, POPULARITY_NOVELTY, SHOW, SHOWN, WHO, WITHOUT, YEARS
from ui.screens.movies.model import Advisor, advisor, say_which
from ui.screens.movies.order_words import in_order
from ui.screens.movies.posters import ask_key, poster_key
from ui.screens.movies.visitor import act, last_action, said, taste
from ui.screens.movies.whose import people
from ui.screens.movies.why import sheet
from ui.widgets.live import part_of_page

KEY = "films"
ASKED, FOUND = 6, 8
FOLDED = """
.st-key-films-unfold { display: none; }
@media (max-width: 640px) {
  .st-key-films-unfold { display: flex; }
  html:not([data-tour]) .st-key-page-form-preferences:not(:has(.st-key-films-unfold input:checked))
    .st-key-preferences { display: none; }
}
"""
"""On a phone the films to rate come before the controls of the list; a tour speaks of these, and finds them."""
ENOUGH = 5
"""Ratings from which the list is called the user's own."""


def recommend_panel() -> None:
    """Shows the filters and the two lists."""
    with st.container(key="page-form-preferences"):
        st.html(f"<style>{FOLDED}</style>")
        is_set = any(each.is_there for each in (POPULARITY_NOVELTY, GENRES, WITHOUT, YEARS))
        st.session_state.setdefault("films-unfold", is_set)  # a link that sets them opens with them in sight
        st.toggle("Dial and filters", key="films-unfold", help="Shows the dial, the filters and posters here.")
        with st.container(horizontal=True, vertical_alignment="bottom", key="preferences"):
            preferences = ask_preferences(advisor().catalogue.films)
            ask_key()
    say_which()
    part_of_page(_films, rest=WHO.read)(preferences)  # the offer to mend marks, above, is that of the profile in use


def _films(preferences: Preferences) -> None:
    """The cards, as a fragment: a click on a star recomputes and sends nothing else."""
    film_cards(the_screen(advisor(), taste(), preferences), KEY, on_done=_done)


def the_screen(model: Advisor, mine: Taste, preferences: Preferences) -> Screen:
    """Everything on the component, computed from the user's taste."""
    catalogue = model.catalogue
    stars = mine.stars(catalogue)
    scores = model.scores(stars)
    cards = Cards(catalogue, mine, scores)
    count, asked = SHOW.read(), _asked(model, mine)
    without = mine.done_with(catalogue)
    if not stars:  # nothing of the user speaks for a film: the list need not repeat what is asked
        without |= {int(catalogue.films.movie_ids[column]) for column in asked}
    picks = recommend(scores, catalogue, preferences, without, count + 1)
    sections = (_to_rate(asked, cards), _recommended(cards, columns_of(picks), count, mine, preferences.novelty))
    text = searched(KEY)
    found = (text, (*cards.own_found(text, mine), *cards.cards(catalogue.search(text, FOUND)))) if text else None
    return Screen(
        sections, "two", True, found, sheet(model, mine, cards), _short(last_action()), said(), poster_key(), people(),
        catalogue_words(model),
    )  # fmt: skip


def _to_rate(asked: Sequence[int], cards: Cards) -> Section:
    about = (
        "A few clicks are enough to begin, about ten to know you. Films that many know and that tell tastes apart: "
        "click a star, or its left half."
    )
    return Section(
        "rate",
        "rate",
        "Have you seen these?",
        about,
        cards.cards(asked, guess=False),
        "row",
        other=True,
        empty="You have rated or marked every film on this list.",
    )


def _asked(model: Advisor, mine: Taste) -> list[int]:
    """Columns of the films to rate now: earlier ones keep their positions, an answered one is replaced by the next."""
    answered = mine.answered(model.catalogue)
    ids = model.catalogue.films.movie_ids
    candidates = model.to_ask(answered)
    skipped = st.session_state.get("films-skipped", 0) % max(1, len(candidates))
    before = [
        column if int(ids[column]) not in answered else None for column in st.session_state.get(_asked_key(model), ())
    ]
    following = iter([each for each in candidates[skipped:] + candidates[:skipped] if each not in before])
    slots = [next(following, None) if each is None else each for each in (*before, *[None] * (ASKED - len(before)))]
    now = [each for each in slots[:ASKED] if each is not None]
    st.session_state[_asked_key(model)] = now
    return now


def _asked_key(model: Advisor) -> str:
    return f"films-asked-{model.source}"


def _recommended(cards: Cards, columns: list[int], count: int, mine: Taste, novelty: float) -> Section:
    stars = mine.stars(cards.catalogue)
    films: tuple[Card, ...] = in_order(cards, columns[:count])
    rated, has_stars = len(stars), cards.scores is not None and cards.scores.stars is not None
    if not rated:
        title = "Less-known films that others like" if novelty > 0 else "What most users like"
        about = "Nothing of yours is in this list yet. Rate a film, and it becomes your own."
    elif rated < ENOUGH:
        title = "For you, so far"
        about = f"From {_ratings(rated, mine)}. With about ten it begins to know you."
    else:
        told = "; the stars are what you would probably give it" if has_stars else ""
        title, about = "For you", f"From {_ratings(rated, mine)}. Sorted by how likely you are to like a film{told}."
    about = f"{about}{_by_dial(novelty, has_stars)}"
    empty = "No film meets all of these filters. Widen the years, or leave out fewer genres."
    return Section(
        "recommended", "recommend", title, about, films, more=len(columns) > count and count < MOST, empty=empty
    )


def _by_dial(novelty: float, has_stars: bool) -> str:
    """What the dial does to the list, as a sentence after others; "" in its middle."""
    if not novelty:
        return ""
    if novelty < 0:
        return " The dial then moves less-known films down."
    more = ", and lets the stars expected count for more" if has_stars else ""
    return f" The dial then moves better-known films down{more}."


def _ratings(counted: int, mine: Taste) -> str:
    """The ratings that made the list, "7 of your 9 ratings" if the recommender does not know all of the films."""
    every = len(mine.rated)
    return f"{counted:,} of your {every:,} ratings" if every > counted else f"your {count_of(counted, 'rating')}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:58].rstrip() + " …"


def _done() -> None:
    for action in take_actions(KEY):
        if action.kind == "more":
            SHOW.write(min(MOST, SHOW.read() + SHOWN))
        elif action.kind == "other":
            st.session_state["films-skipped"] = st.session_state.get("films-skipped", 0) + ASKED
            st.session_state.pop(_asked_key(advisor()), None)
        elif action.kind == "add":
            add(action, advisor().catalogue)
        else:
            act(action, advisor().catalogue)
