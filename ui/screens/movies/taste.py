"""The Your taste panel: the user's taste on a map of all films, and a test of the model on the user's ratings."""

from __future__ import annotations

import streamlit as st

from aecore.foreign import in_markdown
from aecore.recommender.evaluation.self_test import DRAWS, SHARE, SelfTest, hide_and_predict
from aecore.recommender.profiles.taste import Taste
from aecore.recommender.ratings.table import RatingsError
from ui.app.theme import plot
from ui.components.film_cards import Screen, film_cards, take_actions
from ui.screens.movies.cards import Cards
from ui.screens.movies.figures import two_errors
from ui.screens.movies.film_map import circled_sections, film_map
from ui.screens.movies.link import MOST, MOST_CIRCLED, SHOW, SHOWN
from ui.screens.movies.model import Advisor, advisor
from ui.screens.movies.posters import poster_key
from ui.screens.movies.visitor import act, said, taste
from ui.screens.movies.whose import whose
from ui.screens.movies.why import sheet
from ui.widgets.wording import percent

KEY = "films-taste"


def taste_panel() -> None:
    """Shows the map, what the films circled on it lead to, the selected film, and the test."""
    whose()
    model, mine = advisor(), taste()
    stars = mine.stars(model.catalogue)
    scores = model.scores(stars)
    st.subheader("Your taste on a map of films", anchor=False)
    st.caption(
        "Films that the same users like lie close together. The map is drawn by t-SNE from what the model has "
        "learned; distances far apart mean little. Point at a film to see what it is, click it for more."
    )
    film_map(model, mine, scores)
    st.caption(
        "Circle films with the lasso (the loop in the corner of the map): below it you can rate them, and have "
        "recommendations from them alone."
        + (
            " “Your taste” is the middle of the films you have rated, each weighed by its stars above two."
            if stars
            else " Rate some films, and your own point appears here."
        )
    )
    cards = Cards(model.catalogue, mine, scores)
    sections = circled_sections(model, mine, cards, scores, min(SHOW.read(), MOST_CIRCLED))
    film_cards(
        Screen(sections, "two" if sections else "one", sheet=sheet(model, mine, cards), said=said(),
               tmdb_key=poster_key()),
        KEY, on_done=_done,
    )  # fmt: skip
    with st.container(key="films-test-me"):
        st.subheader("Test it on me", anchor=False)
        _test(model, mine)


def _done() -> None:
    for action in take_actions(KEY):
        if action.kind == "more":
            SHOW.write(min(MOST, SHOW.read() + SHOWN))
        else:
            act(action, advisor().catalogue)


def _test(model: Advisor, mine: Taste) -> None:
    stars = mine.stars(model.catalogue)
    st.markdown(
        "A fifth of your ratings is hidden, and the model predicts them from the others. "
        f"This is done {DRAWS} times, each time with another fifth, chosen at random."
    )
    try:
        found = _result(model, model.source, tuple(sorted(stars.items())))
    except RatingsError as error:
        st.info(in_markdown(str(error)), icon=":material/science:")
        return
    left, right = st.columns([1, 2], gap="large", vertical_alignment="center")
    with left:
        st.metric(
            "Off by, in stars",
            f"{found.model.mean():.2f}",
            f"{found.model.mean() - found.mean.mean():+.2f} against the film's mean",
            delta_color="inverse",
            help="The typical distance between your stars and the predicted ones; large misses count more.",
        )
        st.markdown(_conclusion(found))
        st.caption(
            f"Root mean squared error over {found.hidden} hidden ratings each time ({percent(SHARE, 0)} of "
            f"{len(stars)}). The film's mean is what the model expects of a user it knows nothing about."
        )
    with right:
        plot(
            two_errors(found.model, found.mean),
            "films-test",
            f"Errors of {DRAWS} draws: the model {found.model.mean():.2f}, the means {found.mean.mean():.2f} stars.",
        )


def _conclusion(found: SelfTest) -> str:
    if found.wins >= 0.8 * DRAWS:
        return f"It knows you: in **{found.wins} of {DRAWS}** trials it is nearer than the film's mean."
    if found.wins <= 0.2 * DRAWS:
        return (
            f"It does not know you yet: in **{DRAWS - found.wins} of {DRAWS}** trials the film's mean is nearer. "
            "More ratings will help."
        )
    return f"Hard to say: in {found.wins} of {DRAWS} trials it is nearer than the film's mean. More ratings will tell."


@st.cache_data(max_entries=32, show_spinner="Hiding a fifth, twenty times …")
def _result(_model: Advisor, source: str, stars: tuple[tuple[int, float], ...]) -> SelfTest:
    return hide_and_predict(
        dict(stars), lambda tastes: _model.scores(*tastes), _model.catalogue.films.movie_ids, _model.usual
    )
