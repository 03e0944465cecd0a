"""Generated pictures and their nearest training pictures; what has been computed is kept. In this process networks only look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from aecore.latent.sampling import Sampler, sampler
from aecore.pretrained.trained_models import TrainedModel
from ui.widgets.networks import network
from ui.widgets.source_pictures import dataset

SHOWN = 12
REAL = 100
"""Real test pictures whose nearest training picture is looked for."""


@dataclass(frozen=True)
class Made:
    """x: (K, C, H, W) pictures made of codes (K, Z); like: their nearest training pictures; distances: (K,) to them.

    odds: head -> (K, answers) what the judge sees, empty where there is no judge.
    """

    x: np.ndarray
    like: np.ndarray
    distances: np.ndarray
    odds: dict[str, np.ndarray]


@st.cache_data(max_entries=300, show_spinner=False)
def made(id: str, seal: str, way: str, hills: int, temperature: float, draw: int, _found: TrainedModel) -> Made:
    """SHOWN pictures of a draw. CodeError if the training codes cannot be sampled."""
    from aecore.latent.generation import decoded

    z = _sampler(id, seal, way, hills, _found).draw(SHOWN, np.random.default_rng(draw), temperature)
    return _compared(decoded(network(_found), z), _found.data)


@st.cache_data(max_entries=50, show_spinner=False)
def real(data: str, draw: int) -> Made:
    """SHOWN test pictures of a draw."""
    test = dataset(data).test.x
    return _compared(test[np.random.default_rng(draw).permutation(len(test))[:SHOWN]], data)


@st.cache_data(max_entries=8, show_spinner="Comparing real pictures with the training pictures")
def real_distances(data: str) -> np.ndarray:
    """How far test pictures are from their nearest training pictures, sorted: (N,)."""
    from aecore.latent.copies import nearest

    whole = dataset(data)
    return np.sort(nearest(whole.test.x[:REAL], whole.train.x)[1])


@st.cache_resource(max_entries=16, show_spinner="Looking at the training codes")
def _sampler(id: str, seal: str, way: str, hills: int, _found: TrainedModel) -> Sampler:
    return sampler(way, _training_codes(id, seal, _found), hills)


@st.cache_resource(max_entries=8, show_spinner=False)
def _training_codes(id: str, seal: str, _found: TrainedModel) -> np.ndarray:
    from aecore.latent.code_set import training_codes

    return training_codes(_found, data=dataset(_found.data))


def _compared(x: np.ndarray, data: str) -> Made:
    from aecore.latent.copies import nearest
    from aecore.reference_classifiers.classifiers import has_reference_classifier, reference_classifier

    train = dataset(data).train.x
    found, distances = nearest(x, train)
    return Made(x, train[found], distances, reference_classifier(data).verdicts(x) if has_reference_classifier(data) else {})
