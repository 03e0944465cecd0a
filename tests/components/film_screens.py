"""Screens of film cards as the Movies page makes them, and a user whose actions are handled as
the page handles them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.taste import Entry
from tests.components.bare import told
from ui.components import film_cards
from ui.components.film_cards import Against, Card, Guest, Person, Reason, Screen, Section, Sheet, Vetoed

GENRES = (("Crime", "Drama"), ("Comedy",), ("Action", "Sci-Fi"), ("Horror", "Thriller"))
FILMS = tuple(
    Card(
        number,
        f"Film number {number}",
        1960 + number,
        GENRES[number % 4],
        1000 + number,
        2000 + number,
        guess=2.5 + number % 5 / 2,
        spread=0.8,
        likely="2–4",
        tags=("atmospheric", "time travel", "space")[: number % 4],
        raters=number * 7,
    )
    for number in range(1, 40)
)
KINDS = {
    "rate": ".part.rate .card", "recommend": ".part.recommended .card", "found": ".found .card",
    "mine": ".part.mine .card", "group": ".part.night .card",
    "sheet": "dialog[open] .card.large", "similar": "dialog[open] .similar .card",
}  # fmt: skip
"""Where the cards of each kind are."""


class Visitor:
    """A user who rates films, with their ratings and marks and the resulting data.

    frozen: the lists do not change with actions.
    """

    def __init__(self, kind: str = "recommend", *, is_frozen: bool = False) -> None:
        self.kind, self.is_frozen = kind, is_frozen
        self.entries: dict[int, Entry] = {}
        self.actions: list[dict[str, Any]] = []
        self.vetoed: dict[int, list[str]] = {}
        self.person = "1"
        self.heard, self.text, self.said, self.is_open = 0.0, "", "", kind in ("sheet", "similar")

    def hear(self, name: str, value: Any) -> dict[str, Any] | None:
        """What Python makes of what the component says."""
        if name == "query":
            self.text = value
        else:
            for action in value["actions"]:
                if action["n"] > self.heard:
                    self.take(action)
        return self.data()

    def take(self, action: dict[str, Any]) -> None:
        """One action, once."""
        self.heard = action["n"]
        self.actions.append(action)
        film = action.get("film")
        entry = self.entries.get(film, Entry(Film(str(film))))
        if action["kind"] == "rate":
            self.entries[film] = entry.rated(action["stars"], 0)
        elif action["kind"] == "mark":
            self.entries[film] = entry.marked(action["mark"], action["on"], 0)
        elif action["kind"] == "veto":
            against = self.vetoed.setdefault(film, [])
            (against.append if action["on"] else against.remove)(action["who"])
        elif action["kind"] == "person":
            self.person = action["who"]
        elif action["kind"] in ("open", "close"):
            self.is_open = action["kind"] == "open"

    def data(self) -> dict[str, Any]:
        """The data of the component now."""
        return told(film_cards, lambda: film_cards.film_cards(self.screen(), "films", lambda: None)) | {
            "heard": self.heard
        }

    def screen(self) -> Screen:
        """Everything on it."""
        rated = len([each for each in self.entries.values() if each.stars])
        found = (self.text, self.cards(FILMS[:8])) if self.text else None
        undo = f"something about {len(self.actions)} films" if self.actions else ""
        is_first = self.kind not in ("mine", "group")
        return Screen(
            self.sections(), "two" if is_first else "one", is_first, found, self.sheet(rated), undo, self.said,
            people=tuple(Person(key, name, key == self.person) for key, name in (("1", "Ann"), ("2", "<i>Bob</i>"))),
        )  # fmt: skip

    def sections(self) -> tuple[Section, ...]:
        """The lists: films that were answered about have left them."""
        left = FILMS if self.is_frozen else tuple(each for each in FILMS if each.id not in self.entries)
        if self.kind == "mine":
            films = tuple(
                replace(each, guess=None, spread=None, note="since yesterday", stars=each.stars or 2.0)
                for each in self.cards(FILMS[:6])
            )
            return (Section("mine", "mine", "6 films", "Click other stars to change them.", films, "row"),)
        if self.kind == "group":
            films = tuple(
                replace(each, guess=None, spread=None, who=(Guest("Ann", 4.1, key="a"), Guest("Bob", 2.0, True)))
                for each in self.cards(tuple(each for each in left if not self.vetoed.get(each.id))[:6])
            )
            vetoed = tuple(
                Vetoed(film, f"Film number {film}", tuple(Against({"a": "Ann"}[who], who) for who in against))
                for film, against in self.vetoed.items()
                if against
            )
            return (Section("night", "group", "For Ann, Bob", "What each would give.", films, vetoed=vetoed),)
        ask = tuple(replace(each, guess=None, spread=None) for each in self.cards(left[20:26]))
        count = len(self.entries)
        about = (
            f"From {count} ratings. {'With about ten it begins to know you. ' * 2}"
            if count
            else "Nothing of yours is in this list yet."
        )
        return (
            Section(
                "rate",
                "rate",
                "Have you seen these?",
                "A few clicks are enough: films that tell tastes apart.",
                ask,
                "row",
                other=True,
            ),
            Section("recommended", "recommend", "For you", about, self.cards(left[:12]), more=True),
        )

    def sheet(self, rated: int) -> Sheet | None:
        """The first film close up: each rating adds a line to what speaks for it."""
        if not self.is_open:
            return None
        why = tuple(Reason(f"Film {number}", "★ 4", 0.5, "+0.10", "Without: ★ 3.9") for number in range(2 + rated))
        return Sheet(
            self.cards(FILMS[:1])[0], why, "Because.", "What each does.", self.cards(FILMS[1:10]), "Those most alike."
        )

    def cards(self, films: tuple[Card, ...]) -> tuple[Card, ...]:
        """With what was said about them."""
        return tuple(
            replace(each, stars=self.entries[each.id].stars, marks=tuple(sorted(self.entries[each.id].marks)))
            if each.id in self.entries
            else each
            for each in films
        )
