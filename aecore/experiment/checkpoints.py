"""Checkpoints: the weights, and the whole training state to resume from. safetensors only; no pickle is ever read."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from aecore.files import replacing
from aecore.paths import names_only
from aecore.runs.store import RunError
from aecore.training.loop import TrainingState
from aecore.variants.base import Autoencoder

WEIGHTS = "weights.safetensors"
RESUME = "resume.safetensors"


def save_checkpoint(folder: Path, state: TrainingState) -> None:
    """Writes the weights and the whole training state, from which training resumes with the same numbers."""
    weights = {name: value.detach().cpu().contiguous() for name, value in state.model.state_dict().items()}
    _write(folder / WEIGHTS, weights)
    extra = {f"optimizer.{index}.{name}": value for index, name, value in _moments(state.optimizer)}
    extra["rng"] = state.rng.get_state()
    extra["clock"] = torch.tensor([state.step, state.seconds, state.phase], dtype=torch.float64)
    _write(folder / RESUME, {f"model.{name}": value for name, value in weights.items()} | extra)


def load_checkpoint(folder: Path, state: TrainingState) -> bool:
    """Loads the last checkpoint into `state`; False if there is none. RunError if it does not fit or is broken."""
    path = folder / RESUME
    if not path.exists():
        return False
    try:
        tensors = load_file(path)
        weights = {name[6:]: value for name, value in tensors.items() if name.startswith("model.")}
        state.model.load_state_dict(weights)
        step, seconds, phase = tensors["clock"].tolist()
        state.enter(int(phase))
        _load_moments(state, tensors)
        state.rng.set_state(tensors["rng"])
    except (OSError, SafetensorError, RuntimeError, KeyError, ValueError, IndexError) as error:
        why = names_only(str(error))
        raise RunError(f"The checkpoint of run {folder.name} cannot be read ({why}); start the run again.") from None
    state.step, state.seconds = int(step), seconds
    return True


def load_weights(folder: Path, model: Autoencoder) -> None:
    """Loads the newest weights of a run into `model`. RunError if they are missing, broken or of another network."""
    try:
        model.load_state_dict(load_file(folder / WEIGHTS))
    except (OSError, SafetensorError, RuntimeError) as error:
        why = names_only(str(error))
        raise RunError(f"The weights of run {folder.name} cannot be read ({why}); train it again.") from None


def _moments(optimizer: torch.optim.Optimizer) -> list[tuple[int, str, Tensor]]:
    state = optimizer.state_dict()["state"]
    return [
        (index, name, value.detach().cpu().contiguous())
        for index, values in state.items()
        for name, value in values.items()
        if isinstance(value, Tensor)
    ]


def _load_moments(state: TrainingState, tensors: dict[str, Tensor]) -> None:
    moments: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimizer."):
            _, index, name = key.split(".", 2)
            moments.setdefault(int(index), {})[name] = value
    groups = state.optimizer.state_dict()["param_groups"]
    state.optimizer.load_state_dict({"state": moments, "param_groups": groups})


def _write(path: Path, tensors: dict[str, Tensor]) -> None:
    with replacing(path) as temporary:
        try:
            save_file(tensors, temporary)
        except SafetensorError as error:
            if "os error 28" in str(error):  # safetensors tells ENOSPC in words only
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from None
            raise
