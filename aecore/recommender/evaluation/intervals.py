"""Intervals of metrics: a bootstrap over users, who are what an evaluation samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aecore.recommender.evaluation.metrics import RankFigures

RESAMPLES, SEED, SHARE = 2000, 0, 0.95
BLOCK = 2_000_000
"""Numbers drawn at a time."""


def ndcg_interval(*draws: RankFigures) -> dict[str, float]:
    """ "ndcg_low" and "ndcg_high": the bounds of the interval of the mean NDCG@10 of these draws."""
    low, high = bootstrap([each.ndcgs for each in draws], [each.user_ids for each in draws])
    return {"ndcg_low": low, "ndcg_high": high}


def bootstrap(
    values: Sequence[np.ndarray], users: Sequence[np.ndarray], resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float]:
    """The 95 % percentile interval of a metric that is a mean over users, then over draws (Efron & Tibshirani 1993,
    An Introduction to the Bootstrap, chapter 13).

    values: of each draw, (P_d,) the metric of each user; users: of each draw, (P_d,) their ids. Users are drawn with
    replacement, each with all that was measured of them, so that a user of several draws counts as one.
    The interval says how far the metric would vary with other users, not with another training. (nan, nan) without
    users.
    """
    ids = np.unique(np.concatenate(users)) if users else np.zeros(0, np.int64)
    if not len(ids):
        return float("nan"), float("nan")
    sums, counts = np.zeros((len(ids), len(values))), np.zeros((len(ids), len(values)))
    for draw, (each, who) in enumerate(zip(values, users, strict=True)):
        places = np.searchsorted(ids, who)
        np.add.at(sums[:, draw], places, each)
        np.add.at(counts[:, draw], places, 1)
    rng, share = np.random.default_rng(seed), np.full(len(ids), 1 / len(ids))
    means = []
    for size in _blocks(resamples, len(ids)):
        weights = rng.multinomial(len(ids), share, size=size).astype(np.float64)
        totals = weights @ counts
        part = np.divide(weights @ sums, totals, out=np.full_like(totals, np.nan), where=totals > 0)
        means.append(np.nanmean(part, 1))
    low, high = np.quantile(np.concatenate(means), [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return float(low), float(high)


def _blocks(resamples: int, users: int) -> list[int]:
    """The sizes of parts of the resamples that are drawn together."""
    size = max(1, BLOCK // users)
    return [min(size, resamples - begin) for begin in range(0, resamples, size)]
