"""`python -m aecore data`: lists the data sets, downloads them and checks what was downloaded."""

from __future__ import annotations

import argparse
import sys

from aecore.datasets import DATASETS, is_ready, names
from aecore.datasets.downloads import fetch, verify
from aecore.datasets.idx import files
from aecore.folders import data_folder


def main(arguments: list[str]) -> int:
    """Does one thing with the data folder; without a verb it lists the data sets."""
    remote = [name for name, card in DATASETS.items() if card.remote]
    parser = argparse.ArgumentParser("python -m aecore data", description=__doc__)
    verbs = parser.add_subparsers(dest="verb")
    verbs.add_parser("list", help="all data sets and whether they are here")
    verbs.add_parser("fetch", help="download one").add_argument("name", choices=remote)
    verbs.add_parser("verify", help="check the files of one by their digests").add_argument("name", choices=remote)
    options = parser.parse_args(arguments)
    if options.verb == "fetch":
        return _fetch(options.name)
    if options.verb == "verify":
        for file in files(options.name):
            verify(file, data_folder())
            print(f"{file.path}: as it should be")
        return 0
    for name in names():
        state = "ready" if is_ready(name) else f"not downloaded; `python -m aecore data fetch {name}`"
        print(f"{name:<20} {state}")
    return 0


def _fetch(name: str) -> int:
    for file in files(name):
        for step in fetch(file, data_folder()):
            total = f" of {step.total / 1e6:.1f}" if step.total else ""
            print(f"\r{file.path}: {step.received / 1e6:.1f}{total} MB", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    print(f"{name} is ready in {data_folder()}.")
    return 0
