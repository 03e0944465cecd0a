"""Matches the films of an import to those of a catalogue, which needs no profile: another process can do it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from aecore.datasets.uploads.base import Choice
from aecore.recommender.profiles.importers.base import Line, Parsed, Skipped
from aecore.recommender.profiles.same_film import same_films
from aecore.recommender.serving.catalogue import Catalogue


@dataclass(frozen=True)
class Match:
    """A line and the column of its film. guess: why the match is a guess, "" if it is certain."""

    line: Line
    column: int
    guess: str = ""


@dataclass(frozen=True)
class MatchedFilms:
    """The films of an import, each once. See `Parsed` for source, notes, problems and choices.

    matched, guessed, unmatched: of the lines that count, in the order of the file.
    """

    source: str
    matched: tuple[Match, ...] = ()
    guessed: tuple[Match, ...] = ()
    unmatched: tuple[Line, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()

    @property
    def known(self) -> tuple[Match, ...]:
        """The films of the catalogue: those that were matched, then those that were guessed."""
        return self.matched + self.guessed

    @property
    def count(self) -> int:
        """The number of films, known or not."""
        return len(self.matched) + len(self.guessed) + len(self.unmatched)


def match_films(parsed: Parsed, catalogue: Catalogue) -> MatchedFilms:
    """Matches every line to a film of the catalogue.

    If a film occurs twice, the later rating counts, or the one further down; the other is listed as left out.
    """
    found = [(line, catalogue.find(line.film)) for line in parsed.lines]
    unknown = [place for place, (_, each) in enumerate(found) if each is None]
    names = [f"column {each.column}" if each else "" for _, each in found]
    for place, same in zip(unknown, same_films([found[each][0].film for each in unknown]), strict=True):
        names[place] = f"unknown {same}"
    kept, skipped = once([line for line, _ in found], names)
    matches = [
        Match(line, each.column, each.guess) for place, (line, each) in enumerate(found) if each and place in kept
    ]
    return MatchedFilms(
        parsed.source,
        tuple(each for each in matches if not each.guess),
        tuple(each for each in matches if each.guess),
        tuple(line for place, (line, each) in enumerate(found) if each is None and place in kept),
        (*parsed.skipped, *skipped),
        parsed.notes,
        parsed.problems,
        parsed.choices,
    )


def once(lines: Sequence[Line], names: Sequence[Hashable]) -> tuple[set[int], tuple[Skipped, ...]]:
    """Indices of the lines that count, and the ratings left out because the film occurs again.

    names: equal for lines of the same film. Stars take precedence over marks.
    """
    best: dict[Hashable, int] = {}
    skipped = []
    for place, (line, name) in enumerate(zip(lines, names, strict=True)):
        other = best.setdefault(name, place)
        if other == place:
            continue
        winner, loser = (other, place) if _rank(lines[other]) > _rank(line) else (place, other)
        best[name] = winner
        if lines[loser].stars is not None:
            left, kept = lines[loser], lines[winner]
            skipped.append(
                Skipped(left.file, left.row, left.film.title, f"the same film as {kept.place}, whose rating counts")
            )
    return set(best.values()), tuple(skipped)


def _rank(line: Line) -> tuple[bool, float]:
    return line.stars is not None, line.when
