"""`python -m aecore data`: lists the data sets, downloads and checks them;
renames, deletes and restores your own.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from aecore.commands import own_data
from aecore.commands.days import days
from aecore.datasets import DATASETS, is_ready
from aecore.datasets.downloads import RemoteFile, fetch, verify
from aecore.datasets.idx import files
from aecore.paths import data_folder, home_folder
from aecore.recommender.ratings.movielens import EDITIONS, check
from aecore.recommender.ratings.sources import cards


def main(arguments: list[str]) -> int:
    """Runs one action on the data folder; without one it lists the data sets."""
    options = _parser().parse_args(arguments)
    home = home_folder()
    verbs: dict[str, Callable[[], int]] = {
        "fetch": lambda: _fetch(options.name),
        "verify": lambda: _verify(options.name),
        "rename": lambda: own_data.rename(home, options.id, options.title),
        "delete": lambda: own_data.delete(home, options.id),
        "restore": lambda: own_data.restore(home, options.id),
        "empty-trash": lambda: own_data.empty(home, options.days),
    }
    return verbs.get(options.verb, _list)()


def _parser() -> argparse.ArgumentParser:
    remote = [name for name, card in DATASETS.items() if card.remote] + list(EDITIONS)
    parser = argparse.ArgumentParser("python -m aecore data", description=__doc__)
    verbs = parser.add_subparsers(dest="verb")
    verbs.add_parser("list", help="all data sets, your own among them, whether they are here, and what is in the trash")
    verbs.add_parser("fetch", help="download one").add_argument("name", choices=remote)
    verbs.add_parser("verify", help="check the files of one by their digests").add_argument("name", choices=remote)
    rename = verbs.add_parser("rename", help="give data of your own another title")
    rename.add_argument("id", help="as in the list")
    rename.add_argument("title")
    verbs.add_parser("delete", help="move data of your own to the trash").add_argument("id", help="as in the list")
    verbs.add_parser("restore", help="bring data back from the trash").add_argument("id", help="as in the list")
    empty = verbs.add_parser("empty-trash", help="remove for good what has lain in the trash for long")
    empty.add_argument("--days", type=days, default=30.0, help="for how many days at least (default 30)")
    return parser


def _list() -> int:
    for name in DATASETS:
        print(f"{name:<20} {_state(name, is_ready(name))}")
    for card in cards(data_folder(), home_folder()):
        if card.name in EDITIONS:
            print(
                f"{card.name:<20} {_state(card.name, card.is_ready)}: {card.ratings:,} ratings of {card.films:,} "
                f"films by {card.users:,} users"
            )
    own_data.print_list(home_folder())
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
