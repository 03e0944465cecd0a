"""The start of a walk: the picked example, or the mean of the codes; and the real codes around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from aecore.latent.animation import as_pictures
from aecore.latent.code_set import CodeSet
from aecore.latent.paths import Spans, spans
from aecore.pretrained.trained_models import TrainedModel
from ui.components.data_uri import data_uri
from ui.components.latent_map import Atlas
from ui.components.walking import Example, Neighbourhood
from ui.screens.latent.codes import atlas, pictures
from ui.screens.latent.view import picked_point
from ui.widgets.networks import decode

MEAN = "mean"


@dataclass(frozen=True)
class Start:
    """name: of the picked example, or MEAN, as the address writes it; code: (Z,)."""

    name: str
    code: np.ndarray
    example: Example


def start(found: CodeSet, members: np.ndarray) -> Start:
    """The picked point, or the mean of the codes of `members` (K,)."""
    index = picked_point(found)
    if index is None:
        return Start(MEAN, spread(found, members).mean.astype(np.float32), Example("", "1", ""))
    picture = as_pictures(pictures(found)[index : index + 1])[0]
    return Start(
        str(index),
        found.codes[index],
        Example(data_uri(picture), f"{picture.shape[2]} / {picture.shape[1]}", title_of(found, index)),
    )


def title_of(found: CodeSet, index: int) -> str:
    """Number and class of an example."""
    return f"No. {index:,}" + ("" if found.labels is None else f" · {found.classes[found.labels[index]]}")


def around(found: CodeSet) -> Neighbourhood:
    """All codes of the set."""
    whole = atlas(found)
    tiles = whole and Atlas(
        whole.address, whole.mosaic.columns, whole.mosaic.width, whole.mosaic.height, whole.mosaic.count
    )
    return Neighbourhood(f"/latent-map/{found.key}/decode", tiles, found.labels, found.classes)


def spread(found: CodeSet, members: np.ndarray) -> Spans:
    """Ranges of the numbers of the members' codes."""
    return _spread(found.key, mark(members), found.codes, members)


def painted(trained_model: TrainedModel, codes: np.ndarray) -> np.ndarray:
    """Codes (N, Z) as pictures (N, 1 or 3, H, W) uint8."""
    return as_pictures(decode(trained_model, codes))


def mark(members: np.ndarray) -> str:
    """A fingerprint of the members."""
    import hashlib

    return hashlib.sha256(np.ascontiguousarray(members, np.int64).tobytes()).hexdigest()[:12]


@st.cache_resource(max_entries=12, show_spinner=False)
def _spread(key: str, mark: str, _codes: np.ndarray, _members: np.ndarray) -> Spans:
    return spans(_codes[_members])
