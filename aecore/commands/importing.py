"""`python -m aecore import`: makes a run of a Hugging Face-style folder, or of a ZIP of one, again."""

from __future__ import annotations

import argparse
from pathlib import Path

from aecore.exchange.importing import import_run
from aecore.runs.store import RunStore


def main(arguments: list[str]) -> int:
    """Imports one folder and says what the new run is."""
    parser = argparse.ArgumentParser(
        "python -m aecore import",
        description=__doc__,
        epilog="`python -m aecore export RUN --to huggingface` writes one.",
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="the folder, or a ZIP of it")
    parser.add_argument("--name", default="", help="what to call the run; as in the folder unless told")
    options = parser.parse_args(arguments)
    found = import_run(RunStore(), options.folder, options.name)
    print(f"'{found.run.name}' is run {found.run.id} now; the app lists it.")
    for sentence in found.lacks:
        print(sentence)
    return 0
