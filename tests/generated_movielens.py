"""Generated ratings in the very layout of MovieLens 32M, of any size: people with tastes, films with long-tailed fame.

`python -m tests.generated_movielens FILE.zip [share]` writes them; a share of 1 has 200,948 people, 87,585 films and
about 32 million ratings.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aecore.recommender import load
from aecore.recommender.ratings.films import Films, article_last

USERS, FILMS, RATINGS = 200_948, 87_585, 32_000_204
TYPES, NUMBERS = 200, 8
"""Kinds of taste, and the numbers that describe one."""

SPARE = 1.32
"""So many films are drawn for a rating: who draws one again rates it once."""

BLOCK = 2000
"""People generated at a time."""

RANKS = (1, 100, 1000, 4400, 16_000, 31_600, 44_000, 84_400, FILMS)
COUNTS = (102_000, 45_000, 9000, 1000, 50, 10, 5, 1, 0.5)
"""About how many ratings the film of a rank has in MovieLens 32M."""

FAMOUS = 2
"""Of so many of the best known films, one is in the built-in catalogue."""

GENRES = ("Action", "Comedy", "Drama", "Horror", "Romance", "Sci-Fi")


@dataclass(frozen=True)
class World:
    """F films with their fame, quality and character. ids, titles, genres, links: as the files of MovieLens say them.

    chances: (T, F) cumulated, what people of each taste choose. tastes: (T, D). characters: (F, D). quality: (F,).
    """

    ids: np.ndarray
    titles: list[str]
    genres: list[str]
    links: list[tuple[str, str]]
    chances: np.ndarray
    tastes: np.ndarray
    characters: np.ndarray
    quality: np.ndarray


def world(films: int = FILMS, known: int | None = None, seed: int = 0) -> World:
    """Films of the built-in catalogue, `known` of them or all, the best known first, and invented ones until 2023."""
    rng = np.random.default_rng(seed)
    builtin = load()
    most = np.argsort(-builtin.model.popularity, kind="stable")[: min(films, known or films)]
    own = builtin.films
    invented = films - len(most)
    years = rng.integers(1950, 2024, invented)
    ids = np.concatenate([own.movie_ids[most], 300_000 + np.arange(invented)])
    titles = [_as_movielens(own, column) for column in most.tolist()]
    titles += [f"Invented Film No. {place}, The ({year})" for place, year in enumerate(years.tolist())]
    genres = ["|".join(np.array(own.genre_names)[own.genres[column]]) or "(no genres listed)" for column in most]
    genres += rng.choice(GENRES, invented).tolist()
    links = [(f"{own.imdb[column]:07d}", f"{own.tmdb[column] or ''}") for column in most.tolist()]
    links += [(f"{9_000_000 + place:07d}", f"{5_000_000 + place}") for place in range(invented)]
    fame = fame_of(films)
    places = np.arange(films)
    if invented > len(most):  # some of the newer films are as famous as any
        places[: len(most)] = (
            np.sort(rng.choice(FAMOUS * len(most), len(most), replace=False))
            if (FAMOUS * len(most) <= films)
            else np.arange(len(most))
        )
        places[len(most) :] = np.setdiff1d(np.arange(films), places[: len(most)])
    fame = fame[places]
    characters = rng.normal(0, 0.6, (films, NUMBERS)).astype(np.float32)
    tastes = rng.normal(0, 0.6, (TYPES, NUMBERS)).astype(np.float32)
    chances = np.cumsum(fame * np.exp(1.2 * tastes @ characters.T), axis=1)
    quality = rng.normal(0, 0.45, films).astype(np.float32)
    return World(ids, titles, genres, links, chances / chances[:, -1:], tastes, characters, quality)


def fame_of(films: int) -> np.ndarray:
    """(F,) how well known the film of each rank is."""
    ranks = 1 + np.arange(films) * (FILMS - 1) / max(1, films - 1)
    return np.exp(np.interp(np.log(ranks), np.log(RANKS), np.log(COUNTS)))


def people(world: World, users: int, ratings: int, seed: int = 1) -> Iterator[tuple[np.ndarray, ...]]:
    """Blocks of ratings: user ids from 1, columns of films, stars and times, as sorted as the files of MovieLens are;
    each user has at least 20, as there.
    """
    rng = np.random.default_rng(seed)
    wide = np.exp(rng.normal(0, 1.1, users))
    counts = 20 + wide * (max(0, ratings - 20 * users) / wide.sum())
    order = np.argsort(world.ids, kind="stable")
    rank = np.argsort(order, kind="stable")
    for first in range(0, users, BLOCK):
        own = np.minimum(counts[first : first + BLOCK] * SPARE, len(world.ids) / 2).astype(np.int64)
        kinds = rng.integers(0, len(world.tastes), len(own))
        rows, films = np.repeat(np.arange(len(own)), own), np.empty(own.sum(), np.int64)
        for kind in np.unique(kinds):
            here = np.flatnonzero(kinds[rows] == kind)
            films[here] = np.searchsorted(world.chances[kind], rng.random(len(here)))
        keys = np.unique(rows * len(world.ids) + rank[np.minimum(films, len(world.ids) - 1)])
        rows, ranks = np.divmod(keys, len(world.ids))
        films = order[ranks]
        own_taste = world.tastes[kinds] + rng.normal(0, 0.25, (len(own), NUMBERS)).astype(np.float32)
        liked = np.einsum("nd,nd->n", own_taste[rows], world.characters[films])
        mood = rng.normal(0, 0.4, len(own))
        stars = 3.5 + mood[rows] + world.quality[films] + 0.6 * liked + rng.normal(0, 0.7, len(rows))
        times = 1_000_000_000 + rng.integers(0, 697_000_000, len(rows))
        yield first + rows + 1, films, np.clip(np.round(stars * 2) / 2, 0.5, 5), times


def write(path: Path, share: float = 1.0, *, users: int = 0, films: int = 0, ratings: int = 0,
          known: int | None = None, seed: int = 0) -> int:  # fmt: skip
    """Writes the ZIP that GroupLens would; returns the number of ratings."""
    import pandas as pd

    users, ratings = users or round(USERS * share), ratings or round(RATINGS * share)
    made, count = world(films or FILMS, known, seed), 0
    order = np.argsort(made.ids, kind="stable")
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("ml-32m/ratings.csv", "w", force_zip64=True) as file:
            file.write(b"userId,movieId,rating,timestamp\n")
            for own, columns, stars, times in people(made, users, ratings, seed + 1):
                table = pd.DataFrame({"u": own, "m": made.ids[columns], "r": stars, "t": times})
                file.write(table.to_csv(header=False, index=False).encode())
                count += len(own)
        rows = [f'{made.ids[place]},"{made.titles[place]}",{made.genres[place]}' for place in order]
        archive.writestr("ml-32m/movies.csv", "\n".join(["movieId,title,genres", *rows, ""]))
        rows = [f"{made.ids[place]},{made.links[place][0]},{made.links[place][1]}" for place in order]
        archive.writestr("ml-32m/links.csv", "\n".join(["movieId,imdbId,tmdbId", *rows, ""]))
        archive.writestr("ml-32m/tags.csv", "userId,movieId,tag,timestamp\n1,1,pixar,1500000000\n")
        archive.writestr("ml-32m/README.txt", "Generated for a test.\n")
    return count


def _as_movielens(films: Films, column: int) -> str:
    title, year = article_last(films.titles[column]).replace('"', "'"), int(films.years[column])
    return f"{title} ({year})" if year else title


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 1.0):,} ratings")
