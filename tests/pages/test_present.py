"""Presenting, and pages without some of their parts: what the address says is what the page does."""

from __future__ import annotations

import pytest

from tests.pages.conftest import OpenPage, button, sentences
from ui.app import present
from ui.app.present_link import HIDE, PARTS, PRESENT, parts_in

LARGE = "--present-type: 1.4"


def styles(page: object) -> str:
    """The rules that the page carries."""
    return "\n".join(each.proto.body for each in page.get("html"))  # type: ignore[attr-defined]


def addressed(page: object) -> dict[str, str]:
    return dict(page.query_params)  # type: ignore[attr-defined]


def test_a_link_opens_the_view_for_beamers(open_page: OpenPage) -> None:
    assert LARGE in styles(open_page("glossary", present="true"))
    assert LARGE not in styles(open_page("glossary"))


def test_the_button_presents_and_keeps_all_else_in_the_address(open_page: OpenPage) -> None:
    page = button(open_page("glossary", term="autoencoder"), "Present").click().run()
    assert addressed(page) == {"term": "autoencoder", "present": "true"}
    assert LARGE in styles(page)
    page = button(page, "Present").click().run()
    assert addressed(page) == {"term": "autoencoder"}
    assert LARGE not in styles(page)


def test_presenting_goes_on_on_the_next_page_and_ends_for_good(open_page: OpenPage) -> None:
    page = open_page("glossary", present="true")
    page.query_params.clear()  # as a link of the menu does
    page = page.switch_page("../../pages/home.py").run()
    assert addressed(page) == {"present": "true"}
    assert LARGE in styles(page)
    page = button(page, "Present").click().run()
    page.query_params.clear()
    page = page.switch_page("../../pages/glossary.py").run()
    assert addressed(page) == {}
    assert LARGE not in styles(page)


def test_a_link_hides_parts_without_presenting(open_page: OpenPage) -> None:
    page = open_page("glossary", hide="intro,link")
    assert present.without(("intro", "link")) in styles(page)
    assert present.SELECTORS["menu"] not in styles(page)
    assert LARGE not in styles(page)


def test_an_unknown_part_is_refused_in_a_sentence_and_nothing_is_hidden(open_page: OpenPage) -> None:
    page = open_page("glossary", hide="form,cake")
    assert "hide must be names out of form, intro, link, menu, with commas between them" in sentences(page)
    assert "display: none !important" not in styles(page)


def test_an_unknown_wish_to_present_is_refused(open_page: OpenPage) -> None:
    page = open_page("glossary", present="loudly")
    assert "present must be true or false" in sentences(page)
    assert LARGE not in styles(page)


@pytest.mark.parametrize("text", ["", "form", "menu,form", "form,form", ",".join(PARTS)])
def test_parts_are_read_once_each_in_their_order(text: str) -> None:
    assert list(parts_in(text)) == list(dict.fromkeys(text.split(","))) * bool(text)


@pytest.mark.parametrize("text", ["Form", "form,", ",", "form;menu", "form, menu"])
def test_what_is_no_name_of_a_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be names out of"):
        parts_in(text)


def test_the_rules_hold_no_bracket_that_streamlit_takes_for_html() -> None:
    assert "<" not in present.style_of_presenting() + present.without(PARTS)


def test_every_part_has_elements() -> None:
    assert set(present.SELECTORS) == set(PARTS)
    assert (PRESENT.default, HIDE.default) == (False, ())


@pytest.mark.parametrize(
    "name",
    ["home", "synapses", "steps", "pooling", "train", "race", "noise", "latent", "generate", "translate", "movies"],
)
def test_pages_that_are_presented_have_a_form_to_fold(name: str, open_page: OpenPage) -> None:
    page = open_page(name)
    assert any(present.FORM in each for each in _keys(page._tree))


def test_a_page_without_a_form_has_none(open_page: OpenPage) -> None:
    assert not any(present.FORM in each for each in _keys(open_page("glossary")._tree))


def _keys(node: object) -> list[str]:
    proto = getattr(node, "proto", None)
    own = [str(getattr(proto, "id", ""))] if proto is not None else []
    return own + [key for child in getattr(node, "children", {}).values() for key in _keys(child)]
