"""Kinds of values in an address that are options, or keys of something stored."""

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
    """One of some options. `title`: how an option is written. Its plain name is read too, also with
    blanks for hyphens, as in earlier links to options whose title has changed; `earlier` are other such titles.
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
    """The key or id of something stored. Only its form is checked here; the caller checks whether it exists."""

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
    """Several keys in one text, each once, at most `most` of them; if `known` is
    given, only those are valid.
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
