"""`python -m aecore export RUN --to …`: gives a finished run to another program."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from aecore.exchange import ExchangeError
from aecore.export import export_name
from aecore.runs.store import Run
from aecore.runs.tracking import MLFLOW, TENSORBOARD, USUAL_EXPERIMENT, address_of, experiment_name, note

TARGETS = ("huggingface", "tensorboard", "mlflow")

USUAL_FOLDER = Path("tensorboard")
"""Where TensorBoard files go unless told."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds --to and what belongs to it."""
    parser.add_argument(
        "--to", choices=TARGETS,
        help="not code but the finished run itself. huggingface: a folder (or a .zip) of weights as safetensors, "
        "config.json, a model card and the curves, and a recommender's films, of which `python -m aecore import` makes "
        "a run again; called as the run unless --out names it. tensorboard: files of curves, pictures and settings in "
        "a folder for the run, in that of --out, of AECORE_TENSORBOARD or in tensorboard/. mlflow: the same and the "
        "model, logged to a server or a folder",
    )  # fmt: skip
    parser.add_argument(
        "--tracking-uri", metavar="URI",
        help="of MLflow: the address of a server, or a folder; unless told, that of AECORE_MLFLOW or of "
        "MLFLOW_TRACKING_URI, or the folder mlruns",
    )  # fmt: skip
    parser.add_argument(
        "--experiment", metavar="NAME",
        help=f"of MLflow; unless told, that of AECORE_MLFLOW_EXPERIMENT, or '{USUAL_EXPERIMENT}'",
    )  # fmt: skip
    parser.add_argument(
        "--replace", action="store_true", help="logs a run anew that MLflow has, and deletes the earlier one there"
    )


def export_to(run: Run, options: argparse.Namespace) -> int:
    """Exports a run as `--to` says. ExchangeError, in a sentence, if that is impossible."""
    if options.notebook:
        raise ExchangeError("--notebook asks for code; leave it out, or --to.")
    if options.to == "mlflow":
        return _mlflow(run, options)
    check_no_options_of_mlflow(options)
    return (_huggingface if options.to == "huggingface" else _tensorboard)(run, options.out)


def check_no_options_of_mlflow(options: argparse.Namespace) -> None:
    """ExchangeError if an option is given that only MLflow has."""
    given = {"--tracking-uri": options.tracking_uri, "--experiment": options.experiment, "--replace": options.replace}
    if name := next((name for name, value in given.items() if value), ""):
        raise ExchangeError(f"{name} is for MLflow; leave it out, or say --to mlflow.")


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
    from aecore.exchange.tensorboard import run_folder, write_tensorboard

    folder = out or Path(address_of(TENSORBOARD) or USUAL_FOLDER).expanduser()
    files, was_there = write_tensorboard(run, folder)
    if not out and address_of(TENSORBOARD):
        note(run.folder, "logged", f"TensorBoard, as {run_folder(run)}", TENSORBOARD)
    for path in files:
        print(path)
    if was_there:
        print(f"{folder} held this run already; it is replaced.")
    print(f"`tensorboard --logdir {folder}` shows it.", file=sys.stderr)
    return 0


def _mlflow(run: Run, options: argparse.Namespace) -> int:
    if options.out:
        raise ExchangeError("--out names files; for MLflow, say with --tracking-uri where the run is to be logged.")
    from aecore.exchange.mlflow_log import log_to_mlflow

    address = address_of(MLFLOW) if options.tracking_uri is None else options.tracking_uri
    experiment = experiment_name() if options.experiment is None else options.experiment.strip()
    if not experiment:
        raise ExchangeError("--experiment is empty; give it a name, or leave it out.")
    found = log_to_mlflow(run, address, experiment, is_replacing=options.replace)
    print(f"Run {found.mlflow_run} of the experiment '{found.experiment}' in {found.where}")
    if found.is_replaced:
        print("It takes the place of the one that was there, which is deleted.")
    if found.where.startswith("file:"):
        show = f"MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri {found.where}"
        print(f"`{show}` shows it (pip install mlflow).", file=sys.stderr)
    return 0
