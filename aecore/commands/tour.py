"""`python -m aecore tour`: checks the file of a tour, and shows its steps as text."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator
from pathlib import Path

from aecore.tours.faults import TourError
from aecore.tours.reader import read_file
from aecore.tours.schema import ANY, Question, Step, Tour, Wait

WIDTH = 100


def main(arguments: list[str]) -> int:
    """Checks or shows one file; 1 if it has faults, which are printed with their lines."""
    options = _parser().parse_args(arguments)
    try:
        tour = read_file(options.file)
    except TourError as error:
        print(error)
        return 1
    if options.verb == "preview":
        print("\n".join(preview(tour)))
    else:
        print(f"{options.file.name} is fine: {len(tour.steps)} steps, {len(tour.questions)} of them with a question.")
    return 0


def preview(tour: Tour) -> Iterator[str]:
    """The lines of a tour as text."""
    yield f"{tour.title} ({tour.id}), about {tour.minutes} minutes"
    yield from _wrapped(tour.goal, "Goal: ")
    for number, step in enumerate(tour.steps, 1):
        yield f"\n{number} of {len(tour.steps)}: {step.id}, at {place(step)}"
        yield from (line for part in step.text.splitlines() for line in _wrapped(part, "  "))
        if step.look:
            yield f"  [highlights {step.look}]"
        if step.wait:
            yield f"  [waits until {awaited(step.wait)}]"
        if step.question:
            yield from _question(step.question)


def place(step: Step) -> str:
    """Page and parameters of a step, as they stand in an address."""
    query = "&".join(f"{name}={text}" for name, texts in step.address.items() for text in texts)
    return f"/{step.page}?{query}" if query else f"/{step.page}"


def awaited(wait: Wait) -> str:
    """What a step waits for, as the end of a sentence."""
    if wait.click:
        return f"{wait.click} is pressed"
    return " and ".join(
        f"the address has {name}" if text == ANY else f"the address has {name}={text}"
        for name, text in wait.address.items()
    )


def _question(question: Question) -> Iterator[str]:
    yield from _wrapped(question.ask, "  Question: ")
    for index, choice in enumerate(question.choices):
        yield from _wrapped(choice.answer, "   * " if index == question.right else "   - ")
        yield from _wrapped(" ".join(choice.why.split()), "       ")


def _wrapped(text: str, head: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m aecore tour", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help="say what is wrong with a tour, and in which line").add_argument("file", type=Path)
    verbs.add_parser("preview", help="print every step of a tour as text").add_argument("file", type=Path)
    return parser
