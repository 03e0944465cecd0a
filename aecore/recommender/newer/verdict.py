"""The comparison of the newer recommender with the one that was in use, in sentences."""

from __future__ import annotations

from statistics import fmean
from typing import Any

from aecore.recommender import BUILTIN
from aecore.recommender.newer.compare import ALL, BOTH, Difference
from aecore.recommender.newer.usual import Rival


def said(comparison: dict[str, Any]) -> str:
    """Which of the two is better and by how much, in sentences."""
    overall, shared = (_means(comparison[where]) for where in (ALL, BOTH))
    films, both = comparison[ALL]["films"], comparison[BOTH]["films"]
    older = _title(comparison)
    return (
        f"Measured on {comparison[ALL]['people']:,} users from whom it has not learned. Among all {films:,} films, its "
        f"NDCG@10 is {overall['newer'][0]:.3f}, that of {older} {overall['older'][0]:.3f}; among the {both:,} films "
        f"that both know, {shared['newer'][0]:.3f} and {shared['older'][0]:.3f}. There its stars are off by "
        f"{shared['newer'][1]:.3f}, those of {older} by {shared['older'][1]:.3f}. The gain in NDCG@10 has a 95 % "
        f"interval of {_gain(comparison[ALL])} among all films, and of {_gain(comparison[BOTH])} among those that both "
        "know."
    )


def verdict(comparison: dict[str, Any]) -> str:
    """What followed from the comparison with the recommender that was in use, in a sentence."""
    older = _title(comparison)
    if comparison["is_better"]:
        return f"It is better than {older}, beyond chance."
    return f"That is not better beyond chance, so it did not take over from {older}."


def _gain(report: dict[str, Any]) -> str:
    """The 95 % interval of the mean difference of the two over users, "+0.012 to +0.034"."""
    found = Difference(*report["ndcg"])
    return f"{max(-1.0, found.mean - found.half):+.3f} to {min(1.0, found.mean + found.half):+.3f}"


def _title(comparison: dict[str, Any]) -> str:
    return Rival(comparison.get("source", BUILTIN), comparison.get("name", "")).title


def _means(report: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """newer, older -> means of NDCG@10 and RMSE over the numbers of ratings given."""
    counts = [each for name, each in report.items() if name.isdigit()]
    return {
        who: (
            fmean(each[who]["ndcg"] for each in counts),
            fmean(each[who]["rmse"] for each in counts),
        )
        for who in ("newer", "older")
    }
