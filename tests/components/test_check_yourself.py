"""The questions at the end of a page: answered by finger, one at a time; nothing moves, and the server hears of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.components.bare import DESKTOP, PHONE, Bare, tops
from tests.components.conftest import OpenBare
from tests.waiting import until
from ui.app.checks import questions_of

QUESTIONS = questions_of("pooling")
IDS, RIGHT = list(QUESTIONS), [each.right for each in QUESTIONS.values()]
FIRST = QUESTIONS[IDS[0]]


def wrong(at: int) -> int:
    """The place of a wrong answer to a question."""
    return (RIGHT[at] + 1) % len(QUESTIONS[IDS[at]].choices)


class Kept:
    """What stands for the server: it hears, and may refuse."""

    def __init__(self, refusal: str = "") -> None:
        self.refusal, self.heard = refusal, []

    def answer(self, route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[1]
        self.heard.append((name, json.loads(route.request.post_data or "null")))
        route.fulfill(status=409, body=self.refusal) if self.refusal else route.fulfill(status=204)


def open_check(
    open_bare: OpenBare, kept: Kept, looks: dict[str, Any], answers: dict[str, list[int]] | None = None
) -> Bare:
    data = {
        "page": "pooling",
        "at": "/checks/pooling",
        "questions": [{"id": id, **each.described} for id, each in QUESTIONS.items()],
        "answers": answers or {},
    }
    served = {f"/checks/pooling/{name}": kept.answer for name in ("answer", "again")}
    return open_bare("check-yourself", data, served=served, looks=looks)


def press(check: Bare, selector: str, at: int = 0) -> None:
    """By finger where there is one."""
    found = check.find(selector).nth(at)
    found.tap() if check.page.evaluate("navigator.maxTouchPoints > 0") else found.click()


@pytest.mark.parametrize("looks", [PHONE, DESKTOP], ids=["finger", "mouse"])
def test_it_is_folded_and_asks_one_at_a_time_and_counts_first_tries(open_bare: OpenBare, looks: dict[str, Any]) -> None:
    kept = Kept()
    check = open_check(open_bare, kept, looks)
    state, following = check.find(".state"), check.find(".next")
    expect(state).to_have_text("3 questions")
    expect(check.find(".choice").first).to_be_hidden()
    press(check, "summary")
    expect(check.find(".ask")).to_have_text(FIRST.ask)
    expect(following).to_be_disabled()
    places = ".choice, .room, footer"
    before = tops(check.find(".check"), places)
    press(check, ".choice", wrong(0))
    expect(check.find(".why:not([aria-hidden])")).to_contain_text("Not quite.")
    assert tops(check.find(".check"), places) == before, "nothing moves under the finger"
    press(check, ".choice", RIGHT[0])
    expect(check.find(".why:not([aria-hidden])")).to_contain_text("Right.")
    assert tops(check.find(".check"), places) == before
    press(check, ".next")
    for at in (1, 2):
        expect(state).to_have_text(f"{at} of 3 answered")
        press(check, ".choice", RIGHT[at])
        press(check, ".next")
    expect(state).to_have_text("2 of 3 right at the first try")
    expect(check.find(".body")).to_contain_text("You answered 2 of 3 right at the first try. Press a number")
    assert check.find(".places button").evaluate_all("all => all.map(each => each.className)") == [
        "wrong", "right", "right",
    ]  # fmt: skip
    wanted = [(IDS[0], wrong(0)), *zip(IDS, RIGHT, strict=True)]
    until(lambda: len(kept.heard) == len(wanted), "all is heard")
    assert kept.heard == [("answer", {"question": id, "choice": choice}) for id, choice in wanted]


def test_who_comes_back_sees_their_answers_and_may_answer_again(open_bare: OpenBare) -> None:
    kept = Kept()
    check = open_check(open_bare, kept, DESKTOP, {IDS[0]: [RIGHT[0]] * 2, IDS[2]: [wrong(2)] * 2})
    expect(check.find(".state")).to_have_text("2 of 3 answered")
    press(check, "summary")
    expect(check.find(".ask")).to_have_text(QUESTIONS[IDS[1]].ask)
    press(check, ".places button", 2)
    expect(check.find(".choice.wrong")).to_have_text(QUESTIONS[IDS[2]].choices[wrong(2)].answer)
    press(check, ".next")
    expect(check.find(".ask")).to_have_text(QUESTIONS[IDS[1]].ask)
    press(check, ".choice", RIGHT[1])
    press(check, ".places button", 2)
    expect(check.find(".next")).to_have_text("Finish")
    press(check, ".next")
    press(check, ".again")
    expect(check.find(".state")).to_have_text("3 questions")
    expect(check.find(".ask")).to_have_text(FIRST.ask)
    until(lambda: kept.heard[-1] == ("again", {}), "the server hears of it")


def test_an_answer_that_is_no_longer_there_counts_but_breaks_nothing(open_bare: OpenBare) -> None:
    check = open_check(open_bare, Kept(), DESKTOP, {IDS[0]: [7, 7]})
    press(check, "summary")
    press(check, ".places button", 0)
    expect(check.find(".ask")).to_have_text(FIRST.ask)
    expect(check.find(".choice[aria-pressed=true]")).to_have_count(0)


def test_it_goes_on_and_says_so_where_an_answer_is_not_kept(open_bare: OpenBare) -> None:
    check = open_check(open_bare, Kept("Your browser keeps no cookies, so your answers are not kept."), DESKTOP)
    press(check, "summary")
    press(check, ".choice", RIGHT[0])
    expect(check.find(".say")).to_have_text("Not kept: Your browser keeps no cookies, so your answers are not kept.")
    expect(check.find(".why:not([aria-hidden])")).to_contain_text("Right.")
    expect(check.find(".next")).to_be_enabled()
