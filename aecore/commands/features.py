"""`python -m aecore features`: the accuracy of a simple classifier on a model's codes,
compared with raw pixels, and with PCA of as many components as the code has active units.
"""

from __future__ import annotations

import argparse
import json
import sys

from aecore.analyses.feature_results import ALL, results_of
from aecore.analyses.features import TITLES, analyse
from aecore.pretrained.trained_models import builtin_names, find_trained_model
from aecore.probing.classifiers import CLASSIFIERS
from aecore.probing.probes import Probe
from aecore.runs.store import RunStore


def main(arguments: list[str]) -> int:
    """Analyses one model; stored results are not computed again."""
    options = _parser().parse_args(arguments)
    import torch

    torch.set_num_threads(1)
    store = RunStore()
    for step in analyse(store, options.run, options.classifier, options.labelled):
        if sys.stderr.isatty():
            print(f"\r{step.share:4.0%} {step.doing:<60}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r" + " " * 70 + "\r", end="", file=sys.stderr)
    results = results_of(store, find_trained_model(store, options.run))
    if not options.json:
        print(_HEAD)
    for size in results.sizes(options.classifier, options.labelled):
        for name, probe in results.at(options.classifier, size).items():
            print(json.dumps(_facts(options.run, name, probe)) if options.json else _line(name, probe))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m aecore features", description=__doc__)
    parser.add_argument(
        "run", metavar="RUN", help=f"the id of a run that has ended, or a built-in model: {', '.join(builtin_names())}"
    )
    parser.add_argument(
        "--classifier", choices=CLASSIFIERS, default="logistic", help="what learns from the codes; logistic unless told"
    )
    parser.add_argument(
        "--labelled",
        type=_count,
        default=ALL,
        metavar="COUNT",
        help="labelled examples to go up to, or 'all'; all unless told",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    return parser


def _count(text: str) -> int:
    if text == "all":
        return ALL
    if not text.isdecimal() or int(text) < 2:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of examples; give 2 or more, or 'all'")
    return int(text)


_HEAD = (
    f"{'labels':>7}  {'from':<10}  {'numbers':>7}  {'accuracy':>8}  {'95 % interval':<15}  "
    f"{'penalty':>7}  {'seconds':>8}"
)


def _line(name: str, probe: Probe) -> str:
    low, high = probe.interval
    return (
        f"{probe.labelled:7,}  {TITLES[name]:<10}  {probe.size:7,}  {probe.accuracy:8.2%}  {low:6.2%} to "
        f"{high:6.2%}  {probe.penalty:7g}  {probe.seconds:8.2f}"
    )


def _facts(run: str, name: str, probe: Probe) -> dict[str, object]:
    return {
        "run": run, "classifier": probe.classifier, "labelled": probe.labelled, "chosen_on": probe.chosen_on,
        "representation": name, "numbers": probe.size, "accuracy": probe.accuracy, "interval": probe.interval,
        "test_examples": probe.count, "penalty": probe.penalty,
        "seconds": probe.seconds, "test_seconds": probe.test_seconds, "confusion": probe.confusion.tolist(),
    }  # fmt: skip
