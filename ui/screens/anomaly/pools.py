"""The scored pictures of the Anomaly page, cached for all visitors."""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.analyses.anomaly import Score, baseline_scores, scores
from aecore.analyses.anomaly_examples import Pool, left_out, normal_examples, odd_examples
from aecore.analyses.anomaly_examples import scored as scored_by
from aecore.datasets import Dataset
from aecore.datasets.selection import without_class
from aecore.metrics.baselines import PcaCode, fit_pca
from aecore.pretrained.builtin import facts
from aecore.pretrained.trained_models import TrainedModel
from ui.app.services import services
from ui.widgets.networks import reconstruct
from ui.widgets.source_pictures import dataset

NETWORK = "network"


def normal(found: TrainedModel, part: str, excluded: str = "") -> Pool:
    """Pictures like the network's training data; `part` is "validation" or "test". DataError."""
    return _normal(found.id, found.fingerprint, part, excluded, found)


def odd(found: TrainedModel, kind: str, name: str = "") -> Pool:
    """Anomalous pictures of a kind; `name` is the class or the data set.

    DataError, in a sentence, if there are none.
    """
    return _odd(found.id, found.fingerprint, kind, name, found)


def scored(found: TrainedModel, x: np.ndarray, about: str) -> Pool:
    """Pictures with their scores by the network and the baselines."""
    return scored_by(x, about, _methods(found))


def pca_size(found: TrainedModel) -> int | None:
    """Components of the PCA that the network is compared with; None where it would be the identity."""
    pca = _pca_of(found)
    return len(pca.components) if pca else None


def classes_of(found: TrainedModel) -> tuple[str, ...]:
    """The classes of a network's data; none if its pictures have no labels. DataError."""
    data: Dataset = dataset(found.data)
    return data.classes if data.test.labels is not None else ()


@st.cache_resource(max_entries=32, show_spinner="Scoring normal pictures")
def _normal(id: str, fingerprint: str, part: str, excluded: str, _found: TrainedModel) -> Pool:
    return scored(_found, *normal_examples(_found, dataset(_found.data), part, excluded))


@st.cache_resource(max_entries=32, show_spinner="Scoring odd pictures")
def _odd(id: str, fingerprint: str, kind: str, name: str, _found: TrainedModel) -> Pool:
    return scored(_found, *odd_examples(_found, kind, name, dataset))


def _methods(found: TrainedModel) -> dict[str, Score]:
    mean = without_class(dataset(found.data), left_out(found)).train.x.mean(0)
    return {NETWORK: lambda x: scores(x, reconstruct(found, x)), **baseline_scores(mean, _pca_of(found))}


def _pca_of(found: TrainedModel) -> PcaCode | None:
    return _pca(found.id, found.fingerprint, found)


@st.cache_resource(max_entries=16, show_spinner="Fitting PCA for comparison")
def _pca(id: str, fingerprint: str, _found: TrainedModel) -> PcaCode | None:
    data = without_class(dataset(_found.data), left_out(_found))
    known = facts(id)["baselines"] if _found.folder is None else services.store.get(id).status.baselines
    size = int((known or {}).get("pca_size", data.inputs))
    return fit_pca(data, size, services.store.folder.parent) if size < data.inputs else None
