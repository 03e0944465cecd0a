"""Networks, number grids and sheets to draw on follow the theme: dark paper and light ink where the page is dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.components import test_pooling_board, test_synapse_network, test_training_steps
from tests.components.bare import DESKTOP, told
from tests.components.conftest import OpenBare
from ui.components import canvas

DARK = {**DESKTOP, "color_scheme": "dark"}


def sheet() -> dict[str, Any]:
    return told(canvas, lambda: canvas.canvas(canvas.Sheet("one", np.zeros((1, 28, 28), np.uint8), "Sheet"), "sheet"))


SHOWN: dict[str, Callable[[], dict[str, Any]]] = {
    "synapse-network": test_synapse_network.data,
    "training-steps": lambda: test_training_steps.Python().data(),
    "pooling-board": lambda: test_pooling_board.Python().data(),
    "canvas": sheet,
}


def brightness(colour: str) -> float:
    """Of `rgb(…)`, from 0 to 255."""
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize(("looks", "is_dark"), [(DESKTOP, False), (DARK, True)])
def test_paper_and_ink_follow_the_theme(name: str, looks: dict[str, Any], is_dark: bool, open_bare: OpenBare) -> None:
    bare = open_bare(name, SHOWN[name](), looks=looks)
    paper, ink = bare.find(".paper").evaluate(
        "sheet => [getComputedStyle(sheet).backgroundColor, getComputedStyle(sheet).color]"
    )
    assert (brightness(paper) < 60) == is_dark, paper
    assert abs(brightness(paper) - brightness(ink)) > 150
    buttons = bare.find(".paper button:not(.main):not([aria-pressed='true'])").evaluate_all(
        "all => all.map(each => getComputedStyle(each).backgroundColor).filter(each => !each.endsWith(', 0)'))"
    )
    assert all((brightness(each) < 90) == is_dark for each in buttons), buttons
