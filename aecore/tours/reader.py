"""Reads a tour from YAML, and says with the number of the line whatever is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml
from yaml import Node

from aecore.foreign import one_line
from aecore.tours.addresses import PARAMETERS
from aecore.tours.faults import Fault, TourError, quoted
from aecore.tours.nodes import Nodes, did_you_mean
from aecore.tours.schema import ANY, NAMED, Address, Choice, Question, Step, Tour, Wait

LARGEST_FILE = 200_000
"""Bytes."""

MOST_WORDS = 90
LONGEST_TITLE, LONGEST_TEXT, LONGEST_ANSWER, LONGEST_SELECTOR = 70, 1_200, 160, 300
STEPS, CHOICES, MINUTES = (1, 40), (2, 4), (1, 120)
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ID_WORDS = "small letters, digits and dashes, at most 40"

_OF_TOUR = ("title", "goal", "minutes", "steps")
_OF_STEP = ("id", "page", "address", "text", "look", "wait", "question")
_OF_WAIT = ("address", "click")
_OF_QUESTION = ("ask", "choices", "right")
_OF_CHOICE = ("answer", "why")


def read_file(path: Path) -> Tour:
    """The tour in a file; its id is the name of the file without ending.

    TourError if it cannot be opened, or anything in it is wrong.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
        if len(raw) > LARGEST_FILE:
            raise TourError(path.name, [Fault(1, f"The file has more than {LARGEST_FILE:,} bytes; split the tour.")])
        text = raw.decode()
    except OSError as error:
        raise TourError(path.name, message=f"{path.name} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise TourError(path.name, [Fault(line, "This is no UTF-8; save the file as UTF-8.")]) from None
    return read(text, path.stem, path.name)


def read(text: str, id: str, file: str = "") -> Tour:
    """The tour of a YAML text. file: how messages call it. TourError if anything in it is wrong."""
    file = file or f"{id}.yaml"
    if not ID.fullmatch(id):
        raise TourError(file, [Fault(1, f"The name of the file is that of the tour in addresses: {_ID_WORDS}.")])
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = one_line(error.problem or "it is no YAML")
        raise TourError(file, [Fault(mark.line + 1 if mark else 1, f"This is no YAML: {problem}.")]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise TourError(file, [Fault(1, f"This is no YAML: {one_line(str(error))[:200]}.")]) from None
    if root is None:
        raise TourError(file, [Fault(1, f"The file is empty; it needs {', '.join(_OF_TOUR)}.")])
    nodes = Nodes()
    tour = _Reader(nodes).tour(root, id)
    if nodes.faults:
        raise TourError(file, nodes.faults)
    return tour


class _Reader:
    """Reads nodes as parts of a tour."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes

    def tour(self, root: Node, id: str) -> Tour:
        nodes = self._nodes
        found = nodes.mapping(root, "A tour", _OF_TOUR)
        needed = {name: nodes.needed(found, name, root, "A tour") for name in _OF_TOUR}
        title = nodes.text(needed["title"], "The title", LONGEST_TITLE)
        goal = nodes.text(needed["goal"], "The goal", LONGEST_TEXT)
        minutes = nodes.number(needed["minutes"], "The number of minutes", *MINUTES) or 1
        steps: list[Step] = []
        for node in nodes.items(needed["steps"], "The steps", *STEPS):
            steps.append(self._step(node, steps))
        return Tour(id, title, goal, minutes, tuple(steps))

    def _step(self, node: Node, earlier: list[Step]) -> Step:
        nodes = self._nodes
        found = nodes.mapping(node, "A step", _OF_STEP)
        id = self._id(nodes.needed(found, "id", node, "A step"), earlier)
        last = earlier[-1] if earlier else None
        if "page" in found or last is None:
            page, base, scene = self._page(nodes.needed(found, "page", node, "The first step")), {}, len(earlier)
        else:
            page, base, scene = last.page, dict(last.address), last.scene
        address, clear = self._address(found.get("address"), page, base)
        if "text" not in found and "question" not in found:
            nodes.wrong(node, "A step needs a text or a question; add “text: …”.")
        return Step(
            id, page, address, scene, self._words(found.get("text")), self._look(found.get("look")),
            self._wait(found.get("wait"), page, address), self._question(found.get("question")),
            clear,
        )  # fmt: skip

    def _id(self, node: Node | None, earlier: list[Step]) -> str:
        id = self._nodes.text(node, "The id of a step", 40)
        if node is not None and id and not ID.fullmatch(id):
            self._nodes.wrong(node, f"The id of a step has {_ID_WORDS}.")
        if node is not None and any(step.id == id for step in earlier):
            self._nodes.wrong(node, f"Another step has the id {quoted(id)} already; choose another.")
        return id

    def _page(self, node: Node | None) -> str:
        page = self._nodes.text(node, "The page", 40)
        if node is not None and page and page not in PARAMETERS:
            hint = did_you_mean(page, tuple(PARAMETERS)) or f" There are: {', '.join(PARAMETERS)}."
            self._nodes.wrong(node, f"There is no page {quoted(page)}.{hint}")
        return page

    def _address(
        self, node: Node | None, page: str, base: dict[str, tuple[str, ...]]
    ) -> tuple[Address, tuple[str, ...]]:
        asked = self._nodes.parameters(node, "An address", _known(page))
        kept = {name: texts for name, texts in {**base, **asked}.items() if texts is not None}
        return kept, tuple(name for name, texts in asked.items() if texts is None)

    def _words(self, node: Node | None) -> str:
        text = self._nodes.text(node, "A text", LONGEST_TEXT)
        if node is not None and (count := len(text.split())) > MOST_WORDS:
            advice = "shorten it, or make two steps of it"
            self._nodes.wrong(node, f"A text has at most {MOST_WORDS} words, and this has {count}; {advice}.")
        return text

    def _look(self, node: Node | None) -> str:
        text = self._nodes.text(node, "What is looked at", LONGEST_SELECTOR)
        selector = NAMED.get(text, text)
        if node is not None and text and text not in NAMED and not re.search(r"[.#\[]", text):
            named = ", ".join(NAMED)
            self._nodes.wrong(
                node, f"{quoted(text)} is no place: name one of {named}, or a CSS selector such as “.st-key-data”."
            )
        return selector

    def _wait(self, node: Node | None, page: str, address: Address) -> Wait | None:
        if node is None:
            return None
        nodes = self._nodes
        found = nodes.mapping(node, "What a step waits for", _OF_WAIT)
        if len(found) != 1:
            nodes.wrong(node, "A step waits for an address or for a click: “address: {name: value}” or “click: …”.")
        wanted: dict[str, str] = {}
        for name, texts in nodes.parameters(found.get("address"), "The awaited address", _known(page)).items():
            if texts is None or len(texts) != 1:
                nodes.wrong(found["address"], f"What is awaited of {quoted(name)} is one value, or “{ANY}”.")
            elif name in address and texts[0] in (ANY, *address[name]):
                nodes.wrong(found["address"], f"The step sets {quoted(name)} itself, so there is nothing to wait for.")
            else:
                wanted[name] = texts[0]
        return Wait(wanted, nodes.text(found.get("click"), "What is to be pressed", LONGEST_SELECTOR))

    def _question(self, node: Node | None) -> Question | None:
        if node is None:
            return None
        nodes = self._nodes
        found = nodes.mapping(node, "A question", _OF_QUESTION)
        needed = {name: nodes.needed(found, name, node, "A question") for name in _OF_QUESTION}
        choices = tuple(map(self._choice, nodes.items(needed["choices"], "The choices", *CHOICES)))
        right = nodes.number(needed["right"], "The number of the right choice", 1, max(1, len(choices))) or 1
        return Question(nodes.text(needed["ask"], "A question", LONGEST_TEXT), choices, right - 1)

    def _choice(self, node: Node) -> Choice:
        nodes = self._nodes
        found = nodes.mapping(node, "A choice", _OF_CHOICE)
        answer = nodes.text(nodes.needed(found, "answer", node, "A choice"), "An answer", LONGEST_ANSWER)
        return Choice(answer, self._words(nodes.needed(found, "why", node, "A choice")))


def _known(page: str) -> tuple[str, ...]:
    """The parameters of a page; of an unknown one, all that there are, so that one fault makes no others."""
    names: Mapping[str, frozenset[str]] = PARAMETERS
    return tuple(sorted(names[page] if page in names else frozenset().union(*names.values())))
