"""`python -m aecore runs`: lists, renames, deletes and restores runs, asks one to pause or stop, empties the trash."""

from __future__ import annotations

import argparse
import json
import time
from contextlib import suppress

from aecore.commands.days import days
from aecore.jobs.housekeeping import age_days
from aecore.runs.requests import ask
from aecore.runs.run import Run, RunError
from aecore.runs.store import RunStore


def main(arguments: list[str]) -> int:
    """Runs one action on the store; without one it lists the runs."""
    options = _parser().parse_args(arguments)
    store = RunStore()
    if options.verb == "rename":
        print(f"{options.run} is now called '{store.rename(options.run, options.name).name}'.")
    elif options.verb == "delete":
        store.delete(options.run)
        print(f"{options.run} is in the trash; `python -m aecore runs restore {options.run}` brings it back.")
    elif options.verb == "restore":
        print(f"'{store.restore(options.run).name}' is back.")
    elif options.verb == "empty-trash":
        print(f"{_counted(_emptied(store, options.days))} removed for good.")
    elif options.verb in ("pause", "stop"):
        ask(store, options.run, options.verb)
        run = store.get(options.run)
        print(
            f"'{run.name}' waits no longer."
            if run.status.is_resumable
            else f"'{run.name}' has been asked to {options.verb}."
        )
    else:
        store.mend()
        for run in store.list():
            print(json.dumps(_facts(run)) if options.json else _line(run))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m aecore runs", description=__doc__)
    verbs = parser.add_subparsers(dest="verb")
    parser.set_defaults(json=False)
    verbs.add_parser("list", help="all runs, newest first").add_argument(
        "--json", action="store_true", help="one JSON object a line"
    )
    rename = verbs.add_parser("rename", help="give a run another name")
    rename.add_argument("run")
    rename.add_argument("name")
    empty = verbs.add_parser("empty-trash", help="remove for good what was deleted long ago")
    empty.add_argument("--days", type=days, default=30.0, help="how many days ago at least (default 30)")
    others = {
        "pause": "leave a checkpoint and end the training of a run, in whatever process it goes on",
        "stop": "end the training of a run and measure it",
        "delete": "move a run to the trash",
        "restore": "bring a deleted run back",
    }
    for verb, about in others.items():
        verbs.add_parser(verb, help=about).add_argument("run")
    return parser


def _emptied(store: RunStore, days: float) -> int:
    """How many runs were removed from the trash: all that were deleted at least so many days ago."""
    gone = 0
    for run in store.deleted():
        if days <= 0 or age_days(run) >= days:  # of what the time is not known, it counts as just deleted
            with suppress(RunError, OSError):  # restored this very moment
                store.discard(run.id)
                gone += 1
    return gone


def _counted(count: int) -> str:
    return f"{count:,} {'run is' if count == 1 else 'runs are'}"


def _facts(run: Run) -> dict[str, object]:
    return {
        "run": run.id,
        "name": run.name,
        "state": run.status.state,
        "created": run.status.created,
        "test": run.status.test,
    }


def _line(run: Run) -> str:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.status.created))
    test = run.status.test or {}
    named = {"mse": "mse", "rmse": "RMSE", "ndcg_10": "NDCG@10"}
    best = next((f"{label} {test[name]:.5f}" for name, label in named.items() if name in test), "")
    return f"{run.id}  {when}  {run.status.state:<11}  {best:<15}  {run.name}"
