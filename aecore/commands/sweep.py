"""`python -m aecore sweep`: trains a variant with many settings, a grid or drawn at random, several runs side by side.

    aecore sweep --data digits --variant undercomplete --search latent_size=2,4,8 --search learning_rate=0.0005..0.05
        --runs 20 --halving

Without --runs it tries every combination of the values (a grid). With AECORE_CLUSTER the runs train on that cluster, as
the app's do.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

from aecore.commands.train import add_settings
from aecore.datasets import names
from aecore.experiment.halving import MOST_ETA, Halving
from aecore.experiment.results import Result, result_of
from aecore.experiment.settings import parts_of
from aecore.experiment.size import check_size, size_of
from aecore.experiment.sweep import MOST, Sweep, as_text, halving_numbers, plan, sweep_name
from aecore.experiment.sweep_searches import Search, search_of, searchable
from aecore.jobs.cluster import executor_for
from aecore.jobs.scheduler import Scheduler
from aecore.jobs.service import Jobs
from aecore.limits import limits_for
from aecore.runs.run import Run, RunError
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import RunStore
from aecore.runs.sweeps import SweepRecord
from aecore.runs.usage import check_host
from aecore.settings import SettingsError
from aecore.variants import VARIANTS

VISITOR = "command line"
TICK_SECONDS = 0.3
LOCK_SECONDS = 20.0


def main(arguments: list[str]) -> int:
    """Trains all runs of the sweep; returns 0 if they have ended, 1 if it was paused or stopped meanwhile."""
    options = vars(_parser(arguments).parse_args(arguments))
    is_json, at_once, resume = (options.pop(key) for key in ("json", "at_once", "resume"))
    store = RunStore()
    jobs = Jobs(store, executor_for(store.folder.parent, {"runs": at_once} if at_once else {}))
    if resume:
        if options["search"] or options["runs"]:
            raise SettingsError("--resume goes on with the sweep's own search; leave --search and --runs out.")
        sweep = jobs.sweeps.store.get(resume)
        jobs.sweeps.resume(sweep.id)
    else:
        sweep = _create(jobs, options)
    with jobs.sweeps.store.lock(sweep.id).acquire(
        timeout=LOCK_SECONDS
    ):  # a server of this home lets go after each look
        begin = {"sweep": sweep.id, "name": sweep.name, "runs": len(sweep.runs)}
        _say(is_json, begin, f"Sweep {sweep.id}: {sweep.name}, {len(sweep.runs)} runs")
        return _drive(jobs, sweep, is_json)


def _drive(jobs: Jobs, sweep: SweepRecord, is_json: bool) -> int:
    """Trains in processes of its own, or on the cluster; nothing else that waits in this home is begun."""
    told: set[str] = set()
    where = ""
    Scheduler.open(jobs)
    try:
        while sweep.is_running:
            if jobs.where != where:
                where = jobs.where
                print(where, file=sys.stderr, flush=True)
            sweep = jobs.sweeps.drive(sweep.id)
            _tell(jobs, sweep, told, is_json)
            time.sleep(TICK_SECONDS)
        _await_measured(jobs, sweep)
    except (KeyboardInterrupt, BrokenPipeError):
        jobs.sweeps.store.update(sweep.id, state="paused")
        raise
    finally:
        jobs.close()
    return _end(jobs, sweep, is_json)


def _await_measured(jobs: Jobs, sweep: SweepRecord) -> None:
    """Waits until the runs have ended that somebody has paused or stopped on the page, with their checkpoints or
    figures.
    """
    end = time.monotonic() + LOCK_SECONDS
    while any(run.status.is_active for run in jobs.sweeps.runs_of(sweep)) and time.monotonic() < end:
        time.sleep(TICK_SECONDS)


def _tell(jobs: Jobs, sweep: SweepRecord, told: set[str], is_json: bool) -> None:
    """A line for each run that has ended since the last time."""
    for number, planned in enumerate(sweep.runs, 1):
        if planned.id in told or planned.id not in sweep.status.begun:
            continue
        with suppress(RunError):
            run = jobs.store.get(planned.id)
            if run.status.state in ("done", "stopped", "diverged", "failed"):
                told.add(planned.id)
                result = _result(run)
                is_halted = planned.id in sweep.status.halted and run.status.state == "stopped"
                values = {
                    "run": run.id, "number": number, "point": planned.point, "state": run.status.state,
                    "is_halted": is_halted, "validation_mse": _validation(run), "seconds": result.seconds,
                }  # fmt: skip
                error = "no error" if values["validation_mse"] is None else f"validation {values['validation_mse']:.5f}"
                state = "stopped early" if is_halted else run.status.state
                line = f"{number:3}/{len(sweep.runs)}  {error}  {result.seconds or 0:6.1f} s  {state:<13}  {run.name}"
                _say(is_json, values, line)


def _end(jobs: Jobs, sweep: SweepRecord, is_json: bool) -> int:
    """The best run by its validation error, and only of this one the test error."""
    known = [(error, run) for run in jobs.sweeps.runs_of(sweep) if (error := _validation(run)) is not None]
    best = min(known, key=lambda each: each[0])[1] if known else None
    mse = (best.status.test or {}).get("mse") if best else None
    values: dict[str, Any] = {"sweep": sweep.id, "state": sweep.status.state, "best": best and best.id, "test": mse}
    line = f"The sweep is {sweep.status.state}. {sweep.status.message}"
    if best and mse is not None:
        line += (
            f"Best by the validation error: {best.name}, run {best.id}; its mean squared error per pixel on the test "
            f"set is {mse:.5f}."
        )
    _say(is_json, values, line)
    return 0 if sweep.status.state == "done" else 1


def _validation(run: Run) -> float | None:
    """The last validation error of a run."""
    records = ProgressLog(run.folder / "progress.jsonl").read()
    return next((each["validation_mse"] for each in reversed(records) if each.get("validation_mse") is not None), None)


def _result(run: Run) -> Result:
    return result_of(run, ProgressLog(run.folder / "progress.jsonl").read())


def _say(is_json: bool, values: dict[str, Any], line: str) -> None:
    print(json.dumps(values) if is_json else line, flush=True)


def _create(jobs: Jobs, options: dict[str, Any]) -> SweepRecord:
    data, variant, runs = options.pop("data"), options.pop("variant"), options.pop("runs")
    halving, first, order = options.pop("halving"), options.pop("first_check"), options.pop("sweep_seed")
    searched = dict(_search(text, variant) for text in options.pop("search"))
    fixed = {name: value for name, value in options.items() if value is not None}
    sweep = Sweep(data, variant, fixed, searched, runs, order)
    if halving:
        epochs = sweep.settings()[0].training.epochs
        usual = Halving.suggested(epochs)
        sweep = replace(sweep, halving=Halving(halving, first or usual.first))
    elif first:
        raise SettingsError("--first-check says when --halving compares runs for the first time; give both.")
    settings = sweep.settings()
    allowed = limits_for(jobs.store.folder.parent, is_host=True)
    for each in settings:
        check_size(each, allowed)
    check_host(jobs.store, sum(size_of(each).disk_bytes for each in settings))
    return jobs.sweeps.store.create(
        as_text(sweep), sweep_name(sweep), plan(sweep), halving=halving_numbers(sweep), visitor=VISITOR
    )


def _search(text: str, variant: str) -> tuple[str, Search]:
    name, is_told, values = text.partition("=")
    if not is_told:
        raise SettingsError(f"--search takes a setting and its values, such as latent_size=2,4,8, not '{text[:40]}'.")
    return search_of(name.strip().replace("-", "_"), *(each.strip() for each in values.split(",")), variant=variant)


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    """Parses in two passes: the variant decides the other options."""
    first = argparse.ArgumentParser("python -m aecore sweep", add_help=False, allow_abbrev=False)
    first.add_argument("--data", choices=names(), default="digits", help="the data set; digits unless told")
    first.add_argument(
        "--variant",
        choices=VARIANTS,
        default="undercomplete",
        help="the kind of autoencoder; undercomplete unless told",
    )
    chosen, _ = first.parse_known_args(arguments)
    parser = argparse.ArgumentParser(
        "python -m aecore sweep", parents=[first], allow_abbrev=False, description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"Settings that can be searched: {', '.join(searchable(chosen.variant))}. All others are the same for "
        "all runs, as told here or by the defaults of the data set.",
    )  # fmt: skip
    parser.add_argument(
        "--search", action="append", default=[], metavar="NAME=VALUES",
        help="a setting to search: values with commas between them (sizes of layers with hyphens, 64-32), or a range "
        "LOW..HIGH to draw from; once for each setting",
    )  # fmt: skip
    parser.add_argument(
        "--runs", type=int, choices=range(1, MOST + 1), default=0, metavar="COUNT",
        help=f"draw so many settings at random, at most {MOST}; a grid of all combinations unless told",
    )  # fmt: skip
    parser.add_argument(
        "--sweep-seed", type=int, default=0, metavar="SEED", help="decides what is drawn at random; 0 unless told"
    )
    parser.add_argument(
        "--halving", type=int, nargs="?", const=3, default=0, choices=range(2, MOST_ETA + 1), metavar="ETA",
        help="stop runs early that are not among the best 1/ETA (3 unless told) where runs are compared",
    )  # fmt: skip
    parser.add_argument(
        "--first-check", type=int, default=0, metavar="EPOCHS",
        help="after how many epochs they are first compared; a ninth of all unless told",
    )  # fmt: skip
    parser.add_argument(
        "--at-once", type=int, choices=range(1, 65), default=0, metavar="COUNT",
        help="runs side by side on this machine; as many as in the app unless told, and on a cluster as many as it has "
        "room for",
    )  # fmt: skip
    parser.add_argument("--resume", metavar="SWEEP", default="", help="go on with this sweep, with its own settings")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    add_settings(parser, parts_of(chosen.variant))
    return parser
