"""What the sentence beside a link promises: every control that changes a view is in the address, or named as left out.

Folds and popovers are no controls of the view: anyone can open them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pages.conftest import OpenPage
from ui.app import frame as frames
from ui.app.frame import link_sentence

ROOT = Path(__file__).resolve().parents[2]

HARMLESS = {
    "ui/screens/latent/own_example.py": "how a picture of one's own is brought, which is named as left out",
    "ui/screens/latent/view.py": "hides all points but the circled ones, which are named as left out",
    "ui/screens/movies/friends.py": "a name that is being typed",
    "ui/screens/movies/guest.py": "a name and a code that are being typed",
    "ui/screens/movies/importing.py": "answers about files that have not been imported",
    "ui/screens/movies/invitation.py": "a name that is being typed",
    "ui/screens/movies/night.py": "a code that is being typed",
    "ui/screens/movies/recommend.py": "a fold on a phone",
    "ui/screens/recommender/upload.py": "the name of a file that has not been kept; it is named as left out",
    "ui/screens/room/copy_menu.py": "what a download holds",
    "ui/screens/room/entrance.py": "names and a code that are being typed",
    "ui/screens/room/panels.py": "a poll that has not been asked",
    "ui/screens/room/tours.py": "the tour that the host is about to begin",
    "ui/screens/runs/one_run.py": "a name that is being typed",
    "ui/screens/words/own.py": "texts that have not been added; they are named as left out",
    "ui/widgets/data_panel.py": "how files that have not been kept are read; they are named as left out",
    "ui/widgets/upload_choices.py": "how files that have not been kept are read; they are named as left out",
}
"""Files with controls whose choices need not be in the address -> why."""

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

INPUTS = {"toggle", "slider", "select_slider", "selectbox", "segmented_control", "radio", "checkbox", "multiselect",
          "pills", "number_input", "text_input", "text_area"}  # fmt: skip


def unwritten() -> Iterator[tuple[str, str]]:
    """(file, key) of every control that is neither bound to the address nor held in it, and has no callback that
    could write it.
    """
    for folder in ("pages", "ui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in INPUTS:
                    named = {each.arg: each.value for each in call.keywords if each.arg}
                    if "key" in named and "on_change" not in named and not _in_address(call):
                        yield str(path.relative_to(ROOT)), ast.unparse(named["key"])


def _in_address(call: ast.Call) -> bool:
    """Whether it is given what `Param.bound` or `Param.held` returned."""
    given = [ast.unparse(each.value) for each in call.keywords if each.arg is None]
    return any(".bound(" in each or ".held(" in each or each in ("bound", "common") for each in given)


def test_every_control_of_a_view_is_in_the_address_or_harmless() -> None:
    lost = [f"{path}: {key}" for path, key in unwritten() if path not in HARMLESS]
    assert not lost, f"neither in the address nor named as left out: {lost}"


def test_what_is_excused_is_there() -> None:
    assert {path for path, _ in unwritten()} == set(HARMLESS)


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
