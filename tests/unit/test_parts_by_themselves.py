"""Parts of a page that run by themselves: what they refuse, and widgets that have their value as their default."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def _a_part_that_runs_by_itself() -> None:
    from ui.app.address import Integer
    from ui.app.frame import refusals_of_part
    from ui.app.url_state import Param

    for _ in range(2):  # a second run in the same thread says it again, not twice
        with refusals_of_part():
            Param("films", Integer(1, 9), 5).read()
            with refusals_of_part():
                Param("stars", Integer(1, 5), 3).read()


def _a_page_with_a_part() -> None:
    from ui.app.address import Integer
    from ui.app.frame import frame, refusals_of_part, show_refusals
    from ui.app.refusals import begin_page
    from ui.app.url_state import Param

    begin_page("films")
    frame("Films", "")
    with refusals_of_part():
        Param("films", Integer(1, 9), 5).read()
    show_refusals()
    with refusals_of_part():  # later, by itself
        Param("films", Integer(1, 9), 5).read()
        Param("stars", Integer(1, 5), 3).read()


def _held_buttons() -> None:
    import streamlit as st

    from ui.app.address_choices import OneOf
    from ui.app.url_state import Param

    held = Param("way", OneOf(("pca", "tsne", "umap")), "pca").held()
    st.session_state["default"] = held["default"]
    st.segmented_control("Way", ("pca", "tsne", "umap"), required=True, **held)


def opened(script: object, **query: str) -> AppTest:
    page = AppTest.from_function(script)
    for name, text in query.items():
        page.query_params[name] = text
    return page.run()


def test_a_part_that_runs_by_itself_says_what_it_refuses_once_for_each_run() -> None:
    said = [each.value for each in opened(_a_part_that_runs_by_itself, films="many", stars="9").warning]
    assert [sentence.split(",")[0] for sentence in said] == [
        "The address asks for films=many",
        "The address asks for stars=9",
    ] * 2


def test_what_the_page_says_already_a_part_does_not_say_again() -> None:
    said = [each.value for each in opened(_a_page_with_a_part, films="many", stars="9").warning]
    assert [sentence.split(",")[0] for sentence in said] == [
        "The address asks for films=many",
        "The address asks for stars=9",
    ]


@pytest.mark.parametrize(("query", "shown"), [({}, "pca"), ({"way": "tsne"}, "tsne"), ({"way": "nonsense"}, "pca")])
def test_a_held_widget_has_its_value_as_its_default(query: dict[str, str], shown: str) -> None:
    page = opened(_held_buttons, **query)
    assert page.session_state["default"] == page.button_group(key="held-way").value == shown
    assert dict(page.query_params) == query


def test_a_choice_of_a_held_widget_is_in_the_address_unless_it_is_the_default_and_is_remembered() -> None:
    page = opened(_held_buttons)
    page.button_group(key="held-way").set_value("umap").run()
    assert page.query_params["way"] in ("umap", ["umap"])
    del page.query_params["way"]  # as on a visit without a link
    page.run()
    assert page.button_group(key="held-way").value == "umap"
    assert page.query_params["way"] in ("umap", ["umap"])
    page.button_group(key="held-way").set_value("pca").run()
    assert "way" not in page.query_params
    assert page.run().button_group(key="held-way").value == "pca"
