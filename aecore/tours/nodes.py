"""Reads YAML nodes, which know their lines, as what is expected of them, and collects what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import yaml
from yaml import Node

from aecore.tours.faults import Fault, quoted

_NULL = "tag:yaml.org,2002:null"


def line_of(node: Node) -> int:
    """Where a node begins, counted from 1."""
    return int(node.start_mark.line) + 1


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """' Did you mean “x”?' where something known is written much like it."""
    near = get_close_matches(name, known, n=1)
    return f" Did you mean “{near[0]}”?" if near else ""


class Nodes:
    """Readers of nodes. Whatever is wrong becomes one of `faults`, and the reader returns None or what is left."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def wrong(self, where: Node | int, text: str) -> None:
        """Notes a fault at a node or a line."""
        self.faults.append(Fault(where if isinstance(where, int) else line_of(where), text))

    def mapping(self, node: Node, what: str, known: Sequence[str] = ()) -> dict[str, Node]:
        """Key -> node of its value. known: the keys that there are; empty for any."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"{what} is a list of “name: value”, and this is not.")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if not name:
                self.wrong(key, f"A name is missing here, in {what}.")
            elif name in found:
                self.wrong(key, f"{quoted(name)} stands here for the second time; take one of them out.")
            elif known and name not in known:
                hint = did_you_mean(name, known) or f" There are: {', '.join(known)}."
                self.wrong(key, f"{what} has no {quoted(name)}.{hint}")
            else:
                found[name] = value
        return found

    def needed(self, found: dict[str, Node], name: str, parent: Node, what: str) -> Node | None:
        """The value under a key that must be there."""
        if name not in found:
            self.wrong(parent, f"{what} needs “{name}: …”; add it.")
        return found.get(name)

    def items(self, node: Node | None, what: str, fewest: int, most: int) -> list[Node]:
        """The nodes of a list, each of which begins with a dash."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, f"{what} are a list, each on lines of its own that begin with “- ”.")
            return []
        if not fewest <= len(node.value) <= most:
            self.wrong(node, f"{what} are {fewest} to {most}, and here are {len(node.value)}.")
        return list(node.value[:most])

    def text(self, node: Node | None, what: str, longest: int) -> str:
        """A text of at most so many letters; "" for none."""
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or node.tag == _NULL or not node.value.strip():
            self.wrong(node, f"{what} is a text, and here is none.")
            return ""
        found = str(node.value).strip()
        if len(found) > longest:
            self.wrong(node, f"{what} has {len(found):,} letters, and at most {longest} are shown; shorten it.")
        if any(not each.isprintable() and each != "\n" for each in found):
            self.wrong(node, f"{what} has a character that cannot be shown, for instance a tab; take it out.")
        return found

    def number(self, node: Node | None, what: str, low: int, high: int) -> int | None:
        """A whole number within bounds."""
        if node is None:
            return None
        text = node.value if isinstance(node, yaml.ScalarNode) else ""
        if not (text.isascii() and text.isdecimal() and len(text) < 10 and low <= int(text) <= high):
            self.wrong(node, f"{what} is a whole number from {low} to {high}.")
            return None
        return int(text)

    def parameters(self, node: Node | None, what: str, known: Sequence[str]) -> dict[str, tuple[str, ...] | None]:
        """Parameters of an address: name -> its texts, None where the file says null."""
        if node is None:
            return {}
        read: dict[str, tuple[str, ...] | None] = {}
        for name, value in self.mapping(node, what).items():
            if name not in known:
                self.wrong(value, f"This page has no parameter {quoted(name)}.{did_you_mean(name, known)}")
                continue
            parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
            if not all(isinstance(part, yaml.ScalarNode) for part in parts):
                self.wrong(value, f"{quoted(name)} is a text or a number, or a list of these in brackets.")
                continue
            read[name] = None if value.tag == _NULL else tuple(str(part.value) for part in parts)
        return read
