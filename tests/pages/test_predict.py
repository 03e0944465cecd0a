"""Pages ask before they show: the button, the card, the cover, and the wish to be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from aecore.predictions.guesses import Guesses
from tests.pages.conftest import OpenPage, button, labels, sentences
from ui.app.identity import HOST
from ui.app.predictions import predictions_of

ASKING = ("synapses", "steps", "pooling", "train", "race")
SILENT = ("glossary", "runs", "data")


@pytest.mark.parametrize("page", ASKING)
def test_a_press_asks_the_first_thing_that_was_not_guessed_yet(page: str, open_page: OpenPage, home: Path) -> None:
    first, second, *_ = predictions_of(page)
    shown = open_page(page)
    assert not shown.exception
    assert "predict" not in shown.query_params
    button(shown, "Predict").click().run()
    assert shown.query_params["predict"] in (first.id, [first.id])
    button(shown, "Predict").click().run()
    assert "predict" not in shown.query_params
    Guesses(home).note(HOST.tag, first.id, 0)
    button(shown, "Predict").click().run()
    assert shown.query_params["predict"] in (second.id, [second.id])


@pytest.mark.parametrize("page", SILENT)
def test_other_pages_have_no_such_button(page: str, open_page: OpenPage) -> None:
    assert "Predict" not in labels(open_page(page))


def test_what_the_page_does_not_have_is_refused(open_page: OpenPage) -> None:
    shown = open_page("synapses", predict="steps-curve")
    assert "“steps-curve”, but this page has none of that name" in sentences(shown)


def test_the_result_is_covered_by_a_rule_of_the_page(open_page: OpenPage) -> None:
    asked = predictions_of("synapses")[0]
    styles = [each.proto.body for each in open_page("synapses", predict=asked.id).get("html")]
    (rule,) = [each for each in styles if f'[data-uncovered="{asked.id}"]' in each]
    assert asked.cover in rule
    assert not any("data-uncovered" in each.proto.body for each in open_page("synapses").get("html"))


def test_who_wants_to_be_asked_is_asked_by_a_page_that_is_opened_bare(open_page: OpenPage, home: Path) -> None:
    guesses = Guesses(home)
    guesses.ask(HOST.tag, is_asked=True)
    first, second, *others = predictions_of("synapses")
    assert open_page("synapses").query_params["predict"] in (first.id, [first.id])
    assert "predict" not in open_page("synapses", size="4-2").query_params, "a link is shown as it is"
    guesses.note(HOST.tag, first.id, 0)
    assert open_page("synapses").query_params["predict"] in (second.id, [second.id])
    for each in (second, *others):
        guesses.note(HOST.tag, each.id, 0)
    assert "predict" not in open_page("synapses").query_params, "all is guessed"
