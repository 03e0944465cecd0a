"""How far several people are with the tours, within some time: what the host of a room gets to see of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aecore.tours.progress import Attempt
from aecore.tours.schema import Tour


@dataclass(frozen=True)
class Standing:
    """One person at one tour.

    step: where they stand, counted from 1; 0 for a step that the tour no longer has. answered, right: questions
    answered, and answered rightly at the first try. is_finished: within the time asked for; was_finished: before it,
    and they have come back since.
    """

    tour: Tour
    step: int
    answered: int
    right: int
    is_finished: bool
    was_finished: bool

    @property
    def share(self) -> float:
        """How much of the tour is done, from 0 to 1."""
        return 1.0 if self.is_finished or self.was_finished else max(0, self.step - 1) / len(self.tour.steps)

    @property
    def place(self) -> str:
        """Where they are, in words."""
        if self.is_finished:
            return "Finished"
        if self.was_finished:
            return "Finished earlier"
        return f"Step {self.step} of {len(self.tour.steps)}" if self.step else "A step that is gone"


def standings(
    attempts: Mapping[str, Sequence[Attempt]], tours: Iterable[Tour], since: float, until: float = math.inf
) -> dict[str, Standing]:
    """Id of each tour at which somebody has been between two moments -> where they stand.

    attempts: theirs, by the ids of the tours, as `Progress.of` gives them. What an attempt was like at `until` is not
    kept: one that they went on with later counts only if they had finished it by then.
    """
    found = {}
    for tour in tours:
        within = [each for each in attempts.get(tour.id, ()) if each.seen >= since and (each.step or each.answers)]
        finished = [each for each in within if each.done is not None and since <= each.done <= until]
        going = [each for each in within if each.seen <= until]
        if chosen := (finished or going)[-1:]:
            found[tour.id] = _standing(tour, chosen[0], since, is_finished=bool(finished))
    return found


def _standing(tour: Tour, attempt: Attempt, since: float, *, is_finished: bool) -> Standing:
    return Standing(
        tour,
        tour.index(attempt.step) + 1,
        sum(step.id in attempt.answers for step in tour.questions),
        attempt.right(tour),
        is_finished,
        was_finished=attempt.done is not None and attempt.done < since,
    )
