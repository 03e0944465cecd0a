"""The Glossary page: all terms, one by its address, and the search."""

from __future__ import annotations

from tests.pages.conftest import OpenPage, sentences
from ui.widgets.glossary import SUBJECTS, TERMS


def test_all_terms_stand_under_their_subjects(open_page: OpenPage) -> None:
    page = open_page("glossary")
    assert not page.exception
    assert [each.value for each in page.header] == list(SUBJECTS)
    assert [each.value for each in page.subheader] == [each.title for each in TERMS.values()]


def test_a_term_of_the_address_stands_at_the_top(open_page: OpenPage) -> None:
    page = open_page("glossary", term="dead-unit")
    assert page.subheader[0].value == "Dead unit"
    assert len(page.subheader) == len(TERMS) + 1


def test_an_unknown_term_is_said_to_be_none(open_page: OpenPage) -> None:
    page = open_page("glossary", term="phlogiston")
    assert "The glossary has no term 'phlogiston'" in sentences(page)
    assert len(page.subheader) == len(TERMS)


def test_a_search_finds_other_names_and_leaves_the_term_of_the_address(open_page: OpenPage) -> None:
    page = open_page("glossary", term="pca")
    page.text_input(key="search").set_value("deconvolution").run()
    assert [each.value for each in page.subheader] == ["Transposed convolution"]
    assert "term" not in page.query_params
    page.text_input(key="search").set_value("phlogiston").run()
    assert "No term holds “phlogiston”" in sentences(page)
