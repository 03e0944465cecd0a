"""Stored uploads: entries of a content store, the examples as an .npz beside the card."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from aecore.datasets.base import DataError, Dataset, Examples, split
from aecore.datasets.downloads import disk_trouble
from aecore.datasets.uploads.base import Uploaded, shown
from aecore.stores.content import ContentStore, Entry, NotKeptError
from aecore.stores.fingerprint import fingerprint
from aecore.stores.owners import HOST

_BROKEN = "was changed or damaged after it was saved. Delete it and upload the files again."


def upload_store(home: Path) -> ContentStore:
    """The store of uploads: list, rename, delete and restore."""
    return ContentStore(home, "uploads", "upload-[0-9a-f]{10}")


@dataclass(frozen=True)
class UploadCard:
    """Description of a stored upload, available without reading it. error: why it cannot be used, "" if it can.

    created: ISO 8601 in UTC. shape: of one example. columns and ranges: of tables, scale: of pictures, see `Uploaded`.
    """

    id: str
    title: str = ""
    kind: str = ""
    notes: tuple[str, ...] = ()
    created: str = ""
    classes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    ranges: tuple[tuple[float, float], ...] = ()
    count: int = 0
    shape: tuple[int, ...] = ()
    error: str = ""
    scale: tuple[float, float] | None = None


def save_upload(uploaded: Uploaded, title: str, home: Path, owner: str = HOST) -> str:
    """Stores the examples as this owner's and returns their id; the same content has the same id, and then takes the
    new title, unless others have it too.

    DataError if there are fewer than 3 examples, or the home cannot be written.
    """
    split("The upload", uploaded.examples.take(slice(0, 3)))  # refuses too few now, not when someone wants to train
    x = uploaded.examples.x
    created = datetime.now(UTC).isoformat(timespec="seconds")
    card = UploadCard(
        _content_id(uploaded), shown(title, 80) or "Upload", uploaded.kind, uploaded.notes, created,
        uploaded.classes, uploaded.columns, uploaded.ranges, len(x), x.shape[1:], scale=uploaded.scale,
    )  # fmt: skip
    uploads, arrays = (
        upload_store(home),
        {"x": x} | ({} if uploaded.examples.labels is None else {"labels": uploaded.examples.labels}),
    )
    try:
        uploads.put(card.id, asdict(card), {"examples.npz": arrays}, owner)
    except OSError as error:
        raise disk_trouble(error, uploads.folder, x.nbytes, "AECORE_HOME") from error
    return card.id


def list_uploads(home: Path, ids: Collection[str] | None = None) -> list[UploadCard]:
    """A card of every kept upload, or of those of these ids, the newest first; at the end those that cannot be used,
    with their `error`.
    """
    cards = [_card_or_error(each) for each in upload_store(home).entries(ids)]
    return sorted(cards, key=lambda card: card.error != "")


def find_upload(id: str, home: Path) -> UploadCard:
    """The card of one upload. DataError if there is none of that id, or it cannot be used."""
    card = _card_or_error(_entry(id, home))
    if card.error:
        raise DataError(card.error)
    return card


def load_upload(id: str, home: Path) -> Dataset:
    """The examples, split as every data set is. DataError if there is no such upload or its files were changed."""
    entry = _entry(id, home)
    card = _read_card(entry)
    examples = _read_examples(entry.folder, card)
    if _content_id(Uploaded(examples, card.kind, card.classes, (), card.columns, card.ranges)) != id:
        raise DataError(f"The upload '{card.title}' {_BROKEN}")
    return split(id, examples, classes=card.classes)


def _content_id(uploaded: Uploaded) -> str:
    """The id from what training sees; titles and notes may change."""
    examples = uploaded.examples
    about = [
        uploaded.kind,
        uploaded.classes,
        uploaded.columns,
        uploaded.ranges,
        examples.x.shape,
        examples.labels is not None,
    ]
    arrays = [array for array in (examples.x, examples.labels) if array is not None]
    return f"upload-{fingerprint(about, *arrays, digits=10)}"


def _entry(id: str, home: Path) -> Entry:
    try:
        return upload_store(home).get(id)
    except NotKeptError:
        raise DataError(
            f"There is no upload '{shown(id)}' here. Choose one from the list, or upload the files again."
        ) from None


def _card_or_error(entry: Entry) -> UploadCard:
    try:
        if not (entry.folder / "examples.npz").is_file():
            raise DataError(f"The upload '{entry.id}' {_BROKEN}")
        return _read_card(entry)
    except DataError as error:
        return UploadCard(entry.id, entry.id, error=str(error))


def _read_card(entry: Entry) -> UploadCard:
    try:
        values = entry.card or {}
        title, kind, created = (_checked(values[key], str) for key in ("title", "kind", "created"))
        notes, classes, columns = (
            tuple(_checked(each, str) for each in _checked(values[key], list))
            for key in ("notes", "classes", "columns")
        )
        ranges = tuple((_checked(low, float), _checked(high, float)) for low, high in values["ranges"])
        shape = tuple(_checked(each, int) for each in values["shape"])
        count = _checked(values["count"], int)
        low_high = tuple(_checked(each, float) for each in values.get("scale") or ())
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"The upload '{entry.id}' {_BROKEN}") from error
    scale = (low_high[0], low_high[1]) if len(low_high) == 2 else None
    return UploadCard(
        entry.id, shown(title, 80), kind, notes, created, classes, columns, ranges, count, shape, scale=scale
    )


def _checked(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _read_examples(folder: Path, card: UploadCard) -> Examples:
    from aecore.datasets.uploads.arrays import read_npz

    try:
        arrays = read_npz(card.title, (folder / "examples.npz").read_bytes())
        x, labels = arrays["x"], arrays.get("labels")
        is_sound = x.dtype == np.float32 and x.shape == (card.count, *card.shape) and x.ndim in (2, 4) and x.size > 0
        if not is_sound or not (x.min() >= 0 and x.max() <= 1):
            raise DataError("its numbers are not those of a data set")
        if labels is not None and (labels.dtype != np.int64 or labels.min() < 0 or labels.max() >= len(card.classes)):
            raise DataError("its labels are not those of its classes")
        return Examples(x, labels)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise DataError(f"The upload '{card.title}' {_BROKEN}") from error
