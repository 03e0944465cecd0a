"""The synapses page without a browser: presets, sizes, hints, and links that cannot be shown."""

from __future__ import annotations

import pytest

from tests.pages.conftest import OpenPage, button, sentences


def text(page: object) -> str:
    return "\n".join(each.value for each in page.markdown)  # type: ignore[attr-defined]


def test_the_page_opens_on_all_plus_one_and_the_articles_network_is_one_solution_of_24(open_page: OpenPage) -> None:
    page = open_page("synapses")
    assert not page.exception
    assert "**0 of 4** single likes" in text(page)
    button(page, "Example 1").click().run()
    assert "**4 of 4** single likes" in text(page)
    assert "**65,536**" in text(page)
    assert "**24**" in text(page)
    assert not button(page, "Hint: flip one synapse").disabled


def test_hints_lead_from_all_plus_one_to_a_solution_that_counts_as_found(open_page: OpenPage) -> None:
    page = open_page("synapses")
    assert "**0 of 4**" in text(page)
    for _ in range(16):
        button(page, "Hint: flip one synapse").click().run()
        if "**4 of 4**" in text(page):
            break
    assert "**4 of 4**" in text(page)
    assert len(page.session_state["toy"].found) == 1
    assert page.query_params["found"]


def test_every_preset_shows_and_every_size_too(open_page: OpenPage) -> None:
    page = open_page("synapses")
    for name in ("Example 2", "Six kinds of music", "Wider than its input", "All +1"):
        button(page, name).click().run()
        assert not page.exception
    for inputs in (3, 6):
        for hidden in (1, 2, 6):
            page.selectbox(key="toy-inputs").set_value(inputs).run()
            page.selectbox(key="toy-hidden").set_value(hidden).run()
            assert not page.exception
            assert page.session_state["toy"].network.w1.shape == (hidden, inputs)


@pytest.mark.parametrize("query", [{"w": "1_2"}, {"x": "a_b_c_d"}, {"size": "1-1"}, {"t": "nan"}, {"biases": "many"}])
def test_a_link_that_cannot_be_shown_says_so_and_shows_the_example(query: dict, open_page: OpenPage) -> None:
    page = open_page("synapses", **query)
    assert not page.exception
    assert "This link cannot be shown as it is" in sentences(page)
    assert "**4 of 4**" in text(page)


def test_biases_are_not_counted_as_solutions(open_page: OpenPage) -> None:
    page = open_page("synapses", biases="inside", b="1_0_0_0_0_0")
    assert not page.exception
    assert any("without biases" in each.value for each in page.caption)
