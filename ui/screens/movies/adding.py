"""Films that a user adds by hand: kept and rated like any other, although no recommender here may know them."""

from __future__ import annotations

from dataclasses import replace

from aecore.recommender.profiles.film import Film, clean_genres, clean_title
from aecore.recommender.profiles.importers.base import imdb_of, whole_of, year_of
from aecore.recommender.profiles.store import ProfileError
from aecore.recommender.ratings.table import RatingsError
from aecore.recommender.serving.catalogue import Catalogue
from ui.components.film_cards import Action, NewFilm
from ui.screens.movies.visitor import ensured, film_of, profile_store, say, taste, tell_others


def add(action: Action, catalogue: Catalogue) -> None:
    """Keeps the film of an action with its stars or, without any, on the watchlist; says what has come of it."""
    try:
        say(_kept(action.new, action.stars, catalogue))
    except (ProfileError, RatingsError) as error:
        say(str(error))


def identify(action: Action, catalogue: Catalogue) -> None:
    """Gives a film that no catalogue knew the ids that TMDb has for it; says what has come of it."""
    try:
        say(_identified(action, catalogue))
    except (ProfileError, RatingsError) as error:
        say(str(error))
    except KeyError:
        say("This film is no longer on the list; reload the page and try again.")


def film_of_new(new: NewFilm, catalogue: Catalogue) -> Film:
    """The film as it is kept: that of the catalogue if it has it, else one of its own. ProfileError without a title."""
    film = Film(clean_title(new.title), year_of(str(new.year)), imdb_of(new.imdb), whole_of(str(new.tmdb)))
    if not film.name:
        raise ProfileError("A film needs a title: type at least one letter.")
    column = catalogue.exact(film)
    if column >= 0:
        return catalogue.film(int(catalogue.films.movie_ids[column]))
    known = set(catalogue.films.genre_names)
    return replace(film, genres=clean_genres(each for each in new.genres if each in known))


def _identified(action: Action, catalogue: Catalogue) -> str:
    film, new = film_of(action.film, catalogue), action.new
    if new is None:
        return f"TMDb did not answer, or knows no film called {film}."
    named = film_of_new(new, catalogue)
    found = replace(film, imdb=film.imdb or named.imdb, tmdb=named.tmdb, genres=film.genres or named.genres)
    here, mine = catalogue.exact(found), taste()
    if here >= 0 and int(catalogue.films.movie_ids[here]) in mine.known(catalogue):
        return f"{film} is {catalogue.films.title(here)}, which you have already rated or marked. Nothing was changed."
    entry = next((each for each in mine.entries if each.film == film), None)
    if entry is None:
        raise KeyError(action.film)
    profile_store().keep(ensured().id, [replace(entry, film=found)], f"{film}: looked up at TMDb")
    tell_others()
    if here >= 0:
        return f"{film} is {catalogue.films.title(here)}, which this recommender knows: it counts from now on."
    return f"{film} now has its TMDb id. This recommender does not know it."


def _kept(new: NewFilm | None, stars: float | None, catalogue: Catalogue) -> str:
    if new is None:
        raise ProfileError("The film was not understood; nothing was kept. Try again.")
    film, me = film_of_new(new, catalogue), ensured()
    if stars is None:
        profile_store().mark(me.id, film, "watchlist")
    else:
        profile_store().rate(me.id, film, stars)
    tell_others()
    where = "on your watchlist" if stars is None else "with your ratings"
    if film.movie_id:
        return f"{film} is in the catalogue already; it is {where} now."
    return f"{film} is kept {where}, under My ratings. This recommender does not know it."
