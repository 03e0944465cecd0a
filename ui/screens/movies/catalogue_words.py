"""What the page says of a catalogue: how many films it has, and the year in which it ends."""

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
    return CatalogueWords(_extent(model), _missing(catalogue), catalogue.films.genre_names)


def ends(catalogue: Catalogue) -> str:
    """When the newest film came out, as the end of a sentence: ", which ends in 2018"; "" if no year is known."""
    return f", which ends in {catalogue.years[1]}" if catalogue.years[1] else ""


def newer(films: list[Film], catalogue: Catalogue) -> str:
    """A sentence about the films of an import that are newer than the catalogue; "" if there are none."""
    last = catalogue.years[1]
    count = sum(each.year > last for each in films) if last else 0
    if not count:
        return ""
    return f"{count:,} of these came out after {last}."


def _extent(model: Advisor) -> str:
    first, last = model.catalogue.years
    whose = "The built-in recommender" if model.source == BUILTIN else "This recommender"
    known = f"{whose} knows {count_of(len(model.catalogue.films), 'film')}"
    return f"{known}, from {first} to {last}; others can be added by hand." if last else f"{known}."


def _missing(catalogue: Catalogue) -> str:
    return f"this catalogue{ends(catalogue)}"
