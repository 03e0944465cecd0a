"""Fetches four of the 20 newsgroups by scikit-learn, with progress, and stores their texts as plain JSON."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from aecore.datasets.base import DataError
from aecore.jobs.kinds import JobProgress
from aecore.paths import data_folder
from aecore.words.text_store import keep_newsgroups
from aecore.words.texts import Row, Texts, gather

GROUPS = {"sci.space": "space", "rec.sport.hockey": "hockey", "comp.graphics": "graphics", "sci.med": "medicine"}
MEGABYTES = 14.5
"""Size of the downloaded archive."""

LONGEST = 4000
"""Letters of a message that are stored."""

TICK_SECONDS = 0.3


def fetch(store: Any) -> Iterator[JobProgress]:
    """Downloads, verifies (scikit-learn has the SHA-256) and stores them. DataError without a network connection.

    scikit-learn's own cache is a pickle; it is written into a temporary folder, and never read.
    """
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".newsgroups-", dir=folder) as place, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(_ask, place)
        while not asked.done():
            size = sum(path.stat().st_size for path in Path(place).rglob("*.tar.gz*") if path.is_file()) / 2**20
            yield JobProgress(min(0.95, size / MEGABYTES), f"Downloading: {size:.1f} of about {MEGABYTES:.0f} MB")
            wait([asked], TICK_SECONDS)
        try:
            found = asked.result()
        except OSError as error:
            raise DataError(
                f"The newsgroups could not be fetched ({_reason(error)}). The other texts need no network."
            ) from error
    keep_newsgroups(as_texts(found))


def as_texts(found: Any) -> Texts:
    """scikit-learn's bunch of messages as labelled texts; messages that are nothing but
    quotes are left out.
    """
    names = [GROUPS[name] for name in found.target_names]
    rows = (
        Row(f"message {number}", names[label], text[:LONGEST].strip())
        for number, (text, label) in enumerate(zip(found.data, found.target, strict=True), 1)
    )
    return gather(
        "20 newsgroups",
        (Row(row.where, row.label, row.text.lstrip("=")) for row in rows if sum(map(str.isalpha, row.text)) > 20),
    )


def _ask(place: str) -> Any:
    from sklearn.datasets import fetch_20newsgroups

    return fetch_20newsgroups(
        data_home=place,
        subset="train",
        categories=list(GROUPS),
        remove=("headers", "footers", "quotes"),
        n_retries=1,
        delay=0.5,
    )


def _reason(error: OSError) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason)[:120]
