"""What a room looks like at one moment."""

from __future__ import annotations

from dataclasses import dataclass

from aecore.predictions.schema import Choice, Form, Guess, Truth


@dataclass(frozen=True)
class Place:
    """Where the host is. path: of the page, "/noise"; query: without the "?"; moves: counts the host's moves; leader:
    the tab of the host that leads, "" if none.
    """

    path: str = ""
    query: str = ""
    moves: int = 0
    leader: str = ""


@dataclass(frozen=True)
class Member:
    """Somebody who has joined. person: their tag; is_removed: the host has sent them out; is_away: they have left."""

    person: str
    name: str
    joined: float
    is_muted: bool = False
    is_removed: bool = False
    is_away: bool = False


@dataclass(frozen=True)
class Poll:
    """A question to everybody. guesses: what each has answered. prediction: the id of what it is about, "" if the host
    has written it. truth: what turned out, once the host has uncovered it; belief: what many expect.
    """

    id: int
    question: str
    form: Form
    guesses: tuple[Guess, ...]
    is_open: bool
    prediction: str = ""
    truth: Truth | None = None
    belief: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """What there is to choose from; empty for numbers and curves."""
        return self.form.answers if isinstance(self.form, Choice) else ()

    @property
    def counts(self) -> tuple[int, ...]:
        """Votes for each choice."""
        return tuple(self.guesses.count(at) for at in range(len(self.choices)))

    @property
    def votes(self) -> int:
        """How many have voted."""
        return len(self.guesses)


@dataclass(frozen=True)
class Question:
    """A question from the floor. upvotes: of others."""

    id: int
    person: str
    name: str
    text: str
    upvotes: int
    is_answered: bool


@dataclass(frozen=True)
class Goal:
    """What the runs of the room compete for. data, variant: of the runs that take part, "" for any; codes: the most
    numbers in a code, 0 for any.
    """

    data: str = ""
    variant: str = ""
    codes: int = 0


@dataclass(frozen=True)
class Room:
    """A room. host: tag of who opened it; opened, ends: seconds since 1970, of one that was ended when that was;
    version: grows with every change.
    """

    code: str
    title: str
    host: str
    opened: float
    ends: float
    is_locked: bool
    place: Place
    goal: Goal
    version: int


@dataclass(frozen=True)
class View:
    """A room as one person sees it. own_vote: their guess in the last poll, None if they have not voted."""

    room: Room
    me: Member | None
    count: int
    poll: Poll | None
    own_vote: Guess | None
    questions: tuple[Question, ...]
    upvoted: frozenset[int]

    def is_host(self, person: str) -> bool:
        """Whether this person has opened the room."""
        return self.room.host == person
