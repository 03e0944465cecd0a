"""The lines of the check list about this machine: how many it holds, memory and disk, trainings, data."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Sequence

from aecore.datasets import DATASETS, is_ready
from aecore.foreign import in_markdown
from aecore.jobs.kinds import TRAININGS
from aecore.limits import are_all_hosts, in_gb, kept_free, limits_for
from aecore.machine import disk_bytes, memory_bytes
from aecore.pretrained.recipes import BUILTIN
from aecore.tours.schema import Tour
from ui.screens.lecture.capacity import NotMeasured, Reference, estimate, measured, reference
from ui.screens.lecture.facts import Facts
from ui.screens.lecture.findings import ATTENTION, BAD, OK, Finding
from ui.widgets.wording import percent

CLASS = 30
"""People in a small class: with fewer places than that, something should be done."""

BUSY = 0.6
"""Share of the processors in use, above which other work spoils a measurement."""

Measure = Callable[[Facts, threading.Event], float]
"""Answers a second; NotMeasured."""


def people(
    facts: Facts,
    stop: threading.Event,
    measure: Measure = measured,
    busy: Callable[[], float] | None = None,
    known: Reference | None = None,
) -> Finding:
    """About how many people this server holds, and how that is known. busy: share of the processors in use, 0 to 1."""
    used = (busy or _busy)()
    try:
        rate = measure(facts, stop)
    except NotMeasured as error:
        return Finding(ATTENTION, f"Not measured: {in_markdown(str(error))}.", "Press *Check now* again in a moment.")
    known = known or reference()
    found = estimate(rate, known)
    said = (
        f"About **{found.easy}**, if all of them use controls at the same time: 19 of 20 answers then come within "
        f"{found.easy_seconds:.1f} s. With **{found.crowded}**, within {found.crowded_seconds:.1f} s. When you lead "
        f"{found.crowded} followers to another page, the last of them sees it after about "
        f"{found.crowded / found.most:.0f} s."
    )
    told = ", ".join(f"{each.visitors} visitors {each.p95:,.0f} ms" for each in known.crowds)
    why = (
        f"Just now, this server gave one simulated visitor of the page Train {rate:.0f} answers a second. The machine "
        f"of `docs/load.md`, with {known.cores} cores, gives {known.probe:.0f} in the same test. There, 19 of 20 "
        f"answers came within: {told}, where each used a control every {known.think_seconds:.0f} s or so. The numbers "
        f"of people are taken from there, times {found.share:.2f}, and rounded down: an estimate, no promise."
    )
    if used > BUSY:
        do = (
            f"The processors were {percent(used, 0)} busy already. Check again once nothing trains, nobody else uses "
            "the app and other programs rest."
        )
    elif found.easy < CLASS:
        do = "For a larger class take a faster machine, or several servers with one home behind nginx."
    else:
        do = "For more people, start a second server with the same home. More cores let more networks train."
    state = OK if found.easy >= CLASS and used <= BUSY else ATTENTION
    return Finding(state, said, do, ("How this is estimated", why))


def _busy() -> float:
    import psutil

    return float(psutil.cpu_percent(interval=0.5)) / 100


def memory_and_disk(
    facts: Facts, free_memory: Callable[[], float] | None = None, known: Reference | None = None
) -> Finding:
    """Whether memory and disk suffice, and what visitors may take of them."""
    free, (_, free_disk) = (free_memory or _free_memory)(), disk_bytes(facts.home)
    is_host = are_all_hosts(facts.environment)
    allowed = limits_for(facts.home, is_host=is_host, environment=facts.environment)
    each = max(crowd.megabytes for crowd in (known or reference()).crowds) * 1e6
    needed = TRAININGS * allowed.training_bytes
    said = (
        f"{in_gb(free)} of memory and {in_gb(free_disk)} of the disk are free. {TRAININGS} trainings side by side take "
        f"up to {in_gb(needed)} of that memory, if visitors begin them, and each open page about {each / 1e6:.1f} MB."
    )
    limits = (
        "What visitors may take",
        f"Each visitor may keep {_most(allowed.runs, 'runs')} of {_most(allowed.person_bytes)} together, and train "
        f"networks of {_most(allowed.weights, 'weights')}. All that is kept here may take {_most(allowed.home_bytes)}.",
    )
    if free_disk < 2 * kept_free(facts.home):
        return Finding(BAD, said, "Make room on the disk: nothing new is trained when it is nearly full.", limits)
    if free < needed + CLASS * each:
        do = "Close other programs. `AECORE_TRAINING_GB` sets how much memory one training may take."
        return Finding(ATTENTION, said, do, limits)
    return Finding(OK, said, more=limits)


def _most(limit: float, unit: str = "") -> str:
    if math.isinf(limit):
        return f"any number of {unit}" if unit else "any size"
    return f"at most {limit:,.0f} {unit}" if unit else f"at most {in_gb(limit)}"


def _free_memory() -> float:
    import psutil

    return min(psutil.virtual_memory().available, memory_bytes())


def trainings(devices: Callable[[], Sequence[str]] | None = None, slots: int = TRAININGS) -> Finding:
    """What networks train on, and how many at once."""
    gpu = next((each for each in (devices or _devices)() if each != "cpu"), "")
    where = "No, and no tour needs one: networks train on the processor."
    if gpu:
        where = f"Yes ({gpu.upper()}): trainings use it by themselves."
    together = "One network trains at a time" if slots == 1 else f"{slots} networks train at the same time"
    return Finding(OK, f"{where} {together}; others wait in a queue, and the page says how long.")


def _devices() -> Sequence[str]:
    from aecore.training.devices import available_devices

    return available_devices()


def data(tours: Iterable[Tour], is_here: Callable[[str], bool] = is_ready) -> Finding:
    """Whether the data sets that have to be downloaded are here, and what needs them."""
    remote = [name for name, card in DATASETS.items() if card.remote]
    built_in = _listed([card.title for card in DATASETS.values() if not card.remote])
    missing = [name for name in remote if not is_here(name)]
    if not missing:
        return Finding(OK, f"{_listed([DATASETS[name].title for name in remote])} are here; {built_in} are built in.")
    wanting = {name: [tour.title for tour in tours if needs(tour, name)] for name in missing}
    told = []
    for name in missing:
        models = sum(settings["data"] == name for settings in BUILTIN.values())
        learned = f"; {models} built-in models have learned from it" if models else ""
        lessons = _listed([f"“{in_markdown(title)}”" for title in wanting[name]])
        need = f"{lessons} {'needs' if len(wanting[name]) == 1 else 'need'} it" if lessons else "no tour needs it"
        told.append(f"{DATASETS[name].title} is not here: {need}{learned}.")
    commands = ", ".join(f"`python -m aecore data fetch {name}`" for name in missing)
    state = BAD if any(wanting.values()) else ATTENTION
    what = "them" if len(missing) > 1 else "it"
    do = f"Download {what} on the page Data, or with {commands}, while this computer has the internet."
    return Finding(state, f"{' '.join(told)} {built_in} are built in.", do, page="data")


def needs(tour: Tour, name: str) -> bool:
    """Whether a step of the tour names a data set, or a built-in model of it, in its address."""
    title = DATASETS[name].title.casefold()
    texts = {text.casefold() for step in tour.steps for each in step.address.values() for text in each}
    words = {word for text in texts for word in text.split(",")}
    return bool(words & {name, title}) or any(word.startswith(f"{name}-") for word in words)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
