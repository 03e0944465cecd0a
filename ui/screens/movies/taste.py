"""The Your taste panel: the user's taste on a map of all films, and a test of the model on the user's ratings."""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.foreign import in_markdown
from aecore.recommender.evaluation.self_test import DRAWS, SHARE, SelfTest, hide_and_predict
from aecore.recommender.profiles.taste import Taste
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import RatingsError
from aecore.recommender.serving.taste_map import taste_place
from ui.app.theme import plot
from ui.components.film_cards import Screen, film_cards, take_actions
from ui.components.latent_map import NO_COLOUR, Cloud, Legend, Mark, answer_in, latent_map
from ui.screens.movies.cards import Cards
from ui.screens.movies.figures import two_errors
from ui.screens.movies.link import FILM, ONLY_MINE
from ui.screens.movies.model import Advisor, advisor
from ui.screens.movies.posters import poster_key
from ui.screens.movies.route import places_key
from ui.screens.movies.visitor import act, said, taste
from ui.screens.movies.whose import whose
from ui.screens.movies.why import opened, sheet
from ui.widgets.wording import percent

KEY, MAP = "films-taste", "films-map"
HUES = {
    "Horror": "#b3261e", "Sci-Fi": "#0072b2", "Animation": "#00a0a8", "Children": "#63c9b8", "War": "#6b7a2a",
    "Western": "#a5672a", "Musical": "#c2578f", "Documentary": "#2f9e6b", "Fantasy": "#9a55c4",
    "Film-Noir": "#74708f", "Romance": "#e0799b", "Crime": "#7a4fb5", "Thriller": "#5667c9",
    "Action": "#d55e00", "Adventure": "#3f9a3f", "Comedy": "#d9a400", "Drama": "#8a93a3",
}  # fmt: skip
"""Genre -> colour; a film has the colour of its first genre in this order, so that rare genres are visible."""
HEIGHT = 600


def taste_panel() -> None:
    """Shows the map, the selected film, and the test."""
    whose()
    model, mine = advisor(), taste()
    stars = mine.stars(model.catalogue)
    st.subheader("Your taste on a map of all films", anchor=False)
    st.caption(
        "Films that the same users like lie close together. The map is drawn by t-SNE from what the model has "
        "learned; distances far apart mean little."
    )
    _map(model, stars)
    cards = Cards(model.catalogue, mine, model.scores(stars))
    film_cards(Screen((), sheet=sheet(model, mine, cards), said=said(), tmdb_key=poster_key()), KEY, on_done=_done)
    with st.container(key="films-test-me"):
        st.subheader("Test it on me", anchor=False)
        _test(model, mine)


def _map(model: Advisor, stars: dict[int, float]) -> None:
    films = model.catalogue.films
    levels, legend, palette = _colours(films)
    columns = np.array([films.column[movie] for movie in stars], np.int64)
    only_mine = st.toggle(
        "Only what I have rated",
        disabled=not stars,
        help="Leaves the other films out of the drawing.",
        **ONLY_MINE.bound(),
    )
    marks = (
        (Mark(tuple(taste_place(model.places, columns, np.array(list(stars.values()))).tolist()), "Your taste"),)
        if stars
        else ()
    )
    key = places_key(model.places)
    names = tuple(films.title(column) for column in range(len(films)))
    cloud = Cloud(
        f"films-{key}", len(films), 2, f"/movies/places/{key}.bin", levels, palette, legend=legend,
        names=names, labels=np.arange(len(films)),
        picked=opened(model), marks=marks, shown=np.sort(columns) if only_mine and stars else None, height=HEIGHT,
    )  # fmt: skip

    def pick() -> None:
        index = answer_in(MAP, cloud.revision, cloud.count).picked
        FILM.put(None if index is None else int(films.movie_ids[index]))

    latent_map(cloud, MAP, on_pick=pick)
    if stars:
        st.caption("“Your taste” is the middle of the films you have rated, each weighed by its stars above two.")
    else:
        st.caption("Rate some films, and your own point appears here.")


def _colours(films: Films) -> tuple[np.ndarray, Legend, tuple[str, ...]]:
    """The colour level of each film, its first genre in `HUES`; the legend and the colours."""
    there = [name for name in HUES if name in films.genre_names]
    table = films.genres[:, [films.genre_names.index(name) for name in there]]
    levels = np.where(table.any(1), table.argmax(1), NO_COLOUR)
    return levels, Legend("classes", tuple(there), "Genre"), tuple(HUES[name] for name in there)


def _done() -> None:
    for action in take_actions(KEY):
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
