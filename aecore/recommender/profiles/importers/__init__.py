"""Importers: read ratings from exports and tables; the kind of a file is recognised by content, not by name."""

from __future__ import annotations

from collections.abc import Sequence

from aecore.datasets.uploads.base import count_of, shown_name
from aecore.recommender.profiles.importers.archives import is_archive, members
from aecore.recommender.profiles.importers.base import (
    LIMITS,
    ImportLimits,
    ImportProblem,
    Line,
    Meaning,
    Parsed,
    SeveralUsersError,
    Skipped,
    too_many_films,
)
from aecore.recommender.profiles.importers.imdb import is_imdb, read_imdb
from aecore.recommender.profiles.importers.letterboxd import is_letterboxd, read_letterboxd
from aecore.recommender.profiles.importers.movielens import Part, is_site_export, part_of, read_parts, read_site_export
from aecore.recommender.profiles.importers.objects import read_json
from aecore.recommender.profiles.importers.tables import is_table_of_films, read_table_of_films
from aecore.recommender.profiles.importers.texts import as_table, as_text

__all__ = ["ENDINGS", "ImportProblem", "Line", "Meaning", "Parsed", "SeveralUsersError", "Skipped", "read"]

ENDINGS = ("zip", "csv", "tsv", "txt", "json", "dat", "data", "item", "base", "test")
"""What a file chooser should offer."""

_READERS = (
    (is_letterboxd, read_letterboxd), (is_imdb, read_imdb), (is_site_export, read_site_export),
    (is_table_of_films, read_table_of_films),
)  # fmt: skip
_UNTOLD = Meaning()
_WHAT = "Choose an export of Letterboxd, IMDb, MovieLens or Trakt, or a CSV with the columns Title, Year and Rating"


def read(
    files: Sequence[tuple[str, bytes]],
    user: int | None = None,
    knows_old_numbers: bool = False,
    meaning: Meaning = _UNTOLD,
    limits: ImportLimits = LIMITS,
) -> Parsed:
    """Reads files (name, content) of any known kind together; nothing is written to disk.

    user: whose ratings to take from a data set of many. knows_old_numbers: see `movielens.read_parts`. meaning: of
    what the files leave open. limits: over everything in the files.
    SeveralUsersError if a user must be chosen, ImportProblem if nothing in them can be used.
    """
    size = sum(len(data) for _, data in files)
    if not files:
        raise ImportProblem(f"No file was given. {_WHAT}.")
    if size > limits.bytes:
        raise ImportProblem(
            f"The files have {size / 2**20:,.0f} MB; at most {limits.bytes >> 20} MB are read. "
            "Choose the file of one user's ratings."
        )
    _refuse_rows(files, limits)
    found, parts = Parsed(""), list[Part]()
    for name, data in files:
        found = _joined(found, _read_one(shown_name(name), data, parts, meaning, limits), limits)
    if parts:
        found = _joined(found, _dataset(parts, user, knows_old_numbers, found), limits)
    if found.lines or found.skipped or found.choices:
        return found
    problems = found.problems or (f"{shown_name(files[0][0])} holds no films. {_WHAT}.",)
    raise ImportProblem(" ".join(problems[:3]))


def _refuse_rows(files: Sequence[tuple[str, bytes]], limits: ImportLimits) -> None:
    """ImportProblem if the files, those in archives too, have too many lines in all; nothing is parsed for that."""
    rows = unpacked = 0
    for name, data in files:
        file = shown_name(name)
        for where, content in members(file, data, limits) if _is_whole_archive(file, data, limits) else ((file, data),):
            if isinstance(content, bytes):
                rows += max(content.count(b"\n"), content.count(b"\r"))
                unpacked += len(content)
            if rows > limits.rows or unpacked > limits.unpacked:
                raise ImportProblem(
                    f"{where}: up to here the files have {rows:,} lines and {unpacked / 2**20:,.0f} MB; at most "
                    f"{limits.rows:,} lines and {limits.unpacked >> 20} MB are read in all. "
                    "Choose the file of one user's ratings."
                )


def _is_whole_archive(file: str, data: bytes, limits: ImportLimits) -> bool:
    """Whether it is an archive that can be opened; what is wrong with another is said when it is read."""
    try:
        return is_archive(data) and members(file, data, limits) is not None
    except ImportProblem:
        return False


def _joined(found: Parsed, more: Parsed, limits: ImportLimits) -> Parsed:
    found = found.joined(more)
    if len(found.lines) + len(found.skipped) > limits.films:
        raise ImportProblem(too_many_films("The import", limits.films))
    return found


def _dataset(parts: list[Part], user: int | None, knows_old_numbers: bool, found: Parsed) -> Parsed:
    try:
        return read_parts(parts, user, knows_old_numbers)
    except SeveralUsersError:
        raise
    except ImportProblem as problem:
        if not found.lines:
            raise
        return Parsed("", problems=(str(problem),))


def _read_one(file: str, data: bytes, parts: list[Part], meaning: Meaning, limits: ImportLimits) -> Parsed:
    """Reads one file; files of a data set go to `parts`, to be read together."""
    try:
        if is_archive(data):
            return _read_archive(file, data, parts, meaning, limits)
        return _read_file(file, data, parts, meaning)
    except ImportProblem as problem:
        return Parsed("", problems=(str(problem),))


def _read_archive(file: str, data: bytes, parts: list[Part], meaning: Meaning, limits: ImportLimits) -> Parsed:
    found, unknown, before = Parsed(""), 0, len(parts)
    for name, content in members(file, data, limits):
        if isinstance(content, str):
            found = found.joined(Parsed("", problems=(content,)))
            continue
        try:
            more = _read_file(name, content, parts, meaning)
        except _UnknownKind:
            unknown += 1
            continue
        except ImportProblem as problem:
            more = Parsed("", problems=(str(problem),))
        found = _joined(found, more, limits)
    if not (found.lines or found.skipped or found.choices or found.notes or found.problems or len(parts) > before):
        raise ImportProblem(f"{file} holds no file of ratings. {_WHAT}.")
    return found.joined(
        Parsed("", notes=(f"{count_of(unknown, 'other file')} in {file} left out.",) if unknown else ())
    )


class _UnknownKind(ImportProblem):
    pass


def _read_file(file: str, data: bytes, parts: list[Part], meaning: Meaning) -> Parsed:
    if not data.strip():
        raise ImportProblem(f"{file} is empty. Export it again.")
    if is_archive(data):
        raise ImportProblem(f"{file} is a ZIP inside a ZIP and was not opened. Unpack it and choose it by itself.")
    text = as_text(file, data)
    start = text.lstrip("\ufeff \t\r\n")[:15].casefold()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise ImportProblem(f"{file} is a web page, not an export. {_WHAT}.")
    if start.startswith(("{", "[")):
        found = read_json(file, text, meaning)
        if found is None:
            raise _UnknownKind(f"{file} is JSON, but no list of films that is known here. {_WHAT}.")
        return found
    table = as_table(file, text)
    if part := part_of(file, text, table):
        parts.append(part)
        return Parsed("")
    reader = next((reader for is_kind, reader in _READERS if table is not None and is_kind(table)), None)
    if table is None or reader is None:
        raise _UnknownKind(f"{file} has no columns that are known here. {_WHAT}.")
    return reader(table, meaning)
