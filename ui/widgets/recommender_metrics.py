"""Tables of recommender metrics: measured by `make quality`, of the runs of this machine,
and published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aecore.foreign import in_markdown
from aecore.recommender.evaluation.published import BUILTIN
from aecore.recommender.models import MODELS
from aecore.recommender.ratings.movielens import EDITIONS
from aecore.runs.store import Run
from ui.widgets.recommender_figures import NOT_MEASURED, model_title

ERRORS = ("rmse", "mae", "person_rmse")
"""Prefixes of the metrics of predicted stars."""

BASELINES = ("popularity", "item-mean", "bias", "item-knn")

LOW, HIGH, INTERVAL = "ndcg_low", "ndcg_high", "ndcg_interval"
INTERVAL_HEAD = "95 % interval"
INTERVAL_WORDS = (
    "The *95 % interval* of NDCG@10 is a bootstrap over the test users: of 2,000 samples of as many users, drawn from "
    "them with replacement, 95 % have a mean within it. It shows how much a figure depends on who happens to be "
    "tested. Models tested on the same users can differ reliably even where their intervals overlap."
)
MOST_RUNS = 50
"""Runs in a table beside the measured models."""

Columns = Mapping[str, tuple[str, str]]
"""Metric -> heading and number format."""


def data_title(name: str) -> str:
    """The title of a data set of ratings."""
    return EDITIONS[name].title if name in EDITIONS else name


def star_models() -> tuple[str, ...]:
    """The recommenders that predict stars."""
    return tuple(name for name, entry in MODELS.items() if entry.predicts_stars)


def rows_of(
    known: Mapping[str, dict[str, Any]],
    columns: Columns,
    best: str,
    *,
    others: Iterable[str] = (),
    is_more_better: bool = False,
) -> list[dict[str, str]]:
    """A row for each known model and for the others, best first, unmeasured ones last."""
    names = list(dict.fromkeys([*known, *others]))
    sign = -1 if is_more_better else 1
    names.sort(key=lambda name: sign * known[name][best] if best in known.get(name, {}) else float("inf"))
    return [
        _row(_title(name), known.get(name, {}), columns, _lacking(name)) | {"Measured": _day(known.get(name, {}))}
        for name in names
    ]


def run_rows(runs: Sequence[Run], columns: Columns, wanted: Mapping[str, Any]) -> list[dict[str, str]]:
    """A row for each of the newest recommender runs that were tested with these settings. columns: of its status."""
    found = [
        run
        for run in runs
        if run.is_recommender
        and run.status.test
        and all(run.settings.get(key) == value for key, value in wanted.items())
    ]
    return [
        _row(f"your run *{in_markdown(run.name)}*", run.status.test or {}, columns) | {"Measured": "by the run"}
        for run in found[:MOST_RUNS]
    ]


def _title(name: str) -> str:
    if name == BUILTIN:
        return "**The built-in recommender**, as the Movies page uses it"
    return f"{model_title(name)} (baseline)" if name in BASELINES else model_title(name)


def _day(figures: Mapping[str, Any]) -> str:
    """The day of the measurement, which does not wrap on a narrow screen."""
    return str(figures.get("day", "–")).replace("-", "\N{NON-BREAKING HYPHEN}")


def _lacking(name: str) -> tuple[str, ...]:
    """Prefixes of the metrics that this model cannot have."""
    return () if name not in MODELS or MODELS[name].predicts_stars else ERRORS


def with_intervals(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The metrics, and for each "ndcg_low…" with its "ndcg_high…" an "ndcg_interval…", as text."""
    found = dict(figures)
    for key, low in figures.items():
        high = figures.get(key.replace(LOW, HIGH))
        if key.startswith(LOW) and low is not None and high is not None:
            found[key.replace(LOW, INTERVAL)] = f"{low:.3f}–{high:.3f}"
    return found


def _row(title: str, figures: Mapping[str, Any], columns: Columns, lacking: tuple[str, ...] = ("",)) -> dict[str, str]:
    """A row of the table; a missing metric is a dash if the model cannot have it,
    else it is shown as not measured.
    """
    figures = with_intervals(figures)
    missing = {key: "–" if key.startswith(lacking) else NOT_MEASURED for key in columns}
    return {"Model": title} | {
        head: format(figures[key], form) if key in figures else missing[key] for key, (head, form) in columns.items()
    }
