"""Guesses: what is right, near or off, and what is kept of each person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aecore.predictions.guesses import FOLDER, Guesses
from aecore.predictions.schema import (
    Choice,
    Curve,
    Form,
    Guess,
    GuessError,
    Number,
    checked,
    described,
    distance,
    form_of,
    verdict,
)

CHOICE, NUMBER = Choice(("a", "b", "c")), Number(0, 50, 1, "dB")
CURVE = Curve((0, 1, 2, 3), "epoch", 0.0, 2.0, "error")


@pytest.mark.parametrize(
    ("form", "guess", "truth", "gap", "word"),
    [
        (CHOICE, 1, 1, 0.0, "right"),
        (CHOICE, 0, 2, 1.0, "off"),
        (NUMBER, 20.0, 20.4, 0.008, "right"),
        (NUMBER, 20.0, 24.0, 0.08, "near"),
        (NUMBER, 20.0, 27.0, 0.14, "off"),
        (NUMBER, 0.0, 99.0, 1.0, "off"),
        (CURVE, (2.0, 1.0, 0.0, 0.0), (2.0, 1.0, 0.4, 0.4), 0.1, "near"),
        (CURVE, (0.0, 0.0, 0.0, 0.0), (2.0, 2.0, 2.0, 2.0), 1.0, "off"),
    ],
)
def test_a_guess_is_right_near_or_off(form: Form, guess: Guess, truth: Guess, gap: float, word: str) -> None:
    assert distance(form, guess, truth) == pytest.approx(gap)
    assert verdict(form, guess, truth) == word


@pytest.mark.parametrize("form", [CHOICE, NUMBER, CURVE])
def test_a_form_is_read_back_as_it_was_written(form: Form) -> None:
    assert form_of(json.loads(json.dumps(described(form)))) == form


@pytest.mark.parametrize(("form", "raw"), [(CHOICE, 1.0), (NUMBER, "3"), (NUMBER, 51), (CURVE, [0, 1, 2]), (CURVE, 3)])
def test_what_is_no_guess_is_refused_in_a_sentence(form: Form, raw: Any) -> None:
    with pytest.raises(GuessError, match=r"^[A-Z].*\.$"):
        checked(form, raw)


def test_the_last_guess_is_kept_and_so_is_the_wish_to_be_asked(tmp_path: Path) -> None:
    guesses = Guesses(tmp_path, lambda: 1000.0)
    for guess in (3.0, 4.0, 5.0):
        guesses.note("ann", "one", guess)
    guesses.note("ann", "two", (1.0, 2.0))
    guesses.ask("ann", is_asked=True)
    book = Guesses(tmp_path).of("ann")
    assert (book.guesses["one"].guess, book.guesses["one"].made) == (5.0, 1000.0)
    assert book.guesses["two"].guess == (1.0, 2.0)
    assert book.is_asked
    assert not guesses.of("bob").is_asked
    assert guesses.of("bob").guesses == {}


@pytest.mark.parametrize("broken", ["{", "[]", '{"format": 1}', '{"format": 1, "asked": false, "guesses": {"one": 3}}'])
def test_a_broken_file_is_set_aside(broken: str, tmp_path: Path) -> None:
    guesses = Guesses(tmp_path)
    guesses.note("ann", "one", 1)
    file = tmp_path / FOLDER / "ann.json"
    file.write_text(broken)
    assert guesses.of("ann").guesses == {}
    assert [each.read_text() for each in file.parent.glob("ann-broken-*.json")] == [broken]
    guesses.note("ann", "two", 2)
    assert set(guesses.of("ann").guesses) == {"two"}
