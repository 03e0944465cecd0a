"""A component on a page of its own: what it is shown, what it says, and how it is touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import Locator, Page, Route

from ui.components.mount import parts

HOME = "http://bare.localhost/"
PAGE = Path(__file__).with_name("bare.html")
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
TABLET: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}, "has_touch": True, "is_mobile": True}

Answer = Callable[[str, Any], dict[str, Any] | None]
"""What Python makes of what the component has said: name and value -> new data, or None."""
Served = Mapping[str, Callable[[Route], None]]
"""Path -> what answers requests for it."""


class Screen:
    """A page, lent to one test after another, and what answers it."""

    def __init__(self, page: Page, looks: dict[str, Any]) -> None:
        self.page, self.looks = page, looks
        self.errors: list[str] = []
        self.answer: Answer | None = None
        self.served: Served = {}
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.expose_function("python", self._answered)
        self._serve()

    def clear(self) -> None:
        """Forgets what a test has put there."""
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.page.goto("about:blank")
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.mouse.move(0, 0)
        self.errors.clear()
        self.answer, self.served = None, {}
        self._serve()

    def _serve(self) -> None:
        self.page.route(f"{HOME}**", lambda route: _serve(route, self.served))

    def _answered(self, name: str, value: Any) -> dict[str, Any] | None:
        return self.answer(name, value) if self.answer else None


class Bare:
    """The component `name` on this screen, shown `data`."""

    def __init__(
        self,
        screen: Screen,
        name: str,
        data: dict[str, Any],
        answer: Answer | None = None,
        served: Served | None = None,
    ) -> None:
        self.page = page = screen.page
        screen.answer, screen.served = answer, served or {}
        page.goto(HOME)
        html, css, js = parts(name)
        page.evaluate("parts => bare.mount(parts)", {"html": html, "css": css, "js": js, "isApart": name != "chart"})
        self.show(data)

    def show(self, data: dict[str, Any]) -> None:
        """Python has run: these are the data now."""
        self.page.evaluate("data => bare.show(data)", data)

    def said(self, name: str) -> list[Any]:
        """Every value that the component has given to this name, in order."""
        return self.page.evaluate("name => bare.said.filter(each => each.name === name).map(each => each.value)", name)

    def find(self, selector: str) -> Locator:
        """Elements of the component."""
        return self.page.locator(f"#host {selector}")


def framed(page: Page) -> None:
    """Waits until the page has heard of every move so far: the browser keeps moves back for its next picture."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


class Finger:
    """A finger on the screen, as the browser gets it from a touch screen."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)

    def down(self, *spots: tuple[float, float]) -> None:
        """One finger, or several, touch the screen."""
        self._send("touchStart", spots)

    def move(self, *spots: tuple[float, float]) -> None:
        """They go there, and the page knows."""
        self._send("touchMove", spots)
        framed(self._page)

    def up(self) -> None:
        """All are lifted."""
        self._send("touchEnd", ())

    def tap(self, x: float, y: float) -> None:
        """Down and up at once."""
        self.down((x, y))
        self.up()

    def cancel(self) -> None:
        """The browser has taken the touch for something else, such as scrolling."""
        self._send("touchCancel", ())

    def _send(self, kind: str, spots: tuple[tuple[float, float], ...]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(spots)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def told(module: ModuleType, show: Callable[[], Any]) -> dict[str, Any]:
    """The data that a component's Python gives to the browser when `show` is called."""
    seen: list[dict[str, Any]] = []
    mount = module._mount
    module._mount = lambda **given: seen.append(given["data"]) or _Silent()
    try:
        show()
    finally:
        module._mount = mount
    return seen[-1]


class _Silent:
    """The state of a component that has said nothing."""

    def __getattr__(self, name: str) -> None:
        return None


def middle(locator: Locator, across: float = 0.5, down: float = 0.5) -> tuple[float, float]:
    """A place on an element, as shares of its width and height, in pixels of the window."""
    box = locator.bounding_box()
    assert box, f"{locator} is not on screen"
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def tops(locator: Locator, selector: str) -> list[int]:
    """How far below the top of an element those are that a selector finds in it, in pixels."""
    read = (
        "(root, selector) => [...root.querySelectorAll(selector)].map(e => Math.round(e.getBoundingClientRect().top "
        "- root.getBoundingClientRect().top))"
    )
    return locator.evaluate(read, selector)


def _serve(route: Route, served: Served) -> None:
    path = "/" + route.request.url.removeprefix(HOME).partition("?")[0]
    if path == "/":
        route.fulfill(path=PAGE, content_type="text/html")
    elif path in served:
        served[path](route)
    else:
        route.fulfill(status=404, body="There is no such thing.")
