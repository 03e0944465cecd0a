"""The parsers of imported ratings, for processes that read for the server: they also find films in a catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aecore.readers.parsers import File, Parser
from aecore.recommender import BUILTIN, folder_of
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.importers import ImportProblem, Meaning, SeveralUsersError, read
from aecore.recommender.profiles.matching import MatchedFilms, match_films
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.loaded import open_catalogue


class AnotherEditionError(ValueError):
    """The catalogue on the disk is not the one that the question was about."""


def _read(
    files: Sequence[File],
    user: int | None = None,
    scale: str = "",
    lists: str = "",
    recommender: str = BUILTIN,
    edition: str = "",
) -> MatchedFilms:
    """Reads the files, and matches their films to the catalogue of a recommender; edition: of that catalogue, "" for
    whichever is there. AnotherEditionError, BrokenFileError or RunError, which are no answers, if it is not there.
    """
    parsed = read(files, user, meaning=Meaning(scale, lists))
    return match_films(parsed, _catalogue(recommender, edition))


@lru_cache(maxsize=1)
def _catalogue(recommender: str, edition: str) -> Catalogue:
    """The catalogue, which a process keeps for the next question."""
    found = open_catalogue(folder_of(recommender))
    if edition not in ("", found.edition):
        raise AnotherEditionError(
            "This recommender has changed on the disk since the server loaded it, so the films cannot be matched to "
            "it. Choose another one under About, or have the server started again."
        )
    return found


FILMS = Parser("read films", _read, MatchedFilms, (SeveralUsersError, ImportProblem), version=3)


@dataclass(frozen=True)
class Candidates:
    """columns: for each film, those of the catalogue that it may be, likeliest first."""

    columns: tuple[tuple[int, ...], ...]


def as_text(films: Iterable[Film]) -> str:
    """Films as `CANDIDATES` takes them."""
    return json.dumps([[each.title, each.year] for each in films])


def _look(files: Sequence[File], recommender: str = BUILTIN, edition: str = "") -> Candidates:
    """What `as_text` gave, looked for in the catalogue; see `_read`."""
    try:
        films = [Film(str(title), int(year)) for title, year in json.loads(files[0][1])]
    except (ValueError, TypeError, RecursionError):
        raise ImportProblem("These are no titles to look for.") from None
    catalogue = _catalogue(recommender, edition)
    return Candidates(tuple(catalogue.candidates(each) for each in films))


CANDIDATES = Parser("find films", _look, Candidates, (ImportProblem,), doing="Searching for titles like these")
