"""Shipments: what many jobs take along, put into the object store of the cluster once and brought once to each node."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from aecore.jobs.parcels import NOT_ENTRIES, files_below, pack
from aecore.paths import data_folder

MOST_BROUGHT_BYTES = 2**30
"""Of what people have brought that stays in the object store for the next job; the longest unused goes first."""


class Shipments:
    """Data sets, and what people have brought, as references for the nodes. put: into the object store; `ray.put`."""

    def __init__(self, home: Path, put: Callable[[Any], Any] | None = None) -> None:
        self.home, self._put = home, put
        self._data: dict[tuple[str, str], Any] = {}
        self._brought: dict[str, tuple[list[tuple[str, int, int]], Any]] = {}
        self._lock = threading.Lock()

    def of_data(self, path: str, sha: str) -> Any:
        """A file of the data folder with this checksum."""
        with self._lock:
            if (path, sha) not in self._data:
                self._data[path, sha] = self._store({path: (data_folder() / path).read_bytes()})
            return self._data[path, sha]

    def of_brought(self, root: str) -> Any:
        """The files below a path for which `is_brought` is true; put there anew once one of them has changed."""
        with self._lock:
            files = [
                (path.name, (stat := path.stat()).st_size, stat.st_mtime_ns) for path in files_below(self.home / root)
            ]
            known = self._brought.pop(root, None)
            found = known if known and known[0] == files else (files, self._store(pack(self.home, [root])))
            self._brought[root] = found  # the last is the one that was used last
            self._make_room()
            return found[1]

    def _make_room(self) -> None:
        sizes = {root: sum(size for _, size, _ in files) for root, (files, _) in self._brought.items()}
        for root in list(self._brought)[:-1]:
            if sum(sizes.values()) > MOST_BROUGHT_BYTES:
                del self._brought[root], sizes[root]

    def _store(self, files: dict[str, bytes]) -> Any:
        if self._put is None:
            import ray

            self._put = ray.put
        return self._put(files)


def is_brought(root: str) -> bool:
    """Whether a path of a parcel is what somebody has brought: an upload, ratings, texts."""
    parts = PurePosixPath(root).parts
    return len(parts) == 2 and parts[0] not in NOT_ENTRIES
