"""The predictions of all pages: each asks in few words, opens its page as it says, and its truth fits its form."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from aecore.predictions.schema import (
    Choice,
    Curve,
    Given,
    NotYetError,
    Number,
    Prediction,
    Truth,
    as_guess,
    checked,
    described,
    form_of,
    verdict,
)
from tests.contracts.test_tours import OF_TOY, is_written_so, params
from ui.app.places import TITLES
from ui.screens.synapses.link import VIEW

SCREENS = Path(__file__).resolve().parents[2] / "ui" / "screens"
PAGES = sorted(path.parent.name for path in SCREENS.glob("*/predictions.py"))
FEWEST = 3
LONGEST_ASK, LONGEST_ANSWER, LONGEST_COVER = 240, 80, 240
SELECTOR = re.compile(r'\.st-key-[\w-]+|\[data-[\w-]+(="[\w-]+")?\]')
HEAVY = ("torch", "sklearn", "skimage", "openTSNE")
ADDRESS_NEEDS_TORCH = ("noise", "train", "race")
"""Their parameters know the corruptions and the variants, which are torch's."""


def of(page: str) -> tuple[Prediction, ...]:
    """What a page asks."""
    return import_module(f"ui.screens.{page}.predictions").PREDICTIONS


ALL = [each for page in PAGES for each in of(page)]
AT_ONCE = [each for each in ALL if not each.is_of_runs]
OF_RUNS = [each for each in ALL if each.is_of_runs]

NAIVE = {
    "home-one-number": {0, 1},
    "noise-other-noise": {1},
    "noise-clean": {0, 1},
    "latent-overlap": {3, 4},
    "latent-islands": {0, 1},
    "movies-worst-ranking": {0, 1, 2},
    "movies-popularity": {0, 1},
}
"""What the misconceptions of these pages expect, which is not the case."""


@pytest.fixture(scope="module")
def truths() -> dict[str, Truth]:
    """The truth of each prediction that needs no run."""
    return {each.id: each.truth(Given()) for each in AT_ONCE}


def test_every_name_is_there_once() -> None:
    assert {id: count for id, count in Counter(each.id for each in ALL).items() if count > 1} == {}
    assert set(NAIVE) <= {each.id for each in ALL}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_at_least_three_things_about_itself(page: str) -> None:
    assert page in TITLES
    assert len(of(page)) >= FEWEST
    for each in of(page):
        assert each.page == page
        assert re.fullmatch(r"[a-z0-9-]{3,40}", each.id)
        assert each.id.startswith(f"{page}-")


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.id)
def test_it_asks_in_few_words_and_names_the_misconception(each: Prediction) -> None:
    assert 20 <= len(each.ask) <= LONGEST_ASK
    assert "!" not in each.ask + each.misconception
    assert len(each.misconception.split()) >= 10
    assert each.misconception != each.ask
    form = each.form
    assert form_of(json.loads(json.dumps(described(form)))) == form
    if isinstance(form, Choice):
        assert 2 <= len(form.answers) <= 6
        assert len(set(form.answers)) == len(form.answers)
        assert all(0 < len(answer) <= LONGEST_ANSWER for answer in form.answers)
    elif isinstance(form, Number):
        assert form.low < form.high
        assert 2 <= (form.high - form.low) / form.step <= 500
    else:
        assert isinstance(form, Curve)
        assert form.low < form.high
        assert len(form.x) >= 3
        assert list(form.x) == sorted(set(form.x))
        assert form.x_label
        assert form.y_label


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.id)
def test_what_it_covers_is_named_by_keys(each: Prediction) -> None:
    assert len(each.cover) <= LONGEST_COVER
    for one in each.cover.split(","):
        assert all(SELECTOR.fullmatch(part) for part in one.split()), one


@pytest.mark.parametrize("each", ALL, ids=lambda each: each.id)
def test_its_address_is_as_the_page_writes_it(each: Prediction) -> None:
    assert each.address, "the page is set up for the question"
    assert not [name for name, texts in each.address.items() if isinstance(texts, str)], "each has a list of texts"
    if each.page == "synapses":
        VIEW.parse({name: texts[-1] for name, texts in each.address.items() if name in OF_TOY})
    for name, texts in each.address.items():
        if each.page == "synapses" and name in OF_TOY:
            continue
        assert any(is_written_so(param, texts) for param in params(name, each.page)), (name, texts)


def is_written_as_told(each: Prediction, truth: Truth) -> bool:
    """Whether what a browser gets and would send back is this truth."""
    sent = json.loads(json.dumps(truth.value))
    return checked(each.form, sent) == as_guess(sent) == truth.value


@pytest.mark.parametrize("each", AT_ONCE, ids=lambda each: each.id)
def test_its_truth_has_its_form_and_is_told_in_figures(each: Prediction, truths: dict[str, Truth]) -> None:
    truth = truths[each.id]
    assert is_written_as_told(each, truth)
    assert verdict(each.form, truth.value, truth.value) == "right"
    assert re.search(r"\d", truth.text)
    assert truth.text.count("**") % 2 == 0
    assert "nan" not in truth.text
    assert each.truth(Given()) == truth, "it is the same each time"


@pytest.mark.parametrize("each", OF_RUNS, ids=lambda each: each.id)
def test_without_its_runs_it_says_what_is_to_be_done(each: Prediction) -> None:
    with pytest.raises(NotYetError) as told:
        each.truth(Given())
    assert len(str(told.value)) > 10


@pytest.mark.parametrize(("id", "wrong"), NAIVE.items())
def test_what_the_misconception_expects_is_not_the_case(id: str, wrong: set[int], truths: dict[str, Truth]) -> None:
    assert truths[id].value not in wrong


def test_the_misconceptions_of_numbers_and_curves_are_wrong_by_far(truths: dict[str, Truth]) -> None:
    value = {id: truth.value for id, truth in truths.items()}
    assert value["home-error-left"] < 20, "far less is lost than the length of the code would have one think"
    assert value["home-linear"] > 1.5, "the best linear method is beaten"
    clean, *others = value["noise-masking"]
    assert max(others) > clean, "nothing hidden is not the easiest"
    assert others[2] > clean - 1.5, "it holds its level until well over half are gone"
    assert value["noise-bottleneck"] < 3, "a bottleneck alone removes little"
    assert value["latent-kept"] < 33, "most neighbours are not those of the map"
    assert value["latent-votes"] > 90, "the codes do not mix the classes"
    assert value["movies-off-by"] > 0.7
    few, _, many = value["movies-more-ratings"]
    assert few > many > 0.9 * few, "more ratings help a little"


def test_reading_them_loads_nothing_heavy() -> None:
    pages = [page for page in PAGES if page not in ADDRESS_NEEDS_TORCH]
    script = f"""
import sys
from importlib import import_module
for page in {pages!r}:
    import_module(f"ui.screens.{{page}}.predictions")
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=SCREENS.parents[1], capture_output=True, text=True, timeout=120
    )
    assert ended.stdout.splitlines()[-1:] == ["[]"], ended.stdout + ended.stderr[-2000:]
