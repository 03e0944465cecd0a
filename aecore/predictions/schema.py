"""What a prediction consists of: a question, the form of a guess, where its result is, and its truth."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aecore.runs.run import Run

NEAR = 0.1
"""A guess is called near where it misses the truth by at most this part of what could be chosen."""


class GuessError(ValueError):
    """A guess that does not have the form asked for; the message says what is wrong."""


class NotYetError(ValueError):
    """The truth is not known yet; the message says what is still to be done."""


@dataclass(frozen=True)
class Choice:
    """One of two to six answers; a guess is its number, counted from 0."""

    answers: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """A number on a line. step: between two that can be chosen. unit: behind the number, "" for none."""

    low: float
    high: float
    step: float
    unit: str = ""


@dataclass(frozen=True)
class Curve:
    """A curve over fixed places, drawn by hand; a guess has one number for each place.

    x: the places, rising; low, high: the lowest and the highest value that can be drawn. is_even: the places are drawn
    equally far apart, however far apart they are.
    """

    x: tuple[float, ...]
    x_label: str
    low: float
    high: float
    y_label: str
    is_even: bool = False


Form = Choice | Number | Curve
Guess = int | float | tuple[float, ...]
"""A number of an answer, a number, or one for each place of a curve."""


@dataclass(frozen=True)
class Truth:
    """What is the case. value: in the form of a guess; of a curve, one number for each place. text: a sentence or two
    that give the figures, with what they were measured on (Markdown of bold, italics, code).
    """

    value: Guess
    text: str


@dataclass(frozen=True)
class Given:
    """What the page shows when its truth is asked for. runs: those of its address, in order; folder_of: the folder
    of a run.
    """

    runs: tuple[Run, ...] = ()
    folder_of: Callable[[str], Path] = Path

    def finished(self, what_to_do: str) -> tuple[Run, ...]:
        """The runs, all of which have ended well. NotYetError, with what is to be done, otherwise."""
        if not self.runs:
            raise NotYetError(what_to_do)
        if any(run.status.is_active for run in self.runs):
            raise NotYetError("The truth is known when training has ended.")
        if any(run.status.state != "done" for run in self.runs):
            raise NotYetError("This training did not come to its end. Continue it, or begin another.")
        return self.runs


@dataclass(frozen=True)
class Prediction:
    """A question to answer before its result is seen.

    id: its name in addresses. page: file name of the page. ask: the question. address: parameters with which the page
    shows what is asked about, name -> texts. cover: CSS selectors, with commas, of what is covered until somebody has
    guessed. misconception: what many expect, and why, and what is wrong with it. truth: computes what is the case.
    is_of_runs: the truth depends on the runs of the address, which the learner trains; its computation raises
    NotYetError until they are there.
    """

    id: str
    page: str
    ask: str
    form: Form
    address: Mapping[str, Sequence[str]]
    cover: str
    misconception: str
    truth: Callable[[Given], Truth] = field(repr=False)
    is_of_runs: bool = False


def checked(form: Form, raw: Any) -> Guess:
    """A guess as a browser sent it. GuessError if it does not fit the form."""
    if isinstance(form, Choice):
        if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw < len(form.answers):
            raise GuessError("Choose one of the answers.")
        return raw
    if isinstance(form, Number):
        return _between(form.low, form.high, raw)
    if not isinstance(raw, list) or len(raw) != len(form.x):
        raise GuessError(f"Draw the whole curve, from {form.x[0]:g} to {form.x[-1]:g}.")
    return tuple(_between(form.low, form.high, each) for each in raw)


def _between(low: float, high: float, raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        raise GuessError("A guess is a number.")
    if not low <= raw <= high:
        raise GuessError(f"A guess is between {low:g} and {high:g}.")
    return float(raw)


def distance(form: Form, guess: Guess, truth: Guess) -> float:
    """How far a guess is from the truth: 0 for right, 1 for the whole range; of curves, the mean over their places."""
    if isinstance(form, Choice):
        return float(guess != truth)
    gaps = [abs(one - other) / (form.high - form.low) for one, other in zip(_many(guess), _many(truth), strict=True)]
    return min(1.0, sum(gaps) / len(gaps))


def _many(guess: Guess) -> tuple[float, ...]:
    return guess if isinstance(guess, tuple) else (guess,)


def verdict(form: Form, guess: Guess, truth: Guess) -> str:
    """'right', 'near' or 'off'."""
    gap = distance(form, guess, truth)
    if isinstance(form, Choice):
        return "off" if gap else "right"
    half_a_step = 0.5 * form.step / (form.high - form.low) if isinstance(form, Number) else 0.01
    return "right" if gap <= half_a_step + 1e-9 else "near" if gap <= NEAR else "off"


def described(form: Form) -> dict[str, Any]:
    """The form as JSON, for the card and the polls of a room."""
    if isinstance(form, Choice):
        return {"kind": "choice", "answers": list(form.answers)}
    if isinstance(form, Number):
        return {"kind": "number", "low": form.low, "high": form.high, "step": form.step, "unit": form.unit}
    return {
        "kind": "curve", "x": list(form.x), "xLabel": form.x_label, "low": form.low, "high": form.high,
        "yLabel": form.y_label, "isEven": form.is_even,
    }  # fmt: skip


def form_of(values: Mapping[str, Any]) -> Form:
    """The form that `described` has written."""
    if values["kind"] == "choice":
        return Choice(tuple(values["answers"]))
    if values["kind"] == "number":
        return Number(values["low"], values["high"], values["step"], values["unit"])
    return Curve(
        tuple(values["x"]),
        values["xLabel"],
        values["low"],
        values["high"],
        values["yLabel"],
        values.get("isEven", False),
    )


def as_guess(value: Any) -> Guess:
    """A guess that was written as JSON. TypeError or ValueError if it is none."""
    if isinstance(value, list):
        return tuple(float(each) for each in value)
    return value if isinstance(value, int) else float(value)


def as_json(truth: Truth, misconception: str, word: str | None) -> dict[str, Any]:
    """The truth as a browser gets it. word: of the verdict on its guess, None without a guess."""
    return {"value": truth.value, "text": truth.text, "misconception": misconception, "verdict": word}
