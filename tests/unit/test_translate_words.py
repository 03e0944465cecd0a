"""What the Translate page says: every sentence against figures whose conclusion is known."""

from __future__ import annotations

import numpy as np
import pytest

from aecore.latent.attributes import Attribute
from aecore.latent.translation import Effect
from aecore.reference_classifiers.classifiers import reference_classifier
from ui.screens.translate.text import (
    accuracy_words,
    baselines_words,
    effect_words,
    gauge_words,
    lost_words,
    side_words,
)

GLASSES = Attribute("glasses=1", "Glasses", "without glasses", "glasses")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"skin": 0.09}, "Hardly anything else changes"),
        (
            {"skin": 0.158, "hair_style": 0.02},
            "else, too: the reference classifier's prediction of skin (15.8 %",
        ),
        (
            {"skin": 0.158, "eye_colour": 0.125},
            "prediction of skin (15.8 % of the pictures) and eye colour (12.5 % of the pictures).",
        ),
    ],
)
def test_side_effects_are_listed_the_strongest_first(changed: dict[str, float], says: str) -> None:
    assert says in side_words(changed).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("lost", "says"),
    [
        ({}, ""),
        ({"skin": 0.09}, ""),
        ({"skin": 0.158, "eye_colour": 0.592}, "lost before anything is moved."),
    ],
)
def test_what_is_lost_without_a_move_is_said_if_it_is_much(lost: dict[str, float], says: str) -> None:
    told = lost_words(lost).replace("\N{NO-BREAK SPACE}", " ")
    assert told.endswith(says) if says else told == ""


@pytest.mark.parametrize(
    ("percentile", "says"), [(0.5, "Among the data"), (0.97, "At the edge"), (0.999, "Off the data")]
)
def test_the_distance_of_moved_codes_is_judged(percentile: float, says: str) -> None:
    told = gauge_words(np.full(3, percentile), np.full(3, 0.4)).replace("\N{NO-BREAK SPACE}", " ")
    assert says in told
    assert "before the move it was 40 %" in told


@pytest.mark.parametrize(
    ("before", "is_same"), [(0.53, True), (0.515, True), (0.545, True), (0.50, False), (0.56, False)]
)
def test_a_move_that_takes_codes_no_further_out_is_said_to_do_so(before: float, is_same: bool) -> None:
    told = gauge_words(np.full(3, 0.53), np.full(3, before))
    assert told.startswith("**Among the data.**")
    assert told.endswith("as far from its nearest training codes as before.") == is_same


@pytest.mark.parametrize(("data", "head"), [("faces", ""), ("faces", "glasses"), ("digits", "")])
def test_how_often_the_reference_classifier_is_right_is_what_was_measured(data: str, head: str) -> None:
    facts = reference_classifier(data).facts
    told = accuracy_words(data, head).replace("\N{NO-BREAK SPACE}", " ")
    assert f"{facts['test_pictures']:,} original test pictures" in told
    for share in {facts["test"][head]} if head else {min(facts["test"].values()), max(facts["test"].values())}:
        assert f"{100 * share:.1f} %" in told


@pytest.mark.parametrize(
    ("after", "is_adding", "says"),
    [
        ([0.9, 0.7, 0.0], True, ["53 %** after", "3 test pictures", "2 of them are above 50 %", "in part; the other"]),
        ([0.9, 0.8, 0.9], True, ["3 of them", "the move works."]),
        ([0.1, 0.2, 0.7], False, ["2 of them are below 50 %", "the move works; the other"]),
    ],
)  # fmt: skip
def test_a_move_that_works_on_average_is_not_said_to_work_for_every_picture(
    after: list[float], is_adding: bool, says: list[str]
) -> None:
    before = np.full(3, 0.0 if is_adding else 1.0)
    told = effect_words(GLASSES, before, np.array(after), is_adding).replace("\N{NO-BREAK SPACE}", " ")
    for each in says:
        assert each in told


@pytest.mark.parametrize(
    ("mean", "separator", "is_adding", "says"),
    [
        (Effect(0.92, 0, 0.82, 0.06), Effect(0.99, 0, 0.77, 0.14), True, "the mean difference does more and changes"),
        (Effect(0.92, 1, 0.77, 0.06), Effect(0.99, 1, 0.82, 0.14), False, "the mean difference does more and changes"),
        (Effect(0.92, 0, 0.77, 0.14), Effect(0.99, 0, 0.82, 0.06), True, "the linear separator does more and changes"),
        (
            Effect(0.92, 0, 0.82, 0.14),
            Effect(0.99, 0, 0.77, 0.06),
            True,
            "the mean difference does more, and the",
        ),
        (Effect(0.92, 1, 0.82, 0.14), Effect(0.99, 1, 0.77, 0.06), False, "the linear separator does more and changes"),
        (Effect(0.92, 0, 0.8, 0.1), Effect(0.92, 0, 0.8, 0.1), True, ""),
    ],
)
def test_of_both_ways_to_a_direction_the_better_one_is_named(
    mean: Effect, separator: Effect, is_adding: bool, says: str
) -> None:
    told = baselines_words(mean, separator, is_adding)
    assert says in told
    assert bool(told) == bool(says)
    assert ("separates best" in told) == (says.startswith("the mean difference does more and"))
