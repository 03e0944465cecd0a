"""Generated pictures and their nearest training pictures, cached.

No network is trained in this process.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.latent import samples
from aecore.latent.samples import Samples, compared, real_samples
from aecore.latent.sampling import Sampler, sampler
from aecore.paths import home_folder
from aecore.pretrained.trained_models import TrainedModel
from ui.widgets.networks import network
from ui.widgets.source_pictures import dataset

SHOWN = 12


@st.cache_data(max_entries=300, show_spinner=False)
def made(
    id: str, fingerprint: str, way: str, components: int, scale: float, draw: int, _found: TrainedModel
) -> Samples:
    """SHOWN generated pictures for a seed. CodeError if the training codes cannot be sampled."""
    from aecore.latent.generation import decoded

    z = _sampler(id, fingerprint, way, components, _found).draw(SHOWN, np.random.default_rng(draw), scale)
    return compared(decoded(network(_found), z), dataset(_found.data))


@st.cache_data(max_entries=50, show_spinner=False)
def real(data: str, draw: int) -> Samples:
    """SHOWN test pictures for a seed."""
    return real_samples(dataset(data), SHOWN, draw)


@st.cache_data(max_entries=8, show_spinner="Comparing real pictures with the training pictures")
def real_distances(data: str) -> np.ndarray:
    """Sorted distances of test pictures to their nearest training pictures, (N,)."""
    return samples.real_distances(dataset(data), home_folder())


@st.cache_resource(max_entries=16, show_spinner="Looking at the training codes")
def _sampler(id: str, fingerprint: str, way: str, components: int, _found: TrainedModel) -> Sampler:
    return sampler(way, _training_codes(id, fingerprint, _found), components)


@st.cache_resource(max_entries=8, show_spinner=False)
def _training_codes(id: str, fingerprint: str, _found: TrainedModel) -> np.ndarray:
    from aecore.latent.code_set import training_codes

    return training_codes(_found, data=dataset(_found.data))
