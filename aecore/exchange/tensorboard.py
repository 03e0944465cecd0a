"""A finished run as TensorBoard files: curves, pictures, settings and final figures, and its weights beside them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from aecore.exchange import NO_TENSORBOARD_WRITER, ExchangeError, MissingLibraryError
from aecore.exchange.account import PICTURES, Account, png
from aecore.exchange.artifacts import MODEL, artifacts
from aecore.export import export_name
from aecore.files import replacing
from aecore.foreign import in_markdown, one_line
from aecore.runs.store import Run

EVENTS = "events.out.tfevents"
"""How TensorBoard knows its files."""


def run_folder(run: Run) -> str:
    """What the run's folder, and so TensorBoard, calls the run."""
    return f"{export_name(run)}-{run.id}"


def event_file(run: Run) -> str:
    """The name of its file, always the same: a run that is written again replaces what was there."""
    return f"{EVENTS}.{max(1, int(run.status.finished))}.{run.id}"


def write_tensorboard(run: Run, folder: Path) -> tuple[list[Path], bool]:
    """Writes a folder for the run into `folder`, which `tensorboard --logdir` reads; the files, and whether the run was
    there already, now replaced: it is never there twice.

    ExchangeError, in a sentence, if it cannot be written.
    """
    files = tensorboard_files(run)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        earlier = [each for each in folder.glob(f"*/{EVENTS}.*.{run.id}") if each.is_file()]
        target = folder / run_folder(run)
        for name, content in files.items():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            with replacing(target / name) as temporary:
                temporary.write_bytes(content)
        for each in earlier:
            if each != target / event_file(run):
                _forget(each, files if each.parent != target else {})
    except OSError as error:
        raise ExchangeError(f"{folder} cannot be written ({error.strerror or error}). Choose another place.") from None
    return [target / name for name in files], bool(earlier)


def _forget(earlier: Path, files: dict[str, bytes]) -> None:
    """Removes what was written of a run under its earlier name, and leaves all else."""
    earlier.unlink()
    for name in files:
        (earlier.parent / name).unlink(missing_ok=True)
    for folder in (earlier.parent / MODEL, earlier.parent):
        with suppress(OSError):  # something else lies there
            folder.rmdir()


def tensorboard_zip(run: Run) -> bytes:
    """The same as a ZIP. ExchangeError, in a sentence, if that is impossible."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in tensorboard_files(run).items():
            bundle.writestr(f"{run_folder(run)}/{name}", content)
    return file.getvalue()


def tensorboard_files(run: Run) -> dict[str, bytes]:
    """Name -> content of the files of the run's folder. ExchangeError if it is not finished, or cannot be read."""
    account = Account(run)
    return {event_file(run): _framed(account), **artifacts(run)}


def _framed(account: Account) -> bytes:
    """The events one after another, each in the frame of a TFRecord."""
    try:
        from tensorboardX.record_writer import RecordWriter
    except ImportError:
        raise MissingLibraryError(NO_TENSORBOARD_WRITER) from None
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / EVENTS
        writer = RecordWriter(str(path))
        first, *others = _events(account)
        for event in (first, *sorted(others, key=lambda event: (event.step, event.wall_time))):
            writer.write(event.SerializeToString())
        writer.close()
        return path.read_bytes()


def _events(account: Account) -> Iterator[Any]:
    """Protocol buffers, the version of the file first."""
    from tensorboardX import summary
    from tensorboardX.proto.event_pb2 import Event
    from tensorboardX.proto.summary_pb2 import Summary

    yield Event(wall_time=account.run.status.created, step=0, file_version="brain.Event:2")
    for (step, time), points in groupby(account.points(), key=lambda point: (point.step, point.time)):
        values = [Summary.Value(tag=point.name, simple_value=point.value) for point in points]
        yield Event(wall_time=time, step=step, summary=Summary(value=values))
    for picture in account.pictures():
        height, width, *channels = picture.pixels.shape
        image = Summary.Image(
            height=height, width=width, colorspace=channels[0] if channels else 1,
            encoded_image_string=png(picture.pixels),
        )  # fmt: skip
        summed = Summary(value=[Summary.Value(tag=PICTURES, image=image)])
        yield Event(wall_time=picture.time, step=picture.step, summary=summed)
    for tag, text in {"run": _about(account), "settings": _table(account.params())}.items():
        yield Event(wall_time=account.ended, step=account.last_step, summary=summary.text(tag, text))
    _, begin, end = summary.hparams(account.params(), {})  # the first would say that all runs have these settings alone
    for each in (begin, end):
        yield Event(wall_time=account.ended, step=0, summary=each)


def _about(account: Account) -> str:
    tags = {name: value for name, value in account.tags().items() if value}
    return f"**{in_markdown(one_line(account.run.name))}**\n\n{account.words()}\n\n{_table(tags)}"


def _table(rows: dict[str, Any]) -> str:
    lines = (f"| {in_markdown(name)} | {in_markdown(one_line(str(value)))} |" for name, value in rows.items())
    return "\n".join(["| name | value |", "| --- | --- |", *lines])
