"""What the map of the latent space asks before it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aecore.latent.preservation import KNN, NEAR
from aecore.predictions.schema import Choice, Given, Number, Prediction, Truth
from aecore.pretrained.recipes import BUILTIN
from ui.app.links import NETWORK
from ui.app.url_state import query_of
from ui.screens.latent.link import METHOD
from ui.widgets.wording import percent

if TYPE_CHECKING:
    from aecore.latent.code_set import CodeSet
    from aecore.latent.preservation import Preservation

DIGITS, SHAPES = "digits", "shapes"
SIZE = BUILTIN[DIGITS]["latent_size"]
FIGURES, OVERLAP, MAP = ".st-key-preservation-figures", ".st-key-class-overlap", ".st-key-latent-map"
PAIRS = (("1", "8"), ("2", "7"), ("3", "8"), ("4", "9"), ("5", "8"))
ISLANDS = ("Yes: nearly every point is among its own kind", "In part: often, but not nearly always", "Hardly at all")
ISLAND, TWICE = 0.8, 2.0
"""From here on the kinds are islands; below TWICE what naming the most frequent kind reaches, they hardly show."""


def _measured(network: str) -> tuple[CodeSet, np.ndarray, Preservation]:
    """The codes of a network as the page shows them, their flat map by PCA, (N, 2), and what it keeps."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from aecore.latent.code_set import code_set
    from aecore.latent.methods import principal
    from aecore.latent.preservation import measure
    from aecore.pretrained.trained_models import find_trained_model
    from aecore.runs.store import RunStore
    from ui.widgets.source_pictures import dataset

    with TemporaryDirectory() as home:
        store = RunStore(Path(home) / "runs")
        model = find_trained_model(store, network)
        found = code_set(store, model, data=dataset(model.data))
    positions = principal(found.codes, 2)
    return found, positions, measure(found.codes, positions, found.labels, len(found.classes))


def _kept(given: Given) -> Truth:
    found, _, measured = _measured(DIGITS)
    share = float(measured.kept.mean())
    chance = measured.near / (len(found) - 1)
    return Truth(
        round(100 * share, 1),
        f"**{percent(share)}**, the mean over {len(found):,} digits. A map drawn by chance would keep "
        f"{percent(chance)}.",
    )


def _votes(given: Given) -> Truth:
    found, _, measured = _measured(DIGITS)
    code, on_map = measured.knn_accuracy_code, measured.knn_accuracy_map
    return Truth(
        round(100 * code, 1),
        f"**{percent(code)}** of {len(found):,} digits. Among the {KNN} nearest points on the map by PCA, the same "
        f"vote is right for {percent(on_map)}.",
    )


def _overlap(given: Given) -> Truth:
    from aecore.latent.preservation import overlaps

    found, _, measured = _measured(DIGITS)
    in_code, on_map = (
        [(found.classes[i], found.classes[j], share) for i, j, share in overlaps(shares)]
        for shares in (measured.class_overlap_code, measured.class_overlap_map)
    )
    share_of = {frozenset((one, other)): share for one, other, share in in_code}
    shares = [share_of[frozenset(pair)] for pair in PAIRS]
    best = int(np.argmax(shares))
    ranked = [f"{one} and {other} ({percent(share)})" for one, other, share in in_code[:3]]
    return Truth(
        best,
        f"**{' and '.join(PAIRS[best])}**: {percent(shares[best])} of the {KNN} nearest codes are of the other digit, "
        f"on average over the two. Of all pairs, those that overlap most are {', '.join(ranked)}. On the map by PCA "
        f"it is {on_map[0][0]} and {on_map[0][1]}, with {percent(on_map[0][2])}.",
    )


def _islands(given: Given) -> Truth:
    found, positions, measured = _measured(SHAPES)
    assert found.labels is not None
    on_map, usual = measured.knn_accuracy_map, float(np.bincount(found.labels).max() / len(found))
    places = " and ".join(percent(_told(positions, found.factors[name]), 0) for name in ("x", "y"))
    return Truth(
        0 if on_map >= ISLAND else 1 if on_map >= TWICE * usual else 2,
        f"The {KNN} nearest points on the map tell the kind of **{percent(on_map)}** of {len(found):,} test shapes; "
        f"always naming the most frequent kind would be right for {percent(usual)}. A point's place on the map "
        f"explains {places} of the variance of where the shape is in its picture, across and up.",
    )


def _told(positions: np.ndarray, factor: np.ndarray) -> float:
    """The share of a factor's variance that a linear fit to the positions (N, 2) explains."""
    known = np.column_stack([positions, np.ones(len(positions))]).astype(np.float64)
    left = factor - known @ np.linalg.lstsq(known, factor.astype(np.float64), rcond=None)[0]
    return 1 - float(left.var() / factor.var())


PREDICTIONS = (
    Prediction(
        "latent-kept",
        "latent",
        f"A digit's code has {SIZE} numbers: a point in {SIZE} dimensions. Take the {NEAR} codes nearest to it. On the "
        f"flat map by PCA, how many per cent of them are still among its {NEAR} nearest points, on average?",
        Number(0, 100, 1, "%"),
        query_of((NETWORK, DIGITS), (METHOD, "pca")),
        FIGURES,
        "We read such a map as we read a street map: what is drawn side by side is close. But a plane has no room for "
        "that many dimensions. Points that lie on top of each other may be far apart in a direction that the map "
        "leaves out, and they push the real neighbours out of the nearest places.",
        _kept,
    ),
    Prediction(
        "latent-votes",
        "latent",
        f"The network was never told which digit a picture shows. Let the {KNN} nearest codes of each digit vote on "
        "which one it is; the most frequent wins. For how many per cent of the digits is the vote right?",
        Number(0, 100, 1, "%"),
        query_of((NETWORK, DIGITS), (METHOD, "pca")),
        f"{FIGURES}, {OVERLAP}",
        "Nobody named the classes, and on this map they run into each other: so the codes seem to mix them. But "
        "pictures of the same digit look alike, and the network gives them similar codes by itself. It is the map "
        "that has lost much of what keeps them apart.",
        _votes,
    ),
    Prediction(
        "latent-overlap",
        "latent",
        f"Some of the {KNN} nearest codes of a digit belong to other digits. Which of these pairs is mixed most, in "
        "the code itself?",
        Choice(tuple(" and ".join(pair) for pair in PAIRS)),
        query_of((NETWORK, DIGITS), (METHOD, "pca")),
        OVERLAP,
        "Many name 4 and 9, since we confuse them ourselves; others name a pair that lies on top of each other on the "
        "map. The network does not read. It finds alike what it can paint with about the same numbers, and a map shows "
        "that from one side only.",
        _overlap,
    ),
    Prediction(
        "latent-islands",
        "latent",
        "This network has learned from six kinds of shapes, of any size and anywhere in the picture. Do the kinds form "
        "six islands on the map of its codes by PCA?",
        Choice(ISLANDS),
        query_of((NETWORK, SHAPES), (METHOD, "pca")),
        f"{MAP}, {FIGURES}, {OVERLAP}",
        "We would sort shapes by their kind first, so a network that knows them should as well. But it is only asked "
        "to get the pixels right, and moving a shape across it changes more of them than exchanging it for another "
        "kind. What spreads the codes most is where the shape is, and that is what PCA draws.",
        _islands,
    ),
)
