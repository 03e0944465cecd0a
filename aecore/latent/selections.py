"""Selected points of a code set, stored under a name that fits into a link."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from aecore.files import BrokenFileError, read_npz
from aecore.latent.code_set import CodeError, CodeSet
from aecore.stores.content import ContentStore
from aecore.stores.fingerprint import fingerprint

FILE = "selection.npz"


def keep_selection(found: CodeSet, chosen: np.ndarray) -> str:
    """Stores points of a code set and returns their name; the same points have the same name."""
    chosen = np.unique(chosen).astype(np.int64)
    if len(chosen) < 3 or chosen[0] < 0 or chosen[-1] >= len(found):
        raise CodeError("Choose at least three points of this map.")
    name = fingerprint(chosen, digits=12)
    card = {"title": f"{len(chosen):,} points", "created": datetime.now(UTC).isoformat(timespec="seconds")}
    _selections(found.home).put(name, card, {FILE: {"chosen": chosen}})
    return name


def read_selection(found: CodeSet, name: str) -> np.ndarray:
    """The chosen points, (K,) indices into the code set.

    CodeError if they are not stored here, or not among these codes.
    """
    try:
        chosen = read_npz(_path(found.home, name))["chosen"]
        if chosen.ndim == 1 and len(chosen) and chosen.min() >= 0 and chosen.max() < len(found):
            return chosen
    except (FileNotFoundError, BrokenFileError, KeyError):
        pass
    raise CodeError("The points that this link chose are not on this machine; choose some again.")


def _selections(home: Path) -> ContentStore:
    return ContentStore(home, "selections", "[0-9a-f]{12}", in_trash="selection-")


def _path(home: Path, name: str) -> Path:
    """The file of a name; an earlier version kept it among the caches. FileNotFoundError if there is none."""
    store = _selections(home)
    if store.is_id(name):
        before = (home / "cache" / "latent").glob(f"*/only-{name}.npz")
        for path in (store.folder / name / FILE, *before):
            if path.is_file():
                return path
    raise FileNotFoundError(name)
