"""What the sentence beside a link promises: every control that changes a view is in the address, or named as left out.

A control is in the address if it is bound to it, or if another choice of it changes it. Folds and popovers are no
controls of the view: anyone can open them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from aecore.latent.epochs import follow
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage
from tests.pages.test_every_page import TITLES
from tests.pages.test_inside_panel import trained
from tests.pages.test_words_page import QUICK
from tests.small_words import learn_eight
from ui.app import frame as frames
from ui.app.frame import link_sentence

HARMLESS = {
    r"name-.*": "a new name of a run, until it is kept",
    r"(upload_name|ratings-title|room-title|room-own-name|room-code)": "a name that is being typed",
    r"(night-join-.*|night-code|films-.*|friends-.*|import-.*)": "of the visitor's own ratings and guests",
    r"(image_size|fit|colour)": "how files that have not been kept are read: the preview is named as left out",
    r"search": "letters to look for; the point that is found is in the address",
    r"neighbour-.*": "a button to another point, which is in the address",
    r"own-kind": "how a picture of one's own is brought; the picture is named as left out",
    r"words-(how|paste)": "texts that have not been added; they are named as left out",
    r"(preset|more-presets)": "fills the form, whose settings are in the address",
    r"(line_up|example|kernels)": "fills what is in the address",
    r"(room-tour|room-anonymous-.*|poll-.*|goal-.*|room-large|room-locked)": "what the host does in a room",
}  # fmt: skip
"""Keys of controls that need not be in the address -> why."""

NAMED = {
    ("data", "upload"): "files that you have not kept yet",
    ("recommender", "ratings-file"): "a file with ratings that you have not kept yet",
    ("words", "words-paste"): "texts that you have not added yet",
    ("latent", "own-kind"): "what you have drawn",
    ("noise", "canvas"): "what you have drawn, photographed or corrupted by hand",
    ("anomaly", "own-pictures"): "what you have drawn or photographed",
    ("home", "hourglass"): "a code that you have changed by hand",
    ("runs", "ticks"): "none of them is ticked",
    ("sweep", "chart"): "which run you have pressed",
}
"""What a page shows but its address does not hold -> how the sentence names it."""

KINDS = ("toggle", "checkbox", "slider", "select_slider", "selectbox", "multiselect", "number_input", "text_input",
         "text_area", "radio", "button_group")  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A page in a state in which it has many controls. ready: makes what it shows, and returns the address."""

    page: str
    ready: Callable[[RunStore], dict[str, str]] = lambda store: {}


def _run(store: RunStore, **query: str) -> dict[str, str]:
    return {"run": finished_run(store.folder, "Finished", epochs=3).id, **query}


def _phases(store: RunStore) -> dict[str, str]:
    return {"run": trained(store, "stacked").id}


def _race(store: RunStore) -> dict[str, str]:
    return {"runs": ".".join(finished_run(store.folder, name, epochs=2).id for name in ("One", "Two"))}


def _follow(store: RunStore) -> dict[str, str]:
    run = finished_run(store.folder, "Followed", epochs=2)
    list(follow(store, run.id, "pca"))
    return {"network": run.id, "method": "PCA", "panel": "Through the epochs"}


def _words(view: str) -> Callable[[RunStore], dict[str, str]]:
    def ready(store: RunStore) -> dict[str, str]:
        learn_eight(store.folder.parent, QUICK)
        return {"view": view, "word_epochs": str(QUICK.word_epochs)}

    return ready


def _runs(store: RunStore) -> dict[str, str]:
    _race(store)
    return {}


PLACES = (
    *(Place(page) for page in TITLES),
    Place("train", _run), Place("train", _phases), Place("race", _race), Place("runs", _runs), Place("latent", _follow),
    Place("latent", lambda store: {"panel": "Your own point"}), Place("latent", lambda store: {"panel": "Walk"}),
    Place("noise", lambda store: {"again": "true", "sweep": "true"}), Place("pooling", lambda store: {"real": "true"}),
    *(Place("words", _words(view)) for view in ("numbers", "learning", "map", "test", "try")),
)  # fmt: skip


def controls(page: AppTest) -> Iterator[Any]:
    """The controls of the view that have a key, and are not bound to the address."""
    for element in _elements(page._tree):
        key = getattr(element, "key", None)
        if (
            element.type in KINDS
            and key
            and not getattr(element.proto, "query_param_key", "")
            and element.form_id == ""
        ):
            yield element


def _elements(node: Any) -> Iterator[Any]:
    for child in getattr(node, "children", {}).values():
        if hasattr(child, "proto") and not getattr(child, "children", None):
            yield child
        yield from _elements(child)


def another(element: Any) -> Any:
    """A value that the control does not have now; None if it has no other."""
    value, kind = element.value, element.type
    if kind in ("toggle", "checkbox"):
        return not value
    if kind in ("slider", "number_input"):
        low, high = element.min, element.max
        step = element.step or 1
        return value + step if value + step <= high else value - step if value - step >= low else None
    if kind in ("text_input", "text_area"):
        return f"{value or ''}1"
    return None


def choose_another(page: AppTest, element: Any) -> bool:
    """Chooses something else with it and runs the page; False if there is nothing else to choose."""
    if element.type in ("selectbox", "select_slider", "radio", "button_group", "multiselect"):
        places = [place for place, option in enumerate(element.options) if option not in _written(element)]
        if not places:
            return False
        if element.type == "selectbox":
            element.select_index(places[0])
        elif element.type == "multiselect":
            element.set_value([*element.value, element.options[places[0]]][: max(1, len(element.value))])
        else:
            element.set_value(element.options[places[0]])
    elif (value := another(element)) is None:
        return False
    else:
        element.set_value(value)
    page.run()
    return True


def _written(element: Any) -> tuple[str, ...]:
    if element.type == "selectbox":
        return (element.options[element.index],) if element.index is not None else ()
    values = element.value if isinstance(element.value, (list, tuple)) else [element.value]
    return tuple(element.format_func(value) if element.format_func else str(value) for value in values)


@pytest.mark.long
@pytest.mark.parametrize("number", range(len(PLACES)), ids=lambda number: f"{PLACES[number].page}-{number}")
def test_every_control_of_a_view_is_in_the_address_or_harmless(
    number: int, open_page: OpenPage, store: RunStore
) -> None:
    place = PLACES[number]
    query = place.ready(store)
    page = open_page(place.page, **query)
    assert not page.exception
    keys = [each.key for each in controls(page) if not any(re.fullmatch(known, each.key) for known in HARMLESS)]
    lost = []
    for key in keys:
        (element,) = [each for each in controls(page) if each.key == key][:1] or [None]
        if element is None or element.proto.disabled:
            continue
        before = dict(page.query_params)
        if choose_another(page, element):
            assert not page.exception, key
            if dict(page.query_params) == before:
                lost.append(f"{element.type} {key} “{element.label}”")
        page = open_page(place.page, **query)
    assert not lost, f"neither in the address nor named as left out: {lost}"


def what_the_link_says(page_name: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> str:
    """The sentence of a page beside its link."""
    said: list[str] = []
    usual = frames.link_to_view

    def keep(left_out: str = "", link_says: Callable[[], str] | None = None) -> None:
        said.append(link_says() if link_says else link_sentence(left_out))
        usual(left_out, link_says)

    monkeypatch.setattr(frames, "link_to_view", keep)
    page = open_page(page_name)
    page.session_state["share"] = True
    page.run()
    assert not page.exception
    assert said, "the popover did not open"
    return said[-1]


@pytest.mark.parametrize(("page", "what"), NAMED)
def test_what_the_address_does_not_hold_is_named(
    page: str, what: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert NAMED[page, what] in what_the_link_says(page, open_page, monkeypatch)


def test_every_harmless_key_has_a_reason() -> None:
    assert all(len(reason) > 10 for reason in HARMLESS.values())
