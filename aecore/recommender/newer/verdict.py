"""The comparison of the newer recommender with the built-in one, in sentences."""

from __future__ import annotations

from statistics import fmean
from typing import Any

from aecore.recommender.newer.compare import ALL, BOTH


def said(comparison: dict[str, Any]) -> str:
    """Who is better and by how much, in sentences."""
    overall, shared = (_means(comparison[where]) for where in (ALL, BOTH))
    films, both = comparison[ALL]["films"], comparison[BOTH]["films"]
    verdict = (
        "It is better, beyond chance."
        if comparison["is_better"]
        else "That is not surely better, so the built-in one was kept."
    )
    return (
        f"Measured on {comparison[ALL]['people']:,} people of whom it has not learned. Among all {films:,} films, its "
        f"NDCG@10 is {overall['newer'][0]:.3f}, that of the built-in one {overall['older'][0]:.3f}; among the "
        f"{both:,} films that both know, {shared['newer'][0]:.3f} and {shared['older'][0]:.3f}. There its stars are "
        f"off by {shared['newer'][1]:.3f}, those of the built-in one by {shared['older'][1]:.3f}. {verdict}"
    )


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
