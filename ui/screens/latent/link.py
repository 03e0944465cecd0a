"""Parameters of the address of the Map page: form, picked points, and the walks."""

from __future__ import annotations

import math

from aecore.latent.code_set import PARTS
from aecore.latent.epochs import WAYS
from aecore.latent.methods import METHODS
from aecore.latent.neighbours import METRICS
from ui.app.address import Custom, Integer, Text
from ui.app.address_choices import Keys, OneOf
from ui.app.url_state import Param
from ui.screens.latent.codes import SIZES

PANELS = ("Preservation", "Walk", "Five perplexities", "Your own point", "Through the epochs")
SAFE_PARTS = ("", *PARTS)
METRIC_NAMES = {"euclidean": "Straight", "cosine": "Angle"}
MOST_POINTS, MOST_NUMBERS = 99_999_999, 100_000
MOST_STATIONS = 5
CLUSTERS = (2, 20)


def dims_title(dims: int) -> str:
    """2 -> '2-D'."""
    return f"{dims}-D"


def part_title(part: str) -> str:
    """The title of a part of the examples."""
    return PARTS.get(part, "As usual")


def count_title(count: int) -> str:
    """2500 -> '2,500'."""
    return f"{count:,}"


def number_title(index: int) -> str:
    """The title of a number of a code, counted from 1."""
    return f"Number {index + 1}"


def _changes(text: str) -> tuple[str, dict[int, float]]:
    """'12,3:0.5,7:-1' -> ('12', {2: 0.5, 6: -1.0}): the third and the seventh number of example 12."""
    name, *changes = text.split(",")
    pieces = [change.partition(":") for change in changes[:MOST_NUMBERS]]
    one = Integer(1, MOST_NUMBERS)
    try:
        return name, {one.read([index]) - 1: _finite(value) for index, _, value in pieces}
    except ValueError:
        raise ValueError("must be an example and numbers of its code, such as 12,3:0.5") from None


def _changes_text(value: tuple[str, dict[int, float]]) -> str:
    return ",".join([value[0], *(f"{index + 1}:{number:.4g}" for index, number in value[1].items())])


def _place(text: str) -> tuple[float, float]:
    try:
        x, y = map(_finite, text.split(","))
    except ValueError:
        raise ValueError("must be two numbers with a comma between them") from None
    return x, y


def _finite(text: str) -> float:
    value = float(text) if text.isascii() else math.nan
    if not math.isfinite(value):
        raise ValueError(text)
    return value


METHOD = Param("method", OneOf(tuple(METHODS), lambda key: METHODS[key].title), next(iter(METHODS)))
DIMS = Param("dims", OneOf((2, 3), dims_title), 2)
PART = Param("part", OneOf(SAFE_PARTS, part_title), "")
POINTS = Param("points", OneOf(SIZES, count_title), SIZES[-1])
PANEL = Param("panel", OneOf(PANELS, earlier={"Truth": PANELS[0]}), PANELS[0])
ONLY = Param("only", Text(64), "")
POINT = Param("point", Integer(0, MOST_POINTS), None)
COLOUR_BY = Param("colour-by", Text(80), "")
N_CLUSTERS = Param("clusters", Integer(*CLUSTERS), 8)
METRIC = Param("metric-of-neighbours", OneOf(METRICS, METRIC_NAMES.__getitem__), METRICS[0])
EPOCH_STEP = Param(
    "epoch-step", Integer(), None, "The address asks for epoch-step={asked}, which has no map here; {instead}."
)
"""The snapshot whose map is on show; without it, the newest."""

EPOCHS_WAY = Param("epochs-way", OneOf(tuple(WAYS), WAYS.__getitem__), "pca")

WALKS = {"sliders": "Turn its numbers", "pad": "Over a plane", "path": "From example to example"}
WALK = Param("walk", OneOf(tuple(WALKS), WALKS.__getitem__), "sliders")
CODE = Param("code", Custom(_changes, _changes_text), ("", {}))
SPOT = Param("spot", Custom(_place, lambda place: ",".join(f"{value:.4g}" for value in place)), None)
PATH = Param("path", Keys(",", 100, "[!-~]{1,20}"), ())

DIRECTIONS, NUMBERS = "directions", "numbers"
PLANES = {DIRECTIONS: "Main directions", NUMBERS: "Two numbers"}
EVEN, NORMAL = "even", "normal"
SPACINGS = {NORMAL: "As the prior", EVEN: "Even"}
DOTS, PICTURES, BOTH = "dots", "pictures", "both"
BEHIND_NAMES = {DOTS: "Codes", PICTURES: "Pictures", BOTH: "Both"}
EDGES = (5, 25)
"""Pictures on an edge of the lattice: the fewest and the most."""

PLANE = Param("plane", OneOf(tuple(PLANES), PLANES.__getitem__), DIRECTIONS)
ACROSS = Param("pad-across", OneOf(range(100), number_title), 0)
UP = Param("pad-up", OneOf(range(100), number_title), 1)
SPACING = Param("spacing", OneOf(tuple(SPACINGS), SPACINGS.__getitem__), NORMAL)
BEHIND = Param("behind", OneOf(tuple(BEHIND_NAMES), BEHIND_NAMES.__getitem__), DOTS)
LATTICE = Param("lattice", Integer(*EDGES), 12)

ANIMATIONS = {
    "linear": "Straight through the codes",
    "spherical": "Along an arc of codes",
    "pixels": "Fading the pictures",
}
GIF_EDGES = {"small": 140, "medium": 280, "large": 560}
STEPS = (2, 16)
"""Steps from one example to the next: the fewest and the most."""

N_STEPS = Param("path-steps", Integer(*STEPS), 8)
GIF_ROW = Param("gif-row", OneOf(tuple(ANIMATIONS), ANIMATIONS.__getitem__), "linear")
GIF_SIZE = Param("gif-size", OneOf(tuple(GIF_EDGES), lambda name: f"{GIF_EDGES[name]} px"), "medium")
DRAW_FROM = Param("draw-from", Text(80), "")
DRAW_TO = Param("draw-to", Text(80), "")

OF_ONE_SET = (POINT, ONLY, PATH, CODE, SPOT)
"""Parameters that belong to one set of codes."""

OF_ONE_NETWORK = (*OF_ONE_SET, ACROSS, UP, EPOCH_STEP)
