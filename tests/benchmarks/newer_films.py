"""Time, memory and disk of a training on newer films: `python -m tests.benchmarks.newer_films ZIP [people]`.

ZIP: ratings in the layout of MovieLens 32M, real or made by `python -m tests.generated_movielens ZIP`. The run is the
one that the Movies page begins, in this process and with one thread, as a worker has. Writes docs/newer_films.md.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

TEXT = Path(__file__).resolve().parents[2] / "docs" / "newer_films.md"
SCORED = 41
TRAINING = {
    "Reading the ratings": "reading the ratings", "vae": "Mult-VAE, 24 epochs", "dae": "Mult-DAE, 24 epochs",
    "second dae": "second Mult-DAE, 24 epochs", "ease": "EASE", "stars": "Bayesian model, 90 epochs",
}  # fmt: skip


def measure(archive: Path, people: int) -> dict[str, Any]:
    """Runs a training to its end; CPU and wall seconds of each stage, peak memory, sizes and milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AECORE_HOME"], os.environ["AECORE_DATA"] = f"{folder}/home", f"{folder}/data"
        place = Path(folder) / "data" / "movielens" / "ml-32m.zip"
        place.parent.mkdir(parents=True)
        place.symlink_to(archive.resolve())
        import torch
        from threadpoolctl import threadpool_limits

        torch.set_num_threads(1)
        with threadpool_limits(1):
            return _measured(Path(folder) / "home", people)


def _measured(home: Path, people: int) -> dict[str, Any]:
    from aecore.experiment import runner
    from aecore.jobs.kinds import function_of
    from aecore.recommender import load
    from aecore.recommender.newer.settings import TITLE, NewerSettings
    from aecore.runs.store import RunStore

    settings = replace(NewerSettings(), people=people)
    store = RunStore(home / "runs")
    run = store.create(settings.as_run(), TITLE)
    cpu: dict[str, float] = defaultdict(float)
    wall: dict[str, float] = defaultdict(float)
    rounds: dict[str, int] = defaultdict(int)
    now, clock = time.process_time(), time.perf_counter()
    for progress in runner.run(store, run.id, function_of(run.kind)):
        cpu[progress.phase] += time.process_time() - now
        wall[progress.phase] += time.perf_counter() - clock
        rounds[progress.phase] += 1
        now, clock = time.process_time(), time.perf_counter()
        print(progress.phase, rounds[progress.phase], round(cpu[progress.phase], 1), flush=True)
    cpu["the end"] += time.process_time() - now
    wall["the end"] += time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    status = store.get(run.id).status
    assert status.state == "done", status.message
    loaded = load(run.id)
    taste = {int(movie): 4.0 for movie in loaded.films.movie_ids[np.argsort(-loaded.model.popularity)[:40:2]]}
    loaded.score(taste)
    times = []
    for _ in range(SCORED):
        started = time.process_time()
        loaded.scores(taste)
        times.append(1000 * (time.process_time() - started))
    served = sum(each.stat().st_size for each in run.folder.iterdir() if each.is_file())
    return {
        "people": people, "cpu": dict(cpu), "wall": dict(wall), "rounds": dict(rounds), "peak": peak,
        "served": served, "score_ms": float(np.median(times)), "films": len(loaded.films),
        "weights": len(loaded.model.parts["stars"].core), "facts": loaded.facts,  # type: ignore[attr-defined]
    }  # fmt: skip


def text_of(found: dict[str, Any]) -> str:
    """The document."""
    from aecore.recommender.newer.compare import ALL, BOTH
    from aecore.recommender.newer.verdict import said, verdict

    comparison = found["facts"]["comparison"]
    rows = [
        f"| {title} | {sum(found['cpu'][name] for name in names):,.0f} | "
        f"{sum(found['wall'][name] for name in names):,.0f} |"
        for title, names in _stages(list(found["cpu"])).items()
    ]
    cpu, wall = sum(found["cpu"].values()) / 60, sum(found["wall"].values()) / 60
    differences = [
        f"| {title} | {comparison[where]['films']:,} | {count} | {each['newer']['ndcg']:.3f} | "
        f"{each['older']['ndcg']:.3f} | {each['newer']['rmse']:.3f} | {each['older']['rmse']:.3f} |"
        for where, title in ((BOTH, "films both know"), (ALL, "all films"))
        for count, each in comparison[where].items()
        if count.isdigit()
    ]
    lines = [
        "# Newer films: what the training takes",
        "",
        f"Written by `python -m tests.benchmarks.newer_films` on {time.strftime('%d %B %Y')}, on **generated** ratings "
        "in the layout and of the size of MovieLens 32M (`tests/generated_movielens.py`): its fame of films follows "
        "that of the edition, its tastes are invented. Times and sizes are measured; what the figures of quality would "
        "be on the real ratings is not known here, and is measured by every training before it takes over.",
        "",
        f"{found['facts']['trained_on']}. One process, one thread, as a worker of the app has; the machine was shared "
        "with other work, so that the processor time counts and the time on the clock says little.",
        "",
        "| Stage | CPU s | clock s |",
        "| --- | ---: | ---: |",
        *rows,
        f"| **all** | **{cpu:.1f} min** | {wall:.1f} min |",
        "",
        goal_of(cpu, wall),
        "",
        f"Peak memory {found['peak'] / 1e9:.1f} GB. The recommender takes {found['served'] / 1e6:.0f} MB on the disk "
        f"with everything that belongs to it, knows {found['films']:,} films, {found['weights']:,} of them with "
        "weights of their own, and scores all of them for a user with twenty ratings in "
        f"{found['score_ms']:.0f} ms of one core.",
        "",
        *_planned(),
        f"{said(comparison)} {verdict(comparison)}",
        "",
        "| Ranked among | Films | Ratings given | NDCG@10 | built in | stars off by | built in |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *differences,
        "",
        "On these generated ratings the built-in recommender is at a loss: the tastes are not those it has learned.",
        "",
        *on_real_ratings(),
    ]
    return "\n".join(lines)


def goal_of(cpu: float, wall: float) -> str:
    """What these minutes prove of the goal, and what they do not."""
    from aecore.recommender.newer.plan import LONGEST_MINUTES

    goal = f"The goal is a training of less than {LONGEST_MINUTES:.0f} minutes on a machine of two cores."
    if wall < LONGEST_MINUTES:
        return f"{goal} It took {wall:.1f} minutes on the clock, with one thread."
    if cpu >= LONGEST_MINUTES:
        return f"{goal} It is missed: the work alone took {cpu:.1f} minutes of a processor."
    return (
        f"{goal} What is shown is that the work takes {cpu:.1f} minutes of one core of this machine. That it ends in "
        f"less than {LONGEST_MINUTES:.0f} minutes on the clock follows for a machine as fast whose core it has to "
        f"itself, but has not been measured: here it took {wall:.1f}."
    )


def _stages(phases: list[str]) -> dict[str, list[str]]:
    """Title of a stage -> its phases; what follows the training is one, because its steps are told as they begin."""
    training = [name for name in phases if name in TRAINING]
    stages = {TRAINING[name]: [name] for name in training}
    return stages | {"map of films, measuring and comparing": [name for name in phases if name not in training]}


def _planned() -> list[str]:
    """What the page would say on a machine like this, computed from the constants that these figures gave."""
    from aecore.recommender.newer.plan import plan_for

    plan = plan_for(1e12, 1e12, 1.0, is_fetched=False)
    return [
        f"The page tells of {plan.settings.people:,} users beforehand that they take about {plan.minutes:.0f} minutes "
        f"of one core and {plan.memory_bytes / 1e9:.1f} GB: by the constants of `plan.py`, which are these figures "
        "and a little more.",
        "",
    ]


def on_real_ratings() -> list[str]:
    """The same training and comparison on MovieLens 1M, lines of the document; none where it is not on this machine."""
    from aecore.recommender.newer.verdict import said, verdict
    from aecore.recommender.ratings import movielens
    from tests.benchmarks.newer_films_real import compared

    if not movielens.present("ml-1m"):
        return []
    on_1m = compared("ml-1m")
    return [
        "## On real ratings",
        "",
        "The same settings on MovieLens 1M, all but the number of users: a check that they learn from real ones. "
        "These joined in 2000, and the built-in recommender has learned from others, of many years, so that it is at "
        "a disadvantage there.",
        "",
        f"{said(on_1m)} {verdict(on_1m)}",
        "",
    ]


def main(arguments: list[str]) -> None:
    """Measures and writes."""
    from aecore.recommender.newer.settings import NewerSettings

    people = int(arguments[1]) if len(arguments) > 1 else NewerSettings().people
    found = measure(Path(arguments[0]), people)
    TEXT.write_text(text_of(found))
    print({name: value for name, value in found.items() if name != "facts"})


if __name__ == "__main__":
    main(sys.argv[1:])
