"""What holds of every page: it renders, its controls explain themselves, and it imports no more than it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aecore.analyses.features import analyse
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage
from ui.app.frame import link_sentence

ROOT = Path(__file__).resolve().parents[2]
TITLES = {
    "home": "Autoencoder Explorer",
    "glossary": "Glossary",
    "room": "Room",
    "tours": "Tours",
    "lecture": "Lecture",
    "train": "Train an autoencoder",
    "runs": "Runs",
    "features": "Features for other algorithms",
    "data": "Data",
    "synapses": "Synapses",
    "pooling": "Pooling with switches",
    "steps": "Training, step by step",
    "race": "Race",
    "sweep": "Sweep",
    "noise": "Noise lab",
    "anomaly": "Anomaly detection",
    "compression": "Compression",
    "latent": "Map of the latent space",
    "generate": "Generate",
    "translate": "Translate",
    "words": "Words",
    "recommender": "Recommender: training and evaluation",
    "movies": "Movies",
}
SAYS_ALL = {"button", "download_button"}
"""Kinds of widgets whose label may say all there is to say."""


@pytest.mark.parametrize("name", TITLES)
def test_every_page_renders_on_an_empty_home(name: str, open_page: OpenPage) -> None:
    page = open_page(name)
    assert not page.exception
    assert [each.value for each in page.title] == [TITLES[name]]


@pytest.mark.parametrize("name", ["train", "runs"])
def test_every_page_renders_with_a_finished_run(name: str, open_page: OpenPage, store: RunStore) -> None:
    run = finished_run(store.folder, "Finished", epochs=3)
    page = open_page(name, run=run.id)
    assert not page.exception
    assert [each.value for each in page.title] == [TITLES[name]]


def test_the_pages_are_as_many_as_their_files() -> None:
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == set(TITLES), "add the new page to TITLES"


@pytest.mark.parametrize("name", TITLES)
def test_every_control_has_a_help_text(name: str, open_page: OpenPage, store: RunStore) -> None:
    run = finished_run(store.folder, "Finished", epochs=3)
    list(analyse(store, run.id, "logistic", 30) if name == "features" else ())
    page = open_page(name, run=run.id, corruption="Masking", real="true")
    widgets = [(kind, proto) for kind, proto in _widgets(page._tree)]
    assert name in ("home", "runs", "glossary", "tours", "lecture") or len(widgets) > 4
    silent = [f"{kind} '{proto.label}'" for kind, proto in widgets if kind not in SAYS_ALL and len(proto.help) < 10]
    assert not silent, f"without help: {silent}"


def _widgets(node: Any) -> Iterator[tuple[str, Any]]:
    fields = getattr(getattr(getattr(node, "proto", None), "DESCRIPTOR", None), "fields_by_name", {})
    if {"id", "help", "label"} <= set(fields) and node.proto.id:
        yield node.type, node.proto
    for child in getattr(node, "children", {}).values():
        yield from _widgets(child)


def test_going_back_to_the_first_picture_takes_the_number_of_another_out_of_the_address(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[int] = []

    def hourglass(*_: Any, chosen: int, on_choose: Callable[[int], None], **__: Any) -> None:
        shown.append(chosen)
        on_choose(clicked)

    clicked = 5
    monkeypatch.setattr("ui.components.hourglass.hourglass", hourglass)
    page = open_page("home")
    assert page.query_params["picture"] == "5"
    clicked = 0
    assert page.run().query_params["picture"] == "0"
    assert shown == [0, 5]


def test_the_link_says_what_it_does_not_hold() -> None:
    assert link_sentence("") == "Anyone who opens this link sees what you see now."
    assert link_sentence("a drawing") == "Anyone who opens this link sees what you see now, but not a drawing."
