"""What the page says of a catalogue: how many films it has, and how far they go."""

from __future__ import annotations

from aecore.datasets.uploads.base import count_of
from aecore.recommender import BUILTIN
from aecore.recommender.profiles.film import Film
from aecore.recommender.serving.catalogue import Catalogue
from ui.components.film_cards import CatalogueWords
from ui.screens.movies.model import Advisor


def catalogue_words(model: Advisor) -> CatalogueWords:
    """What the cards say of the films that a recommender knows."""
    catalogue = model.catalogue
    return CatalogueWords(extent(model), missing(catalogue), catalogue.films.genre_names)


def up_to(year: int) -> str:
    """How far a catalogue goes, by the year of its newest film: "films up to 2018"; "films" if no year is known."""
    return f"films up to {year}" if year else "films"


def extent(model: Advisor) -> str:
    """How many films a recommender knows, and how far they go, in a sentence."""
    whose = "The built-in recommender" if model.source == BUILTIN else "This recommender"
    count, last = len(model.catalogue.films), model.catalogue.years[1]
    known = f"{count:,} {up_to(last)}" if last else count_of(count, "film")
    return f"{whose} knows {known}; others can be added by hand."


def missing(catalogue: Catalogue) -> str:
    """The catalogue in which a film cannot be found: "this catalogue, which has films up to 2018"."""
    last = catalogue.years[1]
    return f"this catalogue, which has {up_to(last)}" if last else "this catalogue"


def newer(films: list[Film], catalogue: Catalogue) -> str:
    """A sentence about the films of an import that are newer than the catalogue; "" if there are none."""
    last = catalogue.years[1]
    count = sum(each.year > last for each in films) if last else 0
    if not count:
        return ""
    return f"{count:,} of these came out after {last}."
