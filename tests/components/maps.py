"""The map over points whose places are known, and Python's side of it:
positions that are fetched, what is picked and selected.
"""

from __future__ import annotations

import base64
import io
from functools import cache
from typing import Any

import numpy as np
from playwright.sync_api import Route

from aecore.latent.atlas import mosaic_of
from tests.components.bare import DESKTOP, Bare, Served, told
from tests.components.conftest import OpenBare
from tests.components.map_points import cloud_of, pictures, places
from tests.waiting import until
from ui.components import latent_map as component

COUNT, STEPS = 2000, 12
READY = (
    "root => { const m = root.latentMap; return Boolean(m?.view.has_places && !m.view.glide && !m.view.flight && "
    "!m.frame && (m.bitmap || !m.data.atlas)); }"
)


class Python:
    """What the page knows: the points, the one picked, those selected,
    and how often the positions have been asked for.
    """

    def __init__(
        self, dims: int = 2, *, is_live: bool = False, has_scale: bool = False, is_backwards: bool = False
    ) -> None:
        self.dims, self.is_live, self.has_scale, self.is_backwards = dims, is_live, has_scale, is_backwards
        self.picked: int | None = None
        self.selected = np.empty(0, np.intp)
        self.heard, self.asked = 0.0, 0
        self.is_isolated = self.has_own = False

    def hear(self, name: str, said: dict[str, Any]) -> dict[str, Any]:
        """The map tells what was done."""
        self.heard = max(self.heard, said["moment"])
        if name == "picked":
            self.picked = said["index"]
        else:
            self.selected = np.unique(np.frombuffer(base64.b64decode(said["indices"]), "<u4").astype(np.intp))
        return self.data()

    def data(self) -> dict[str, Any]:
        """What the map is shown now."""
        shown, labels = pictures(COUNT)
        cloud = cloud_of(
            "points", labels, self.dims, f"/positions/{self.dims}", mosaic_of(shown.shape), is_live=self.is_live,
            picked=self.picked, shown=self.selected if self.is_isolated and self.selected.size else None,
            own=shown[0, 0] if self.has_own else None,
            has_scale=self.has_scale, has_pictures=True, is_backwards=self.is_backwards,
        )  # fmt: skip
        return told(component, lambda: component.latent_map(cloud, "map")) | {"heard": self.heard}

    def served(self) -> Served:
        """Positions and pictures; a live map starts in the middle and has spread after STEPS askings."""
        return {f"/positions/{dims}": lambda route, dims=dims: self._positions(route, dims) for dims in (2, 3)} | {
            f"/map/{COUNT}/atlas.webp": lambda route: route.fulfill(body=atlas(), content_type="image/webp")
        }

    def _positions(self, route: Route, dims: int) -> None:
        self.asked += 1
        step = min(self.asked, STEPS) if self.is_live else STEPS
        tag = f'"{dims}-{step}"'
        headers = {"ETag": tag, "X-Step": str(step * 50), "X-Done": str(int(step == STEPS))}
        if route.request.headers.get("if-none-match") == tag:
            route.fulfill(status=304, headers=headers)
            return
        share = (step / STEPS) ** 2
        found = share * places(COUNT, dims) + (1 - share) * places(COUNT, dims)[::-1]
        route.fulfill(body=found.astype("<f4").tobytes(), headers=headers, content_type="application/octet-stream")


@cache
def atlas() -> bytes:
    """The mosaic of the digits."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from aecore.latent.atlas import write_atlas

    with TemporaryDirectory() as folder:
        path = Path(folder) / "atlas.webp"
        write_atlas(pictures(COUNT)[0], path)
        return io.BytesIO(path.read_bytes()).getvalue()


class Map:
    """The map on a page, and where its points should be by arithmetic of our own."""

    def __init__(self, open_bare: OpenBare, python: Python | None = None, looks: dict[str, Any] = DESKTOP) -> None:
        self.python = python or Python()
        self.bare: Bare = open_bare(
            "latent-map", self.python.data(), self.python.hear, served=self.python.served(), looks=looks
        )
        self.page = self.bare.page
        self.root, self.over = self.bare.find(".map"), self.bare.find(".over")
        self.settle()
        self.over.scroll_into_view_if_needed()

    def show(self) -> None:
        """Python has run."""
        self.bare.show(self.python.data())

    def settle(self) -> None:
        """Waits until everything has been fetched and drawn."""
        until(lambda: self.root.evaluate(READY), "the map stands still")

    def tell(self, what: str) -> Any:
        """A value of the component, as `map.…`."""
        return self.root.evaluate(f"root => {{ const map = root.latentMap; return {what}; }}")

    def at(self, point: int) -> tuple[float, float]:
        """Where the browser has drawn a point, in pixels of the window."""
        box = self.over.bounding_box() or {}
        x, y = self.tell(f"[map.view.sx[{point}], map.view.sy[{point}]]")
        return box["x"] + x, box["y"] + y

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the flat map is in the window while all of it is in view."""
        box = self.over.bounding_box() or {}
        low, high = places(COUNT, 2).min(0), places(COUNT, 2).max(0)
        unit = min((box["width"] - 60) / (high[0] - low[0]), (box["height"] - 60) / (high[1] - low[1]))
        middle = (low + high) / 2
        return float(box["x"] + box["width"] / 2 + (x - middle[0]) * unit), float(
            box["y"] + box["height"] / 2 - (y - middle[1]) * unit
        )

    def drag(self, *spots: tuple[float, float]) -> None:
        """Drags the mouse along places of the map."""
        mouse = self.page.mouse
        mouse.move(*self.spot(*spots[0]))
        mouse.down()
        for spot in spots[1:]:
            mouse.move(*self.spot(*spot), steps=3)
        mouse.up()

    def heard(self, picked: int | None, selected: int) -> None:
        """Waits until Python knows."""
        until(
            lambda: self.page.evaluate("true")
            and (self.python.picked, self.python.selected.size) == (picked, selected),
            f"Python knows that {picked} is picked and {selected} are selected", seconds=15,
        )  # fmt: skip
