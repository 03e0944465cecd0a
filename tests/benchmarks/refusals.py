"""Uploads that once held a server up: how long until it answers, and what it says.

Each file goes the way of an upload: to a process that reads for the server, with its limits of time and memory. The
answer of the second question, as when a name is typed, comes from what was kept.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image

from aecore.datasets.uploads.base import MAX_EXAMPLES, UploadSettings
from aecore.datasets.uploads.parsers import DATA
from aecore.jobs.kinds import READING
from aecore.jobs.local import LocalExecutor
from aecore.jobs.reading import WorkerReader
from aecore.jobs.service import Jobs
from aecore.readers.parsers import Answer, Parser, Question, Upload
from aecore.recommender.profiles.importers.parser import FILMS
from aecore.recommender.ratings.own_parser import OWN_RATINGS
from aecore.recommender.ratings.own_tables import OwnMeaning
from aecore.runs.store import RunStore

PATIENCE = 150.0
"""Seconds after which a question has been given up by the process itself."""

DATA_SETTINGS = {"settings": asdict(UploadSettings())}
RATING_SETTINGS = {"meaning": asdict(OwnMeaning())}


def many_tables() -> list[tuple[str, bytes]]:
    """A small ZIP of twenty large CSVs of ratings."""
    out, rng = io.BytesIO(), np.random.default_rng(0)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for number in range(20):  # rows that repeat, and so take little room, yet not as little as those of a ZIP bomb
            rows = [b"F%d,1999,4\n" % row * 125 for row in rng.integers(0, 10**9, 800)]
            file.writestr(f"{number}.csv", b"title,year,rating\n" + b"".join(rows))
    return [("tables.zip", out.getvalue())]


def many_ratings(count: int = 5_000_000) -> list[tuple[str, bytes]]:
    """A CSV of many ratings, as a program writes them."""
    rng = np.random.default_rng(0)
    users, films = rng.integers(1, 50_000, count), rng.integers(1, 60_000, count)
    stars = rng.integers(1, 11, count) / 2
    lines = "\n".join(map("{},{},{}".format, users.tolist(), films.tolist(), stars.tolist()))
    return [("ratings.csv", b"user,movie,rating\n" + lines.encode())]


def large_pictures() -> list[tuple[str, bytes]]:
    """Fifty pictures of 39 megapixels that take little room."""
    out = io.BytesIO()
    Image.new("RGB", (6500, 6000)).save(out, "PNG", compress_level=9)
    return [(f"{number}.png", out.getvalue()) for number in range(50)]


def long_table(rows: int = 20 * MAX_EXAMPLES) -> list[tuple[str, bytes]]:
    """A regular CSV of many more rows than are read."""
    return [("long.csv", b"a,b,c,d,e,f,g,h\n" + b"0.25,1.5,2.75,3.5,4.25,5.5,6.75,7.5\n" * rows)]


FILES: dict[str, tuple[Callable[[], list[tuple[str, bytes]]], Parser[Any], dict[str, Any]]] = {
    "a ZIP of twenty CSVs of films, 100,000 rows each": (many_tables, FILMS, {}),
    "a CSV of 5,000,000 ratings": (many_ratings, OWN_RATINGS, RATING_SETTINGS),
    "fifty PNGs of 39 megapixels": (large_pictures, DATA, DATA_SETTINGS),
    f"a CSV of {20 * MAX_EXAMPLES:,} rows": (long_table, DATA, DATA_SETTINGS),
}


def measure() -> list[tuple[str, int, float, float, str]]:
    """Of each: what it is, its bytes, seconds until the first and the second answer, and what was said."""
    found = []
    with TemporaryDirectory() as home:
        executor = LocalExecutor(Path(home), {"runs": 0})
        jobs = Jobs(RunStore(Path(home) / "runs"), executor)
        jobs.open()
        executor.prepare(READING)
        reader = WorkerReader(jobs, Path(home))
        _ask(reader, [("small.csv", b"a,b\n1,2\n3,4\n5,6\n")], DATA, DATA_SETTINGS)  # the processes have started
        for name, (make, parser, options) in FILES.items():
            files = make()
            (first, said), (second, _) = (_ask(reader, files, parser, options) for _ in range(2))
            found.append((name, sum(len(content) for _, content in files), first, second, said))
            print(found[-1], flush=True)
        jobs.close()
    return found


def _ask(
    reader: WorkerReader, files: list[tuple[str, bytes]], parser: Parser[Any], options: dict[str, Any]
) -> tuple[float, str]:
    begin = time.monotonic()
    asked = Question(parser, tuple(Upload.of(name, content) for name, content in files), options)
    answer = reader.ask(asked, "somebody", patience=PATIENCE)
    seconds = time.monotonic() - begin
    if not isinstance(answer, Answer):
        return seconds, answer.error or answer.state
    return seconds, str(answer.refusal) if answer.refusal else "It is read."


def section() -> str:
    """The end of the report: a row for each upload."""
    rows = "\n".join(
        f"| {name} | {size / 1e6:,.2f} | {first:.2f} | {second:.2f} | {said} |"
        for name, size, first, second, said in measure()
    )
    assert __doc__
    return f"""
## Uploads that are too large

{__doc__.split(chr(10), 2)[2].strip()}

| upload | MB | seconds until the answer | the same file again | what is said |
| --- | --- | --- | --- | --- |
{rows}
"""


if __name__ == "__main__":
    print(section())
