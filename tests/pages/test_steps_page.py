"""The training page without a browser: links edited by hand, empty and unrated tables,
presets, starts, and what it imports.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.charts import charts
from tests.pages.conftest import OpenPage, button, sentences
from ui.components.training_steps.ratings_table import IDEAS, PRESETS

ROOT = Path(__file__).resolve().parents[2]
USUAL = PRESETS["stars"]["Two tastes"]


def table_text(page: AppTest, kind: str = "stars") -> str:
    """The table that the page works with."""
    return page.session_state[f"steps-table-{kind}"]["text"]


def test_it_opens_with_a_table_and_nothing_to_complain_of(open_page: OpenPage) -> None:
    page = open_page("steps")
    assert not page.exception
    assert sentences(page) == ""
    assert table_text(page) == USUAL
    assert "left out of the error" in " ".join(each.value for each in page.caption)


@pytest.mark.parametrize(
    "text", ["nonsense", "999999Ana", "54510", "545101Ana.45", ".".join(["545101"] * 9), "<script>", "%00", "٤٥٤٥٤٥"]
)
def test_a_bad_table_in_the_link_gets_a_sentence_and_the_usual_table(text: str, open_page: OpenPage) -> None:
    page = open_page("steps", stars=text)
    assert not page.exception
    assert "The table in the link cannot be read" in sentences(page)
    assert table_text(page) == USUAL
    page.run()
    assert "The table in the link cannot be read" in sentences(page), "the sentence stays until the table is changed"
    button(page, "Everyone alike").click().run()
    assert sentences(page) == ""
    assert table_text(page) == PRESETS["stars"]["Everyone alike"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nodes", "7"), ("nodes", "x"), ("rate", "-1"), ("rate", "nan"), ("rate", "1e999"), ("order", "sideways"),
        ("ratings", "hearts"), ("start", "-4"), ("start", "1e9"), ("start", "99999999999999999999"), ("start", "²"),
        ("at", "0.0.0"), ("at", "soon"), ("at", "999.1.1"), ("at", "1.1.6c"),
    ],
)  # fmt: skip
def test_anything_bad_in_the_link_gets_a_sentence_and_the_usual_value(
    name: str, value: str, open_page: OpenPage
) -> None:
    page = open_page("steps", **{name: value})
    assert not page.exception
    assert "asks for" in sentences(page) or "link" in sentences(page)
    assert value in sentences(page)
    assert (page.segmented_control(key="nodes").value, page.number_input(key="start").value) == (2, 1)


@pytest.mark.parametrize(
    ("name", "value"), [("after", "-7"), ("after", "x"), ("epochs", "3"), ("over", "x"), ("both", "perhaps")]
)
def test_nonsense_for_the_comparison_does_not_break_it(name: str, value: str, open_page: OpenPage) -> None:
    assert not open_page("steps", **{name: value}).exception


@pytest.mark.parametrize("name", ["stars", "liked"])
def test_an_empty_table_gets_a_sentence_and_a_way_out(name: str, open_page: OpenPage) -> None:
    page = open_page("steps", ratings=name, **{name: ""})
    assert not page.exception
    assert "The table is empty" in sentences(page)
    assert "training-steps" not in {each.proto.component_name for each in page.get("bidi_component")}
    button(page, "Two tastes").click().run()
    assert not page.exception
    assert sentences(page) == ""


def test_rows_without_ratings_are_named_as_teaching_nothing(open_page: OpenPage) -> None:
    page = open_page("steps", stars="000000Ana.545101Ben.000000")
    assert not page.exception
    assert "Ana has rated nothing" in sentences(page)
    assert "Row 3 has rated nothing" in sentences(page)
    assert "Ben" not in sentences(page)


@pytest.mark.parametrize("order", ["online", "batch"])
def test_a_table_without_any_rating_and_huge_rates_are_fine(order: str, open_page: OpenPage) -> None:
    page = open_page(
        "steps", stars="000000", rate="100", nodes="4", order=order, at="300.1.8", epochs="300", after="300"
    )
    assert not page.exception
    assert "Row 1 has rated nothing" in sentences(page)
    page = open_page("steps", stars="111111.555555", rate="100", nodes="4", order=order, at="300.2.8")
    assert not page.exception


def test_a_preset_keeps_what_was_there_and_gives_it_back(open_page: OpenPage) -> None:
    mine = "123451Mine"
    page = open_page("steps", stars=mine)
    assert table_text(page) == mine
    button(page, "Two tastes").click().run()
    assert table_text(page) == USUAL
    button(page, "Up is seen by one").click().run()
    button(page, "Back to my table").click().run()
    assert table_text(page) == mine
    assert mine in page.query_params["stars"]


def test_each_kind_of_ratings_keeps_its_own_table(open_page: OpenPage) -> None:
    page = open_page("steps", stars="123451Mine")
    page.segmented_control(key="ratings").set_value("liked").run()
    assert not page.exception
    assert table_text(page, "liked") == PRESETS["liked"]["Bought or not"]
    page.segmented_control(key="ratings").set_value("stars").run()
    assert table_text(page) == "123451Mine"


def test_the_table_survives_a_visit_to_another_page(open_page: OpenPage) -> None:
    page = open_page("steps", stars="123451Mine")
    page.switch_page("../../pages/home.py").run()
    page.run()
    del page.query_params["stars"]
    page.switch_page("../../pages/steps.py").run()
    page.run()
    assert not page.exception
    assert table_text(page) == "123451Mine"


def test_a_new_start_is_another_and_the_same_start_is_not(open_page: OpenPage) -> None:
    page = open_page("steps", start="77", at="3.2.4")
    assert str(page.session_state["steps-place"]["at"]) == "3.2.4"
    button(page, "Same start").click().run()
    assert page.number_input(key="start").value == 77
    assert str(page.session_state["steps-place"]["at"]) == "1.1.1"
    button(page, "New start").click().run()
    assert not page.exception
    assert page.number_input(key="start").value != 77


def test_the_player_goes_where_a_later_address_says(open_page: OpenPage) -> None:
    page = open_page("steps", at="3.2.4")
    page.query_params["at"] = "2.1.1"  # the browser's Back, or the host of a room whom the visitor follows
    page.run()
    assert str(page.session_state["steps-place"]["at"]) == "2.1.1"
    assert page.query_params["at"] in ("2.1.1", ["2.1.1"])


def test_what_is_hidden_is_not_computed(open_page: OpenPage) -> None:
    page = open_page("steps", both="false")
    assert not page.exception
    assert not charts(page)
    page.toggle(key="both").set_value(True).run()
    assert list(charts(page)) == ["courses"]


def test_every_preset_says_what_it_shows() -> None:
    assert {name for each in PRESETS.values() for name in each} == set(IDEAS)
