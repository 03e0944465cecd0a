"""The pages: their files, titles and order in the menu. Every link between pages uses this module."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def page_file(name: str) -> Path:
    """The file of a page, as `st.Page`, `st.page_link` and `st.switch_page` take it."""
    return ROOT / "pages" / f"{name}.py"


MENU: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Learn": (
        ("home", "Home", "home"),
        ("synapses", "Synapses", "hub"),
        ("steps", "Training, step by step", "footprint"),
        ("pooling", "Pooling", "grid_on"),
        ("glossary", "Glossary", "dictionary"),
    ),
    "Train": (
        ("train", "Train", "model_training"),
        ("race", "Race", "sports_score"),
        ("sweep", "Sweep", "tune"),
        ("runs", "Runs", "stacked_line_chart"),
        ("features", "Features", "category"),
        ("data", "Data", "grid_view"),
    ),
    "Explore": (
        ("noise", "Noise lab", "grain"),
        ("anomaly", "Anomaly", "search_insights"),
        ("compression", "Compression", "compress"),
    ),
    "Latent space": (
        ("latent", "Map", "bubble_chart"),
        ("generate", "Generate", "casino"),
        ("translate", "Translate", "face_retouching_natural"),
        ("words", "Words", "match_word"),
    ),
    "Movies": (
        ("movies", "Movies", "movie"),
        ("recommender", "Recommender", "recommend"),
    ),
    "Class": (
        ("tours", "Tours", "tour"),
        ("room", "Room", "groups"),
        ("lecture", "Lecture", "checklist"),
    ),
}
"""Heading of the menu -> name of the file, which is the address, title and icon of each page. The first one is home."""

TITLES = {name: title for pages in MENU.values() for name, title, _ in pages}


def page_path(name: str) -> str:
    """The path of a page in addresses; that of the first one is /."""
    return "/" if name == next(iter(TITLES)) else f"/{name}"


def part_of_screen(page: str, part: str) -> ModuleType | None:
    """The module of this name in the folder of a page's screen, or None; `page` may be a stranger's word."""
    return _part(page, part) if page in TITLES else None


@cache
def _part(page: str, part: str) -> ModuleType | None:
    if not (ROOT / "ui" / "screens" / page / f"{part}.py").is_file():
        return None
    return import_module(f"ui.screens.{page}.{part}")
