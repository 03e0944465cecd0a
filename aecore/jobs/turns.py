"""Turns of long analyses: which running jobs have had their time, by the limit of their kind."""

from __future__ import annotations

from collections.abc import Sequence

from aecore.jobs.queue import Job, person_of

KEPT = "What it has found so far is kept."


def late(running: Sequence[Job], waiting: Sequence[Job], now: float) -> dict[Job, str]:
    """The running jobs that are to end, each with a sentence that says why: they have had their time and somebody else
    waits; one for each who waits, the longest running first. Where nobody waits, nothing ends.

    waiting: the jobs that wait for the slots of the running ones.
    """
    found: dict[Job, str] = {}
    left = list(waiting)
    for job in sorted(running, key=lambda each: each.started):
        who = next((each for each in left if _is_of_others(each, job)), None)
        if job.seconds and now - job.started > job.seconds and who is not None:
            left.remove(who)
            minutes = f"{job.seconds / 60:g} minutes"
            found[job] = f"It has had {minutes}, and others are waiting. {KEPT} Go on later, or ask for less."
    return found


def _is_of_others(one: Job, other: Job) -> bool:
    """Whether nobody has asked for both jobs."""
    return not set(map(person_of, one.visitors)) & set(map(person_of, other.visitors))
