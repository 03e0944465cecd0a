"""Names that data sets of ratings lack: released titles, original titles and usual abbreviations, by IMDb id."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

from aecore.recommender.ratings.films import Films, plain

TABLE = Path(__file__).with_name("known_names.csv")
"""Columns: the id at IMDb; the kind of name, one of KINDS; the name."""
KINDS = ("title", "other", "short")
"""title: under which the film was released, where the data set has a working title; other: the original title, or one
of another country; short: what people call it for short, such as "LOTR" or "HP 1".
"""


def with_known_names(films: Films) -> Films:
    """The films under their released titles and with the other names of the table; what a film was called before
    stays among its alternatives.
    """
    named = known_names()
    titles, others = list(films.titles), list(films.alternatives)
    for column, imdb in enumerate(films.imdb.tolist()):
        if not (names := named.get(imdb)):
            continue
        before, titles[column] = titles[column], next((name for kind, name in names if kind == "title"), titles[column])
        every = [before, *others[column], *(name for kind, name in names if kind != "title")]
        spelt = {plain(name) or name: name for name in reversed(every)}
        spelt.pop(plain(titles[column]), None)
        others[column] = tuple(reversed(spelt.values()))
    return replace(films, titles=tuple(titles), alternatives=tuple(others))


@cache
def known_names() -> dict[int, tuple[tuple[str, str], ...]]:
    """Id at IMDb -> kind and name of each entry of the table."""
    table: dict[int, list[tuple[str, str]]] = defaultdict(list)
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table[int(row["imdb"].removeprefix("tt"))].append((row["kind"], row["name"]))
    return {imdb: tuple(names) for imdb, names in table.items()}
