"""Rows that follow sliders of the page: while a thumb moves the server is asked, and older answers never win."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from playwright.sync_api import Route, expect

from tests.components.bare import Bare, told
from tests.components.conftest import OpenBare
from ui.components import following_rows as component
from ui.components.following_rows import Rows

PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def html(level: float) -> str:
    return (
        f'<div class="rows"><div class="row"><div class="name"><b>Corrupted</b><span>{level:.2f}</span></div>'
        f'<img alt="at {level:.2f}" src="{PIXEL}"></div></div>'
    )


def data(level: float, address: str = "/rows/one") -> dict[str, Any]:
    rows = Rows(html(level), address, ["level-0"] if address else [], [level] if address else [])
    return told(component, lambda: component.following_rows(rows, "rows"))


class Server:
    """Answers like the route of the Noise lab, and notes what it was asked for."""

    def __init__(self, status: int = 200) -> None:
        self.asked: list[float] = []
        self.status = status

    def answer(self, route: Route) -> None:
        level = float(np.frombuffer(route.request.post_data_buffer or b"", "<f4")[0])
        self.asked.append(round(level, 2))
        route.fulfill(status=self.status, body=json.dumps({"html": html(level)}), content_type="application/json")


def slide(bare: Bare, level: float) -> None:
    """The page's slider, as Streamlit draws one, is at this level."""
    bare.page.evaluate(
        """level => {
          let thumb = document.querySelector('.st-key-level-0 input');
          if (!thumb) {
            const box = document.body.appendChild(document.createElement('div'));
            box.className = 'st-key-level-0';
            box.innerHTML = '<input type="range" step="0.01" max="1">';
            thumb = box.firstChild;
          }
          thumb.setAttribute('value', level);
        }""",
        level,
    )


def test_rows_follow_the_thumb_and_keep_their_elements(open_bare: OpenBare) -> None:
    server = Server()
    bare = open_bare("following-rows", data(0.5), served={"/rows/one": server.answer})
    note, picture = bare.find(".name span"), bare.find("img")
    expect(note).to_have_text("0.50")
    slide(bare, 0.5)
    picture.evaluate("image => { image.mine = true; }")
    slide(bare, 0.51)
    expect(note).to_have_text("0.51")
    expect(picture).to_have_attribute("alt", "at 0.51")
    assert picture.evaluate("image => image.mine"), "the picture was made anew, and flashed"
    assert server.asked == [0.51], "the level that is shown already was asked for"


def test_what_python_shows_late_does_not_take_the_rows_back(open_bare: OpenBare) -> None:
    server = Server()
    bare = open_bare("following-rows", data(0.5), served={"/rows/one": server.answer})
    slide(bare, 0.7)
    expect(bare.find(".name span")).to_have_text("0.70")
    bare.show(data(0.6))
    expect(bare.find(".name span")).to_have_text("0.70")
    slide(bare, 0.8)
    bare.show(data(0.8))
    expect(bare.find(".name span")).to_have_text("0.80")


def test_other_pictures_are_shown_whatever_the_slider_says(open_bare: OpenBare) -> None:
    server = Server()
    bare = open_bare("following-rows", data(0.5), served={"/rows/one": server.answer})
    slide(bare, 0.7)
    bare.show(data(0.3, "/rows/two"))
    expect(bare.find(".name span")).to_have_text("0.30")
    bare.show(data(0.2, ""))
    expect(bare.find(".name span")).to_have_text("0.20")
    slide(bare, 0.9)
    expect(bare.find(".name span")).to_have_text("0.20")


def test_without_an_answer_the_rows_stay_as_they_are(open_bare: OpenBare) -> None:
    server = Server(404)
    bare = open_bare("following-rows", data(0.5), served={"/rows/one": server.answer})
    with bare.page.expect_response("**/rows/one"):
        slide(bare, 0.6)
    assert server.asked == [0.6]
    expect(bare.find(".name span")).to_have_text("0.50")
    bare.show(data(0.6))
    expect(bare.find(".name span")).to_have_text("0.60")
