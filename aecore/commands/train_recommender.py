"""`python -m aecore train-recommender`: trains a recommender as the app does;
every setting is an option of its name.
"""

from __future__ import annotations

import argparse
import os
from functools import partial

from aecore.commands.train import add_settings, train
from aecore.jobs.cluster import ADDRESS
from aecore.limits import limits_for
from aecore.recommender.models import MODELS, present_name
from aecore.recommender.training import run
from aecore.recommender.training.parallel import Crew, check_crew
from aecore.recommender.training.settings import RecommenderSettings, parts_of
from aecore.recommender.training.size import check_size, disk_bytes
from aecore.runs.store import RunStore
from aecore.runs.usage import check_host

DATA, MODEL = "ml-latest-small", "hybrid"
MOST_PROCESSES = 64


def main(arguments: list[str]) -> int:
    """Trains to the end; 0 if the run is done, 1 if it diverged or failed."""
    options = vars(_parser(arguments).parse_args(arguments))
    data, model, name, threads, is_json, processes = (
        options.pop(key) for key in ("data", "model", "name", "threads", "json", "processes")
    )
    settings = RecommenderSettings.build(
        data, model, **{key: value for key, value in options.items() if value is not None}
    )
    store = RunStore()
    check_crew(settings, processes)
    crew = Crew(processes, threads, os.environ.get(ADDRESS, "").strip())
    check_size(settings, limits_for(store.folder.parent, is_host=True), 1 if crew.cluster else processes)
    check_host(store, disk_bytes(settings))
    trainer = partial(run.train, crew=crew) if processes > 1 else None
    return train(store, store.create(settings.to_dict(), name or settings.describe()), threads, is_json, trainer)


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    """Parses in two passes: the model's own options are known once the model is."""
    first = argparse.ArgumentParser("python -m aecore train-recommender", add_help=False, allow_abbrev=False)
    first.add_argument(
        "--data", default=DATA, help=f"an edition of MovieLens, or the id of ratings of your own; {DATA} unless told"
    )
    first.add_argument(
        "--model",
        type=present_name,
        choices=MODELS,
        default=MODEL,
        help=f"the kind of recommender; {MODEL} unless told",
    )
    chosen, _ = first.parse_known_args(arguments)
    parser = argparse.ArgumentParser(
        "python -m aecore train-recommender", parents=[first], allow_abbrev=False, description=__doc__
    )
    parser.add_argument("--name", default="", help="what to call the run")
    parser.add_argument(
        "--threads", type=int, choices=range(1, 257), metavar="COUNT", default=1, help="processor threads"
    )
    parser.add_argument(
        "--processes",
        type=int,
        choices=range(1, MOST_PROCESSES + 1),
        metavar="COUNT",
        default=1,
        help="processes that share the users of every step, each with its own --threads; with AECORE_CLUSTER set, all "
        "but the first run on the nodes of that cluster. For networks whose rows are users",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    add_settings(parser, parts_of(chosen.model))
    return parser
