"""Which epoch of a recommender was kept, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aecore.recommender.models import MODELS


def kept_words(model: str, kept: Sequence[Mapping[str, Any]] | None) -> str:
    """A sentence or two about the weights that were tested and are served.

    kept: as the facts of a run list it; None if the run is older than that.
    """
    if not kept:
        return _without(model, is_older=kept is None)
    if len(kept) == 1 and not kept[0]["phase"]:
        (only,) = kept
        return (
            f"The weights that were tested, and that Movies uses, are those of epoch {only['epoch']} of "
            f"{only['epochs']}, the best by {only['figure']} on validation users ({only['value']:.4f}) of the "
            f"{only['measured']} epochs measured."
        )
    each = ", ".join(f"{_title(one['phase'])} epoch {one['epoch']} of {one['epochs']}" for one in kept)
    return (
        f"Each network kept the epoch at which the hybrid, as far as it was built, did best by {kept[0]['figure']} on "
        f"validation users: {each}. EASE is a closed form, and the Bayesian model averages its draws: neither has a "
        "best epoch."
    )


def validated_words(validation: Mapping[str, Any] | None) -> str:
    """A sentence about the NDCG@10 of the validation users with its interval; "" if the facts of a run have none."""
    if not validation:
        return ""
    return (
        f"With these weights the NDCG@10 of the {validation['people']:,} validation users is {validation['ndcg']:.3f}; "
        f"its 95 % interval is {validation['ndcg_low']:.3f}–{validation['ndcg_high']:.3f}."
    )


def _without(model: str, is_older: bool) -> str:
    if model == "bayesian":
        return "The Bayesian model averages its draws, so that no epoch is chosen."
    if model not in MODELS or "epochs" not in {each.name for each in MODELS[model].settings_class.knobs()}:
        return "This model is solved in one step: there is no epoch to choose."
    if model == "stacked-faithful":
        return "This recipe keeps its last epoch, as tutorials do."
    if is_older:
        return "This run is from before the best epoch was kept: its weights are those of the last one."
    return "No validation users were held out, so the weights are those of the last epoch."


def _title(phase: str) -> str:
    """ "second dae" -> "second Mult-DAE"."""
    parts = MODELS["hybrid"].model_class.PARTS  # type: ignore[attr-defined]  # of this model alone
    title = MODELS[parts[phase].name].title if phase in parts else phase
    return f"second {title}" if phase.startswith("second ") else title
