"""Drawn data sets kept on disk: drawing thousands of pictures takes seconds, reading them does not.

Run as a module it draws what is missing; the server does so in a separate process at its start.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from aecore.files import replacing
from aecore.paths import drawn_folder
from aecore.stores.fingerprint import fingerprint

NAMES = ("faces", "shapes")
"""The data sets that are drawn, the slower one first."""

_WORTH_KEEPING = 2**22
_OUTDATED_DAYS = 30


def drawn_once(name: str, settings: object, drawn_by: Sequence[str], draw: Callable[[], np.ndarray]) -> np.ndarray:
    """The pictures (N, C, H, W) float32 that `draw` makes, read from disk if they have been drawn before.

    settings: anything JSON that they depend on; drawn_by: the modules that draw them; any change redraws them.
    If the folder cannot be written, they are drawn each time.
    """
    path = None
    with suppress(OSError, ValueError, EOFError):  # missing or damaged
        sources = [Path(str(sys.modules[each].__file__)).read_bytes() for each in drawn_by]
        path = drawn_folder() / f"{name}-{fingerprint(settings, *sources)}.npy"
        return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))  # mapped: a page of it is read on first use
    pictures = draw()
    if path is not None and pictures.nbytes >= _WORTH_KEEPING:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as temporary, temporary.open("wb") as file:
                np.save(file, pictures)
            for other in path.parent.glob(f"{name}-*.npy"):
                if time.time() - max(other.stat().st_atime, other.stat().st_mtime) > _OUTDATED_DAYS * 86_400:
                    other.unlink(missing_ok=True)
    return pictures


def main() -> None:
    """Draws all of them at low priority."""
    from aecore.datasets import load

    if hasattr(os, "nice"):
        os.nice(15)

    for name in NAMES:
        load(name)


if __name__ == "__main__":
    main()
