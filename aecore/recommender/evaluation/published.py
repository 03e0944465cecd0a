"""Metrics of every recommender: those that `make quality` measured and saved beside this file,
and published ones.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("measured.json")
STARS, RANKING, FAITHFUL, BUILTIN, RANGES = "stars", "ranking", "faithful", "builtin", "ranges"
"""Parts of the file; the files tests/quality/recommenders*.py measure them.

FAITHFUL: the training of introductory tutorials, step by step. RANGES: by number of ratings given, how many actual
ratings lie in the range that a card shows.
"""


@dataclass(frozen=True)
class Published:
    """A published figure, not measured here.

    protocol: how it was measured, as far as the source says.
    """

    title: str
    value: str
    source: str
    protocol: str


U1 = "u1.base to u1.test of MovieLens 100K"
PUBLISHED = (
    Published(
        "GLocal-K, an autoencoder with kernels",
        "0.8889",
        "Han et al. 2021, GLocal-K: Global and Local Kernels for Recommender Systems, CIKM; "
        "the figure is from its README",
        U1,
    ),
    Published(
        "GC-MC, a graph autoencoder, with side features",
        "0.905",
        "van den Berg, Kipf & Welling 2017, Graph Convolutional Matrix Completion",
        U1,
    ),
    Published(
        "GC-MC without side features",
        "0.910",
        "van den Berg, Kipf & Welling 2017, Graph Convolutional Matrix Completion",
        U1,
    ),
    Published(
        "IGMC",
        "0.905",
        "Zhang & Chen 2020, Inductive Matrix Completion Based on Graph Neural Networks, ICLR",
        U1,
    ),
    Published(
        "sRGCNN",
        "0.929",
        "Monti, Bronstein & Bresson 2017, Geometric Matrix Completion with Recurrent Multi-Graph Neural Networks, "
        "NeurIPS",
        U1,
    ),
    Published(
        "GRALS",
        "0.945",
        "Rao et al. 2015, Collaborative Filtering with Graph Information: Consistency and Scalable Methods, NeurIPS; "
        "as Monti, Bronstein & Bresson 2017 compare it",
        U1,
    ),
)
TUTORIALS = Published(
    "The same recipe, as tutorials report it", "", "Introductory tutorials",
    f"{U1}; 200 epochs, one user at a time; the mean over users of the root of each one's own mean squared error; "
    "given: the user's training ratings",
)  # fmt: skip
TUTORIALS_FIGURES = {"person_rmse_training": "0.90", "person_rmse": "0.9449"}


def measured(part: str, path: Path | None = None) -> dict[str, dict[str, Any]]:
    """Model -> metrics, from one part of the file; empty if nothing was measured or the file cannot be read."""
    try:
        rows = json.loads((path or FILE).read_text()).get(part, {})
        return {str(name): row for name, row in rows.items() if isinstance(row, dict)}
    except (OSError, ValueError, AttributeError):
        return {}


def all_stars() -> dict[str, dict[str, Any]]:
    """The metrics of predicted stars, including those of the tutorials' training."""
    known, faithful = measured(STARS), measured(FAITHFUL).get("faithful", {})
    named = {"person_rmse_training" if key == "train" else key: value for key, value in faithful.items()}
    return known | ({"stacked-faithful": named} if named else {})
