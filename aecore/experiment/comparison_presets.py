"""LINE_UPS: races with a name, each a question that a few lanes answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aecore.datasets import card
from aecore.experiment.comparison import FEWEST, Comparison, ComparisonEntry, ComparisonError
from aecore.variants import VARIANTS


@dataclass(frozen=True)
class ComparisonPreset:
    """A race with a name: the lanes and what they differ in."""

    title: str
    about: str
    lanes: tuple[tuple[str, dict[str, Any]], ...]

    def on(self, data: str) -> Comparison | None:
        """This race on `data`, without the lanes that need pictures where there are none;
        None if too few are left to race.
        """
        lanes = tuple(
            ComparisonEntry(variant, dict(values))
            for variant, values in self.lanes
            if card(data).is_image or not VARIANTS[variant].needs_image
        )
        race = Comparison.on(data, lanes)
        try:
            return race if len(lanes) >= FEWEST and race.settings() else None
        except ComparisonError:
            return None


COMPARISON_PRESETS: dict[str, ComparisonPreset] = {
    "pca": ComparisonPreset(
        "PCA, bent or straight", "What do curves buy? A linear network, one with a single bent layer, "
        "and one with a hidden layer on either side of its code.",
        (("linear", {}), ("undercomplete", {"widths": ()}),
         ("undercomplete", {"widths": (128,), "code_activation": "linear"})),
    ),
    "family": ComparisonPreset(
        "The whole family", "Six ways to keep a network from merely copying.",
        (("linear", {}), ("undercomplete", {}), ("k-sparse", {}), ("contractive", {}), ("convolutional", {}),
         ("variational", {})),
    ),
    "sparse": ComparisonPreset(
        "Sparse ones", "Wide codes of which few units speak: four ways to make the others keep silent.",
        (("sparse-l1", {}), ("sparse-kl", {}), ("k-sparse", {}), ("dropout", {})),
    ),
    "greedy": ComparisonPreset(
        "Greedy or all at once",
        "Deep networks whose layers first learned one by one, against the same networks begun at random.",
        (("deep", {"start": "greedy"}), ("deep", {"start": "random"}), ("stacked", {"start": "greedy"}),
         ("stacked", {"start": "random"})),
    ),
    "filters": ComparisonPreset(
        "Two filter settings", "Filters of 3 x 3 pixels against filters of 5 x 5, all else being equal.",
        (("convolutional", {"kernel_size": 3}), ("convolutional", {"kernel_size": 5})),
    ),
}  # fmt: skip

FIRST = "pca"
"""What stands in the form where the link says nothing, or nothing that can be used."""
