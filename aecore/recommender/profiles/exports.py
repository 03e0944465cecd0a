"""Exports of a profile: ratings and lists as CSV for Letterboxd,
and everything as JSON, which the importers read back in full.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from aecore.foreign import csv_text
from aecore.recommender.profiles.film import Film, as_values
from aecore.recommender.profiles.importers.objects import OWN, OWN_FORM
from aecore.recommender.profiles.taste import Taste

IDS = ("imdbID", "tmdbID", "Title", "Year")
"""The columns by which Letterboxd finds a film."""


def ratings_csv(taste: Taste) -> str:
    """CSV of all rated films with their stars, for letterboxd.com/import or a spreadsheet."""
    return _csv((*IDS, "Rating"), ((*_cells(each.film), f"{each.stars:g}") for each in taste.rated))


def list_csv(films: Iterable[Film]) -> str:
    """CSV of films in this order, for a list on Letterboxd.

    Predicted stars are left out: Letterboxd would take them for ratings.
    """
    return _csv(IDS, (_cells(each) for each in films))


def own_json(name: str, taste: Taste) -> str:
    """JSON of all entries of a profile, including films that no model knows; the importers read it back."""
    entries = [
        {**as_values(each.film), "stars": each.stars, "marks": sorted(each.marks), "when": each.when}
        for each in taste.entries
    ]
    return json.dumps({"app": OWN, "form": OWN_FORM, "name": name, "entries": entries}, indent=1, ensure_ascii=False)


def _cells(film: Film) -> tuple[str, str, str, str]:
    ids = f"tt{film.imdb:07d}" if film.imdb else "", f"{film.tmdb}" if film.tmdb else ""
    return (*ids, film.title, f"{film.year}" if film.year else "")


def _csv(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return csv_text([header, *rows], end="\r\n")
