"""Reads a Hugging Face-style folder, or a ZIP of one. Everything in it was written by others: nothing is unpickled, and
each file is refused with its name and what is wrong.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aecore.datasets import DataError, card
from aecore.exchange import ENDED, STATUS_FIELDS, ExchangeError
from aecore.exchange.huggingface import CONFIG, CURVES, FORMATS, WEIGHTS
from aecore.exchange.places import Read, parsed, without_weights
from aecore.experiment.settings import RunSettings
from aecore.experiment.size import check_size, size_of
from aecore.limits import Limits
from aecore.runs.snapshots import ProgressLog
from aecore.runs.status import Status, status_from
from aecore.settings import SettingsError

MOST_CONFIG, MOST_CURVES = 2**20, 2**26
"""Bytes of config.json and of progress.jsonl."""

HEADER_BYTES = 2**20
"""What names and shapes of tensors may take besides their numbers."""

PLAIN = re.compile(r"[\w .,+()/²-]{1,80}")
"""Names of loss terms, phases and devices: nothing in them that a page could take for more than letters."""


@dataclass(frozen=True)
class Found:
    """What a folder holds, checked. settings: as they were written. weights: safetensors. curves: JSON lines."""

    name: str
    settings: dict[str, Any]
    status: Status
    weights: bytes
    curves: bytes


def read_autoencoder(values: dict[str, Any], read: Read, names: list[str], limits: Limits) -> Found:
    """The run of an autoencoder. values: of config.json. ExchangeError, SettingsError or DataError, in a sentence, if
    it cannot be used.
    """
    settings = _settings(values)
    check_size(settings, limits)
    return Found(
        name_in(values) or settings.describe(card(settings.data).shape),
        values["settings"],
        read_status(values, PLAIN),
        _weights(read, names, settings),
        read_curves(read, PLAIN),
    )


def name_in(values: dict[str, Any]) -> str:
    """The name of the run in config.json; "" if there is none."""
    name = values.get("name")
    return name if isinstance(name, str) and name.strip() else ""


def read_config(read: Read, place: Path) -> dict[str, Any]:
    """What config.json says, of a model of a type in `FORMATS`, in a format that this version reads."""
    content = read(CONFIG, MOST_CONFIG)
    if content is None:
        raise ExchangeError(f"{place} holds no {CONFIG}, so it is no folder of a model.")
    values = parsed(CONFIG, content)
    kind = values.get("model_type") if isinstance(values, dict) else None
    if not isinstance(kind, str) or kind not in FORMATS:
        of = f"is of a model of the type '{str(kind)[:40]}'" if kind else "does not say what model it is of"
        raise ExchangeError(
            f"{CONFIG} {of}. Only folders that `aecore export RUN --to huggingface` has written can be imported; these "
            f"say {' or '.join(map(repr, FORMATS))}."
        )
    number = values.get("format")
    if type(number) is not int or not 1 <= number <= FORMATS[kind]:
        raise ExchangeError(
            f"{CONFIG} is of the format {str(number)[:20]}, and this version reads {FORMATS[kind]}. A newer version of "
            "Autoencoder Explorer may have written it."
        )
    return values


def _settings(values: dict[str, Any]) -> RunSettings:
    if not isinstance(values.get("settings"), dict):
        raise ExchangeError(f"{CONFIG} holds no settings.")
    data = values["settings"].get("data")
    try:
        shape = list(card(data).shape) if isinstance(data, str) else None
    except DataError as error:
        raise DataError(
            f"It has learned from '{data[:40]}', which is not here. {error} An upload has the same id on every "
            "machine: bring the same data first, then import again."
        ) from None
    try:
        settings = RunSettings.from_dict(values["settings"])
    except SettingsError as error:
        raise SettingsError(f"The settings in {CONFIG} cannot be used. {error}") from None
    if values.get("input_shape") != shape:
        raise ExchangeError(
            f"{CONFIG} says that its examples have the shape {str(values.get('input_shape'))[:40]}; those of "
            f"'{settings.data}' here have {shape}."
        )
    return settings


def read_status(values: dict[str, Any], plain: re.Pattern[str]) -> Status:
    """How the training went. plain: what names of figures look like."""
    facts = values.get("training")
    if not isinstance(facts, dict) or facts.get("state") not in ENDED:
        raise ExchangeError(f"{CONFIG} does not say that the training has ended.")
    try:
        found = status_from(
            {name: facts[name] for name in STATUS_FIELDS if name in facts}
            | {name: values.get(name) for name in ("test", "baselines")}
        )
    except (TypeError, ValueError) as error:
        raise ExchangeError(f"{CONFIG} has something else than expected as '{error}' of the training.") from None
    if found.device and not PLAIN.fullmatch(found.device):
        raise ExchangeError(f"{CONFIG} has no name of a device as 'device' of the training.")
    keys = [*(found.test or {}), *(found.baselines or {})]
    if bad := next((key for key in keys if not plain.fullmatch(key)), ""):
        raise ExchangeError(f"{CONFIG} has a figure with a name that cannot be shown: {bad[:40]!r}.")
    return found


def _weights(read: Read, names: list[str], settings: RunSettings) -> bytes:
    """The file of the weights, if it holds just what this network has."""
    content = read(WEIGHTS, size_of(settings).parameters * 8 + HEADER_BYTES)
    if content is None:
        raise without_weights(names)
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load

    from aecore.variants import VARIANTS

    try:
        found = load(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise ExchangeError(f"{WEIGHTS} is no file of safetensors, or a damaged one ({error}).") from None
    rng = torch.Generator().manual_seed(0)
    wanted = VARIANTS[settings.variant].build(settings.model, card(settings.data).shape, rng).state_dict()
    if extra := sorted(found.keys() - wanted.keys()):
        raise ExchangeError(f"{WEIGHTS} has the tensor {extra[0][:60]!r}, which a network of these settings has not.")
    for name, expected in wanted.items():
        if name not in found:
            raise ExchangeError(f"{WEIGHTS} lacks the tensor '{name}', which a network of these settings has.")
        given = found[name]
        if given.shape != expected.shape or given.dtype != expected.dtype:
            raise ExchangeError(
                f"In {WEIGHTS}, '{name}' is {_about(given)}; a network of these settings has {_about(expected)}."
            )
        if not torch.isfinite(given).all():
            raise ExchangeError(f"In {WEIGHTS}, '{name}' holds numbers that are not finite.")
    return content


def _about(tensor: Any) -> str:
    return f"{' × '.join(map(str, tensor.shape)) or 'one number'} of {str(tensor.dtype).removeprefix('torch.')}"


def read_curves(read: Read, plain: re.Pattern[str], needed: tuple[str, ...] = ()) -> bytes:
    """The records of the training; none where there is no file of them. plain: what names of curves look like.
    needed: numbers that each record has beside them.
    """
    content = read(CURVES, MOST_CURVES) or b""
    if content and not content.endswith(b"\n"):
        content += b"\n"
    with TemporaryDirectory() as folder:
        path = Path(folder) / CURVES
        path.write_bytes(content)
        log = ProgressLog(path)
        records = log.read()
    if log.broken:
        raise ExchangeError(f"{CURVES} has lines that are no records of a training: {log.broken:,} of them.")
    for record in records:
        labels = [*record["train"], *record["validation"], record.get("phase") or "none"]
        if bad := next((each for each in labels if not isinstance(each, str) or not plain.fullmatch(each)), ""):
            raise ExchangeError(f"{CURVES} has a curve with a name that cannot be shown: {str(bad)[:40]!r}.")
        if lacking := next((name for name in needed if type(record.get(name)) not in (int, float)), ""):
            raise ExchangeError(f"{CURVES} has a record without the number '{lacking}', at step {record['step']:,}.")
        given = (record.get(name, 0.0) or 0.0 for name in ("seconds", *needed))
        numbers = [*record["train"].values(), *record["validation"].values(), *given]
        if not all(math.isfinite(number) for number in numbers):
            raise ExchangeError(f"{CURVES} has a number that is not finite, at step {record['step']:,}.")
    return content
