"""`python -m aecore export RUN --to …`: gives a finished run to another program."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from aecore.exchange import ExchangeError
from aecore.export import export_name
from aecore.runs.store import Run

TARGETS = ("huggingface", "tensorboard")

TENSORBOARD = Path("tensorboard")
"""Where TensorBoard files go unless told."""


def export_to(run: Run, options: argparse.Namespace) -> int:
    """Exports a run as `--to` says. ExchangeError, in a sentence, if that is impossible."""
    if options.notebook:
        raise ExchangeError("--notebook asks for code; leave it out, or --to.")
    return {"huggingface": _huggingface, "tensorboard": _tensorboard}[options.to](run, options.out)


def _huggingface(run: Run, out: Path | None) -> int:
    from aecore.exchange.huggingface import folder_files, folder_zip, write_folder

    out = out or Path(export_name(run))
    if out.suffix == ".zip":
        from aecore.commands.export import write

        write(out, folder_zip(run, export_name(run)))
        print(out)
        return 0
    was_there = write_folder(run, out)
    for name in folder_files(run):
        print(out / name)
    if was_there:
        print(f"{out} held this run already; it is replaced.")
    return 0


def _tensorboard(run: Run, out: Path | None) -> int:
    from aecore.exchange.tensorboard import write_tensorboard

    folder = out or TENSORBOARD
    files, was_there = write_tensorboard(run, folder)
    for path in files:
        print(path)
    if was_there:
        print(f"{folder} held this run already; it is replaced.")
    print(f"`tensorboard --logdir {folder}` shows it.", file=sys.stderr)
    return 0
