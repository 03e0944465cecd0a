"""Sentences on the figures of the Anomaly page."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from aecore.analyses.anomaly import Counts
from aecore.metrics.roc import Roc
from ui.widgets.wording import percent

FEW_VALIDATION = 20
FEW_ODD = 10


TITLES = {
    "network": "This network",
    "PCA": "PCA",
    "average": "Average picture",
    "brightness": "Brightness",
}
"""The name of each score in the table and on the chart."""


def counts_words(at: Counts) -> str:
    """The effect of the threshold."""
    caught = f"Of **{at.odd:,} odd** pictures **{at.caught:,}** {_be(at.caught)} caught."
    flagged = at.caught + at.alarms
    precision = f"**{percent(at.caught / flagged)}**" if flagged else "undefined"
    return (
        f"{caught} Of **{at.normal:,} normal** ones **{at.alarms:,}** {_raise(at.alarms)} a false alarm. "
        f"True positive rate (recall: odd ones caught): **{percent(at.caught / at.odd)}**. "
        f"False positive rate (false alarms): **{percent(at.alarms / at.normal)}**. "
        f"Precision (flagged pictures that are odd): {precision}."
    )


def area_words(curve: Roc) -> str:
    """The meaning of the area under the curve."""
    area = (
        f"**AUC {curve.area:.3f}**: an odd picture has the larger error than a normal one in "
        f"{percent(curve.area, 0)} of all pairs."
    )
    if curve.area < 0.5 - 2 * curve.spread:
        return (
            f"{area} That is less than half: the odd ones are reconstructed *better* than the normal ones, "
            "so this score points the wrong way."
        )
    if curve.area < 0.5 + 2 * curve.spread:
        return f"{area} That is no better than tossing a coin."
    return area


def baselines_words(curves: Mapping[str, Roc]) -> str:
    """How the network compares with the baselines."""
    (_, own), *others = curves.items()
    score, best = max(others, key=lambda each: each[1].area)
    name = {"average": "the distance from the average picture", "brightness": "brightness alone"}.get(
        score, TITLES[score]
    )
    if best.area > own.area + 2 * own.spread:
        return f"**Something simpler does better here**: {name} reaches {best.area:.3f}."
    if best.area >= own.area - 2 * own.spread:
        return f"**The network was not needed here**: {name} does about as well, {best.area:.3f}."
    return f"The best of the simpler scores, {name}, reaches {best.area:.3f}."


def pca_words(components: int | None) -> str:
    """The size of PCA, as part of a sentence."""
    if components is None:
        return (
            "nothing else: PCA is left out, because with as many components it would reconstruct every picture exactly"
        )
    return f"the reconstruction error of PCA with {components:,} components, as many as the code has active units"


def few_words(validation: int, odd: int) -> str:
    """A warning where figures rest on few pictures, or ""."""
    told = []
    if validation < FEW_VALIDATION:
        told.append(f"There {'is' if validation == 1 else 'are'} only {validation} normal "
                    f"validation picture{'' if validation == 1 else 's'}: the suggested "
                    "threshold is unreliable.")  # fmt: skip
    if 1 < odd < FEW_ODD:
        told.append(f"With only {odd} odd pictures, all rates are coarse.")
    return " ".join(told)


def one_words(error: float, normal: np.ndarray, threshold: float) -> str:
    """The prediction for a single picture."""
    below = float((normal < error).mean())
    prediction = "counts as **odd**" if error >= threshold else "counts as **normal**"
    return (
        f"Your picture's error is **{error:.4g}**, larger than that of {percent(below, 0)} of the {len(normal):,} "
        f"normal test pictures. At this threshold it {prediction}. A ROC curve needs more than one odd picture."
    )


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _raise(count: int) -> str:
    return "raises" if count == 1 else "raise"
