"""Downloads of data sets as jobs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from aecore.datasets.downloads import RemoteFile, fetch, present
from aecore.datasets.idx import files
from aecore.jobs.kinds import JobProgress
from aecore.paths import data_folder


def fetch_data(store: Any, name: str) -> Iterator[JobProgress]:
    """Downloads a data set of pictures. DataError if that fails."""
    yield from fetch_files(files(name), data_folder())


def fetch_files(wanted: Sequence[RemoteFile], folder: Path) -> Iterator[JobProgress]:
    """Downloads the missing files; if closed early, partial files stay for the next time."""
    total = sum(file.size_hint for file in wanted) or 1
    done = sum(file.size_hint for file in wanted if present(file, folder))
    for file in wanted:
        if present(file, folder):
            continue
        with closing(fetch(file, folder)) as steps:
            for step in steps:
                yield JobProgress(min(1.0, (done + step.received) / total), "Downloading")
        done += file.size_hint
