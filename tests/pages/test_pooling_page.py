"""The Pooling page: what links say, what is refused, and that it opens without torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from aecore.worked_examples.pooling_examples import IMAGES, KERNELS
from tests.pages.conftest import OpenPage, sentences
from ui.screens.pooling import link as pooling_link
from ui.screens.pooling.link import as_text

ROOT = Path(__file__).resolve().parents[2]


def text_of(name: str) -> str:
    return as_text(np.array(IMAGES[name], float))


def image_in(page: AppTest) -> str:
    value = page.query_params["image"]
    return value[0] if isinstance(value, list) else value


def test_it_opens_with_the_example_that_is_reconstructed_exactly(open_page: OpenPage) -> None:
    page = open_page("pooling")
    assert not page.exception
    assert page.button_group(key="example").value == next(iter(IMAGES))
    assert page.button_group(key="size").value == 4
    assert sentences(page) == ""


def test_a_link_brings_back_image_kernel_and_way(open_page: OpenPage) -> None:
    kernel = as_text(np.array(KERNELS["Box"], float))
    page = open_page("pooling", image=text_of("Drawn two"), kernel=kernel, way="On the pooled map")
    assert not page.exception
    assert page.button_group(key="example").value == "Drawn two"
    assert page.button_group(key="size").value == 8
    assert page.button_group(key="kernels").value == "Box"
    assert sentences(page) == ""


@pytest.mark.parametrize(
    ("image", "word"),
    [
        ("", "missing"), ("abc", "“abc” is not a number"), ("1_2~3_4", "2 x 2"), ("1_2_3_4~1_2_3", "equally long"),
        ("nan" + "_0" * 3, "“nan”"), ("~".join(["9e9_0_0_0"] * 4), "beyond 1,000,000"),
        ("~".join(["0_0_0_0"] * 5), "5 x 4"), ("1_" * 5000, "missing"), ("~" * 9999, "missing"),
        ("~".join(["0_0_0_<b>"] * 4), "is not a number"), ("~".join(["0_0_0_1e999"] * 4), "is not a number"),
    ],
)  # fmt: skip
def test_a_bad_image_in_a_link_gets_a_sentence_and_the_example(image: str, word: str, open_page: OpenPage) -> None:
    page = open_page("pooling", image=image)
    assert not page.exception
    assert word in sentences(page)
    assert "You see the example “One per window” instead." in sentences(page)
    assert page.button_group(key="example").value == "One per window"


@pytest.mark.parametrize(
    "query",
    [
        {"kernel": "1_2"},
        {"kernel": "a"},
        {"way": "nothing"},
        {"real": "x"},
        {"digit": "-1", "real": "true"},
        {"set": "x"},
    ],
)
def test_nonsense_in_the_address_does_not_break_the_page(query: dict[str, str], open_page: OpenPage) -> None:
    page = open_page("pooling", **query)
    assert not page.exception
    assert ("kernel" in sentences(page)) == ("kernel" in query)


def test_examples_and_sizes_change_the_image_in_the_address(open_page: OpenPage) -> None:
    page = open_page("pooling")
    page.button_group(key="example").set_value("Flat patches").run()
    assert image_in(page) == text_of("Flat patches")
    page.button_group(key="size").set_value(6).run()
    assert image_in(page) == "3_3_7_7_0_0~3_3_7_7_0_0~1_1_5_5_0_0~1_1_5_5_0_0~0_0_0_0_0_0~0_0_0_0_0_0"
    assert page.button_group(key="example").value is None
    page.button_group(key="size").set_value(4).run()
    assert page.button_group(key="example").value == "Flat patches"
    page.button_group(key="example").set_value("Random").run()
    assert not page.exception
    assert image_in(page) != text_of("Flat patches")


def test_an_edit_that_was_tampered_with_changes_nothing(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    written: dict[str, np.ndarray] = {}
    monkeypatch.setattr(pooling_link, "write", written.__setitem__)
    monkeypatch.setattr(pooling_link, "from_address", lambda name: pooling_link.FIRST[name][1])
    for edit in (
        {},
        {"image": "x"},
        {"image": [[1]]},
        {"image": [[float("nan")] * 4] * 4},
        {"kernel": [[1e9] * 3] * 3},
        {"image": {"a": 1}},
    ):
        monkeypatch.setattr(pooling_link, "edit", lambda edit=edit: edit)
        pooling_link.take_edit()
    assert written == {}
    monkeypatch.setattr(pooling_link, "edit", lambda: {"image": [[7] * 4] * 4})
    pooling_link.take_edit()
    assert list(written) == ["image"]


def test_real_digits_are_pooled_when_they_are_asked_for(open_page: OpenPage) -> None:
    page = open_page("pooling")
    assert not page.number_input
    page.toggle(key="real").set_value(True).run()
    assert not page.exception
    written = "\n".join(each.value for each in page.markdown)
    assert "64 pixels become **16 pooled values** and **16 switches**" in written
    assert "After the deconvolution, losing the switches costs" in written
    page.number_input(key="digit").set_value(17).run()
    assert not page.exception
