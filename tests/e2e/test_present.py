"""Presenting at 1280 x 720: what a page is about is whole on screen, in large type, and keys do the rest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pytest
from playwright.sync_api import Locator, Page, expect

from aecore.experiment.sweep import Sweep
from aecore.experiment.sweep_searches import Values
from tests.e2e.finished import finished_run, finished_sweep
from tests.e2e.screen import wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import PATIENCE, until

PROJECTOR = {"width": 1280, "height": 720}
LEAST = 14 * 1.4
"""Pixels of the smallest type."""


@dataclass(frozen=True)
class Essence:
    """What a page is about. selectors: each stands for one or more elements, all of which must be on screen."""

    address: str
    selectors: tuple[str, ...]


ESSENCES = {
    "home": Essence("", (".stage .flow", ".stage .gallery")),
    "synapses": Essence("synapses", (".toy .board", ".toy .lesson")),
    "steps": Essence("steps", (".player .controls", ".player .drawing", ".player .steps")),
    "pooling": Essence("pooling", (".board .controls", ".board .stages")),
    "train": Essence("train?run={runs[0]}", (".st-key-chart-loss", 'img[alt^="Test picture"]')),
    "race": Essence("race?runs={runs[0]}.{runs[1]}", (".race-table", ".st-key-race-curves")),
    "sweep": Essence("sweep?sweep={sweep}", (".st-key-sweep-best", ".st-key-sweep-parallel")),
    "noise": Essence("noise?data=digits", (".rows .block:first-child .row",)),
    "latent": Essence("latent?method=PCA", (".map .stage", ".map .legend")),
    "generate": Essence("generate", (".st-key-generated .strip",)),
    "translate": Essence("translate", ('[data-testid="stSlider"]', '.strip:has(img[alt^="Picture"])')),
    "movies": Essence("movies", (".part.rate .card:nth-child(-n+2)", ".part.recommended .card:nth-child(-n+4)")),
}
SWEEP = Sweep("digits", "undercomplete", {"epochs": 2}, {"latent_size": Values((2, 8))})
QUICK = "train"
"""The one page that `make test` looks at; the others are long."""

OFF_SCREEN = """all => all.map(each => each.getBoundingClientRect()).filter(({ left, top, right, bottom, width }) =>
  !width || left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1).map(each => each.toJSON())"""
SMALL = """(all, least) => {
  const small = [];
  const look = root => {
    for (const each of root.querySelectorAll('*')) {
      if (each.shadowRoot) look(each.shadowRoot);
      const says = [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
      if (!says || !each.checkVisibility() || !each.getBoundingClientRect().width) continue;
      const drawing = each.ownerSVGElement, box = drawing?.viewBox.baseVal;
      const grown = box?.width ? drawing.getBoundingClientRect().width / box.width : 1;
      const size = Number.parseFloat(getComputedStyle(each).fontSize) * grown;
      if (size < least - 0.1) small.push(`${size.toFixed(1)} ${each.textContent.trim().slice(0, 30)}`);
    }
  };
  all.forEach(look);
  return small;
}"""


def present(page: Page, address: str) -> None:
    """Opens a page by a link that presents it."""
    page.goto(f"{address}{'&' if '?' in address else '?'}present=true", wait_until="domcontentloaded")
    expect(page.locator(".present .leave")).to_be_visible()
    wait_idle(page)


def _is_whole(found: Locator) -> bool:
    return not found.evaluate_all(OFF_SCREEN)


def is_presented(page: Page) -> bool:
    return "present=true" in str(page.evaluate("location.search"))


@pytest.mark.parametrize(
    "name", [name if name == QUICK else pytest.param(name, marks=pytest.mark.long) for name in ESSENCES]
)
def test_a_page_has_its_essence_on_screen_in_large_type(name: str, server: Server, new_page: NewPage) -> None:
    runs = [finished_run(server.runs, each, epochs=4).id for each in "AB"] if name in ("train", "race") else []
    sweep = finished_sweep(server.runs.parent, SWEEP).id if name == "sweep" else ""
    page = new_page(viewport=PROJECTOR)
    present(page, f"{server.url}/{ESSENCES[name].address.format(runs=runs, sweep=sweep)}")
    for selector in ESSENCES[name].selectors:
        found = page.locator(selector)
        expect(found.first).to_be_visible()
        until(partial(_is_whole, found), f"{selector} is whole on screen", seconds=PATIENCE / 3)
        assert found.evaluate_all(SMALL, LEAST) == [], selector
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0


def test_keys_present_step_time_and_leave(server: Server, new_page: NewPage) -> None:
    page = new_page(viewport=PROJECTOR)
    page.goto(f"{server.url}/steps?nodes=3", wait_until="domcontentloaded")
    say = page.locator(".player .say")
    expect(say).to_contain_text("Epoch 1 begins")
    wait_idle(page)
    page.keyboard.press("PageDown")
    expect(say).to_contain_text("Epoch 1 begins")
    page.keyboard.press("p")
    expect(page.locator(".present .leave")).to_be_visible()
    assert "nodes=3" in page.url
    assert is_presented(page)
    page.keyboard.press("PageDown")
    expect(say).to_contain_text("enters as x")
    page.keyboard.press("PageUp")
    expect(say).to_contain_text("Epoch 1 begins")
    form = page.get_by_role("button", name="New start")
    expect(form).to_be_hidden()
    page.keyboard.press("f")
    expect(form).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator(".present .timer")).not_to_have_text("00:00")
    page.locator(".present .menu").click()
    page.locator("[data-testid=stSidebarNavLink]").filter(has_text="Pooling").click()
    expect(page.get_by_role("heading", name="Pooling with switches", level=1)).to_be_visible()
    until(lambda: is_presented(page), "presenting goes on on the next page")
    expect(page.locator(".present .timer")).not_to_have_text("00:00")
    wait_idle(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".board .count")).to_contain_text("1 of")
    page.keyboard.press("Escape")
    expect(page.locator(".present")).to_be_hidden()
    until(lambda: not is_presented(page), "the address says so")


@pytest.mark.long
def test_typing_is_typing_and_r_does_not_rerun_the_page(server: Server, new_page: NewPage) -> None:
    page = new_page(viewport=PROJECTOR)
    present(page, f"{server.url}/glossary")
    page.evaluate(
        "() => { window.reruns = 0; new MutationObserver(() => { window.reruns += 1; }).observe("
        "document.querySelector('[data-testid=stApp]'), { attributeFilter: ['data-test-script-state'] }); }"
    )
    page.keyboard.press("r")
    page.keyboard.press("t")
    expect(page.locator(".present .timer")).to_have_text("00:01")  # a second in which Streamlit would have begun
    assert page.evaluate("window.reruns") == 0
    page.keyboard.press("Escape")
    expect(page.locator(".present")).to_be_hidden()
    wait_idle(page)
    before = page.evaluate("window.reruns")
    page.keyboard.press("r")
    until(lambda: page.evaluate("window.reruns") > before, "the page is Streamlit's own again")
    search = page.get_by_role("textbox", name="Search")
    search.press_sequentially("p f r t")
    expect(search).to_have_value("p f r t")
    assert not is_presented(page)


@pytest.mark.long
def test_a_link_hides_parts_of_a_page(server: Server, new_page: NewPage) -> None:
    page = new_page(viewport=PROJECTOR)
    page.goto(f"{server.url}/steps?hide=form,intro,link,menu", wait_until="domcontentloaded")
    expect(page.locator(".player .say")).to_be_visible()
    wait_idle(page)
    for name in ("New start", "Link"):
        expect(page.get_by_role("button", name=name)).to_be_hidden()
    expect(page.locator('[data-testid="stSidebar"]')).to_be_hidden()
    expect(page.get_by_text("Viewers have rated films")).to_be_hidden()
