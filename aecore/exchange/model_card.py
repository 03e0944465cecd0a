"""The model card of a run: the README.md of its Hugging Face-style folder, as Markdown with a head in YAML."""

from __future__ import annotations

import json
from typing import Any

import yaml

from aecore import __version__
from aecore.datasets import DATASETS, Card, card
from aecore.experiment.settings import RunSettings
from aecore.foreign import in_markdown, one_line
from aecore.runs.store import Run
from aecore.variants import VARIANTS

ON_THE_HUB = {"mnist": "ylecun/mnist", "fashion-mnist": "zalando-datasets/fashion_mnist"}
"""Data set -> its name on the Hugging Face Hub, where it is there."""

FIGURES = {
    "mse": ("mean squared error per {unit}", "pca_test"),
    "squared_error": ("squared error of a whole example, summed over its {unit}s", ""),
    "mse_damaged": ("mean squared error of the corrupted examples themselves", ""),
    "mse_denoised": ("mean squared error after denoising", "pca_damaged_test"),
    "probe": ("accuracy of a linear probe on the codes", ""),
}
"""Figure on the test set -> what it is, and the baseline of PCA that stands beside it."""

_TEXT = """
# {title}

{idea} This one was trained on *{data}* ({about}) with Autoencoder Explorer {version}.{stopped}

- Variant: {variant} ({source})
- Layers from the input to the code: {layers}
- Weights and biases: {parameters}
- Trained for {seconds:,.1f} seconds{device}

## Results on the test set

The test examples were used neither for training nor for choosing anything.

{results}

## How to use it

With Autoencoder Explorer installed, this makes a run of the folder again, which every page can open:

```sh
aecore import FOLDER
```

`model.safetensors` holds named arrays and nothing that could run. In plain Python:

```python
from safetensors.numpy import load_file

weights = load_file("model.safetensors")  # name -> array
```

`config.json` has the settings that define the network, and `progress.jsonl` the curves of its training, a JSON object a
line. `aecore export RUN --out program.py` writes the same network as a PyTorch program of its own.

## Settings

{settings}

## Data and limits

{source_of_data}

It has learned from these data alone: of other pictures or numbers it makes something that looks like them. This card
names no licence for the weights; add one before you publish them, and mind the conditions of the data.
"""


def model_card(run: Run) -> str:
    """The card of a finished run of an autoencoder. SettingsError or DataError if its settings or data are gone."""
    settings = RunSettings.from_dict(run.settings)
    about = card(settings.data)
    return f"---\n{_head(run, settings, about)}---\n{_text(run, settings, about)}"


def _head(run: Run, settings: RunSettings, about: Card) -> str:
    """What the Hub reads of a card."""
    test, data = run.status.test or {}, ON_THE_HUB.get(settings.data)
    found = [
        {"type": name, "name": FIGURES[name][0].format(unit=_unit(about)), "value": value}
        for name, value in test.items()
        if name in FIGURES
    ]
    result = {
        "task": {"type": "image-feature-extraction" if about.is_image else "feature-extraction"},
        "dataset": {"name": one_line(about.title), "type": data or settings.data, "split": "test"},
        "metrics": found,
    }
    values: dict[str, Any] = {
        "library_name": "aecore",
        **({"pipeline_tag": "image-feature-extraction"} if about.is_image else {}),
        "tags": ["autoencoder", "safetensors", settings.variant],
        **({"datasets": [data]} if data else {}),
        **({"model-index": [{"name": one_line(run.name), "results": [result]}]} if found else {}),
    }
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True)


def _text(run: Run, settings: RunSettings, about: Card) -> str:
    variant, status = VARIANTS[settings.variant], run.status
    is_ours = settings.data in DATASETS
    return _TEXT.format(
        title=in_markdown(one_line(run.name)),
        idea=variant.idea,
        data=in_markdown(one_line(about.title)),
        about=f"examples of {' × '.join(map(str, about.shape))} numbers",
        version=__version__,
        stopped=" Its training was stopped before its last epoch." if status.state == "stopped" else "",
        variant=variant.title,
        source=variant.source,
        layers=", ".join(map(str, settings.layer_sizes(about.shape))),
        parameters=f"{status.parameters:,}",
        seconds=status.seconds,
        device=f" on {in_markdown(one_line(status.device))}" if status.device else "",
        results=_results(run, about),
        settings=table("setting", "value", {name: shown_value(value) for name, value in settings.to_dict().items()}),
        source_of_data=f"{about.source} Licence of the data: {about.licence}."
        if is_ours
        else "The data were brought by the person who trained it, and are not part of this folder.",
    ).lstrip("\n")


def _results(run: Run, about: Card) -> str:
    test, base = run.status.test or {}, run.status.baselines or {}
    rows = {
        words.format(unit=_unit(about)): f"{test[name]:.6g} | {f'{base[pca]:.6g}' if pca in base else ''}"
        for name, (words, pca) in FIGURES.items()
        if name in test
    }
    size = f"PCA, {base['pca_size']:.0f} components" if "pca_size" in base else "PCA with a code of the same size"
    return table("figure", f"this network | {size}", rows, columns=3)


def table(first: str, rest: str, rows: dict[str, str], columns: int = 2) -> str:
    """Markdown of a table. rest: heads of the other columns, as the cells of a row, with | between them."""
    lines = [
        f"| {first} | {rest} |",
        "| --- " * columns + "|",
        *(f"| {key} | {value} |" for key, value in rows.items()),
    ]
    return "\n".join(lines)


def shown_value(value: object) -> str:
    """A value of a setting as a cell."""
    if isinstance(value, str) and not value.replace("-", "").isalnum():
        return in_markdown(one_line(value)) if value else "(empty)"
    return f"`{json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value}`"


def _unit(about: Card) -> str:
    return "pixel" if about.is_image else "number"
