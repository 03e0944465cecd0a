"""The table of the training page: link and editor keep what was typed, and invalid input gets a sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ui.components.training_steps.lesson import LAST_EPOCH, Lesson, Moment, epoch_of, long_course
from ui.components.training_steps.ratings_table import FILMS, PRESETS, VIEWER, Table, read, table_of, unrated_rows

EVERY_PRESET = [(kind, text) for kind, presets in PRESETS.items() for text in presets.values()]


@pytest.mark.parametrize(("kind", "text"), EVERY_PRESET)
def test_a_preset_survives_link_and_editor(kind: str, text: str) -> None:
    table = table_of(text, kind)
    assert table.text == text
    again, complaints = read(table.frame, kind)
    assert (again.text, complaints) == (text, [])
    assert table.ratings.x.min() >= 0
    assert table.ratings.x.max() <= 1


@pytest.mark.parametrize("name", ["", "Jean.Luc", "~0.1~", "Zoë & Co", "a/b?c=d", "<b>"])
def test_any_name_survives_the_link(name: str) -> None:
    table = Table("stars", (name, "next"), np.array([[5.0, np.nan, 1, 2, 3, 4]] * 2))
    again = table_of(table.text, "stars")
    assert again.names == (name, "next")
    assert np.array_equal(again.values, table.values, equal_nan=True)


def test_stars_are_divided_by_five_and_zero_is_not_rated() -> None:
    ratings = table_of("503001Ana", "stars").ratings
    assert ratings.x.tolist() == [[1, 0, 0.6, 0, 0, 0.2]]
    assert ratings.mask.tolist() == [[1, 0, 1, 0, 0, 1]]


def test_a_no_is_an_answer_and_a_blank_is_none() -> None:
    ratings = table_of("10__01Ana", "liked").ratings
    assert ratings.x.tolist() == [[1, 0, 0, 0, 0, 1]]
    assert ratings.mask.tolist() == [[1, 1, 0, 0, 1, 1]]


@pytest.mark.parametrize(
    "text", ["abc", "12345", "123456Ana", "12345_Ana", ".".join(["111111"] * 9), "111111Ana..", "-11111Ana"]
)
def test_a_table_that_is_none_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="and must begin with|at most 8 fit"):
        table_of(text, "stars")


def test_an_empty_text_is_an_empty_table() -> None:
    assert len(table_of("", "stars")) == 0
    assert table_of("", "liked").text == ""
    assert read(table_of("", "stars").frame, "stars")[0].text == ""


@pytest.mark.parametrize("typed", ["five", "9", "abc", "2.5", 7, -1, 2.5, np.inf, "nan%", True, 1e300])
def test_what_is_no_rating_counts_as_not_rated_and_is_named(typed: object) -> None:
    frame = pd.DataFrame({VIEWER: ["Ana"], **{film: pd.Series([3], dtype=object) for film in FILMS}})
    frame["Heat"] = pd.Series([typed], dtype=object)
    table, complaints = read(frame, "stars")
    assert np.isnan(table.values[0, 2])
    assert len(complaints) == 1
    assert "(Heat, row 1)" in complaints[0]
    assert str(typed)[:20] in complaints[0]


def test_rows_beyond_the_eighth_wait_and_the_page_says_so() -> None:
    frame = pd.concat([table_of("123450Ana", "stars").frame] * 10)
    table, complaints = read(frame, "stars")
    assert len(table) == 8
    assert "has 10 rows" in complaints[0]


def test_empty_cells_and_nameless_rows_are_fine() -> None:
    frame = pd.DataFrame(
        {VIEWER: [None, np.nan, pd.NA], **{film: pd.Series([None, pd.NA, 0], dtype=object) for film in FILMS}}
    )
    table, complaints = read(frame, "stars")
    assert complaints == []
    assert list(unrated_rows(table)) == ["Row 1", "Row 2", "Row 3"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.1",
        "0.1.1",
        "1.0.1",
        "1.9.1",
        f"{LAST_EPOCH + 1}.1.1",
        "1.1.9",
        "1.1.6",
        "x.y.z",
        "1.1.6a ",
        "-1.1.1",
        "١.1.1",
    ],
)
def test_a_moment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no moment"):
        Moment.of(text)


def test_a_moment_survives_the_link() -> None:
    assert Moment.of(str(Moment(300, 8, "6b"))) == Moment(300, 8, "6b")


def test_an_epoch_in_full_begins_where_the_course_in_short_has_come_to() -> None:
    lesson = Lesson("stars", PRESETS["stars"]["Two tastes"], order="batch")
    assert epoch_of(lesson, 30).before is long_course(lesson, 29).weights[29]
    assert epoch_of(lesson, 30).table_errors[-1] == pytest.approx(long_course(lesson, 30).epoch_errors[30])
    assert len(long_course(lesson, LAST_EPOCH).weights) == LAST_EPOCH + 1
