"""Kinds of values in an address that are chosen from some options, or name what is kept under a key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ui.app.address import Refused

NAMED = 8
"""Options that a refusal lists; of more, it lists the first."""


@dataclass(frozen=True)
class OneOf:
    """One of some options. `title`: how an option is written; it is also understood by its plain name, and with
    that name's hyphens as blanks, which is how earlier links write some whose title has changed.
    `earlier`: other names by which earlier links call an option.
    """

    options: Sequence[Any]
    title: Callable[[Any], str] = str
    earlier: Mapping[str, Any] = field(default_factory=dict)

    def read(self, texts: Sequence[str]) -> Any:
        """'PCA' or 'pca' -> 'pca'."""
        return _one_of(self._by_text(), texts[-1])

    def written(self, value: Any) -> list[str]:
        """Its title."""
        return [self.title(value)]

    def _by_text(self) -> dict[str, Any]:
        spaced = {str(each).replace("-", " ").capitalize(): each for each in self.options}
        named = {str(each): each for each in self.options}
        return {**self.earlier} | spaced | named | {self.title(each): each for each in self.options}


@dataclass(frozen=True)
class SomeOf(OneOf):
    """Any number of some options: the name stands in the address once for each."""

    def read(self, texts: Sequence[str]) -> list[Any]:
        """'Drama', 'War' -> ['Drama', 'War']; a single empty text is an empty list."""
        known = self._by_text()
        return list(dict.fromkeys(_one_of(known, text) for text in texts if text))

    def written(self, value: Sequence[Any]) -> list[str]:
        """The title of each; one empty text for none."""
        return [self.title(each) for each in value] or [""]


@dataclass(frozen=True)
class Key:
    """The key or id of something that is kept: its form is checked here, whether it is there by whoever asks for it."""

    pattern: str = r"[\w-]{1,120}"

    def read(self, texts: Sequence[str]) -> str:
        """The key itself."""
        if not re.fullmatch(self.pattern, texts[-1], re.ASCII):
            raise Refused("must be a key that this app has made")
        return texts[-1]

    def written(self, value: str) -> list[str]:
        """The key itself."""
        return [value]


@dataclass(frozen=True)
class Keys:
    """Several keys in one text, each once, at most `most` of them; what is `known` decides which can
    be had, if it is given.
    """

    separator: str
    most: int
    pattern: str = Key.pattern

    def read(self, texts: Sequence[str]) -> tuple[str, ...]:
        """'a,b' -> ('a', 'b'); an empty text is none."""
        keys = tuple(dict.fromkeys(filter(None, texts[-1].split(self.separator, self.most + 1))))
        if len(keys) > self.most or not all(re.fullmatch(self.pattern, key, re.ASCII) for key in keys):
            raise Refused(f"must be up to {self.most} keys with “{self.separator}” between them")
        return keys

    def written(self, value: Sequence[str]) -> list[str]:
        """The keys in one text."""
        return [self.separator.join(value)]


def _one_of(known: dict[str, Any], text: str) -> Any:
    if text not in known:
        named = list(dict.fromkeys(known.values()))
        more = f" or one of {len(named) - NAMED} others" if len(named) > NAMED else ""
        raise Refused(f"must be one of {', '.join(map(str, named[:NAMED]))}{more}")
    return known[text]
