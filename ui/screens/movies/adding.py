"""Films that a user adds by hand: kept and rated like any other, although no recommender here may know them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aecore.datasets.uploads.base import count_of
from aecore.recommender.profiles.film import Film, clean_genres, clean_title
from aecore.recommender.profiles.importers.base import imdb_of, whole_of, year_of
from aecore.recommender.profiles.same_film import ByFilm
from aecore.recommender.profiles.store import ProfileError
from aecore.recommender.profiles.taste import Entry, Taste
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


def identify(actions: Sequence[Action], catalogue: Catalogue) -> None:
    """Gives films that no catalogue knew the ids that TMDb has for them, in one step; says what has come of it."""
    if not actions:
        return
    try:
        say(_identified(actions, catalogue))
    except (ProfileError, RatingsError) as error:
        say(str(error))


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


@dataclass(frozen=True)
class _Found:
    """What TMDb's answer makes of one film. words: a sentence; many: the same of several films, after their number.

    entry: what is kept, under the key that the film had; None if nothing changes.
    """

    words: str
    many: str
    key: str = ""
    entry: Entry | None = None


def _identified(actions: Sequence[Action], catalogue: Catalogue) -> str:
    mine = {each.film.key: each for each in taste().entries}
    found, kept = [], []
    for action in actions:
        try:
            each = _found(action, film_of(action.film, catalogue), mine, catalogue)
        except KeyError:
            each = _Found("This film is no longer on the list; reload the page and try again.", "no longer on the list")
        found.append(each)
        if each.entry:
            mine[each.key] = each.entry  # two films may have been given the same ids
            kept.append(each.entry)
    if kept:
        what = str(kept[0].film) if len(kept) == 1 else count_of(len(kept), "film")
        profile_store().keep(ensured().id, kept, f"{what}: looked up at TMDb")
        tell_others()
    if len(found) == 1:
        return found[0].words
    counts = Counter(each.many for each in found)
    return f"{len(found)} films looked up: {'; '.join(f'{count} {many}' for many, count in counts.items())}."


def _found(action: Action, film: Film, mine: Mapping[str, Entry], catalogue: Catalogue) -> _Found:
    """KeyError if the film is not among the user's."""
    new, entry = action.new, mine[film.key]
    if new is None:
        return _Found(f"TMDb did not answer, or knows no film called {film}.", "not found at TMDb")
    named = film_of_new(new, catalogue)
    ids = replace(film, imdb=film.imdb or named.imdb, tmdb=named.tmdb, genres=film.genres or named.genres)
    here = catalogue.exact(ids)
    others = [each for key, each in mine.items() if key != film.key]
    same = ByFilm((each.film, each) for each in others).find(ids)
    if here >= 0:
        movie = int(catalogue.films.movie_ids[here])
        same = Taste(tuple(others)).known(catalogue).get(movie, same)
    if same:
        title = catalogue.films.title(here) if here >= 0 else str(same.film)
        return _Found(
            f"{film} is {title}, which you have already rated or marked. Nothing was changed.",
            "already rated or marked under another title, and left as it was",
        )
    kept = replace(entry, film=ids)
    if here >= 0:
        return _Found(
            f"{film} is {catalogue.films.title(here)}, which this recommender knows: it counts from now on.",
            "known to this recommender, and counted from now on", film.key, kept,
        )  # fmt: skip
    return _Found(
        f"{film} now has its TMDb id. This recommender does not know it.",
        "with a TMDb id now, but not known to this recommender", film.key, kept,
    )  # fmt: skip


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
