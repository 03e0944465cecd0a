"""CodeSet: the codes of examples of a model's data, computed once and cached; maps are made of them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from aecore.datasets import DataError, Dataset, Examples, load
from aecore.datasets.selection import without_class
from aecore.pretrained.trained_models import TrainedModel, encode
from aecore.runs.store import RunStore
from aecore.stores.results import Kind, ResultCache, Slot

MOST = 10_000
FEW = 1000
"""A test set smaller than this is shown together with the other parts by default."""

PARTS = {"test": "Test examples", "train": "Training examples", "all": "All examples"}
CODES, MAP, ATLAS = Kind("codes"), Kind("map"), Kind("atlas")
"""Kinds of cached results; an atlas has the key of its codes."""

AT_ONCE = 1000


class CodeError(ValueError):
    """Codes that cannot be used; the message says why, and what to do."""


@dataclass(frozen=True)
class CodeSet:
    """Codes of N examples. key: 20 hexadecimal digits that identify the set; home: where its maps are kept.

    rows: (N,) indices into the concatenated training, validation and test part; codes: (N, Z)
    float32; labels: (N,) indices into `classes`; factors: name -> (N,); errors: (N,) mean squared error
    per input of the reconstructions.
    """

    key: str
    home: Path
    data: str
    part: str
    rows: np.ndarray
    codes: np.ndarray
    labels: np.ndarray | None
    errors: np.ndarray
    classes: tuple[str, ...] = ()
    factors: dict[str, np.ndarray] = field(default_factory=dict)
    factor_values: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.codes)


def code_set(
    store: RunStore, trained_model: TrainedModel, part: str = "", most: int = MOST, *, data: Dataset | None = None
) -> CodeSet:
    """The codes of at most `most` examples, evenly drawn from a part of PARTS;
    "" takes the test set, or everything if that is small.

    They are read from the cache, or computed. `data`: the model's data set, if already loaded. A class left out of
    training is included. DataError, RunError or CodeError, in a sentence, if there are none.
    """
    data = data or load(trained_model.data)
    part = part or ("all" if len(data.test) < FEW else "test")
    if part not in PARTS:
        raise CodeError(f"There is no part '{part[:20]}' of a data set; choose one of {', '.join(PARTS)}.")
    home, rows = store.folder.parent, _rows(data, part, most)
    slot = codes_slot(store, trained_model, data.name, part, most)
    kept = slot.read_as(lambda found: (found.arrays["codes"], found.arrays["errors"]))
    if kept is None:
        kept = _look(trained_model, _take(data, rows).x)
        slot.write({"source": trained_model.id, "data": data.name, "part": part}, codes=kept[0], errors=kept[1])
    codes, errors = kept
    chosen = _take(data, rows)
    return CodeSet(
        slot.key,
        home,
        data.name,
        part,
        rows,
        codes,
        chosen.labels,
        errors,
        data.classes,
        chosen.factors,
        data.factor_values,
    )


def codes_slot(store: RunStore, trained_model: TrainedModel, data: str, part: str, most: int) -> Slot:
    """Where the codes of a part of PARTS are kept; its key is that of the code set."""
    inputs = [trained_model.id, trained_model.fingerprint]
    return ResultCache(store.folder.parent).slot(CODES, [data, part, most], inputs)


def examples(data: Dataset, found: CodeSet) -> np.ndarray:
    """The examples themselves, (N, *shape) float32."""
    return _take(data, found.rows).x


def training_codes(trained_model: TrainedModel, most: int = MOST, *, data: Dataset | None = None) -> np.ndarray:
    """Codes (N, Z) of at most `most` training examples of the network, evenly drawn."""
    data = without_class(data or load(trained_model.data), str(trained_model.settings.get("leave_out", "")))
    x = data.train.x
    return encode(trained_model.network(), x if len(x) <= most else x[_evenly(len(x), most)])


def refuse_unusable(codes: np.ndarray) -> None:
    """CodeError if a code is not finite, or if all codes are the same."""
    if not len(codes):
        raise CodeError("There are no codes to map.")
    broken = ~np.isfinite(codes).all(1)
    if broken.any():
        raise CodeError(
            f"{int(broken.sum()):,} of {len(codes):,} codes hold numbers that are infinite or none at all. The "
            "training of this network has gone wrong; train it again with a smaller learning rate."
        )
    if float(np.ptp(codes, axis=0).max()) == 0.0:
        raise CodeError(
            "All codes are the same: this network makes no difference between the examples, so there is nothing to "
            "map. Choose another network, or train this one longer or with a weaker penalty."
        )


def _rows(data: Dataset, part: str, most: int) -> np.ndarray:
    sizes = (len(data.train), len(data.validation), len(data.test))
    begin, end = {"test": (sizes[0] + sizes[1], sum(sizes)), "train": (0, sizes[0]), "all": (0, sum(sizes))}[part]
    if begin == end:
        raise DataError("This part of the data has no examples; choose another one.")
    return np.arange(begin, end) if end - begin <= most else begin + _evenly(end - begin, most)


def _evenly(count: int, most: int) -> np.ndarray:
    return np.linspace(0, count - 1, most).round().astype(np.int64)


def _take(data: Dataset, rows: np.ndarray) -> Examples:
    """The given rows of the concatenated parts. The parts are not joined, and a part that is wanted whole is
    not copied.
    """
    sizes = np.cumsum([0, len(data.train), len(data.validation), len(data.test)])
    wanted = [rows[(rows >= low) & (rows < high)] - low for low, high in itertools.pairwise(sizes)]
    pieces = [
        part if np.array_equal(mine, np.arange(len(part))) else part.take(mine)
        for part, mine in zip(_parts(data), wanted, strict=True)
    ]
    pieces = [piece for piece in pieces if len(piece)]
    if len(pieces) == 1:
        return pieces[0]
    labels = None if pieces[0].labels is None else np.concatenate([piece.labels for piece in pieces])
    factors = {name: np.concatenate([piece.factors[name] for piece in pieces]) for name in pieces[0].factors}
    return Examples(np.concatenate([piece.x for piece in pieces]), labels, factors)


def _parts(data: Dataset) -> tuple[Examples, Examples, Examples]:
    return data.train, data.validation, data.test


def _look(trained_model: TrainedModel, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Codes (N, Z) and errors (N,) of the reconstructions."""
    import torch

    network = trained_model.network()
    codes, errors = [], []
    with torch.inference_mode():
        for part in torch.from_numpy(x).split(AT_ONCE):
            z = network.encode(part)
            codes.append(z.float())
            errors.append((network.decode(z).float() - part).square().flatten(1).mean(1))
    return torch.cat(codes).numpy(), torch.cat(errors).numpy()
