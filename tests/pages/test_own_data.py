"""Data of one's own on the pages: deleted by a button, brought back by another, and damaged things have a way out."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from aecore.datasets import load
from aecore.datasets.uploads.store import list_uploads
from aecore.pretrained.builtin import facts
from aecore.recommender.ratings.own import list_own, save_own
from aecore.recommender.ratings.own_tables import read_own
from aecore.words.text_store import keep, kept
from aecore.words.texts import read_lines
from tests.pages.charts import charts
from tests.pages.conftest import OpenPage, sentences
from tests.small_uploads import upload_rows

LINES = "a, red\na, red blue\nb, green\nb, green red"


def keep_upload(home: Path) -> str:
    return upload_rows(home)


def keep_ratings(home: Path) -> str:
    return save_own(*read_own("a.csv", b"user,film,rating,title\nA,1,4,One (2001)\nB,1,2,\n"), "Film club", home)


def keep_texts(home: Path) -> str:
    return keep(home, read_lines(LINES, "Colours"))


def toasts(page: AppTest) -> list[str]:
    return [each.value for each in page.toast]


@pytest.mark.parametrize(
    ("name", "bring", "listed", "title", "address"),
    [
        ("data", keep_upload, lambda home: [card.id for card in list_uploads(home)], "Rows", ""),
        ("recommender", keep_ratings, lambda home: [card.id for card in list_own(home)], "Film club", "ratings"),
        ("words", keep_texts, lambda home: list(kept(home)), "Colours", "texts"),
    ],
    ids=["data", "recommender", "words"],
)
def test_what_was_deleted_is_brought_back_on_the_same_page(
    open_page: OpenPage, home: Path, name, bring, listed, title: str, address: str
) -> None:
    id = bring(home)
    page = open_page(name, **({address: id} if address else {}))
    assert not page.exception
    page.button(key=f"delete-{id}").click().run()
    assert not page.exception
    assert listed(home) == []
    assert toasts(page) == [f"'{title}' is in the trash. *Undo* on this page brings it back."]
    assert page.success[0].value.startswith("Deleted: “")
    assert not address or page.query_params[address] not in (id, [id])
    assert page.button(key=f"restore-{id}").label == f"Restore {title}"
    page.button(key=f"restore-{id}").click().run()
    assert not page.exception
    assert listed(home) == [id]
    assert toasts(page) == [f"'{title}' is back."]
    assert not address or page.query_params[address] in (id, [id])


@pytest.mark.parametrize(
    ("name", "bring", "file"), [("recommender", keep_ratings, "card.json"), ("words", keep_texts, "texts.json")]
)
def test_damaged_things_say_so_and_can_be_deleted(open_page: OpenPage, home: Path, name: str, bring, file: str) -> None:
    id = bring(home)
    (path,) = home.glob(f"*/{id}/{file}")
    path.write_text("{")
    page = open_page(name)
    assert "were changed or damaged. They have to be deleted and brought again." in sentences(page)
    page.button(key=f"delete-{id}").click().run()
    assert not page.exception
    assert not path.exists()
    assert "changed or damaged" not in sentences(page)


def test_what_somebody_else_has_deleted_meanwhile_is_told_in_a_sentence(open_page: OpenPage, home: Path) -> None:
    from aecore.datasets.uploads.store import upload_store

    id = keep_upload(home)
    page = open_page("data")
    upload_store(home).delete(id)
    page.button(key=f"delete-{id}").click().run()
    assert not page.exception
    assert any("may have been deleted" in each for each in toasts(page))


def test_examples_of_two_numbers_are_drawn_as_points(open_page: OpenPage) -> None:
    page = open_page("data")
    drawn = charts(page)["points-spiral"]["data"]
    assert {each["name"] for each in drawn} == {"inner third", "middle third", "outer third"}
    sizes = [len(b64decode(each["x"]["bdata"])) // np.dtype(each["x"]["dtype"]).itemsize for each in drawn]
    assert sum(sizes) == len(load("spiral").train)
    built = facts("digits")
    size = "64 numbers in, a hidden layer of 64 units in the encoder, a code of 8"
    took = f"({size}) took {built['seconds']:,.0f} s of processor time for"
    assert any(took in each.value for each in page.caption)
    untimed = (
        f"One example has 2 numbers where one of Digits has 64, and {len(load('spiral').train):,} are learned from "
        f"where Digits has {len(load('digits').train):,}."
    )
    assert any(untimed in each.value for each in page.caption)
