"""The settings of a run as constants at the top of its export, each with its meaning."""

from __future__ import annotations

import math
import re
from typing import Any

from aecore.export.cells import Cell
from aecore.export.subject import Subject
from aecore.settings import Knob

LONGEST = 112
"""Columns up to which a comment stands behind its constant; longer ones stand above."""


def constants_cell(subject: Subject, of_model: tuple[str, ...]) -> Cell:
    """The cell of settings; `of_model` names the model's knobs that are numbers to play with."""
    settings = subject.settings
    knobs = [each for each in subject.model.knobs() if each.name in of_model]
    lines = [_line(each.name, getattr(subject.model, each.name), _meaning(each)) for each in knobs]
    if getattr(subject.model, "expansion", None):
        size, inputs = subject.model.code_size(subject.shape), math.prod(subject.shape)
        lines.append(
            _line("latent_size", size, f"Numbers in the code: {subject.model.expansion:g} times the {inputs:,} inputs")
        )
    if subject.is_corrupted:
        lines.append(_line("noise_level", settings.corruption.noise_level, "How strong the corruption is"))
    lines += [
        _line(each.name, getattr(settings.training, each.name), _meaning(each)) for each in _training_knobs(subject)
    ]
    if subject.is_stopped:
        reached = (
            f"The run was stopped after this many steps, in epoch {math.ceil(subject.epochs_done)} of "
            f"{subject.epochs_planned}"
        )
        lines.append(_line("last_step", subject.last_step, reached))
    lines.append(f"DEVICE = {_device(subject)}")
    return Cell("Settings", "What this run was asked for, in numbers. Change one and run it again.", "\n".join(lines))


def _training_knobs(subject: Subject) -> list[Knob]:
    wanted = (
        "epochs",
        "batch_size",
        "learning_rate",
        *(("weight_decay",) if subject.settings.training.weight_decay else ()),
        "seed",
    )
    return [each for each in subject.settings.training.knobs() if each.name in wanted]


def _device(subject: Subject) -> str:
    if subject.device == "cpu":
        return '"cpu"  # As in the run; "cuda" is a GPU: faster for large networks, with other random numbers'
    if subject.device == "mps":
        return (
            '"mps" if torch.backends.mps.is_available() else "cpu"  # Trained on an Apple GPU; a CPU draws other noise'
        )
    return '"cuda" if torch.cuda.is_available() else "cpu"  # A CPU draws other noise than a GPU'


def _line(name: str, value: Any, meaning: str) -> str:
    assignment = f"{name.upper()} = {value!r}"
    line = f"{assignment}  # {meaning}"
    return line if len(line) <= LONGEST else f"# {meaning}\n{assignment}"


def _meaning(knob: Knob) -> str:
    """The first sentence of its help."""
    return re.split(r"(?<=[^.]{3})[.:;](?=\s|$)", knob.help)[0].rstrip(".")
