"""What a tour consists of: steps on the pages of the app, some of them with a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Address = Mapping[str, tuple[str, ...]]
"""Parameters of an address: name -> its texts, mostly one."""

ANY = "any"
"""In what a step waits for: whatever the value, as long as the address has the parameter."""

NAMED = {
    "title": '[data-testid="stMain"] h1',
    "menu": '[data-testid="stSidebar"]',
    "explanation": ".st-key-see-here",
    "link": ".st-key-share",
}
"""Name of a place that every page has -> CSS selector."""


@dataclass(frozen=True)
class Choice:
    """An answer to choose from. why: what is said to somebody who has chosen it."""

    answer: str
    why: str


@dataclass(frozen=True)
class Question:
    """A question with two to four choices. right: index of the right one, counted from 0."""

    ask: str
    choices: tuple[Choice, ...]
    right: int

    @property
    def described(self) -> dict[str, Any]:
        """The question as JSON, for a browser."""
        choices = [{"answer": each.answer, "why": each.why} for each in self.choices]
        return {"ask": self.ask, "choices": choices, "right": self.right}


@dataclass(frozen=True)
class Wait:
    """What a learner does before the tour goes on; they may always skip it.

    address: parameters that the address then has, with this text, or with any. click: CSS selector of what they press.
    """

    address: Mapping[str, str] = field(default_factory=dict)
    click: str = ""


@dataclass(frozen=True)
class Step:
    """One step: where it is, what is said, what is highlighted, what is waited for, what is asked.

    page: file name of the page. address: all parameters with which the page is shown. scene: number of the step that
    last named a page; steps of one scene share its address. clear: parameters that this step takes away, whoever has
    set them. text: Markdown of paragraphs, lists, bold, italics, code
    and links. look: CSS selector of what is highlighted, "" for nothing.
    """

    id: str
    page: str
    address: Address
    scene: int
    text: str = ""
    look: str = ""
    wait: Wait | None = None
    question: Question | None = None
    clear: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tour:
    """A tour. id: its name in addresses. minutes: about how long it takes. goal: what one knows afterwards."""

    id: str
    title: str
    goal: str
    minutes: int
    steps: tuple[Step, ...]

    @property
    def questions(self) -> tuple[Step, ...]:
        """The steps that ask something."""
        return tuple(step for step in self.steps if step.question)

    def index(self, step: str) -> int:
        """The place of a step, counted from 0; -1 if there is none of this id."""
        return next((at for at, each in enumerate(self.steps) if each.id == step), -1)


@dataclass(frozen=True)
class Move:
    """How the address changes from one step to another.

    put: parameters that get these texts. drop: parameters that go. is_whole: nothing else remains; otherwise what the
    learner has set stays.
    """

    page: str
    put: Address
    drop: tuple[str, ...] = ()
    is_whole: bool = True


def move(tour: Tour, start: int, end: int) -> Move:
    """From one step to another, by their places.

    Within a scene only what the two steps set differently changes, so that a run that the learner has begun, for
    instance, stays on show.
    """
    one, other = tour.steps[start], tour.steps[end]
    if one.scene != other.scene:
        return arrival(tour, end)
    changed = {name: texts for name, texts in other.address.items() if one.address.get(name) != texts}
    gone = dict.fromkeys([*(name for name in one.address if name not in other.address), *other.clear])
    return Move(other.page, {**changed, **_here(tour, end)}, tuple(gone), is_whole=False)


def arrival(tour: Tour, end: int) -> Move:
    """To a step from anywhere."""
    step = tour.steps[end]
    return Move(step.page, {**step.address, **_here(tour, end)})


def _here(tour: Tour, at: int) -> Address:
    return {"tour": (f"{tour.id}.{tour.steps[at].id}",)}
