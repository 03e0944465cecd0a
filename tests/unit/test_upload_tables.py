"""Uploads of CSV tables: separators, headers and labels recognised, and every bad cell named by its place."""

from __future__ import annotations

import numpy as np
import pytest

from aecore.datasets.base import DataError
from aecore.datasets.uploads import tables as upload_tables
from aecore.datasets.uploads.reading import Uploaded, read_upload


def read(text: str | bytes, name: str = "t.csv") -> Uploaded:
    return read_upload([(name, text.encode() if isinstance(text, str) else text)])


PEOPLE = "age,height,class\n17,1.5,b\n90,1.75,a\n30,2,b\n"


@pytest.mark.parametrize("data", [
    PEOPLE,
    "\ufeff" + PEOPLE,
    PEOPLE.encode("utf-16"),
    PEOPLE.replace("\n", "\r\n"),
    PEOPLE.replace("\n", "\r"),
    PEOPLE.replace("\n", "\n\n") + ",,\n",
    PEOPLE.replace(",", ";"),
    PEOPLE.replace(",", ";").replace(".", ","),
    PEOPLE.replace(",", "\t"),
    PEOPLE.replace("17,", '" 17 ",').replace("age", '"age"'),
    PEOPLE.rstrip(),
])  # fmt: skip
def test_the_same_table_is_read_from_every_way_of_writing_it(data: str | bytes) -> None:
    table = read(data)
    np.testing.assert_allclose(table.examples.x, [[0, 0], [1, 0.5], [13 / 73, 1]], atol=1e-6)
    assert table.columns == ("age", "height")
    assert table.ranges == ((17, 90), (1.5, 2))
    assert table.classes == ("a", "b")
    assert table.examples.labels is not None
    assert table.examples.labels.tolist() == [1, 0, 1]
    assert "Column 'age' scaled from 17..90 to 0..1." in table.notes
    assert "Column 'class' became the labels, 2 classes." in table.notes
    assert table.kind == "table"


@pytest.mark.parametrize("name", ["label", "class", "target", "y", "Label", "CLASS"])
def test_a_label_column_is_known_by_its_name_wherever_it_stands(name: str) -> None:
    table = read(f"{name},a\n1.0,5\n10,6\n2,7\n")
    assert table.classes == ("1", "2", "10")
    assert table.columns == ("a",)


def test_without_a_line_of_names_columns_are_numbered_and_all_rows_count() -> None:
    table = read("1,2\n3,4\n5,6\n")
    assert table.columns == ("column 1", "column 2")
    assert len(table.examples) == 3
    assert "without a line of names" in table.notes[0]


def test_names_that_are_missing_or_repeated_are_made_unique() -> None:
    assert read("a,,a,a\n1,2,3,4\n5,6,7,8\n").columns == ("a", "column 2", "a (2)", "a (3)")


def test_names_and_labels_are_shown_without_what_could_do_harm() -> None:
    table = read("<b>x</b>,label\n1,<script>\n2,ok\n")
    assert table.columns == ("_b_x_/b_",)
    assert table.classes == ("_script_", "ok")


def test_a_column_within_0_and_1_is_kept_and_a_constant_one_is_mentioned() -> None:
    table = read("share,same,half\n0.2,7,0.5\n0.4,7,0.5\n")
    np.testing.assert_allclose(table.examples.x, [[0.2, 0, 0.5], [0.4, 0, 0.5]], atol=1e-6)
    assert table.ranges == ((0, 1), (7, 7), (0, 1))
    assert table.notes[-1] == "Always the same, and kept: 'same', 'half'."


def test_columns_of_pixels_share_one_scale() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 64))
    text = "label," + ",".join(f"pixel{i}" for i in range(64)) + "\n"
    text += "\n".join("3," + ",".join(map(str, row)) for row in pixels)
    table = read(text)
    np.testing.assert_allclose(table.examples.x, pixels / 255, atol=1e-6)
    assert "All columns share one scale. The numbers lie between 0 and 255 and were divided by 255." in table.notes


def test_notes_of_many_columns_stay_few() -> None:
    text = "\n".join(",".join(str(row * 1000 + i) for i in range(100)) for row in range(3))
    table = read(text)
    assert len(table.notes) < 12
    assert "92 more columns scaled in the same way." in table.notes


@pytest.mark.parametrize(
    "values", [("-1.7e308", "0", "1.7e308"), ("-5e-324", "0", "5e-324"), ("1e300", "2e300", "3e300")]
)
def test_numbers_of_any_size_are_scaled_without_overflow(values: tuple[str, ...]) -> None:
    np.testing.assert_allclose(read("x\n" + "\n".join(values)).examples.x[:, 0], [0, 0.5, 1], atol=1e-6)


def test_a_label_column_that_names_no_classes_is_left_out_with_a_note() -> None:
    labels = [f"name{i}" for i in range(1001)]
    table = read("x,target\n" + "".join(f"{i},{label}\n" for i, label in enumerate(labels)))
    assert table.examples.labels is None
    assert table.classes == ()
    assert table.columns == ("x",)
    why = "1,001 different values"
    assert f"Column 'target' holds {why}, so it does not name classes and was left out." in table.notes


def test_letters_that_are_not_utf_8_are_read_as_latin_1_with_a_note() -> None:
    table = read("größe,label\n1,süß\n2,sauer\n".encode("latin-1"))
    assert table.columns == ("größe",)
    assert table.classes == ("sauer", "süß")
    assert "Its letters were read as Latin-1." in table.notes


@pytest.mark.parametrize(("text", "words"), [
    ("a,b\n1,2\n3\n", "'t.csv', line 3: 1 cell, where the first line has 2. Give every row the same number of cells"),
    ("a,b\n1,2\n\n3,4,5\n", "'t.csv', line 4: 3 cells, where the first line has 2"),
    ("a,b\n1,2\n3,\n", "'t.csv', line 3, column 'b': the cell is empty. Fill it or remove the row"),
    ("a,b\n1,2\n  ,4\n", "'t.csv', line 3, column 'a': the cell is empty"),
    ("a,b\n1,2\n3,tall\n",
     "'t.csv', line 3, column 'b': 'tall' is not a number. Remove the column, or name it 'label'"),
    ("a,b\nx,y\nu,v\n", "'t.csv', line 2, column 'a': 'x' is not a number"),
    ("a,b\n1,2\n3,nan\n", "'t.csv', line 3, column 'b': 'nan' is not a finite number"),
    ("a,b\n1,2\n-inf,2\n", "'t.csv', line 3, column 'a': '-inf' is not a finite number"),
    ("a,b\n1,2\n1e999,2\n", "line 3, column 'a': '1e999' is not a finite number"),
    ("a,b\n1,1.234,5\n", "line 2: 3 cells"),
    ('a,b\n"1,5",2\n3,4\n', "line 2, column 'a': '1,5' is not a number"),
    ("a,label\n1,x\n2,\n", "'t.csv', line 3, column 'label': the label is empty"),
    ("a,b\n1,2\n", "'t.csv' has a single row"),
    ("a,b\n", "'t.csv' holds no examples"),
    ("label\nx\ny\n", "'t.csv' has nothing but the labels 'label'. Add columns of numbers"),
    ("\n\n\n", "'t.csv' is empty"),
    ("\ufeff", "'t.csv' is empty"),
    ("a,b\n1,\0\n", "'t.csv' is not a text file"),
    ("a\n" + "9" * 200_000 + "\n", "'t.csv', line 2: the row cannot be read"),
    (",".join("1" * 4097) + "\n", "'t.csv' has 4,097 columns; at most 4,096"),
    ("a,b\n1,2\n3,<script>\n", "'_script_' is not a number"),
])  # fmt: skip
def test_a_bad_table_is_refused_with_file_line_and_column(text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read(text, "folder/t.csv")


def test_lines_are_counted_as_an_editor_counts_them_also_behind_a_cell_of_several_lines() -> None:
    with pytest.raises(DataError, match="line 5, column 'a'"):
        read('a,label\n1,"two\nlines"\n2,x\nbad,x\n')


def test_more_rows_than_can_be_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_tables, "MAX_EXAMPLES", 10)
    assert len(read("a\n" + "1\n" * 10).examples) == 10
    with pytest.raises(DataError, match="'t.csv', line 12: at most 10 rows can be read"):
        read("a\n" + "1\n" * 11)


def test_a_large_table_with_too_many_rows_is_refused_before_the_careful_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was read whole, and then again, some seconds for each hundred thousand rows, for the same sentence."""
    monkeypatch.setattr(upload_tables, "MAX_EXAMPLES", 10)
    monkeypatch.setattr(upload_tables, "_LARGE", 0)
    monkeypatch.setattr(upload_tables, "_careful_values", lambda table, plan: pytest.fail("it was read carefully"))
    assert len(read("a\n" + "1\n" * 10).examples) == 10
    with pytest.raises(DataError, match="'t.csv', line 13: at most 10 rows can be read"):
        read("a\n" + "1\n" * 5 + "\n" + "1\n" * 6)
