"""`python -m aecore recommend`: reads a file of ratings and lists films for the user who gave them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from aecore.recommender.profiles.import_report import ImportReport, import_report_of
from aecore.recommender.profiles.importers import ImportProblem, Meaning, Parsed, SeveralUsersError, read
from aecore.recommender.profiles.importers.lists import LISTS
from aecore.recommender.profiles.taste import Taste
from aecore.recommender.ratings.scales import SCALES
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.recommend import Pick, Preferences, recommend


def main(arguments: list[str]) -> int:
    """Prints the import report to stderr and the recommendations to stdout, one film a line."""
    from aecore.recommender import load

    options = _parser().parse_args(arguments)
    loaded = load(options.model)
    catalogue = loaded.catalogue
    meaning = Meaning(options.scale, options.lists)
    report = import_report_of(_parsed(options.ratings, meaning, options.person), catalogue)
    taste = Taste(report.entries())
    print(_told(report), file=sys.stderr)
    stars = taste.stars(catalogue)
    if not stars:
        raise ImportProblem(f"{options.ratings.name} holds no rating of a film that this recommender knows.")
    preferences = Preferences(
        tuple(options.genre),
        tuple(options.without),
        options.since,
        options.until,
        options.dial,
        _only(options.only, catalogue),
    )
    picks = recommend(loaded.scores(stars), catalogue, preferences, taste.done_with(catalogue), options.count)
    for place, pick in enumerate(picks, 1):
        print(
            json.dumps(_facts(place, pick, catalogue), ensure_ascii=False)
            if options.json
            else _line(place, pick, catalogue)
        )
    if not picks:
        print("No film is left: take a genre or a limit of years away.", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m aecore recommend", description=__doc__)
    parser.add_argument(
        "ratings",
        type=Path,
        metavar="RATINGS_FILE",
        help="an export of Letterboxd, IMDb, MovieLens or Trakt, or a CSV with Title, Year, Rating",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--count", type=_count, default=20, help="how many films (default 20)")
    parser.add_argument(
        "--genre",
        action="append",
        default=[],
        help="only films of this genre; may be given several times, a film needs one",
    )
    parser.add_argument(
        "--without", action="append", default=[], metavar="GENRE", help="no films of this genre, whatever else they are"
    )
    parser.add_argument("--since", type=int, default=0, metavar="YEAR", help="no films from before this year")
    parser.add_argument("--until", type=int, default=0, metavar="YEAR", help="no films from after this year")
    parser.add_argument(
        "--dial", type=float, default=0.0, help="from -1, well-known films, to 1, hidden gems (default 0)"
    )
    parser.add_argument(
        "--only", type=Path, metavar="FILE", help="recommend only films of this list, such as a watchlist"
    )
    parser.add_argument("--person", type=int, help="whose ratings to take from a data set of many users")
    parser.add_argument(
        "--scale", choices=SCALES, default="", help="the highest rating of a table that does not say; found unless told"
    )
    parser.add_argument(
        "--lists",
        choices=tuple(LISTS),
        default="",
        help="what films of a list without ratings are; unless told, what the name of its file says, else left out",
    )
    parser.add_argument("--model", default="builtin", help="the built-in recommender (default), or the id of a run")
    return parser


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 10_000:
        raise argparse.ArgumentTypeError("between 1 and 10000")
    return count


def _parsed(path: Path, meaning: Meaning, user: int | None = None) -> Parsed:
    try:
        return read([(path.name, path.read_bytes())], user, meaning=meaning)
    except SeveralUsersError as error:
        raise ImportProblem(
            f"{str(error).removesuffix(' Choose one of them.')} Choose one of them with --person NUMBER."
        ) from None
    except OSError as error:
        raise ImportProblem(f"{path} cannot be read: {error.strerror or error}.") from None


def _only(path: Path | None, catalogue: Catalogue) -> frozenset[int] | None:
    if path is None:
        return None
    entries = import_report_of(_parsed(path, Meaning(lists="watch")), catalogue).entries()
    return frozenset(Taste(entries).known(catalogue))


def _told(report: ImportReport) -> str:
    lines = [report.sentence(), *report.notes, *report.problems, *(str(each) for each in report.skipped[:5])]
    if len(report.skipped) > 5:
        lines.append(f"... and {len(report.skipped) - 5:,} more left out.")
    return "\n".join(lines)


def _facts(place: int, pick: Pick, catalogue: Catalogue) -> dict[str, object]:
    films, column = catalogue.films, pick.column
    facts: dict[str, object] = {
        "place": place,
        "movie_id": pick.movie_id,
        "title": films.titles[column],
        "year": int(films.years[column]) or None,
    }
    facts |= {"genres": list(films.genres_of(column)), "stars": _rounded(pick.stars), "spread": _rounded(pick.spread)}
    imdb, tmdb = int(films.imdb[column]), int(films.tmdb[column])
    return facts | {"imdb": f"tt{imdb:07d}" if imdb else None, "tmdb": tmdb or None}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _line(place: int, pick: Pick, catalogue: Catalogue) -> str:
    stars = "" if pick.stars is None else f"{pick.stars:.1f}" + ("" if pick.spread is None else f" ± {pick.spread:.1f}")
    return f"{place:>4}  {stars:<9}  {catalogue.films.title(pick.column)}"
