"""A finished run as a Hugging Face-style folder: weights as safetensors, config.json, a model card, and its curves."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from aecore import __version__
from aecore.datasets import card
from aecore.exchange import ExchangeError, check_finished
from aecore.experiment.settings import RunSettings
from aecore.files import BrokenFileError, read_json, replacing
from aecore.runs.store import Run
from aecore.variants import VARIANTS

MODEL_TYPE = "aecore-autoencoder"
FORMAT = 1
"""Of config.json; a later version that changes it reads this one too."""

CONFIG, WEIGHTS, CARD, CURVES = "config.json", "model.safetensors", "README.md", "progress.jsonl"

FACTS = ("state", "created", "started", "finished", "seconds", "device", "is_fast", "parameters")
"""Fields of a run's status that go with it. Not among them: whose it is."""


def folder_files(run: Run) -> dict[str, bytes]:
    """Name -> content of the files. ExchangeError, SettingsError, DataError or RunError if that is impossible."""
    check_finished(run)
    if not run.is_autoencoder:
        raise ExchangeError(
            f"Run '{run.name}' trains no autoencoder of pictures or numbers but a model of the kind '{run.kind[:40]}', "
            "for which there is no such folder."
        )
    from safetensors.numpy import save

    from aecore.exchange.model_card import model_card

    curves = run.folder / CURVES
    return {
        CONFIG: (json.dumps(config(run), indent=2, ensure_ascii=False) + "\n").encode(),
        WEIGHTS: save(run.weights(), metadata={"format": "pt"}),
        CARD: model_card(run).encode(),
        **({CURVES: curves.read_bytes()} if curves.exists() else {}),
    }


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
        "training": {name: getattr(run.status, name) for name in FACTS},
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
        is_ours = known["model_type"] == MODEL_TYPE
        held = known["run"] if is_ours else ""
    except (OSError, BrokenFileError, KeyError, TypeError):
        is_ours, held = False, ""
    if held == run.id:
        return True
    what = f"run {str(held)[:12]}, another one" if is_ours else f"files that are no export of run '{run.name}'"
    raise ExchangeError(f"{folder} holds {what}. Name a folder that is empty or not there yet.")
