"""Common to sliders and pad: the example they start from, the real codes around it,
and messages of the browser.
"""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import streamlit as st

from ui.components.latent_map import Atlas


@dataclass(frozen=True)
class Example:
    """The start of a walk.

    picture: of the example as data URI, "" for the mean code; aspect: width / height, as CSS has it.
    """

    picture: str
    aspect: str
    title: str


@dataclass(frozen=True)
class Neighbourhood:
    """The real codes.

    address: of the decoder (`ui.screens.latent.decode_route`);
    atlas: their pictures, if any; labels: (N,) index into names.
    """

    address: str
    atlas: Atlas | None
    labels: np.ndarray | None
    names: tuple[str, ...]


def packed(revision: str, example: Example, around: Neighbourhood) -> dict[str, Any]:
    """The data for the browser."""
    return {
        "revision": revision, **asdict(example), "address": served(around.address), "names": list(around.names),
        "atlas": around.atlas and asdict(around.atlas) | {"address": served(around.atlas.address)},
        "labels": None if around.labels is None else as_text(around.labels, np.int16),
    }  # fmt: skip


def served(path: str) -> str:
    """A path of this app as the browser requests it."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path


def as_text(values: np.ndarray, kind: type = np.float32) -> str:
    """Numbers as base64: bytes in a dictionary do not arrive."""
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()


def said_in(key: str, revision: str) -> dict[str, Any]:
    """The last message of the component about this revision; empty if it was about another one."""
    said = (st.session_state.get(key) or {}).get("kept")
    return dict(said) if hasattr(said, "keys") and said.get("revision") == revision else {}
