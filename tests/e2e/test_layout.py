"""How pages fill a projector (1280 x 720) and a phone: what belongs together is in one view,
pictures are large enough to be judged, tables are whole, and no page is wider than its screen.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.components.bare import PHONE
from tests.e2e.finished import finished_run
from tests.e2e.screen import go, wait_idle
from tests.e2e.server import Server
from tests.e2e.visitors import NewPage
from tests.waiting import until
from ui.widgets.pictures import SMALLEST

PROJECTOR = {"width": 1280, "height": 720}
HEADER = 60
"""Pixels that Streamlit's own line at the top covers."""

WIDTHS = """all => all.map(each => {
  const across = Math.max(1, Math.round(each.naturalWidth / each.naturalHeight));
  return each.closest('.strip') ? each.clientWidth : each.clientWidth / across;
})"""
SIDEWAYS = """() => ['html', '[data-testid="stMain"]'].map(name => {
  const part = document.querySelector(name);
  return part.scrollWidth - part.clientWidth;
})"""


SMALL_LABELS = """least => {
  const found = new Set();
  const look = root => {
    for (const part of root.querySelectorAll('*')) {
      if (part.shadowRoot) look(part.shadowRoot);
      if (part.closest('script, style, title, noscript, .katex, [data-testid=stIconMaterial]')) continue;
      const texts = [...part.childNodes].filter(each => each.nodeType === 3);
      const text = texts.map(each => each.textContent.trim()).join('');
      const { width, height } = part.getBoundingClientRect(), { fontSize, visibility } = getComputedStyle(part);
      if (!text || !width || !height || visibility === 'hidden') continue;
      const drawn = part.ownerSVGElement && part.getScreenCTM(); // a drawing is scaled with its text
      const size = parseFloat(fontSize) * (drawn ? Math.hypot(drawn.a, drawn.b) : 1);
      const name = `${part.tagName}.${part.getAttribute('class') ?? ''}`;
      if (size < least) found.add(`${size.toFixed(1)} ${name}: ${text.slice(0, 40)}`);
    }
  };
  look(document);
  return [...found];
}"""
"""What a page and its components write smaller than so many pixels; formulas and icons have sizes of their own."""

LEAST_LABEL = 13.9
"""Pixels, of 14: a drawing that is scaled is a hundredth off."""

WITH_LABELS = {
    "home": "Autoencoder Explorer", "synapses": "Synapses", "steps": "Training, step by step",
    "pooling": "Pooling with switches", "noise?pictures=Drawing": "Noise lab", "latent": "Map of the latent space",
    "latent?panel=Walk": "Map of the latent space", "latent?panel=Walk&walk=Over+a+plane": "Map of the latent space",
    "latent?panel=Walk&walk=From+example+to+example": "Map of the latent space",
    "latent?panel=Your+own+point": "Map of the latent space", "tours": "Tours",
    "movies": "Movies", "movies?view=Friends": "Movies", "train": "Train an autoencoder",
    "train?widths=512,256,128,64,32": "Train an autoencoder", "data": "Data", "lecture": "Lecture",
}  # fmt: skip
"""Address of a page -> its title."""


def smallest_picture(page: Page, selector: str) -> float:
    """The width of the narrowest picture on screen; strips hold several beside each other."""
    expect(page.locator(selector).first).to_be_visible()
    return min(page.locator(selector).evaluate_all(WIDTHS))


@pytest.mark.long
@pytest.mark.parametrize("looks", [{"viewport": PROJECTOR}, PHONE], ids=["projector", "phone"])
def test_runs_races_and_the_noise_lab_fit_their_screen(
    looks: dict[str, object], server: Server, new_page: NewPage
) -> None:
    runs = [finished_run(server.runs, name, epochs=2, latent_size=size).id for name, size in (("A", 4), ("B", 20))]
    page = new_page(**looks)
    is_projector = looks != PHONE
    go(page, f"{server.url}/train?run={runs[0]}", "Train an autoencoder")
    assert smallest_picture(page, ".strip img[alt*='the original']") >= SMALLEST
    if is_projector:
        curves, pictures = page.locator(".js-plotly-plot").first, page.locator(".strip img").first
        expect(curves).to_be_visible()
        above, below = curves.bounding_box(), pictures.bounding_box()
        assert above
        assert below
        assert below["y"] + below["height"] - above["y"] <= PROJECTOR["height"] - HEADER
    assert max(page.evaluate(SIDEWAYS)) <= 0
    go(page, f"{server.url}/race?runs={'.'.join(runs)}", "Race")
    assert smallest_picture(page, ".race-row > img") >= SMALLEST
    table = page.locator(".race-table")
    assert table.evaluate("each => getComputedStyle(each).overflowX") == "auto"
    if is_projector:
        assert table.evaluate("each => each.scrollWidth <= each.clientWidth"), "no column is cut"
    assert max(page.evaluate(SIDEWAYS)) <= 0
    go(page, f"{server.url}/noise?data=digits", "Noise lab")
    assert smallest_picture(page, ".rows img") >= SMALLEST
    expect(page.get_by_text("PSNR is the squared error in decibels")).to_be_visible()
    assert max(page.evaluate(SIDEWAYS)) <= 0
    assert "on the left" not in page.locator("body").inner_text()


@pytest.mark.long
def test_a_drawing_is_as_large_where_it_goes_in_as_where_it_was_drawn(server: Server, page: Page) -> None:
    page.set_viewport_size(PROJECTOR)  # type: ignore[arg-type]
    go(page, f"{server.url}/noise?data=digits&pictures=Drawing", "Noise lab")
    sheet = page.locator("canvas.sheet").bounding_box()
    assert sheet
    page.mouse.move(sheet["x"] + 60, sheet["y"] + 60)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 150, sheet["y"] + 180, steps=5)
    page.mouse.up()
    widths = "all => all.map(each => each.getBoundingClientRect().width)"
    shown = until(lambda: page.locator(".rows.alone img").evaluate_all(widths), "the drawing goes in")
    assert shown[0] >= sheet["width"]


@pytest.mark.long
@pytest.mark.parametrize("address", WITH_LABELS)
def test_labels_can_be_read_on_a_projector(address: str, server: Server, page: Page) -> None:
    page.set_viewport_size(PROJECTOR)  # type: ignore[arg-type]
    go(page, f"{server.url}/{address.removeprefix('home')}", WITH_LABELS[address])
    has_text = "() => [...document.querySelectorAll('*')].some(each => each.shadowRoot?.textContent.trim())"
    until(lambda: page.evaluate(has_text) or address == "tours", "a component has drawn itself")
    page.wait_for_timeout(1000)
    assert page.evaluate(SMALL_LABELS, LEAST_LABEL) == []


@pytest.mark.long
def test_no_column_is_cut_on_a_projector(server: Server, page: Page) -> None:
    page.set_viewport_size(PROJECTOR)  # type: ignore[arg-type]
    go(page, f"{server.url}/noise?data=Digits&networks=digits-denoising,digits", "Noise lab")
    table = page.locator(".st-key-noise-figures .dvn-scroller")
    expect(table).to_be_attached()
    expect(page.locator(".st-key-noise-figures th").last).to_have_text("Learned to undo")
    until(lambda: table.evaluate("each => each.scrollWidth <= each.clientWidth"), "the last column is in view")
    go(page, f"{server.url}/synapses", "Synapses")
    heads = page.locator(".readings thead th")
    expect(heads.filter(has_text="arg max")).to_be_visible()
    cut = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)"
    assert heads.evaluate_all(cut) == []
    inside = page.locator(".toy").evaluate("each => each.scrollWidth <= each.clientWidth + 1")
    assert inside, "the whole table is in the drawing"


def test_streamlits_own_stop_is_hidden(page: Page, server: Server) -> None:
    go(page, f"{server.url}/train", "Train an autoencoder")
    page.evaluate(
        """() => { const place = document.createElement('div'), button = document.createElement('button');
        place.dataset.testid = 'stStatusWidget'; button.id = 'own-stop'; place.append(button);
        document.body.append(place); }"""
    )
    display = "() => getComputedStyle(document.getElementById('own-stop')).display"
    until(lambda: page.evaluate(display) == "none", "the page's style has come, and hides it")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_line_along_the_top_says_that_the_page_is_at_work(server: Server, new_page: NewPage, motion: str) -> None:
    page = new_page(reduced_motion=motion)
    go(page, f"{server.url}/glossary", "Glossary")  # without a bar of progress, whatever other tests train
    rest = """() => getComputedStyle(document.querySelector('[data-testid=stHeader]'), '::before').content"""
    assert page.evaluate(rest) == "none"
    # Asked and at work anew at every look, since a page that ends its first run late says that it rests.
    work = """() => {
      dispatchEvent(new PointerEvent('pointerdown'));
      document.querySelector('[data-testid=stApp]').dataset.testScriptState = 'running';
      const header = document.querySelector('[data-testid=stHeader]');
      const { animationDelay, content, opacity, height } = getComputedStyle(header, '::before');
      return [animationDelay.split(', '), [content, opacity, height]];
    }"""

    def delays() -> set[str]:
        return set(page.evaluate(work)[0])

    until(lambda: delays() != {"0s"}, "the style of the page has arrived")
    waits = [float(each.removesuffix("s")) for each in delays()]
    assert len(waits) == 1
    assert 0.1 < waits[0] <= 0.2, "not at once: most answers are quicker"
    until(lambda: page.evaluate(work)[1] == ['""', "1", "3px"], "the line is there")


@pytest.mark.long
def test_a_slider_that_has_moved_has_a_sign_of_work_until_its_answer_and_one_at_its_end_has_none(
    server: Server, page: Page
) -> None:
    go(page, f"{server.url}/features", "Features for other algorithms")
    slider = page.get_by_test_id("stSlider").locator("input").first
    page.evaluate(
        """() => { const page = document.documentElement; window.marks = [];
        new MutationObserver(() => window.marks.push(page.dataset.asked ?? 'none'))
          .observe(page, { attributes: true, attributeFilter: ['data-asked'] }); }"""
    )
    slider.press("ArrowLeft")
    until(lambda: "sure" in page.evaluate("window.marks"), "it is at work")
    until(lambda: page.evaluate("window.marks.at(-1)") != "sure", "the answer is there")
    slider.press("End")
    wait_idle(page)
    until(lambda: page.evaluate("window.marks.at(-1)") == "none", "the page rests")
    page.evaluate("() => { window.marks.length = 0; }")
    slider.press("ArrowRight")
    until(lambda: "none" in page.evaluate("window.marks"), "what asked for nothing is forgotten")
    assert "sure" not in page.evaluate("window.marks")
