"""Every flow of the Movies page under a finger: each tap acts once, on what it is on, and says what came of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from aecore.recommender.profiles.store import Profiles
from tests.e2e.screen import go, wait_idle
from tests.e2e.server import Server
from tests.e2e.test_movies import LETTERBOXD, address, heard, open_movies, recommended
from tests.e2e.test_touch import PHONE, entries, tap_star
from tests.e2e.visitors import NewPage
from tests.waiting import until

NARROW = {"viewport": {"width": 293, "height": 640}, "has_touch": True}
WISH, NOT_ME, NOT_SEEN, SEEN = "Want to see", "Not for me", "Not seen", "Seen"


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """A page of a visitor with a phone."""
    return new_page(**PHONE)


def name_of(card: Locator) -> str:
    return card.locator(".name").text_content() or ""


def names(page: Page, part: str) -> list[str]:
    return page.locator(f".part.{part} .card .name").all_text_contents()


def tap_and_hear(page: Page, control: Locator) -> None:
    """Taps a control of the cards; returns once Python has heard it and the page stands still."""
    before = heard(page)
    control.scroll_into_view_if_needed()
    control.tap()
    until(lambda: heard(page) > before, "the tap is heard")
    wait_idle(page)


def act(card: Locator, label: str) -> Locator:
    return card.get_by_role("button", name=re.compile(f"^{label}:"))


def said_of(server: Server, page: Page) -> dict[str, tuple[float | None, frozenset[str]]]:
    """Title -> stars and marks, of everything that the visitor has said."""
    return {title: (each.stars, each.marks) for title, each in entries(server, page).items()}


def tap_stars(page: Page, card: Locator, stars: float) -> str:
    """Gives stars by a tap; returns the film's title once they are heard."""
    title, before = name_of(card), heard(page)
    tap_star(page, card, stars)
    until(lambda: heard(page) > before, f"the stars of {title} are heard")
    wait_idle(page)
    return title


@pytest.mark.parametrize("looks", [PHONE, NARROW], ids=["phone", "narrow"])
def test_films_are_rated_by_taps_in_halves_and_the_last_is_taken_back(
    server: Server, new_page: NewPage, looks: dict
) -> None:
    page = new_page(**looks)
    open_movies(page, server)
    given = {}
    for stars in (0.5, 2.5, 5):
        card = page.locator(".part.rate .card").first
        box, five = card.bounding_box(), card.locator(".five").bounding_box()
        assert box
        assert five
        assert five["x"] + five["width"] <= box["x"] + box["width"], "all five stars are on the card"
        assert five["width"] / 5 >= 30, "each is wide enough for a finger"
        given[tap_stars(page, card, stars)] = (stars, frozenset())
    assert said_of(server, page) == given
    assert not set(given) & set(names(page, "rate")), "rated films give way to others"
    expect(page.get_by_role("heading", name="For you, so far")).to_be_visible()
    tap_and_hear(page, page.get_by_role("button", name=re.compile("^Undo: ")))
    assert said_of(server, page) == dict(list(given.items())[:2])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_marks_of_a_film_to_rate_and_of_a_recommended_one_are_set_by_their_own_taps(
    server: Server, phone: Page
) -> None:
    open_movies(phone, server)
    expected = {}
    for label, mark in ((NOT_SEEN, "not seen"), (NOT_ME, "not for me")):
        card = phone.locator(".part.rate .card").first
        expected[name_of(card)] = (None, frozenset({mark}))
        tap_and_hear(phone, act(card, label))
    card = phone.locator(".part.recommended .card").nth(1)
    expected[name_of(card)] = (None, frozenset({"watchlist"}))
    tap_and_hear(phone, act(card, WISH))
    expect(act(card, WISH)).to_have_attribute("aria-pressed", "true")
    refused = phone.locator(".part.recommended .card").first
    title = name_of(refused)
    expected[title] = (None, frozenset({"not for me"}))
    tap_and_hear(phone, act(refused, NOT_ME))
    until(lambda: title not in recommended(phone), f"{title} is not recommended any more")
    assert said_of(server, phone) == expected


@pytest.mark.long
def test_the_sheet_opens_marks_rates_a_film_like_it_and_closes_under_a_finger(server: Server, phone: Page) -> None:
    open_movies(phone, server)
    tap_stars(phone, phone.locator(".part.rate .card").first, 5)
    face = phone.locator(".part.recommended .face").first
    face.scroll_into_view_if_needed()
    face.tap()
    sheet = phone.locator("dialog.sheet[open]")
    expect(sheet.locator(".large .name")).to_be_visible()
    until(lambda: "film=" in address(phone), "the address names the film")
    title = name_of(sheet.locator(".card.large"))
    tap_and_hear(phone, act(sheet.locator(".card.large"), SEEN))
    like = sheet.locator(".similar .card").nth(1)
    other = tap_stars(phone, like, 4.5)
    assert said_of(server, phone)[title] == (None, frozenset({"seen"}))
    assert said_of(server, phone)[other] == (4.5, frozenset())
    sheet.locator(".close").tap()
    expect(phone.locator("dialog[open]")).to_have_count(0)
    until(lambda: "film=" not in address(phone), "closed, it leaves the address")


def test_more_films_and_other_films_come_by_a_tap(server: Server, phone: Page) -> None:
    open_movies(phone, server)
    count, asked = len(recommended(phone)), names(phone, "rate")
    tap_and_hear(phone, phone.locator(".part.recommended .more"))
    until(lambda: len(recommended(phone)) == 2 * count, "there are twice as many")
    tap_and_hear(phone, phone.locator(".part.rate .other"))
    until(lambda: not set(names(phone, "rate")) & set(asked), "others are asked about")
    assert said_of(server, phone) == {}


def test_a_film_is_searched_and_one_that_is_missing_is_added_by_taps(server: Server, phone: Page) -> None:
    open_movies(phone, server)
    field = phone.locator(".search:visible")
    field.tap()
    field.fill("lotr")
    found = phone.locator(".found .card")
    expect(found.first.locator(".name")).to_contain_text("The Lord of the Rings")
    title = tap_stars(phone, found.first, 3.5)
    field.fill("oppenheimer 2023")
    expect(phone.locator(".missing")).to_contain_text(
        "“oppenheimer 2023”: it is not in this catalogue, which has films up to"
    )
    phone.locator(".missing .add").tap()
    form = phone.locator("dialog.adding[open]")
    expect(form.get_by_label("Title")).to_have_value("oppenheimer")
    expect(form.get_by_label("Year")).to_have_value("2023")
    keep = form.get_by_role("button", name="Keep it with these stars")
    expect(keep).to_be_disabled()
    form.get_by_role("button", name="Drama").tap()
    expect(form.get_by_role("button", name="Drama")).to_have_attribute("aria-pressed", "true")
    tap_star(phone, form, 4.5)
    tap_and_hear(phone, keep)
    expect(phone.locator("dialog[open]")).to_have_count(0)
    expect(phone.locator(".say")).to_contain_text("oppenheimer (2023) is kept with your ratings")
    assert said_of(server, phone) == {title: (3.5, frozenset()), "oppenheimer": (4.5, frozenset())}
    assert entries(server, phone)["oppenheimer"].film.genres == ("Drama",)
    go(phone, f"{server.url}/movies?view=My+ratings", "Movies")
    own = phone.locator(".part.mine .card").filter(has_text="oppenheimer")
    expect(own.locator(".note")).to_contain_text("not known to this recommender")
    tap_stars(phone, own, 2)
    assert said_of(server, phone)["oppenheimer"] == (2, frozenset())


@pytest.mark.long
def test_the_dial_and_the_filters_are_folded_on_a_phone_and_set_by_taps(server: Server, phone: Page) -> None:
    open_movies(phone, server)
    dial = phone.get_by_role("slider", name="Well-known or hidden gems")
    expect(dial).to_be_hidden()
    before = recommended(phone)
    phone.locator(".st-key-films-unfold label").tap()
    expect(dial).to_be_visible()
    wait_idle(phone)
    track, thumb = phone.locator('[data-testid="stSlider"]:visible').first.bounding_box(), dial.bounding_box()
    assert track
    assert thumb
    phone.touchscreen.tap(track["x"] + track["width"] - 8, thumb["y"] + thumb["height"] / 2)
    until(lambda: "dial=" in address(phone), "the dial is in the address")
    until(lambda: recommended(phone) != before, "the list has moved")
    phone.locator(".st-key-filters button").first.tap()
    phone.get_by_role("combobox", name="Only with one of these genres").tap()
    phone.get_by_role("option", name="Documentary").tap()
    until(lambda: "genres=Documentary" in address(phone), "the genre is in the address")
    wait_idle(phone)
    genres = phone.locator(".part.recommended .card .genres").all_text_contents()
    assert genres
    phone.get_by_role("combobox", name="Only with one of these genres").blur()  # its open list covers what is below
    phone.get_by_role("button", name="Clear all filters").tap()
    until(lambda: "genres=" not in address(phone), "the filters are cleared")


@pytest.mark.long
def test_a_file_is_imported_and_taken_back_by_taps(server: Server, phone: Page) -> None:
    go(phone, f"{server.url}/movies?view=Import", "Movies")
    phone.locator('input[type="file"]').set_input_files(
        {"name": "ratings.csv", "mimeType": "text/csv", "buffer": LETTERBOXD.encode()}
    )
    expect(phone.get_by_role("heading", name="Import report")).to_be_visible()
    expect(phone.get_by_text(re.compile(r"not in this catalogue, which has films up to \d{4}"))).to_be_visible()
    phone.get_by_role("button", name="Keep 3 films").tap()
    expect(phone.get_by_text("Kept: 3 films changed or added.")).to_be_visible()
    assert len(said_of(server, phone)) == 3
    phone.locator('[data-testid="stButtonGroup"]').get_by_text("My ratings", exact=True).tap()
    expect(phone.locator(".part.mine .card")).to_have_count(3)
    tap_and_hear(phone, phone.get_by_role("button", name=re.compile("^Undo: Import")))
    expect(phone.locator(".part.mine .card")).to_have_count(0)


@pytest.mark.long
def test_a_friend_is_invited_by_taps_and_their_stars_are_on_the_cards(server: Server, phone: Page) -> None:
    profiles = Profiles(server.home)
    friend = profiles.create("Ada", "nobody's key, of this test")
    code = profiles.share(friend.id)
    profiles.close()
    open_movies(phone, server)
    tap_stars(phone, phone.locator(".part.rate .card").first, 5)
    go(phone, f"{server.url}/movies?view=Friends", "Movies")
    phone.get_by_role("textbox", name="A friend's code").fill(code)
    phone.get_by_role("button", name="Invite").tap()
    expect(phone.locator(".part.night .card").first).to_be_visible()
    expect(phone.locator(".part.night .who").first).to_contain_text("Ada")
    phone.get_by_role("button", name="Make a code for Me").tap()
    expect(phone.locator('[data-testid="stCode"]').first).to_be_visible()
    phone.locator(".part.night .face").first.tap()
    expect(phone.locator("dialog.sheet[open] .large")).to_be_visible()
    phone.locator("dialog.sheet[open] .close").tap()
    expect(phone.locator("dialog[open]")).to_have_count(0)


@pytest.mark.long
def test_a_tap_on_the_taste_map_opens_a_film_whose_stars_a_tap_gives(server: Server, phone: Page) -> None:
    go(phone, f"{server.url}/movies?view=Your+taste", "Movies")
    canvas = phone.locator("canvas:visible").first
    expect(canvas).to_be_visible()
    wait_idle(phone)
    canvas.scroll_into_view_if_needed()
    sheet = phone.locator("dialog.sheet[open]")

    def opened() -> bool:
        box = canvas.bounding_box()
        assert box
        phone.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        phone.wait_for_timeout(500)
        return sheet.count() > 0

    until(opened, "a tap on the map opens a film")
    wait_idle(phone)
    title = tap_stars(phone, sheet.locator(".card.large"), 4)
    assert said_of(server, phone) == {title: (4, frozenset())}
    sheet.locator(".close").tap()
    expect(phone.locator("dialog[open]")).to_have_count(0)


@pytest.mark.long
def test_a_title_is_looked_up_at_tmdb_by_the_browser_alone_and_fills_the_form(server: Server, phone: Page) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        found = {
            "results": [
                {
                    "id": 872585, "title": "Oppenheimer", "original_title": "Oppenheimer", "release_date": "2023-07-19",
                    "genre_ids": [18, 36], "poster_path": None,
                }
            ]
        }  # fmt: skip
        answers = found if "/search/movie" in route.request.url else {"imdb_id": "tt15398776", "poster_path": None}
        route.fulfill(json=answers, headers={"Access-Control-Allow-Origin": "*"})

    phone.route("https://api.themoviedb.org/**", answer)
    open_movies(phone, server)
    phone.locator(".search:visible").fill("oppenheimer 2022")
    phone.locator(".missing .add").tap()
    form = phone.locator("dialog.adding[open]")
    tap_star(phone, form, 4)
    tap_and_hear(phone, form.get_by_role("button", name="Keep it with these stars"))
    phone.locator(".st-key-films-unfold label").tap()
    phone.get_by_role("button", name="Posters").tap()
    phone.get_by_role("textbox", name="Key of TMDb").fill("0123456789abcdef" * 2)
    phone.keyboard.press("Enter")
    until(lambda: phone.evaluate("true") and asked, "the key is used")
    phone.keyboard.press("Escape")
    wait_idle(phone)
    phone.locator('[data-testid="stButtonGroup"]').get_by_text("My ratings", exact=True).tap()
    card = phone.locator(".part.mine .card")
    tap_and_hear(phone, card.get_by_role("button", name=re.compile("^Look up:")))
    expect(phone.locator(".say")).to_contain_text("now has its TMDb id")
    assert entries(server, phone)["oppenheimer"].film.imdb == 15398776
    tap_and_hear(phone, phone.get_by_role("button", name=re.compile("^Undo:")))
    tap_and_hear(phone, phone.get_by_role("button", name=re.compile("^Undo:")))
    phone.locator('[data-testid="stButtonGroup"]').get_by_text("Recommendations", exact=True).tap()
    phone.locator(".search:visible").fill("oppenheimer 2023")
    phone.locator(".missing .add").tap()
    form.get_by_role("button", name="Oppenheimer (2023)").tap()
    expect(form.get_by_label("IMDb id")).to_have_value("tt15398776")
    expect(form.get_by_role("button", name="Drama")).to_have_attribute("aria-pressed", "true")
    expect(form).to_contain_text("not endorsed or certified by TMDB")
    tap_and_hear(phone, form.get_by_role("button", name=WISH))
    film = entries(server, phone)["Oppenheimer"].film
    assert (film.imdb, film.tmdb, film.genres) == (15398776, 872585, ("Drama",))
    assert any("query=oppenheimer" in each and "year=2023" in each for each in asked)
