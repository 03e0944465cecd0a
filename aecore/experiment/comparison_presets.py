"""COMPARISON_PRESETS: named comparisons, each of which answers a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aecore.datasets import card
from aecore.experiment.comparison import FEWEST, Comparison, ComparisonEntry, ComparisonError
from aecore.variants import VARIANTS


@dataclass(frozen=True)
class ComparisonPreset:
    """A comparison with a name: its entries and how they differ."""

    title: str
    about: str
    entries: tuple[tuple[str, dict[str, Any]], ...]

    def on(self, data: str) -> Comparison | None:
        """This comparison on `data`, without entries that need pictures where there are none;
        None if too few entries are left.
        """
        entries = tuple(
            ComparisonEntry(variant, dict(values))
            for variant, values in self.entries
            if card(data).is_image or not VARIANTS[variant].needs_image
        )
        comparison = Comparison.on(data, entries)
        try:
            return comparison if len(entries) >= FEWEST and comparison.settings() else None
        except ComparisonError:
            return None


COMPARISON_PRESETS: dict[str, ComparisonPreset] = {
    "pca": ComparisonPreset(
        "Linear or nonlinear", "Does nonlinearity help? A linear network, whose optimum is PCA; the "
        "same with nonlinear units in code and output; and one with a nonlinear hidden layer on either side of a "
        "linear code.",
        (("linear", {}), ("undercomplete", {"widths": ()}),
         ("undercomplete", {"widths": (128,), "code_activation": "linear"})),
    ),
    "family": ComparisonPreset(
        "Regularisation: the whole family", "Six ways to keep a network from merely copying.",
        (("linear", {}), ("undercomplete", {}), ("k-sparse", {}), ("contractive", {}), ("convolutional", {}),
         ("variational", {})),
    ),
    "sparse": ComparisonPreset(
        "Sparsity: four ways", "Wide codes with few active units: four ways to keep the others at zero.",
        (("sparse-l1", {}), ("sparse-kl", {}), ("k-sparse", {}), ("dropout", {})),
    ),
    "greedy": ComparisonPreset(
        "Pretraining: greedy or all at once",
        "Deep networks whose layers were first trained one by one, against the same networks from a random start.",
        (("deep", {"start": "greedy"}), ("deep", {"start": "random"}), ("stacked", {"start": "greedy"}),
         ("stacked", {"start": "random"})),
    ),
    "filters": ComparisonPreset(
        "Convolution: two kernel sizes", "Kernels of 3 × 3 pixels against kernels of 5 × 5, all else being equal.",
        (("convolutional", {"kernel_size": 3}), ("convolutional", {"kernel_size": 5})),
    ),
}  # fmt: skip

FIRST = "pca"
"""The preset of the form where the link names none that is valid."""
