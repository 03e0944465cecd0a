"""Films that no catalogue knows, looked up at TMDb: the one of the same title and year is taken, others are chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Route, expect

from tests.components.bare import DESKTOP, PHONE, Bare
from tests.components.conftest import OpenBare
from tests.components.film_screens import Visitor
from tests.waiting import until
from ui.components.film_cards import Card, Section

UNKNOWN = tuple(
    Card(-number, title, year, (), 0, 0, stars=4.0)
    for number, (title, year) in enumerate(
        [("Dune: Part Two", 2024), ("The Substance", 2024), ("Anora", 0), ("Nirgends", 1990)], 1
    )
)
TMDB = {
    "Dune: Part Two": [(1, "Dune: Part Two", "2024-02-27"), (2, "Dune Part Two: A Parody", "2024-05-01")],
    "The Substance": [(3, "Substance", "2003-01-01"), (4, "La sustancia", "2024-09-07")],
    "Anora": [(5, "Anora", "2024-10-14")],
    "Nirgends": [],
}


class Owner(Visitor):
    """A user whose films are all unknown."""

    def __init__(self, count: int = len(UNKNOWN)) -> None:
        super().__init__("mine", is_frozen=True)
        self.count = count

    def sections(self) -> tuple[Section, ...]:
        return (Section("mine", "mine", "Films", "Yours.", UNKNOWN[: self.count], "row"),)

    def screen(self) -> Any:
        return replace(super().screen(), tmdb_key="0123456789abcdef" * 2)


def opened(open_bare: OpenBare, visitor: Owner, looks: dict[str, Any] = DESKTOP) -> Bare:
    """The cards, with a TMDb that answers."""
    bare = open_bare("film-cards", visitor.data(), visitor.hear, looks=looks)

    def answer(route: Route) -> None:
        address = urlparse(route.request.url)
        titles = TMDB.get(parse_qs(address.query).get("query", [""])[0], [])
        found = [{"id": id, "title": title, "original_title": title, "release_date": day} for id, title, day in titles]
        is_search = address.path.endswith("/search/movie")
        reply = {"results": found} if is_search else {"imdb_id": f"tt000000{address.path[-1]}"}
        route.fulfill(json=reply, headers={"Access-Control-Allow-Origin": "*"})

    bare.page.route("https://api.themoviedb.org/**", answer)
    return bare


def told(visitor: Owner) -> list[tuple[int, int]]:
    """Film and TMDb id of what Python has heard, 0 for nothing found."""
    return [(each["film"], (each["new"] or {}).get("tmdb", 0)) for each in visitor.actions]


def test_a_film_whose_title_and_year_agree_is_taken_and_another_title_is_asked_about(open_bare: OpenBare) -> None:
    visitor = Owner()
    bare = opened(open_bare, visitor)
    look_up = bare.find(".part.mine .card .act[data-mark='look up']")
    look_up.nth(0).click()
    until(lambda: bare.page.evaluate("true") and told(visitor) == [(-1, 1)], "the very film is taken")
    assert visitor.actions[0]["new"]["imdb"] == "tt0000001"
    look_up.nth(3).click()
    until(lambda: bare.page.evaluate("true") and told(visitor)[1:] == [(-4, 0)], "nothing was found, and that is said")
    look_up.nth(1).click()
    dialog = bare.find("dialog.looking[open]")
    expect(dialog.locator("option")).to_have_text(
        ["None of these: leave it as it is", "Substance (2003)", "La sustancia (2024)"]
    )
    take = dialog.locator("button.act")
    expect(take).to_be_disabled()
    assert len(told(visitor)) == 2, "nothing is taken unasked"
    dialog.locator("select").select_option(label="La sustancia (2024)")
    expect(take).to_have_text("Take this film")
    take.click()
    expect(bare.find("dialog[open]")).to_have_count(0)
    until(lambda: bare.page.evaluate("true") and told(visitor)[2:] == [(-2, 4)], "what was chosen is taken")


def test_a_dialog_that_is_closed_takes_nothing(open_bare: OpenBare) -> None:
    visitor = Owner()
    bare = opened(open_bare, visitor)
    bare.find(".part.mine .look-up").click()
    expect(bare.find("dialog.looking[open] select")).to_have_count(4)
    bare.page.keyboard.press("Escape")
    expect(bare.find("dialog[open]")).to_have_count(0)
    bare.page.evaluate("new Promise(done => setTimeout(done, 200))")
    assert told(visitor) == []


@pytest.mark.parametrize("looks", [pytest.param(DESKTOP, id="desk"), pytest.param(PHONE, id="phone")])
def test_all_unknown_films_are_looked_up_and_confirmed_together(open_bare: OpenBare, looks: dict[str, Any]) -> None:
    visitor = Owner()
    bare = opened(open_bare, visitor, looks)
    button = bare.find(".part.mine .look-up")
    expect(button).to_have_text("Look up 4 unknown films")
    button.tap() if looks is PHONE else button.click()
    dialog = bare.find("dialog.looking[open]")
    selects = dialog.locator("select")
    until(
        lambda: (
            [each.input_value() for each in selects.all()] == ["1", "", "", ""] and "asking" not in dialog.inner_text()
        ),
        "what agrees in title and year is chosen",
    )
    expect(selects.nth(3)).to_be_disabled()
    selects.nth(2).select_option(label="Anora (2024)")
    take = dialog.locator("button.act")
    expect(take).to_have_text("Take these 2 films")
    assert dialog.evaluate("root => root.scrollWidth <= root.clientWidth"), "it fits"
    take.tap() if looks is PHONE else take.click()
    until(lambda: bare.page.evaluate("true") and told(visitor) == [(-1, 1), (-3, 5)], "both are taken")


def test_one_unknown_film_has_its_own_button_alone(open_bare: OpenBare) -> None:
    bare = opened(open_bare, Owner(1))
    expect(bare.find(".part.mine .card .act[data-mark='look up']")).to_have_count(1)
    expect(bare.find(".part.mine .look-up")).to_be_hidden()
