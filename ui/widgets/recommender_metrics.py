"""The figures of recommenders: those that `make quality` has measured, those of the runs of this machine, and those that others have published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aecore.recommender.models import MODELS
from aecore.recommender.ratings.movielens import EDITIONS
from aecore.runs.store import Run
from ui.widgets.recommender_figures import NOT_MEASURED, model_title

FILE = Path(__file__).resolve().parents[2] / "docs" / "quality.json"
STARS, RANKING, FAITHFUL, BUILTIN = "stars", "ranking", "faithful", "builtin"
"""Parts of the file; tests/quality/recommenders.py and recommenders_learned.py measure them. FAITHFUL is of the articles' own training."""

ERRORS = ("rmse", "mae", "person_rmse")
"""How the names of figures of predicted stars begin."""

BASELINES = ("popularity", "item-mean", "bias", "item-knn")

Columns = Mapping[str, tuple[str, str]]
"""Figure -> heading and number format."""


@dataclass(frozen=True)
class Published:
    """A figure that others have reported and nobody here has measured. protocol: how it was taken, as far as the source says."""

    title: str
    value: str
    source: str
    protocol: str


U1 = "u1.base to u1.test of MovieLens 100K"
PUBLISHED = (
    Published("GLocal-K, an autoencoder with kernels", "0.8889", "Han et al. 2021, CIKM, arXiv:2108.12184; the figure is from its README", U1),
    Published("GC-MC, a graph autoencoder, with side features", "0.905", "van den Berg, Kipf & Welling 2017, arXiv:1706.02263", U1),
    Published("GC-MC without side features", "0.910", "van den Berg, Kipf & Welling 2017, arXiv:1706.02263", U1),
    Published("IGMC", "0.905", "Zhang & Chen 2020, ICLR, arXiv:1904.12058", U1),
    Published("sRGCNN", "0.929", "Monti, Bronstein & Bresson 2017, NeurIPS, arXiv:1704.06803", U1),
    Published("GRALS", "0.945", "Rao et al. 2015, NeurIPS; as Monti et al. 2017 compare it", U1),
)
ARTICLES = Published(
    "As the articles report it", "", "The articles this project follows",
    f"{U1}; 200 epochs, a person at a time; the mean over people of the root of each one's own mean squared error; given: the person's training ratings",
)  # fmt: skip
ARTICLES_FIGURES = {"person_rmse_training": "0.90", "person_rmse": "0.9449"}


def data_title(name: str) -> str:
    """What ratings are called on screen."""
    return EDITIONS[name].title if name in EDITIONS else name


def measured(part: str, path: Path | None = None) -> dict[str, dict[str, Any]]:
    """Row -> figures of a part; empty where nothing has been measured, or the file cannot be read."""
    try:
        rows = json.loads((path or FILE).read_text()).get(part, {})
        return {str(name): row for name, row in rows.items() if isinstance(row, dict)}
    except (OSError, ValueError, AttributeError):
        return {}


def all_stars() -> dict[str, dict[str, Any]]:
    """The figures of predicted stars, those of the articles' training among them."""
    known, faithful = measured(STARS), measured(FAITHFUL).get("faithful", {})
    named = {"person_rmse_training" if key == "train" else key: value for key, value in faithful.items()}
    return known | ({"stacked-faithful": named} if named else {})


def star_models() -> tuple[str, ...]:
    """The recommenders that predict stars."""
    return tuple(name for name, entry in MODELS.items() if entry.predicts_stars)


def rows_of(
    known: Mapping[str, dict[str, Any]], columns: Columns, best: str, *, others: Iterable[str] = (), is_more_better: bool = False
) -> list[dict[str, str]]:
    """A row for everything that is known and for the others, the best first, those not measured last."""
    names = list(dict.fromkeys([*known, *others]))
    sign = -1 if is_more_better else 1
    names.sort(key=lambda name: sign * known[name][best] if best in known.get(name, {}) else float("inf"))
    return [_row(_title(name), known.get(name, {}), columns, _lacking(name)) | {"Measured": _day(known.get(name, {}))} for name in names]


def run_rows(runs: Sequence[Run], columns: Columns, wanted: Mapping[str, Any]) -> list[dict[str, str]]:
    """A row for every recommender's run that was tested with these settings. columns: of its status."""
    found = [run for run in runs if run.is_recommender and run.status.test and all(run.settings.get(key) == value for key, value in wanted.items())]
    return [_row(f"your run *{plain(run.name)}*", run.status.test or {}, columns) | {"Measured": "by the run"} for run in found]


def plain(name: str) -> str:
    """A name whose letters mean nothing to Markdown."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|$~<>:" else letter for letter in name)


def _title(name: str) -> str:
    if name == BUILTIN:
        return "**The built-in recommender**, as the Movies page uses it"
    return f"{model_title(name)} (baseline)" if name in BASELINES else model_title(name)


def _day(figures: Mapping[str, Any]) -> str:
    """The day on which figures were measured, in one piece on a narrow screen."""
    return str(figures.get("day", "–")).replace("-", "\N{NON-BREAKING HYPHEN}")


def _lacking(name: str) -> tuple[str, ...]:
    """How the names of figures begin that this model cannot have."""
    return () if name not in MODELS or MODELS[name].predicts_stars else ERRORS


def _row(title: str, figures: Mapping[str, Any], columns: Columns, lacking: tuple[str, ...] = ("",)) -> dict[str, str]:
    """A row of the table; a figure that is not there is a dash where there can be none, and said to be unmeasured where there can."""
    missing = {key: "–" if key.startswith(lacking) else NOT_MEASURED for key in columns}
    return {"Model": title} | {head: format(figures[key], form) if key in figures else missing[key] for key, (head, form) in columns.items()}
