"""What a film night looks like at one moment: who is there, what the host has chosen, and the vetoes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from aecore.recommender.serving.film_night import Rule
from aecore.recommender.serving.recommend import Preferences

MOST_GUESTS = 30
"""Guests with a page of their own, and as many people at the host's screen."""


@dataclass(frozen=True)
class Attendee:
    """Somebody for whom a film is looked for.

    key: by which they veto. profile: the id of a profile, a secret; code: a sharing code instead. rated: a fingerprint
    of their ratings when they were last looked at. is_guest: they have come by the code of the night.
    """

    key: str
    name: str
    profile: str = ""
    code: str = ""
    rated: str = ""
    is_guest: bool = False


@dataclass(frozen=True)
class Evening:
    """What the host has chosen. people: those who sit at the host's screen; model: the source of the recommender."""

    people: tuple[Attendee, ...] = ()
    rule: Rule = "average"
    preferences: Preferences = field(default_factory=Preferences)
    seen_by_some: bool = False
    model: str = "builtin"

    def packed(self) -> str:
        """As JSON."""
        values = asdict(self)
        only = self.preferences.only
        values["preferences"]["only"] = None if only is None else sorted(only)
        return json.dumps(values)


@dataclass(frozen=True)
class Veto:
    """A film that is off tonight's list. title: as its card has it; who, names: keys and names of those against it."""

    film: int
    title: str
    who: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Night:
    """A film night as those who are there see it.

    host: the tag of its host; title: what the host is called, "" if not said; own: the id of the host's own profile, a
    secret, "" if not known. ends: seconds since 1970. removed: tag -> name of guests whom the host has sent out.
    version: grows with every change.
    """

    code: str
    host: str
    title: str
    is_open: bool
    ends: float
    evening: Evening
    guests: tuple[Attendee, ...]
    vetoes: tuple[Veto, ...]
    removed: dict[str, str]
    version: int
    own: str = ""

    @property
    def people(self) -> tuple[Attendee, ...]:
        """Everybody who is there."""
        return (*self.evening.people, *self.guests)

    def guest(self, person: str) -> Attendee | None:
        """The guest of this tag; None if they are none."""
        return next((each for each in self.guests if each.key == person), None)

    def may_veto_as(self, person: str) -> frozenset[str]:
        """The keys as which somebody vetoes: guests as themselves, the host as those at the host's screen."""
        mine = self.evening.people if person == self.host else self.guests
        return frozenset(each.key for each in mine if person == self.host or each.key == person)


def evening_of(text: str) -> Evening:
    """What `Evening.packed` wrote."""
    values = json.loads(text)
    chosen = values.pop("preferences")
    only = chosen.pop("only")
    lists = {name: tuple(chosen.pop(name)) for name in ("include", "exclude")}
    preferences = Preferences(**lists, **chosen, only=None if only is None else frozenset(only))
    people = tuple(Attendee(**each) for each in values.pop("people"))
    return Evening(people, preferences=preferences, **values)
