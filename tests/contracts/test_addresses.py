"""Every parameter of the address, of every page: what it writes it reads, and nothing that stands there breaks it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from aecore.corruption.chain import CorruptionStep
from aecore.experiment.comparison_presets import COMPARISON_PRESETS
from aecore.experiment.settings import parts_of as parts_of_run
from aecore.recommender.models import MODELS
from aecore.recommender.training.settings import parts_of as parts_of_recommender
from aecore.variants import VARIANTS
from aecore.words.settings import WordSettings
from ui.app import refusals, url_state
from ui.app.address import Custom, Flag, Integer, Interval, Number, Refused, Text
from ui.app.address_choices import Key, Keys, OneOf, SomeOf
from ui.app.echo import fill, settle_widgets
from ui.app.frame import as_letters
from ui.app.url_state import Param
from ui.components.synapse_network.view import ToyView
from ui.components.training_steps.lesson import Moment
from ui.screens.sweep.link import usual_sweep
from ui.screens.synapses.link import VIEW
from ui.widgets.forms import param_of

ROOT = Path(__file__).resolve().parents[2]
RUN_SETTINGS = dict.fromkeys(
    knob for name in VARIANTS for part in parts_of_run(name) for knob in part.knobs()
)  # ordered: processes that collect must agree
RECOMMENDER_SETTINGS = dict.fromkeys(
    knob for name in MODELS for part in parts_of_recommender(name) for knob in part.knobs()
)

HOSTILE = (
    "x" * 100_000, "9" * 5_000, "nan", "NaN", "inf", "-inf", "1e400", "-1e400", "1e999", "\x00", "a\nb", "\x1b[31m",
    "\u202e", "٣", "²", "０", "<script>alert(1)</script>", "[a](javascript:b)", "{}", "{0.__class__}", "%s",
    "../../etc/passwd", "null", "None", "🤖", "\ud800",
)  # fmt: skip
"""Texts that no page means."""

SAMPLES: dict[str, Any] = {
    "damage": (CorruptionStep("gaussian", 0.25), CorruptionStep("masking", 1.0)),
    "threshold": 0.0123, "at": Moment(3, 2, "6a"),
    "stars": "545101Ana", "liked": "01_10_Ana", "image": np.arange(16.0).reshape(4, 4), "kernel": np.full((3, 3), -0.5),
    "race": COMPARISON_PRESETS["pca"].on("digits"), "space": usual_sweep(),
    "code": ("12", {2: 0.5, 6: -1.25}), "spot": (0.5, -1.0), "hide": ("form", "menu"),
}  # fmt: skip
"""A value of every parameter whose text has a format of its own."""


def declared() -> Iterator[tuple[str, Param]]:
    """(where, parameter) of everything that the modules of ui declare."""
    for path in sorted((ROOT / "ui").rglob("*.py")):
        if "Param(" in path.read_text() and path.name not in ("url_state.py", "forms.py"):
            module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for value in vars(module).values():
                for each in (
                    value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else [value]
                ):
                    if isinstance(each, Param):
                        yield f"{path.parent.name}-{each.name}", each


PARAMS = dict(declared())
KNOBS = {f"train-{each.name}-{each.low}": param_of(each, each.default) for each in RUN_SETTINGS}
KNOBS |= {f"recommender-{each.name}": param_of(each, each.default, "r-") for each in RECOMMENDER_SETTINGS}
KNOBS |= {f"words-{each.name}": param_of(each, each.default) for each in WordSettings.knobs()}
ALL = PARAMS | KNOBS


class Address(dict):
    """As much of `st.query_params` as the codec uses: lists of texts by name."""

    def get_all(self, name: str) -> list[str]:
        """The texts under a name."""
        value = super().get(name, [])
        return [value] if isinstance(value, str) else list(value)

    def get(self, name: str, default: Any = None) -> Any:
        """The last text under a name."""
        return self.get_all(name)[-1] if name in self else default

    def from_dict(self, values: dict[str, Any]) -> None:
        """Puts other texts in the place of all."""
        self.clear()
        self.update(values)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Address:
    """An address of the test's own in place of the browser's."""
    found = Address()
    monkeypatch.setattr(url_state.st, "query_params", found)
    monkeypatch.setattr(refusals.st, "session_state", {})
    return found


def values_of(param: Param) -> some.SearchStrategy[Any]:
    """Values that the parameter may have."""
    kind = param.kind
    if isinstance(kind, Number):
        return some.floats(kind.low, kind.high)
    if isinstance(kind, Integer):
        return some.integers(kind.low, kind.high)
    if isinstance(kind, Interval):
        return some.tuples(*[some.integers(kind.low, kind.high)] * 2).map(lambda pair: tuple(sorted(pair)))
    if isinstance(kind, Flag):
        return some.booleans()
    if isinstance(kind, SomeOf):
        return some.lists(some.sampled_from(kind.options), unique=True) if kind.options else some.just([])
    if isinstance(kind, OneOf):
        return some.sampled_from(kind.options)
    if isinstance(kind, Text):
        return some.text(max_size=kind.longest).filter(str.isprintable)
    if isinstance(kind, Key):
        return some.from_regex(re.compile(kind.pattern, re.ASCII), fullmatch=True)
    if isinstance(kind, Keys):
        one = some.from_regex(re.compile(kind.pattern, re.ASCII), fullmatch=True).filter(
            lambda key: kind.separator not in key
        )
        return some.lists(one, max_size=min(kind.most, 8), unique=True).map(tuple)
    assert isinstance(kind, Custom)
    return some.just(SAMPLES.get(param.name, param.default))


def is_same(first: Any, second: Any) -> bool:
    return np.array_equal(first, second) if isinstance(first, np.ndarray) else first == second


def read_as(param: Param, text: str, address: Address) -> tuple[Any, list[str]]:
    """The value of a parameter whose text this is, and what is said about it."""
    refusals.begin_page("a page")
    address.clear()
    address[param.name] = text
    return param.read(), refusals.refusals()


@pytest.mark.parametrize("where", ALL)
def test_what_a_parameter_writes_it_reads(where: str, address: Address) -> None:
    param = ALL[where]

    @settings(max_examples=15, database=None)
    @given(values_of(param))
    def comes_back(value: Any) -> None:
        refusals.begin_page("a page")
        address.clear()
        param.write(value)
        assert is_same(param.read(), value)
        assert refusals.refusals() == []

    comes_back()


@pytest.mark.parametrize("where", ALL)
def test_hostile_texts_give_the_default_and_a_sentence(where: str, address: Address) -> None:
    param = ALL[where]
    takes_words = isinstance(param.kind, Text | Key | Keys) or param.name in ("code", "corruption")
    for text in HOSTILE:
        value, said = read_as(param, text, address)
        if takes_words and not said:  # a word like any other; whoever asks for what it names finds nothing
            assert is_same(param.kind.read(param.kind.written(value)), value)
            continue
        assert is_same(value, param.default), (text, value)
        assert len(said) == 1, text
        assert said[0].isprintable()
        assert len(said[0]) < 500, said


@settings(max_examples=300, database=None)
@given(where=some.sampled_from(sorted(ALL)), texts=some.lists(some.text(), min_size=1, max_size=3))
def test_no_text_whatever_breaks_a_parameter(where: str, texts: list[str]) -> None:
    kind = ALL[where].kind
    try:
        value = kind.read(texts)
    except Refused:
        return
    assert is_same(kind.read(kind.written(value)), value)


def test_every_parameter_with_a_text_of_its_own_has_a_sample() -> None:
    own = {param.name for param in PARAMS.values() if isinstance(param.kind, Custom)}
    assert own == set(SAMPLES)


def test_one_page_uses_a_name_for_one_thing() -> None:
    names = [where for where, _ in declared()]
    again = sorted({where for where in names if names.count(where) > 1})
    by_place = {where: {id(param) for place, param in declared() if place == where} for where in again}
    assert all(len(found) == 1 for found in by_place.values()), again


def test_views_that_need_several_parameters_come_back_and_say_what_is_wrong(address: Address) -> None:
    refusals.begin_page("a page")
    view = ToyView().resized(5, 3)
    VIEW.write(view)
    assert VIEW.read().to_query() == view.to_query()
    for name in VIEW.names:
        for text in HOSTILE:
            refusals.begin_page("a page")
            address.clear()
            address[name] = text
            VIEW.read()
            assert len(refusals.refusals()) <= 1
    address.clear()
    address["w"] = "1_2_x"
    assert VIEW.read() is VIEW.default
    assert "This link cannot be shown as it is" in refusals.refusals()[0]


def test_a_refusal_says_what_is_asked_for_what_it_must_be_and_what_is_used(address: Address) -> None:
    _, said = read_as(Param("seed", Integer(0, 9_999), 0), "abc", address)
    assert said == [
        "The address asks for seed=abc, but seed must be a whole number from 0 to 9,999; 0 is used instead."
    ]


def test_what_is_quoted_is_short_and_no_markdown(address: Address) -> None:
    _, said = read_as(Param("seed", Integer(0, 9_999), 0), "[here](https://example.org)`$x$`" + "y" * 500, address)
    assert "\\[here\\]" in as_letters(said[0])
    assert len(said[0]) < 160


def test_a_plain_name_and_the_title_that_a_widget_writes_are_the_same(address: Address) -> None:
    param = Param("method", OneOf(("pca", "tsne"), str.upper), "pca")
    assert read_as(param, "tsne", address) == read_as(param, "TSNE", address) == ("tsne", [])


def test_a_request_that_is_older_than_the_last_choice_does_not_take_it_back(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("ui.app.echo.time.monotonic", lambda: now[0])
    view, way = (Param(name, OneOf(("a", "b", "c")), "a") for name in ("view", "way"))
    refusals.begin_page("a page")
    for value in ("a", "b", "c"):
        view.write(value)
    way.write("b")
    way.clear()
    for older in ("a", "b"):
        now[0] += 0.3
        address.from_dict({"view": older, "way": "b"})
        assert (view.read(), way.asked()) == ("c", None)
        assert address == {"view": "c"}, "the address says it too"
    now[0] += 0.3
    view.write("a")
    assert view.read() == "a", "a visitor may choose what they had before"
    address["view"] = "b"
    refusals.begin_page("another page")
    assert view.read() == "b", "another page has nothing to do with it"
    refusals.begin_page("a page")
    assert view.read() == "a"
    now[0] += 60
    address["view"] = "b"
    assert view.read() == "b", "later it is a link that somebody has opened"


def test_a_part_that_refreshes_itself_takes_no_choice_back_however_late_its_request_comes(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, ticking = [100.0], [False]
    monkeypatch.setattr("ui.app.echo.time.monotonic", lambda: now[0])
    monkeypatch.setattr("ui.app.echo.is_tick", lambda: ticking[0])
    view = Param("view", OneOf(("a", "b", "c")), "a")
    refusals.begin_page("a page")
    for value in ("b", "c"):
        now[0] += 10
        view.write(value)
    now[0] += 30
    ticking[0] = True
    for older in ({}, {"view": "b"}):
        address.from_dict(older)
        assert view.read() == "c"
        assert address == {"view": "c"}
    ticking[0] = False
    address["view"] = "b"
    assert view.read() == "b", "so late, the visitor means it"
    ticking[0] = True
    assert view.read() == "b", "and so do the requests that follow"


def test_what_a_callback_has_filled_in_is_not_taken_back_by_an_older_request(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("ui.app.echo.time.monotonic", lambda: now[0])
    refusals.begin_page("a page")
    session = refusals.st.session_state
    session.update(latent_size=12, widths="30")
    fill({"latent_size": 100, "widths": "30", "k": 25})
    session.update(latent_size=12, k=7)  # as a request says that was sent before
    settle_widgets()
    assert (session["latent_size"], session["k"]) == (100, 7), "only what was there before is older"
    session["latent_size"] = 50
    settle_widgets()
    assert session["latent_size"] == 50, "what the visitor sets stays"
    now[0] += 60
    session["latent_size"] = 12
    settle_widgets()
    assert session["latent_size"] == 12
    del session["latent_size"]
    settle_widgets()
    assert "latent_size" not in session
