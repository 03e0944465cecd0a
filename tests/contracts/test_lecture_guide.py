"""The guide for lecturers: one text in two places, and what it names is there; the estimate rests on docs/load.md."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aecore.datasets import DATASETS
from aecore.rooms.store import KEPT_DAYS
from aecore.tours.shelf import LESSONS, Shelf
from tests.benchmarks.load import REPORT, reference_of
from ui.app.places import TITLES
from ui.app.predictions import predictions_of
from ui.screens.lecture.capacity import REFERENCE
from ui.screens.lecture.guide import GUIDE_FILE, guide
from ui.screens.lecture.machine_checks import needs

ROOT = Path(__file__).resolve().parents[2]
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("pages", "ui", "aecore")
    for ending in ("py", "js", "html", "yaml")
    for path in sorted((ROOT / folder).rglob(f"*.{ending}"))
    if path.name != "bundle.js"
)
WORDS = {"host's link"}
"""In italics because they are explained there, not because they are on screen."""

TEXT = " ".join(guide().split())
LABELS = sorted({each for each in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", TEXT) if each not in WORDS})
PAGES = sorted(set(re.findall(r"\*\*([^*.?]+)\*\*(?=[,;: ]|$)", TEXT)))


def test_the_guide_is_the_same_text_in_the_documents() -> None:
    kept = (ROOT / "docs" / "lecture.md").read_text(encoding="utf-8")
    assert kept == GUIDE_FILE.read_text(encoding="utf-8"), "copy ui/screens/lecture/guide.md to docs/lecture.md"
    assert len(kept.split()) < 2000, "ten minutes of reading"


@pytest.mark.parametrize("label", LABELS)
def test_what_the_guide_tells_to_press_is_in_the_app(label: str) -> None:
    numbered = re.sub(r" \d+$", " {", label)  # a label that is made for each number
    assert re.search(rf"[\"'>:`“ ]{re.escape(numbered)}[\"'<`”.?\n \]\w]", SOURCES), label


@pytest.mark.parametrize("page", PAGES)
def test_pages_have_the_names_of_the_menu(page: str) -> None:
    assert page in TITLES.values()


def test_the_guide_names_many_pages_and_labels() -> None:
    assert len(LABELS) > 25
    assert {"Room", "Train", "Tours", "Lecture", "Home", "Synapses"} <= set(PAGES)


def test_its_numbers_are_those_of_the_app() -> None:
    assert f"for another {KEPT_DAYS} days" in TEXT
    assert len(LESSONS) == 6
    assert "None of the six tours needs MNIST" in TEXT
    remote = [name for name, card in DATASETS.items() if card.remote]
    assert not [tour.id for tour in Shelf(ROOT).lessons() for name in remote if needs(tour, name)]


def test_the_pages_that_ask_for_predictions_are_those_of_the_app() -> None:
    (told,) = re.findall(r"\*\*Guess first\.\*\* (.*?) have a button \*Predict\*", TEXT)
    *first, last = [TITLES[name] for name in TITLES if predictions_of(name)]
    assert told == f"{', '.join(first)} and {last}"


def test_the_estimate_rests_on_the_report_of_make_load() -> None:
    kept = json.loads(REFERENCE.read_text(encoding="utf-8"))
    assert reference_of(REPORT.read_text(encoding="utf-8"), kept["probe"]) == kept
