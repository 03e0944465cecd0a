"""`python -m aecore train`: trains a run as the app does; every setting is an option."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from aecore.datasets import card, names
from aecore.experiment.presets import PRESETS
from aecore.experiment.settings import RunSettings, parts_of
from aecore.experiment.size import check_size, size_of
from aecore.jobs.tracking import is_to_be_logged
from aecore.limits import limits_for
from aecore.progress import Progress
from aecore.runs.store import Run, RunError, RunStore
from aecore.runs.usage import check_host
from aecore.settings import Knob, Settings, SettingsError, parse
from aecore.variants import VARIANTS


def main(arguments: list[str]) -> int:
    """Trains to the end; returns 0 if the run is done, 1 if it diverged or failed."""
    options = vars(_parser(arguments).parse_args(arguments))
    threads, is_json, name, resume = (options.pop(key) for key in ("threads", "json", "name", "resume"))
    store = RunStore()
    run = _resumed(store, resume, options) if resume else _create(store, options, name)
    return train(store, run, threads, is_json)


def train(store: RunStore, run: Run, threads: int, is_json: bool, trainer: Any = None) -> int:
    """Trains one run of the store in this process and prints its progress; if cut short, the run stays interrupted.

    trainer: see `aecore.experiment.run`; None for that of the run's kind.
    """
    try:
        return _train(store, run, threads, is_json, trainer)
    except (KeyboardInterrupt, BrokenPipeError):
        if store.get(run.id).status.state == "queued":  # cut short before training began; no server should start it
            store.update(run.id, state="interrupted", message="Training was interrupted before it began.")
        raise


def _train(store: RunStore, run: Run, threads: int, is_json: bool, trainer: Any) -> int:
    import torch

    from aecore.experiment import runner
    from aecore.jobs import kinds
    from aecore.training.devices import keep_memory

    keep_memory()
    torch.set_num_threads(threads)
    begin = {"run": run.id, "name": run.name, "folder": str(run.folder)}
    print(json.dumps(begin) if is_json else f"Run {run.id}: {run.name}\nIn {run.folder}", flush=True)
    with closing(runner.run(store, run.id, trainer) if trainer else kinds.train(store, run.id)) as records:
        for record in records:
            line = json.dumps(record.to_dict()) if is_json else _line(record)
            if is_json or record.is_epoch:
                print(line, flush=True)
    _log(store, run)
    status = store.get(run.id).status
    if status.state != "done":
        print(f"aecore train: {status.message}", file=sys.stderr)
        return 1
    result = {"run": run.id, "test": status.test, "seconds": status.seconds}
    print(json.dumps(result) if is_json else _summary(status.test or {}, status.seconds), flush=True)
    return 0


def _log(store: RunStore, run: Run) -> None:
    """Logs a finished run where `AECORE_MLFLOW` and `AECORE_TENSORBOARD` say, if they say anything; the run is none the
    worse if that fails.
    """
    if is_to_be_logged(store, run.id):
        from aecore.exchange.automatic import log_finished

        print(log_finished(store, run.id)[1], file=sys.stderr, flush=True)


def _resumed(store: RunStore, run_id: str, options: dict[str, Any]) -> Run:
    """The run to resume. RunError if it is complete; SettingsError if options would change its settings."""
    given = sorted(name for name, value in options.items() if value is not None)
    if given:
        raise SettingsError(
            f"--resume uses the run's own settings, so {given[0]} cannot be given with it. Leave one of them out."
        )
    run = store.get(run_id)
    if run.status.state in ("done", "stopped"):
        raise RunError(
            f"Run '{run.name}' is finished; there is nothing to continue. "
            "Train a new one with the same settings instead."
        )
    return run


def _create(store: RunStore, options: dict[str, Any], name: str) -> Run:
    preset = PRESETS.get(options.pop("preset") or "")
    data = options.pop("data") or (preset.data if preset else "digits")
    variant = options.pop("variant") or (preset.variant if preset else "undercomplete")
    values = dict(preset.values) if preset and (data, variant) == (preset.data, preset.variant) else {}
    values |= {key: value for key, value in options.items() if value is not None}
    settings = RunSettings.build(data, variant, **values)
    check_size(settings, limits_for(store.folder.parent, is_host=True))
    check_host(store, size_of(settings).disk_bytes)
    return store.create(settings.to_dict(), name or settings.describe(card(data).shape))


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    """Parses in two passes: the variant decides the other options."""
    first = argparse.ArgumentParser("python -m aecore train", add_help=False, allow_abbrev=False)
    first.add_argument("--data", choices=names(), help="the data set; digits unless told")
    first.add_argument("--variant", choices=VARIANTS, help="the kind of autoencoder; undercomplete unless told")
    first.add_argument("--preset", choices=PRESETS, help="a named starting point; other options change it")
    chosen, _ = first.parse_known_args(arguments)
    variant = chosen.variant or (PRESETS[chosen.preset].variant if chosen.preset else "undercomplete")
    parser = argparse.ArgumentParser(
        "python -m aecore train", parents=[first], allow_abbrev=False, description=__doc__,
        epilog="Other settings take the data set's defaults.",
    )  # fmt: skip
    parser.add_argument("--name", default="", help="what to call the run")
    parser.add_argument("--resume", metavar="RUN", default="", help="continue this run from its last checkpoint")
    parser.add_argument(
        "--threads",
        type=int,
        choices=range(1, 257),
        metavar="COUNT",
        default=1,
        help="processor threads; 1 is fastest for small networks",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    add_settings(parser, parts_of(variant))
    return parser


def add_settings(parser: argparse.ArgumentParser, parts: Iterable[type[Settings]]) -> None:
    """Adds an option for every knob, in a group for each class of settings."""
    for part in parts:
        group = parser.add_argument_group(part.__name__.removesuffix("Settings").lower() + " settings")
        for each in part.knobs():
            name = f"--{each.name.replace('_', '-')}"
            if each.kind is tuple:  # 512 128 as well as 512,128
                group.add_argument(name, nargs="+", action=_Joined, knob=each, help=_help(each), metavar="NUMBER")
            else:
                group.add_argument(name, type=_reader(each), help=_help(each), metavar=_metavar(each))


class _Joined(argparse.Action):
    """Joins all words after an option into one value."""

    def __init__(self, knob: Knob, **options: Any) -> None:
        super().__init__(**options)
        self.knob = knob

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        try:
            setattr(namespace, self.dest, parse(self.knob, " ".join(values)))
        except ValueError as error:
            raise argparse.ArgumentError(self, str(error)) from None


def _reader(each: Knob) -> Any:
    def read(text: str) -> Any:
        try:
            return parse(each, text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def _help(each: Knob) -> str:
    bounds = f" From {each.low:g} to {each.high:g}." if each.low is not None and each.high is not None else ""
    return f"{each.help}{bounds} Default: {each.default}".replace("%", "%%")


def _metavar(each: Knob) -> str:
    return "{" + ",".join(each.choices) + "}" if each.choices else getattr(each.kind, "__name__", "value").upper()


def _line(record: Progress) -> str:
    """The figures of an epoch. Epochs count over all training phases, of which a stack has one per layer."""
    mse = f"mse {record.validation_mse:.5f}" if record.validation_mse is not None else figures(record.validation)
    of = f"/{record.epoch / record.share:.0f}" if record.share else ""
    phase = f"{record.phase}  " if record.phase else ""
    return (
        f"epoch {record.epoch:5.0f}{of}  {phase}{figures(record.train)}  validation {mse}  "
        f"{record.samples_per_second:9,.0f} samples/s"
    )


def figures(named: dict[str, float]) -> str:
    """Names and values on one line."""
    return "  ".join(f"{label} {value:.5f}" for label, value in named.items())


def _summary(test: dict[str, float], seconds: float) -> str:
    if "mse" not in test:
        return f"Test: {figures(test)}, after {seconds:.1f} s."
    return (
        f"Test mean squared error per pixel {test['mse']:.5f}, {test['squared_error']:.3f} per example, "
        f"after {seconds:.1f} s."
    )
