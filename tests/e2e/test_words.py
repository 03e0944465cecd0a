"""Words in a browser: a fresh machine learns eight remarks, the map answers to clicks, a link brings it back,
and pasted texts are kept.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from aecore.words.embedding import nearest
from aecore.words.results import place_of, read_embedding, read_results
from aecore.words.settings import WordSettings
from aecore.words.text_store import find_texts, kept
from tests.e2e.screen import go, metrics, pick, press, status, train, wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import until

PLACE = """word => {
  const map = document.querySelector('.st-key-words-map .js-plotly-plot');
  if (!map?._fullLayout?.xaxis?._offset) return null;
  map.scrollIntoView({ block: 'center' });
  const { xaxis, yaxis } = map._fullLayout, box = map.getBoundingClientRect();
  for (const trace of map._fullData) {
    const at = [trace.hovertext].flat().findIndex(text => text?.startsWith(`<b>${word}</b>`));
    if (at >= 0) return [box.x + xaxis._offset + xaxis.d2p(trace.x[at]),
      box.y + yaxis._offset + yaxis.d2p(trace.y[at])];
  }
  return null;
}"""
"""Where the map draws a word."""


def in_address(page: Page, name: str) -> str:
    return parse_qs(urlsplit(page.evaluate("location.href")).query).get(name, [""])[0]


def click_word(page: Page, word: str) -> None:
    """Points at a word until the map says its name, and clicks it."""

    def points() -> bool:
        place = page.evaluate(PLACE, word)
        if place is None:
            return False
        page.mouse.move(place[0] - 3, place[1] - 3)
        page.mouse.move(*place)
        return any(text.startswith(word) for text in page.locator(".hoverlayer .hovertext").all_text_contents())

    until(points, f"the map says '{word}'")
    page.mouse.click(*page.evaluate(PLACE, word))


def chosen_word(page: Page) -> str:
    return page.get_by_role("combobox", name="Nearest to the word").input_value()


@pytest.mark.long
def test_eight_remarks_are_learned_mapped_and_tested(server: Server, page: Page, new_page: NewPage) -> None:
    go(page, f"{server.url}/words", "Words")
    expect(page.get_by_text("19 zeros, and a single 1 at its own place")).to_be_visible()
    pick(page, "4 · Test")
    place, settings = place_of(server.home, "eight", WordSettings()), WordSettings()
    until(lambda: (found := read_results(place)) is not None and found.is_complete, "everything is learned")
    results, texts = read_results(place), find_texts(server.home, "eight")
    assert results is not None
    right = {way: int((results.answers(way)[0] == np.array(texts.labels)).sum()) for way in ("autoencoder", "labels")}
    until(
        lambda: metrics(page).get("Unseen texts right") == f"{right['autoencoder']} of 8",
        "the figure of the autoencoder is shown",
    )
    expect(page.get_by_text("What they cannot:")).to_be_visible()
    pick(page, "The labels")
    until(
        lambda: metrics(page).get("Unseen texts right") == f"{right['labels']} of 8",
        "the figure of the other way is shown",
    )
    pick(page, "The words alone")
    pick(page, "3 · Map")
    expect(page.locator(".st-key-words-map .js-plotly-plot")).to_be_visible()
    wait_idle(page)
    click_word(page, "told")
    until(lambda: in_address(page, "word") == "told", "the address has the word")
    until(lambda: chosen_word(page) == "told", "its nearest are listed")
    embedding = read_embedding(place, "autoencoder")
    assert embedding is not None
    index = results.words.index("told")
    closest = results.words[int(nearest(embedding.vectors, embedding.vectors[index], 1, index)[0][0])]
    assert closest in {"a", "story", "well"}, f"'{closest}' was never in a text with 'told', with {settings}"
    other = new_page()
    other.goto(page.url)
    until(
        lambda: other.get_by_role("combobox", name="Nearest to the word").count() == 1 and chosen_word(other) == "told",
        "the link brings the word back",
    )


@pytest.mark.long
def test_no_click_on_a_view_is_lost_or_undone_while_a_run_trains(server: Server, page: Page) -> None:
    """The texts have settings of their own, so that they are learned anew; another run keeps the processor busy."""
    busy = page.context.new_page()
    go(busy, f"{server.url}/train?epochs=2000", "Train an autoencoder")
    run_id = train(busy)
    go(page, f"{server.url}/words?texts=films&word_epochs=40&view=learning", "Words")
    lost = []
    views = {"numbers": "1 · Texts as numbers", "learning": "2 · Learning", "map": "3 · Map", "test": "4 · Test"}
    for name in ["numbers", "test", "map", "learning", "numbers", "map", "test", "learning"] * 2:
        pick(page, views[name])
        chosen = page.locator(
            '[data-testid="stButtonGroup"] [aria-checked="true"], .st-key-words-view [kind$="Active"]'
        )
        try:
            until(lambda name=name: in_address(page, "view") == name, f"the address has the view {name}")
            expect(chosen.filter(has_text=views[name])).to_be_visible()
            page.wait_for_timeout(700)  # ticks of the page come meanwhile, and must not undo it
            assert in_address(page, "view") == name
            expect(chosen.filter(has_text=views[name])).to_be_visible()
        except AssertionError as error:
            lost.append(f"{name}: {error}"[:200])
    press(busy, "Stop")
    until(lambda: status(server.runs, run_id)["state"] == "stopped", "the other run is stopped")
    busy.close()
    assert not lost


def test_pasted_texts_are_kept_and_a_bad_line_is_named(server: Server, page: Page) -> None:
    go(page, f"{server.url}/words?texts=own", "Words")
    box = page.get_by_role("textbox", name="One text per line")
    box.fill("sun, warm day\nno comma")
    press(page, "Learn from these")
    expect(page.get_by_text("Line 2: there is no comma and no tab in 'no comma'")).to_be_visible()
    box.fill("sun, warm day\nsun, hot day\nrain, wet day\nrain, grey day")
    press(page, "Learn from these")
    until(lambda: in_address(page, "texts") in kept(server.home), "the texts are kept, and the address has their key")
    expect(page.get_by_text("4 texts: 2 rain, 2 sun.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("4 texts: 2 rain, 2 sun.")).to_be_visible()


@pytest.mark.long
def test_on_a_phone_nothing_is_wider_than_the_screen(server: Server, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    go(page, f"{server.url}/words?view=map", "Words")
    expect(page.locator(".st-key-words-map .js-plotly-plot")).to_be_visible(timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator(".st-key-words-map .js-plotly-plot").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
