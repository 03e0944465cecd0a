"""Reads a Hugging Face-style folder, or a ZIP of one. Everything in it was written by others: nothing is unpickled, and
each file is refused with its name and what is wrong.
"""

from __future__ import annotations

import json
import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from aecore.datasets import DataError, card
from aecore.exchange import ENDED, ExchangeError
from aecore.exchange.huggingface import CONFIG, CURVES, FACTS, FORMAT, MODEL_TYPE, WEIGHTS
from aecore.experiment.settings import RunSettings
from aecore.experiment.size import check_size, size_of
from aecore.files import ZIP_ERRORS
from aecore.limits import Limits, in_gb
from aecore.runs.snapshots import ProgressLog
from aecore.runs.status import Status, status_from
from aecore.settings import SettingsError

MOST_CONFIG, MOST_CURVES = 2**20, 2**26
"""Bytes of config.json and of progress.jsonl."""

HEADER_BYTES = 2**20
"""What names and shapes of tensors may take besides their numbers."""

PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib")
PLAIN = re.compile(r"[\w .,+()/²-]{1,80}")
"""Names of loss terms, phases and devices: nothing in them that a page could take for more than letters."""

Read = Callable[[str, int], bytes | None]
"""(name, most bytes) -> the content of that file; None if it is not there."""


@dataclass(frozen=True)
class Found:
    """What a folder holds, checked. settings: as they were written. weights: safetensors. curves: JSON lines."""

    name: str
    settings: dict[str, Any]
    status: Status
    weights: bytes
    curves: bytes


def read_folder(place: Path, limits: Limits) -> Found:
    """The run in a folder or a ZIP. ExchangeError, SettingsError or DataError, in a sentence, if it cannot be used."""
    read, names = _reader(place)
    values = _config(read, names, place)
    settings = _settings(values)
    check_size(settings, limits)
    status = _status(values)
    name = values.get("name")
    return Found(
        name if isinstance(name, str) and name.strip() else settings.describe(card(settings.data).shape),
        values["settings"],
        status,
        _weights(read, names, settings),
        _curves(read),
    )


def _reader(place: Path) -> tuple[Read, list[str]]:
    """A reader of the files of a folder or ZIP, and their names."""
    try:
        if place.is_dir():
            return lambda name, most: _of_folder(place / name, most), sorted(each.name for each in place.iterdir())
        if not place.exists():
            raise ExchangeError(f"There is no folder {place}.")
        if not zipfile.is_zipfile(place):
            raise ExchangeError(f"{place} is neither a folder nor a ZIP of one.")
        with zipfile.ZipFile(place) as bundle:
            members = [each for each in bundle.namelist() if len(PurePosixPath(each).parts) <= 2]
        inner = next((each for each in sorted(members, key=len) if PurePosixPath(each).name == CONFIG), CONFIG)
        folder = PurePosixPath(inner).parent
        names = [PurePosixPath(each).name for each in members if PurePosixPath(each).parent == folder]
        return lambda name, most: _of_zip(place, str(folder / name), most), names
    except ZIP_ERRORS as error:
        if isinstance(error, ExchangeError):
            raise
        raise ExchangeError(f"{place} cannot be read ({error}).") from None


def _of_folder(path: Path, most: int) -> bytes | None:
    try:
        if not path.is_file():
            return None
        _check_bytes(path.name, path.stat().st_size, most)
        return path.read_bytes()
    except OSError as error:
        raise ExchangeError(f"{path.name} cannot be read ({error.strerror or error}).") from None


def _of_zip(place: Path, member: str, most: int) -> bytes | None:
    name = PurePosixPath(member).name
    try:
        with zipfile.ZipFile(place) as bundle:
            if member not in bundle.namelist():
                return None
            with bundle.open(member) as file:
                content = file.read(most + 1)
    except ZIP_ERRORS as error:
        raise ExchangeError(f"{name} in {place.name} cannot be read ({error}).") from None
    _check_bytes(name, len(content), most)
    return content


def _check_bytes(name: str, size: int, most: int) -> None:
    if size > most:
        raise ExchangeError(f"{name} has more than the {in_gb(most)} that it can have for these settings.")


def _config(read: Read, names: list[str], place: Path) -> dict[str, Any]:
    content = read(CONFIG, MOST_CONFIG)
    if content is None:
        raise ExchangeError(f"{place} holds no {CONFIG}, so it is no folder of a model.")
    try:
        values = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ExchangeError(f"{CONFIG} is no JSON ({error}).") from None
    kind = values.get("model_type") if isinstance(values, dict) else None
    if kind != MODEL_TYPE:
        of = f"is of a model of the type '{str(kind)[:40]}'" if kind else "does not say what model it is of"
        raise ExchangeError(
            f"{CONFIG} {of}. Only folders that `aecore export RUN --to huggingface` has written can be imported; these "
            f"say '{MODEL_TYPE}'."
        )
    number = values.get("format")
    if type(number) is not int or not 1 <= number <= FORMAT:
        raise ExchangeError(
            f"{CONFIG} is of the format {str(number)[:20]}, and this version reads {FORMAT}. A newer version of "
            "Autoencoder Explorer may have written it."
        )
    return values


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


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


def _status(values: dict[str, Any]) -> Status:
    facts = values.get("training")
    if not isinstance(facts, dict) or facts.get("state") not in ENDED:
        raise ExchangeError(f"{CONFIG} does not say that the training has ended.")
    try:
        found = status_from(
            {name: facts[name] for name in FACTS if name in facts}
            | {name: values.get(name) for name in ("test", "baselines")}
        )
    except (TypeError, ValueError) as error:
        raise ExchangeError(f"{CONFIG} has something else than expected as '{error}' of the training.") from None
    if found.device and not PLAIN.fullmatch(found.device):
        raise ExchangeError(f"{CONFIG} has no name of a device as 'device' of the training.")
    keys = [*(found.test or {}), *(found.baselines or {})]
    if bad := next((key for key in keys if not PLAIN.fullmatch(key)), ""):
        raise ExchangeError(f"{CONFIG} has a figure with a name that cannot be shown: {bad[:40]!r}.")
    return found


def _weights(read: Read, names: list[str], settings: RunSettings) -> bytes:
    """The file of the weights, if it holds just what this network has."""
    content = read(WEIGHTS, size_of(settings).parameters * 8 + HEADER_BYTES)
    if content is None:
        pickles = [name for name in names if name.endswith(PICKLES)]
        instead = (
            f" {pickles[0][:60]!r} is a pickle, which could run anything when it is opened; this app never opens one. "
            "Save the weights as safetensors."
            if pickles
            else ""
        )
        raise ExchangeError(f"There is no {WEIGHTS}.{instead}")
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


def _curves(read: Read) -> bytes:
    """The records of the training; none where there is no file of them."""
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
        if bad := next((each for each in labels if not isinstance(each, str) or not PLAIN.fullmatch(each)), ""):
            raise ExchangeError(f"{CURVES} has a curve with a name that cannot be shown: {str(bad)[:40]!r}.")
        numbers = [*record["train"].values(), *record["validation"].values(), record.get("seconds", 0.0)]
        if not all(math.isfinite(number) for number in numbers):
            raise ExchangeError(f"{CURVES} has a number that is not finite, at step {record['step']:,}.")
    return content
