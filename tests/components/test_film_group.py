"""Film cards of several people: whose list it is, and vetoes of a group, by finger and by mouse."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.components.bare import DESKTOP, PHONE, Bare, Finger, middle
from tests.components.conftest import OpenBare
from tests.components.film_screens import Visitor
from tests.components.test_film_cards import heard, open_films


def press(bare: Bare, button: Locator, looks: dict[str, Any]) -> None:
    """By finger where the screen has touch, by mouse elsewhere."""
    button.scroll_into_view_if_needed()
    button.click(trial=True)  # waits until it stands still
    if looks.get("has_touch"):
        Finger(bare.page).tap(*middle(button))
    else:
        button.click()


LOOKS = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]


@pytest.mark.parametrize("looks", LOOKS)
def test_a_veto_takes_the_film_away_is_shown_and_can_be_taken_back(open_bare: OpenBare, looks: dict[str, Any]) -> None:
    visitor = Visitor("group")
    bare = open_films(open_bare, visitor, looks)
    cards, vetoes = bare.find(".part.night .card"), bare.find(".vetoes")
    expect(vetoes).to_have_text("Nobody has vetoed a film.")
    first, top = cards.first.locator(".name").inner_text(), cards.first.bounding_box()
    expect(cards.first.locator(".veto")).to_have_count(1)
    button = cards.first.get_by_role("button", name=f"Veto by Ann: {first}")
    press(bare, button, looks)
    (action,) = heard(bare, visitor)
    assert (action["kind"], action["film"], action["who"], action["on"]) == ("veto", 1, "a", True)
    expect(cards.first.locator(".name")).not_to_have_text(first)
    expect(vetoes).to_contain_text(f"1 vetoed:{first} (Ann)")
    vetoes.scroll_into_view_if_needed()
    bare.page.evaluate("scrollTo(0, 0)")
    assert top
    assert abs((cards.first.bounding_box() or {})["y"] - top["y"]) <= 1, "the list has not moved"
    back = vetoes.get_by_role("button", name=f"Take back the veto of Ann: {first}")
    press(bare, back, looks)
    assert [each["on"] for each in heard(bare, visitor, 2)] == [True, False]
    expect(cards.first.locator(".name")).to_have_text(first)
    expect(vetoes).to_have_text("Nobody has vetoed a film.")


def test_rows_of_a_card_stay_under_the_finger_while_nothing_about_them_changes(open_bare: OpenBare) -> None:
    visitor = Visitor("group")
    bare = open_films(open_bare, visitor, PHONE)
    row = bare.find(".part.night .card .who li").first.element_handle()
    bare.find(".part.night .card .stars").nth(2).press("8")
    heard(bare, visitor)
    assert row
    assert row.evaluate("row => row.isConnected")


@pytest.mark.parametrize("looks", LOOKS)
def test_one_tap_goes_to_the_list_of_another_person_whose_name_is_letters(
    open_bare: OpenBare, looks: dict[str, Any]
) -> None:
    visitor = Visitor("recommend", is_frozen=True)
    bare = open_films(open_bare, visitor, looks)
    chips = bare.find(".whose .person")
    assert chips.all_inner_texts() == ["Ann", "<i>Bob</i>"]
    expect(chips.first).to_have_attribute("aria-pressed", "true")
    press(bare, chips.nth(1), looks)
    expect(chips.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(chips.first).to_have_attribute("aria-pressed", "false")
    assert [(each["kind"], each["who"]) for each in heard(bare, visitor)] == [("person", "2")]
    expect(chips.nth(1)).to_have_attribute("aria-pressed", "true")
    press(bare, chips.nth(1), looks)
    bare.page.evaluate("true")
    assert len(visitor.actions) == 1, "the list is theirs already"


@pytest.mark.parametrize("looks", LOOKS)
def test_whose_list_it_is_stays_on_screen_however_far_one_scrolls(open_bare: OpenBare, looks: dict[str, Any]) -> None:
    bare = open_films(open_bare, Visitor("recommend"), looks)
    for card in (0, 5, 11):
        bare.find(".part.recommended .card").nth(card).scroll_into_view_if_needed()
        expect(bare.find(".whose")).to_be_in_viewport(ratio=0.95)


@pytest.mark.parametrize("looks", LOOKS)
def test_many_vetoes_and_long_names_stay_within_the_screen(open_bare: OpenBare, looks: dict[str, Any]) -> None:
    visitor = Visitor("group")
    visitor.vetoed = {film: ["a"] for film in range(7, 27)}
    data = visitor.data()
    for section in data["sections"]:
        for film in section["films"]:
            film["who"] = [{"name": "W" * 60, "stars": 3.5, "seen": True, "key": "a"}] * 3
    data["people"] = [{"key": str(key), "name": "W" * 60, "on": key == 20} for key in range(1, 21)]
    bare = open_films(open_bare, visitor, looks)
    bare.show(data)
    expect(bare.find(".vetoes .back")).to_have_count(20)
    width = bare.page.viewport_size or {}
    for part in (".part", ".cards", ".vetoes", ".whose", ".who"):
        box = bare.find(part).first.bounding_box() or {}
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= width["width"], part
    expect(bare.find(".whose .on")).to_be_in_viewport(ratio=0.5)
    data["people"] = [{"key": "", "name": "A very long group, " * 20, "on": True}]
    bare.show(data)
    expect(bare.find(".whose .person")).to_be_in_viewport(ratio=0.9)
