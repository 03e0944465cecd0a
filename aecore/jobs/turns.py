"""Turns of long analyses: which running jobs have had their time, by the limit of their kind."""

from __future__ import annotations

from collections.abc import Sequence

from aecore.jobs.queue import Job, person_of

LATEST = 6
"""How many times its seconds a job may take where nobody else waits for its slot."""

KEPT = "What it has found so far is kept."


def late(running: Sequence[Job], waiting: Sequence[Job], now: float) -> dict[Job, str]:
    """The running jobs that are to end, each with a sentence that says why: they have had their time and somebody else
    waits, or they have had it LATEST times over. waiting: the jobs that wait for the slots of the running ones.
    """
    found = {}
    for job in running:
        spent, minutes = now - job.started, f"{job.seconds / 60:g} minutes"
        if job.seconds and spent > LATEST * job.seconds:
            found[job] = f"It took longer than {LATEST} times {minutes}, and was ended. {KEPT} Ask for less."
        elif job.seconds and spent > job.seconds and any(_is_of_others(each, job) for each in waiting):
            found[job] = f"It has had {minutes}, and others are waiting. {KEPT} Go on later, or ask for less."
    return found


def _is_of_others(one: Job, other: Job) -> bool:
    """Whether nobody has asked for both jobs."""
    return not set(map(person_of, one.visitors)) & set(map(person_of, other.visitors))
