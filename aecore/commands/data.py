"""`python -m aecore data`: lists the data sets, downloads them and checks what was downloaded."""

from __future__ import annotations

import argparse
import sys

from aecore.datasets import DATASETS, is_ready, names
from aecore.datasets.downloads import RemoteFile, fetch, verify
from aecore.datasets.idx import files
from aecore.paths import data_folder, home_folder
from aecore.recommender.ratings.movielens import EDITIONS, check
from aecore.recommender.ratings.sources import cards


def main(arguments: list[str]) -> int:
    """Does one thing with the data folder; without a verb it lists the data sets."""
    remote = [name for name, card in DATASETS.items() if card.remote] + list(EDITIONS)
    parser = argparse.ArgumentParser("python -m aecore data", description=__doc__)
    verbs = parser.add_subparsers(dest="verb")
    verbs.add_parser("list", help="all data sets and whether they are here")
    verbs.add_parser("fetch", help="download one").add_argument("name", choices=remote)
    verbs.add_parser("verify", help="check the files of one by their digests").add_argument("name", choices=remote)
    options = parser.parse_args(arguments)
    if options.verb == "fetch":
        return _fetch(options.name)
    if options.verb == "verify":
        return _verify(options.name)
    for name in names():
        print(f"{name:<20} {_state(name, is_ready(name))}")
    for card in cards(data_folder(), home_folder()):
        print(f"{card.name:<20} {_state(card.name, card.is_ready)}: {card.ratings:,} ratings of {card.films:,} films by {card.people:,} people")
    return 0


def _state(name: str, is_here: bool) -> str:
    return "ready" if is_here else f"not downloaded; `python -m aecore data fetch {name}`"


def _files(name: str) -> tuple[RemoteFile, ...]:
    return (EDITIONS[name].file,) if name in EDITIONS else files(name)


def _verify(name: str) -> int:
    if name in EDITIONS:
        print(check(name, data_folder()))
        return 0
    for file in files(name):
        verify(file, data_folder())
        print(f"{file.path}: as it should be")
    return 0


def _fetch(name: str) -> int:
    for file in _files(name):
        for step in fetch(file, data_folder()):
            total = f" of {step.total / 1e6:.1f}" if step.total else ""
            print(f"\r{file.path}: {step.received / 1e6:.1f}{total} MB", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    print(f"{name} is ready in {data_folder()}.")
    if name in EDITIONS:
        print(f"{EDITIONS[name].licence}\nCite: {EDITIONS[name].citation}")
    return 0
