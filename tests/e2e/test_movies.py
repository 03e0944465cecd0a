"""Movies in a browser: updated recommendations, undo, reload, import, a second user;
the cards themselves are tested in tests/components.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from aecore.recommender.profiles.store import Profiles
from tests.e2e.screen import go, metrics, pick, press, wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import until

LETTERBOXD = """Date,Name,Year,Letterboxd URI,Rating
2024-01-02,The Matrix,1999,https://boxd.it/2a1m,5
2024-01-03,"Crouching Tiger, Hidden Dragon",2000,https://boxd.it/29t6,4.5
2024-01-04,<b>Nobody</b> Ever *Made* This,1987,https://boxd.it/zzzz,3
2024-01-05,Heat,1995,https://boxd.it/2a3O,seven
"""


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def open_movies(page: Page, server: Server, query: str = "") -> None:
    go(page, f"{server.url}/movies{query}", "Movies")
    expect(page.locator(".part.recommended .card").first).to_be_visible()
    wait_idle(page)


def address(page: Page) -> str:
    return page.evaluate("location.href")


def recommended(page: Page) -> list[str]:
    return page.locator(".part.recommended .card .name").all_text_contents()


def heard(page: Page) -> float:
    return float(page.locator(".st-key-films .films, .films").first.get_attribute("data-heard") or 0)


def click_star(card: Locator, stars: float) -> None:
    """Clicks the middle of the half star that gives this rating."""
    five = card.locator(".five")
    five.scroll_into_view_if_needed()
    box = five.bounding_box()
    assert box
    five.click(position={"x": box["width"] * (stars / 5 - 0.05), "y": box["height"] / 2})


def rate_next(page: Page, stars: float) -> str:
    """Rates the first film to rate; returns its title once Python has the action."""
    card, before = page.locator(".part.rate .card").first, heard(page)
    name = card.locator(".name").text_content() or ""
    click_star(card, stars)
    until(lambda: heard(page) > before, f"the stars of {name} are heard")
    return name


def test_five_films_rated_by_mouse_change_what_is_recommended_and_survive_a_reload(server: Server, page: Page) -> None:
    open_movies(page, server)
    expect(page.get_by_role("heading", name="What most users like")).to_be_visible()
    first = recommended(page)
    rated = {rate_next(page, stars): stars for stars in (5, 0.5, 4.5, 1.5, 5)}
    assert len(rated) == 5, "a rated film gives way to another"
    expect(page.get_by_role("heading", name="For you", exact=True)).to_be_visible()
    until(lambda: recommended(page) != first, "the recommendations have moved")
    assert not set(rated) & set(recommended(page)), "what is rated is not recommended"
    page.reload()
    expect(page.get_by_role("heading", name="For you", exact=True)).to_be_visible()
    go(page, f"{server.url}/movies?view=My+ratings", "Movies")
    cards = page.locator(".part.mine .card")
    expect(cards).to_have_count(5)
    shown = {
        card.locator(".name").text_content(): float(card.locator(".stars").get_attribute("aria-valuenow") or 0)
        for card in cards.all()
    }
    assert shown == rated
    page.get_by_role("button", name=re.compile("^Undo: ")).click()
    expect(cards).to_have_count(4)


@pytest.mark.long
def test_a_film_close_up_says_why_its_link_opens_it_again_and_what_is_not_for_me_stays_away(
    server: Server, page: Page, new_page: NewPage
) -> None:
    open_movies(page, server)
    for stars in (5, 1, 4):
        rate_next(page, stars)
    page.locator(".part.recommended .face").first.click()
    sheet = page.locator("dialog.sheet[open]")
    expect(sheet.locator(".why li").first).to_be_visible()
    expect(sheet.locator(".similar .card")).to_have_count(9)
    title = sheet.locator(".large .name").text_content()
    until(lambda: "film=" in address(page), "the address names the film")
    other = new_page()
    go(other, address(page), "Movies")
    expect(other.locator("dialog.sheet[open] .large .name")).to_have_text(title or "")
    expect(other.locator("dialog.sheet[open] .why li")).to_have_count(0)
    page.keyboard.press("Escape")
    until(lambda: "film=" not in address(page), "closed, it leaves the address")
    name, before = recommended(page)[0], heard(page)
    page.locator(".part.recommended .card").filter(has=page.get_by_text(name, exact=True)).first.get_by_role(
        "button", name=re.compile("^Not for me")
    ).click()
    until(lambda: name not in recommended(page), f"{name} is gone")
    until(lambda: heard(page) > before, "it is heard")
    page.reload()
    expect(page.locator(".part.recommended .card").first).to_be_visible()
    wait_idle(page)
    assert name not in recommended(page)
    page.get_by_role("button", name=re.compile("^Undo: ")).click()
    until(lambda: name in recommended(page), f"{name} is back")


@pytest.mark.long
@pytest.mark.parametrize("is_touch", [False, True], ids=["mouse", "touch"])
def test_the_map_names_films_tells_of_them_and_a_lasso_leads_to_rating_them(
    server: Server, new_page: NewPage, is_touch: bool
) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True) if is_touch else new_page()
    go(page, f"{server.url}/movies?view=Your+taste", "Movies")
    chart = page.locator(".map")
    until(lambda: chart.evaluate("root => Boolean(root.latentMap?.view.has_places)"), "the map is there")
    tool = chart.locator("button[data-tool=lasso]")
    tool.tap() if is_touch else tool.click()
    wait_idle(page)
    find = """root => { const map = root.latentMap, i = map.data.names.indexOf("The Matrix"), box = map.over.getBoundingClientRect();
        return [box.left + map.view.sx[i], box.top + map.view.sy[i]]; }"""  # noqa: E501
    chart.evaluate("root => root.scrollIntoView({ block: 'center' })")
    x, y = chart.evaluate(find)
    around = [(x + dx, y + dy) for dx, dy in ((-25, -25), (25, -25), (25, 25), (-25, 25), (-25, -20))]
    if not is_touch:
        page.mouse.move(x - 2, y)
        page.mouse.move(x, y)
        expect(chart.locator(".card")).to_contain_text("★ ")
        expect(chart.locator(".card")).to_contain_text("expected")
        expect(chart.locator(".card")).to_contain_text("The Matrix")
        expect(chart.locator(".card")).to_contain_text("Sci-Fi")
    session = page.context.new_cdp_session(page) if is_touch else None
    for place, (across, down) in enumerate(around):
        if session:
            kind = "touchMove" if place else "touchStart"
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": across, "y": down}]})
        else:
            page.mouse.move(across, down, steps=4)
            if not place:
                page.mouse.down()
    if session:
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    else:
        page.mouse.up()
    until(lambda: "circled=" in address(page), "the address holds the films circled")
    card = page.locator(".part.rate .card").filter(has_text="The Matrix").first
    expect(card).to_be_visible()
    expect(page.locator(".part.recommended .card").filter(has_text="The Matrix").first).to_be_visible()
    click_star(card, 4.5)
    expect(page.locator(".part.recommended .card").filter(has_text="The Matrix")).to_have_count(0)
    until(lambda: "circled=" in address(page), "the films stay circled")


def test_a_letterboxd_file_is_read_shown_kept_and_taken_back(server: Server, page: Page) -> None:
    go(page, f"{server.url}/movies?view=Import", "Movies")
    page.locator('input[type="file"]').set_input_files(
        {"name": "ratings.csv", "mimeType": "text/csv", "buffer": LETTERBOXD.encode()}
    )
    expect(page.get_by_role("heading", name="Import report")).to_be_visible()
    shown = until(lambda: (seen := metrics(page)) and "Left out" in seen and seen, "the import report")
    assert (int(shown["Found"]) + int(shown["By guess"]), shown["Unknown here"], shown["Left out"]) == (2, "1", "1")
    expect(page.get_by_text("<b>Nobody</b> Ever *Made* This (1987) · ratings.csv, row 4", exact=True)).to_be_visible()
    press(page, "Keep 3 films")
    expect(page.get_by_text("Kept: 3 films changed or added.")).to_be_visible()
    pick(page, "My ratings")
    expect(page.locator(".part.mine .card")).to_have_count(3)
    expect(
        page.locator(".part.mine .card").filter(has_text="<b>Nobody</b> Ever *Made* This").locator(".note")
    ).to_contain_text("not known to this recommender")
    page.get_by_role("button", name=re.compile("^Undo: Import from Letterboxd")).click()
    expect(page.locator(".part.mine .card")).to_have_count(0)


@pytest.mark.long
def test_another_visitor_sees_nothing_of_it_unless_given_a_code(server: Server, page: Page, new_page: NewPage) -> None:
    open_movies(page, server)
    rate_next(page, 5)
    page.goto(f"{server.url}/movies?view=Friends")
    press(page, "Make a code for Me")
    code = page.locator('[data-testid="stCode"]').first
    expect(code).to_be_visible()
    letters = (code.text_content() or "").strip()
    assert Profiles(server.home).shared(letters).name == "Me"
    other = new_page()
    open_movies(other, server)
    expect(other.get_by_role("heading", name="What most users like")).to_be_visible()
    other.goto(f"{server.url}/movies?view=Friends")
    other.get_by_role("textbox", name="A friend's code").fill(letters)
    press(other, "Invite")
    expect(other.locator(".part.night .card").first).to_be_visible()
    expect(other.locator(".part.night .who li").first).to_contain_text("Me")
    cookies = [each for each in page.context.cookies() if str(each.get("name")).startswith("aecore-")]
    assert len(cookies) == 2
    assert all(each["httpOnly"] and each["value"] not in address(other) for each in cookies)


@pytest.mark.long
def test_posters_come_to_the_browser_alone_and_the_key_is_kept_nowhere(
    server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    context, key, asked = new_context(), "0123456789abcdef" * 2, []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(json={"poster_path": "/poster.png"}, headers={"Access-Control-Allow-Origin": "*"})

    context.route("https://api.themoviedb.org/**", answer)
    context.route("https://image.tmdb.org/**", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    page = context.new_page()
    open_movies(page, server)
    press(page, "Posters")
    page.get_by_role("textbox", name="Key of TMDb").fill(key)
    page.keyboard.press("Enter")
    expect(page.locator(".part.recommended .face img").first).to_have_attribute("src", re.compile("^blob:"))
    assert all(f"api_key={key}" in each for each in asked if "api.themoviedb.org" in each)
    assert key not in address(page)
    kept = [path for path in server.home.rglob("*") if path.is_file() and key.encode() in path.read_bytes()]
    assert not kept
    page.reload()
    expect(page.locator(".part.recommended .card").first).to_be_visible()
    expect(page.locator(".face img")).to_have_count(0)
