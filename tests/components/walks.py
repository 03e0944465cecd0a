"""A space of codes that the tests know by heart: each number of a code is the grey of one pixel,
and the real codes lie on a lattice.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from playwright.sync_api import Route

from aecore.latent.paths import Surroundings, surroundings
from tests.components.bare import Bare, Served
from ui.components.walking import Example, Neighbourhood

SIZE = 4
"""Numbers of a code; a picture has as many pixels, 2 by 2."""
CODES = np.stack(np.meshgrid(*[np.linspace(-2, 2, 5)] * SIZE), -1).reshape(-1, SIZE).astype(np.float32)
EXAMPLE = 312
"""The code in the middle."""
ADDRESS = "/decode"
AROUND = Neighbourhood(ADDRESS, None, (np.arange(len(CODES)) % 3).astype(np.int16), ("no", "maybe", "yes"))
PIXEL = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PICKED = Example(PIXEL, "1 / 1", "No. 312")


def grey(code: np.ndarray) -> list[int]:
    """The picture of a code, its pixels in reading order."""
    return np.clip(128 + 40 * code, 0, 255).round().astype(int).tolist()


class Server:
    """Decodes what it is asked for. codes: all that has been asked; is_down: answers nothing any more."""

    def __init__(self) -> None:
        self.codes: list[np.ndarray] = []
        self.is_down = False
        self.around: Surroundings = surroundings(CODES)

    def served(self) -> Served:
        """For the page."""
        return {ADDRESS: self.answer}

    def answer(self, route: Route) -> None:
        """One code."""
        if self.is_down:
            route.fulfill(status=500, body="")
            return
        code = np.frombuffer(route.request.post_data_buffer or b"", "<f4")
        self.codes.append(code)
        near, distance = self.around.nearest(code[None])
        pixels = base64.b64encode(np.array(grey(code), np.uint8).tobytes()).decode()
        far = {"ratio": float(self.around.ratios(distance)[0]), "share": float(self.around.shares(distance)[0])}
        route.fulfill(json={"shape": [1, 2, 2], "pixels": pixels, "nearest": int(near[0]), **far})


def painted(bare: Bare) -> list[int]:
    """The pixels of the picture on screen."""
    read = (
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, "
        "canvas.height).data].filter((_, k) => k % 4 === 0)"
    )
    return bare.find(".made canvas").evaluate(read)


def shows(bare: Bare, code: np.ndarray, within: int = 1) -> bool:
    """Whether the picture on screen is that of this code."""
    now: Any = painted(bare)
    return len(now) == SIZE and bool(np.abs(np.array(now) - grey(code)).max() <= within)
