"""A finished run as a Hugging Face-style folder: weights as safetensors, config.json, a model card, and its curves; of
a recommender also its films and what is known of them.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from aecore import __version__
from aecore.datasets import card
from aecore.exchange import STATUS_FIELDS, ExchangeError, check_finished, check_kind
from aecore.experiment.settings import RunSettings
from aecore.files import BrokenFileError, read_json, replacing
from aecore.runs.run import RECOMMENDER
from aecore.runs.store import Run
from aecore.variants import VARIANTS

MODEL_TYPE, RECOMMENDER_TYPE = "aecore-autoencoder", "aecore-recommender"
FORMAT = 1
FORMATS = {MODEL_TYPE: FORMAT, RECOMMENDER_TYPE: FORMAT}
"""The format of config.json, for each type of model; a later version that changes it reads this one too."""

CONFIG, WEIGHTS, CARD, CURVES = "config.json", "model.safetensors", "README.md", "progress.jsonl"


def folder_files(run: Run) -> dict[str, bytes]:
    """Name -> content of the files. ExchangeError, SettingsError, DataError or RunError if that is impossible."""
    check_finished(run)
    check_kind(run)
    curves = run.folder / CURVES
    values, parts, words = _recommender(run) if run.kind == RECOMMENDER else _autoencoder(run)
    return {
        CONFIG: (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode(),
        **parts,
        CARD: words.encode(),
        **({CURVES: curves.read_bytes()} if curves.exists() else {}),
    }


Parts = tuple[dict[str, Any], dict[str, bytes], str]
"""What config.json says, the files of the model, and its card."""


def _autoencoder(run: Run) -> Parts:
    from safetensors.numpy import save

    from aecore.exchange.model_card import model_card

    return config(run), {WEIGHTS: save(run.weights(), metadata={"format": "pt"})}, model_card(run)


def _recommender(run: Run) -> Parts:
    from aecore.exchange import recommender_folder
    from aecore.exchange.recommender_card import recommender_card

    values = {"model_type": RECOMMENDER_TYPE, "format": FORMATS[RECOMMENDER_TYPE], **recommender_folder.config(run)}
    return values, recommender_folder.parts_of(run), recommender_card(run)


def config(run: Run) -> dict[str, Any]:
    """What config.json says. SettingsError or DataError if the settings cannot be understood, or the data are gone."""
    settings = RunSettings.from_dict(run.settings)
    return {
        "model_type": MODEL_TYPE,
        "architectures": [VARIANTS[settings.variant].model.partition(":")[2]],
        "format": FORMAT,
        "aecore_version": __version__,
        "run": run.id,
        "name": run.name,
        "input_shape": list(card(settings.data).shape),
        "settings": run.settings,
        "training": {name: getattr(run.status, name) for name in STATUS_FIELDS},
        "test": run.status.test,
        "baselines": run.status.baselines,
    }


def write_folder(run: Run, folder: Path) -> bool:
    """Writes the files into a folder, which is made if need be; whether it held the same run before, now replaced.

    ExchangeError if it holds anything else, or cannot be written; further as `folder_files`.
    """
    files, was_there = folder_files(run), _held(folder, run)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            with replacing(folder / name) as temporary:
                temporary.write_bytes(content)
    except OSError as error:
        raise ExchangeError(f"{folder} cannot be written ({error.strerror or error}). Choose another place.") from None
    return was_there


def folder_zip(run: Run, name: str) -> bytes:
    """The folder, under this name, as a ZIP. Errors as `folder_files`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for each, content in folder_files(run).items():
            bundle.writestr(f"{name}/{each}", content)
    return file.getvalue()


def _held(folder: Path, run: Run) -> bool:
    """Whether the folder holds this run. ExchangeError if it holds something else, which is never written over."""
    if not folder.exists():
        return False
    if not folder.is_dir():
        raise ExchangeError(f"{folder} is a file; name a folder.")
    if not any(folder.iterdir()):
        return False
    try:
        known = read_json(folder / CONFIG)
        is_ours = known["model_type"] in FORMATS
        held = known["run"] if is_ours else ""
    except (OSError, BrokenFileError, KeyError, TypeError):
        is_ours, held = False, ""
    if held == run.id:
        return True
    what = f"run {str(held)[:12]}, another one" if is_ours else f"files that are no export of run '{run.name}'"
    raise ExchangeError(f"{folder} holds {what}. Name a folder that is empty or not there yet.")
