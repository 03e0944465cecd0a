"""The model card of a recommender: the README.md of its Hugging Face-style folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import yaml

from aecore import __version__
from aecore.exchange import ExchangeError
from aecore.exchange.model_card import shown_value, table
from aecore.exchange.recommender_folder import sizes
from aecore.files import ZIP_ERRORS, BrokenFileError, read_json
from aecore.foreign import in_markdown, one_line
from aecore.recommender.evaluation.intervals import RESAMPLES
from aecore.recommender.evaluation.splits import KNOWN
from aecore.recommender.models import MODELS
from aecore.recommender.ratings.movielens import EDITIONS
from aecore.recommender.serving.details import DETAILS, read_details
from aecore.recommender.serving.loaded import DISAGREEMENT, FACTS, NEAREST, PLACES
from aecore.recommender.training.settings import RecommenderSettings
from aecore.runs.store import Run

FIGURES = {
    "ndcg": ("NDCG@10", ".3f", "how well the first ten films hold what test users liked; 1 is perfect"),
    "recall": ("Recall@20", ".3f", "the share of what they liked that is among the first twenty"),
    "disliked": ("Disliked in 10", ".3f", "how many of the first ten a user gave two stars or fewer, on average"),
    "rmse": ("RMSE", ".4f", "root mean squared error of the predicted stars"),
    "mae": ("MAE", ".4f", "mean absolute error of the predicted stars"),
    "person_rmse": ("RMSE per user", ".4f", "the root taken for each user, then the mean over users"),
}
"""Figure -> its heading, its digits, and what it is."""

_TEXT = """
# {title}

A recommender of films. {about} This one was trained with Autoencoder Explorer {version} on {trained_on}.{stopped}

- Model: {model} ({source})
- Films that it knows: {films:,}
- Numbers in its arrays: {parameters:,}
- Trained for {seconds:,.1f} seconds{device}

## Results on the test set

{results}

{meanings}{intervals}

## How to use it

With Autoencoder Explorer installed, this makes a run of the folder again:

```sh
aecore import FOLDER
```

The Recommender page then shows its curves and its test, and the Movies page recommends with it. From the command line,
with a file of your ratings and the id that `aecore import` has named:

```sh
aecore recommend ratings.csv --model RUN
```

No file of the folder holds anything that could run. `model.safetensors` has the arrays of the model, `about.json` which
model it is, `films.json` its films, `places.npz` a map of them{places}, `facts.json` the figures of its test,
`config.json` all settings, and `progress.jsonl` the curves of its training, a JSON object a line.{details}

## Settings

{settings}

## Data and their conditions

{data}

It can recommend only films that it knows, and knows of tastes what the ratings it learned from say. This card names no
licence for the weights; add one before you publish them, and mind the conditions of the data.
"""

_OF_MOVIELENS = """It has learned from {title} of GroupLens Research, University of Minnesota. Conditions of the data:
{licence}

The folder holds no rating that anybody gave. It does hold parts of {title}: titles, years, genres and ids of its
films{parts}. Its weights were computed from the ratings. Whether you may pass the folder on is for these conditions to
say. To cite the data: {citation}"""

_OF_OWN = """It has learned from ratings that somebody had uploaded. The folder holds none of these ratings, but the
titles of the films in that upload, with their years, genres and ids where the upload has them{parts}. Everybody who
gets the folder can read them. Its weights were computed from the ratings."""

_INTERVALS = f"""

In brackets stands the 95 % interval of NDCG@10, a bootstrap over the test users ({RESAMPLES:,} samples
with replacement): how much the figure depends on who happens to be tested, not on another training."""

_ROWS = """

For each of the {users:,} users it was trained on, the model holds weights, from which its predictions for that user
follow, and a checksum of the user's ratings: somebody who has all the ratings of a user can find out whether that user
was among them."""


def recommender_card(run: Run) -> str:
    """The card of a finished run. SettingsError if its settings cannot be understood, ExchangeError if its facts or
    weights cannot be read.
    """
    settings = RecommenderSettings.of_trained(run.settings)
    try:
        facts = read_json(run.folder / FACTS)
        reports: dict[str, dict[str, Any]] = facts["figures"]
        text = _text(run, settings, facts, reports)
    except (OSError, BrokenFileError, KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, ExchangeError):
            raise
        raise ExchangeError(f"{FACTS} of run '{run.name}' cannot be read ({error}). Train it again.") from None
    return f"---\n{_head(run, settings)}---\n{text}"


def _head(run: Run, settings: RecommenderSettings) -> str:
    """What the Hub reads of a card."""
    found = [
        {"type": name, "name": _figure_name(name), "value": value} for name, value in (run.status.test or {}).items()
    ]
    title = EDITIONS[settings.data].title if settings.data in EDITIONS else "Uploaded ratings"
    result = {
        "task": {"type": "recommendation"},
        "dataset": {"name": title, "type": settings.data, "split": "test"},
        "metrics": found,
    }
    values: dict[str, Any] = {
        "library_name": "aecore",
        "tags": ["recommender-system", "collaborative-filtering", "safetensors", settings.model],
        **({"model-index": [{"name": one_line(run.name), "results": [result]}]} if found else {}),
    }
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True)


def _figure_name(name: str) -> str:
    """ "ndcg_10" -> "NDCG@10, 10 ratings given"."""
    figure, _, given = name.rpartition("_")
    if given.isdigit():
        return f"{_head_of(figure)}, {given} ratings given"
    return _head_of(name)


def _head_of(figure: str) -> str:
    return FIGURES[figure][0] if figure in FIGURES else figure.replace("_", " ")


def _text(run: Run, settings: RecommenderSettings, facts: Mapping[str, Any], reports: Mapping[str, Any]) -> str:
    entry, status, (films, users) = MODELS[settings.model], run.status, sizes(run)
    own = run.settings["model"]
    return _TEXT.format(
        title=in_markdown(one_line(run.name)),
        about=entry.about.replace(" The Movies page uses it.", ""),
        version=__version__,
        trained_on=in_markdown(one_line(facts["trained_on"])),
        stopped=" Its training was stopped before its last epoch." if status.state == "stopped" else "",
        model=entry.title,
        source=entry.source,
        films=films,
        parameters=status.parameters,
        seconds=status.seconds,
        device=f" on {in_markdown(one_line(status.device))}" if status.device else "",
        results="\n\n".join(_results(given, reports, own) for given in reports[own]),
        meanings=_meanings(reports),
        intervals=_INTERVALS if any("ndcg_low" in each for each in reports[own].values()) else "",
        places=_places(run),
        details=" `details.json` says how many users rated each film." if (run.folder / DETAILS).exists() else "",
        settings=table("setting", "value", {name: shown_value(each) for name, each in settings.to_dict().items()}),
        data=_data(run, settings.data, films) + (_ROWS.format(users=users) if users else ""),
    ).lstrip("\n")


def _results(given: str, reports: Mapping[str, Any], own: str) -> str:
    """The figures of one test: this model and the baselines, and how they were measured."""
    known = _known([each.get(given, {}) for each in reports.values()])
    rows = {}
    for name, each in reports.items():
        title = MODELS[name].title if name in MODELS else name
        report = each.get(given, {})
        cells = [_cell(report, key, FIGURES[key][1]) for key in known]
        rows[f"**{title}**" if name == own else f"{title} (baseline)"] = " | ".join(cells)
    task = "Users it was trained on, some of their ratings hidden" if given == KNOWN else (
        f"Users it has never seen, {given} ratings given of each"
    )  # fmt: skip
    heads = " | ".join(FIGURES[key][0] for key in known)
    protocol = in_markdown(one_line(str(reports[own][given]["protocol"])))
    figures = table("model", heads, rows, columns=1 + len(known))
    return f"### {task}\n\n{figures}\n\nProtocol: {protocol}."


def _known(reports: Iterable[Mapping[str, Any]]) -> list[str]:
    """The figures that one of these reports has."""
    reports = list(reports)
    return [key for key in FIGURES if any(each.get(key) is not None for each in reports)]


def _meanings(reports: Mapping[str, Any]) -> str:
    """What the figures are, a line each."""
    known = _known(report for each in reports.values() for report in each.values())
    return "\n".join(f"- {FIGURES[key][0]}: {FIGURES[key][2]}" for key in known)


def _cell(report: Mapping[str, Any], name: str, digits: str) -> str:
    value, low, high = (report.get(key) for key in (name, f"{name}_low", f"{name}_high"))
    if value is None:
        return "–"
    interval = "" if low is None or high is None else f" ({low:{digits}} to {high:{digits}})"
    return f"{value:{digits}}{interval}"


def _places(run: Run) -> str:
    """What places.npz holds beside the map."""
    try:
        with np.load(run.folder / PLACES, allow_pickle=False) as file:
            names = set(file.files)
    except (*ZIP_ERRORS, AttributeError):
        return ""
    more = [
        *(["how much users disagree about each"] if DISAGREEMENT in names else []),
        *(["the films like each"] if NEAREST in names else []),
    ]
    return f", with {' and '.join(more)}" if more else ""


def _data(run: Run, data: str, films: int) -> str:
    """What it has learned from, what of that the folder holds, and under which conditions."""
    details = read_details(run.folder / DETAILS, films)
    more = [
        *(["how many users rated each"] if details.raters is not None else []),
        *(["tags that users gave some of them"] if details.tags else []),
    ]
    parts = f"; also {' and '.join(more)}" if more else ""
    if data not in EDITIONS:
        return _OF_OWN.format(parts=parts)
    edition = EDITIONS[data]
    return _OF_MOVIELENS.format(title=edition.title, licence=edition.licence, parts=parts, citation=edition.citation)
