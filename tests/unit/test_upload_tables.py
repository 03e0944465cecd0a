"""Uploads of CSV tables: separators, headers and labels recognised, and every bad cell named by its place."""

from __future__ import annotations

import numpy as np
import pytest

from aecore.datasets.base import DataError
from aecore.datasets.uploads import cells as upload_cells
from aecore.datasets.uploads import tables as upload_tables
from aecore.datasets.uploads.base import Choice, UnclearError
from aecore.datasets.uploads.reading import Uploaded, UploadSettings, read_upload


def read(text: str | bytes, name: str = "t.csv", **settings: object) -> Uploaded:
    data = text.encode() if isinstance(text, str) else text
    return read_upload([(name, data)], UploadSettings(**settings))  # type: ignore[arg-type]  # names and values of knobs


def numbers(table: Uploaded, column: str) -> list[float]:
    """A column's own numbers again."""
    at = table.columns.index(column)
    low, high = table.ranges[at]
    return [round(float(x) * (high - low) + low, 3) for x in table.examples.x[:, at]]


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
    ("a,b\n1,2\n3,\n", "line 3, column 'b': the cell is empty. 1 row and 1 column have such cells: mend them, or"),
    ("a,b\n1,2\n  ,4\n", "'t.csv', line 3, column 'a': the cell is empty"),
    ("a\n1\ntall\n", "'t.csv', line 3, column 'a': 'tall' is not a number. Remove the column, or name it 'label'"),
    ("a,b\nx,y\nu,v\n", "'t.csv', line 2, column 'a': 'x' is not a number"),
    ("a,b\n1,2\n3,nan\n", "'t.csv', line 3, column 'b': 'nan' is not a finite number"),
    ("a,b\n1,2\n-inf,2\n", "'t.csv', line 3, column 'a': '-inf' is not a finite number"),
    ("a,b\n1,2\n1e999,2\n", "line 3, column 'a': '1e999' is not a finite number"),
    ("a,b\n1,1.234,5\n", "line 2: 3 cells"),
    ("a,label\n1,x\n2,\n", "'t.csv', line 3, column 'label': the label is empty"),
    ("a,b\n1,2\n", "'t.csv' has a single row"),
    ("a,b\n", "'t.csv' holds no examples"),
    ("label\nx\ny\n", "'t.csv' has nothing but the labels 'label'. Add columns of numbers"),
    ("\n\n\n", "'t.csv' is empty"),
    ("\ufeff", "'t.csv' is empty"),
    ("a,b\n1,\0\n", "'t.csv' is not a text file"),
    ("a\n" + "9" * 200_000 + "\n", "'t.csv', line 2: the row cannot be read"),
    (",".join("1" * 4097) + "\n", "'t.csv' has 4,097 columns; at most 4,096"),
    ("a\n1\n<script>\n", "'_script_' is not a number"),
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


# Parts that cannot be used leave the rest as it is

TITANIC = "PassengerId,Survived,Pclass,Name,Sex,Age,Ticket,Fare\n" + "".join(
    f'{each},{each % 2},{each % 3 + 1},"Surname {each}, Mr.",{"male" if each % 3 else "female"},'
    f"{'' if each in (3, 7) else 20 + each},{'PC ' if each % 4 == 0 else ''}{1000 + each * 7},{each * 1.5}\n"
    for each in range(1, 21)
)


def test_a_column_with_words_among_its_numbers_is_left_out_and_gaps_are_asked_about() -> None:
    with pytest.raises(UnclearError, match="line 4, column 'Age': the cell is empty. 2 rows and 1 column") as refused:
        read(TITANIC)
    asked = {each.setting: each for each in refused.value.choices}
    assert asked["gaps"] == Choice("gaps", ("rows", "columns"), "")
    assert asked["left_out"].chosen == ["PassengerId"]
    rows = read(TITANIC, gaps="rows")
    assert rows.columns == ("Survived", "Pclass", "Age", "Fare")
    assert numbers(rows, "Fare") == [each * 1.5 for each in range(1, 21) if each not in (3, 7)]
    told = " ".join(rows.notes)
    assert "Words among their numbers, and left out: 'Ticket' (line 5: 'PC 1028')." in told
    assert "2 rows left out, with cells that are empty or hold no number in 'Age'." in told
    assert "Column 'PassengerId' only counts the rows and was left out." in told
    columns = read(TITANIC, gaps="columns")
    assert columns.columns == ("Survived", "Pclass", "Fare")
    assert len(columns.examples) == 20
    assert "Left out, as cells are empty or hold no number: 'Age'." in columns.notes
    for found in (rows, columns):
        again = read(TITANIC, **{each.setting: each.taken for each in found.choices})
        np.testing.assert_array_equal(again.examples.x, found.examples.x)


def test_columns_can_be_left_out_and_one_that_counts_taken_back() -> None:
    table = "Id,w,x\n" + "".join(f"{each},{each * each},{each % 3}\n" for each in range(1, 9))
    assert read(table).columns == ("w", "x")
    assert Choice("left_out", ("Id", "w", "x"), "Id", has_several=True) in read(table).choices
    back = read(table, left_out="none")
    assert back.columns == ("Id", "w", "x")
    assert numbers(back, "Id") == [1, 2, 3, 4, 5, 6, 7, 8]
    other = read(table, left_out="Id\nx")
    assert other.columns == ("w",)
    assert "Left out, as was chosen: 'x'." in other.notes
    pandas = ",w,x\n0,5,6\n1,7,8\n2,1,3\n"
    assert read(pandas).columns == ("w", "x")
    assert read(pandas, left_out="none").columns == ("column 1", "w", "x")


@pytest.mark.parametrize("name", ["id", "ID", "Id", "user_id", "PassengerId", "row id"])
def test_a_column_called_id_is_left_out_if_it_counts_and_kept_if_it_does_not(name: str) -> None:
    assert read(f"w,{name},x\n1,101,2\n3,102,4\n5,103,8\n").columns == ("w", "x")
    assert read(f"w,{name},x\n1,101,2\n3,103,4\n5,102,8\n").columns == ("w", name, "x")
    for other in ("acid", "grid", "identity", "solid"):
        assert other in read(f"w,{other},x\n1,101,2\n3,102,4\n5,103,8\n").columns


def test_rows_without_a_label_are_left_out_or_the_labels_are() -> None:
    table = "w,x,label\n1,2,a\n3,4,\n5,6,b\n7,8,a\n"
    with pytest.raises(UnclearError, match="line 3, column 'label': the label is empty"):
        read(table)
    rows = read(table, gaps="rows")
    assert (numbers(rows, "w"), rows.classes) == ([1, 5, 7], ("a", "b"))
    columns = read(table, gaps="columns")
    assert (numbers(columns, "w"), columns.classes, columns.examples.labels) == ([1, 3, 5, 7], (), None)


@pytest.mark.parametrize("missing", ["", "NA", "n/a", "?", "NaN", "null", "inf"])
def test_what_stands_for_a_missing_number_is_a_gap_and_no_word(missing: str) -> None:
    table = f"w,x\n1,2\n3,{missing}\n5,6\n"
    with pytest.raises(UnclearError, match="line 3, column 'x'"):
        read(table)
    assert numbers(read(table, gaps="rows"), "x") == [2, 6]


@pytest.mark.parametrize(("text", "expected", "decimal", "note"), [
    ("w\tx\n1,234\t5\n987\t6\n12,000\t7\n", [1234, 987, 12000], "point", "1,234 was read as 1234"),
    ("w;x\n1.234;4,5\n987;6\n12.000,25;7\n", [1234, 987, 12000.25], "comma", "1.234 was read as 1234"),
    ("w;x\n1,234;4\n2,500;6\n9,125;7\n", [1.234, 2.5, 9.125], "comma", ""),
    ("w;x\n1,234;4\n9870;6\n9,125;7\n", [1.234, 9870, 9.125], "comma", "1,234 was read as 1.234"),
    ("w;x\n1,234;4444\n987;6\n9,125;7\n", [1234, 987, 9125], "point", "1,234 was read as 1234"),
    ("w;x\n4,115;1,66\n1,5;2,0\n9,125;7\n", [4.115, 1.5, 9.125], "comma", ""),
    ("w;x\n0,115;1\n1,500;2\n9,125;7\n", [0.115, 1.5, 9.125], "comma", ""),
    ('w,x\n"1,234",5\n987,6\n"1,234,567",7\n', [1234, 987, 1234567], "point", "1,234 was read as 1234"),
    ('w,x\n"1,5",5\n987,6\n"2,25",7\n', [1.5, 987, 2.25], "comma", ""),
    ("w\tx\n1.234\t5\n987\t6\n2.5\t7\n", [1.234, 987, 2.5], "", ""),
])  # fmt: skip
def test_thousands_are_told_from_decimals_by_the_whole_file(
    text: str, expected: list[float], decimal: str, note: str
) -> None:
    table = read(text)
    assert numbers(table, "w") == pytest.approx(expected, rel=1e-6)
    assert note in " ".join(table.notes)
    choice = next((each for each in table.choices if each.setting == "decimal"), None)
    assert choice is None or choice.taken == decimal


def test_a_large_table_with_quotes_but_no_commas_in_numbers_is_still_read_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_cells, "LARGE", 0)
    monkeypatch.setattr(upload_cells, "_careful", None)
    for text in (
        "w, in mm\tx, 9,5 and more\n1.5\t2\n2.5\t7\n",
        '"w, in mm","x"\n1.5,2\n2.5,7\n',
        "w, in mm\tx\n1.5\t2\n2.5\t7\n",
    ):
        table = read(text)
        assert table.columns[0] == "w, in mm"
        assert numbers(table, "w, in mm") == [1.5, 2.5]


def test_the_decimal_sign_can_be_said_otherwise() -> None:
    text = "w\tx\n1,234\t5\n987\t6\n12,000\t7\n"
    assert Choice("decimal", ("point", "comma"), "point") in read(text).choices
    assert numbers(read(text, decimal="comma"), "w") == pytest.approx([1.234, 987, 12], rel=1e-4)


def test_an_unnamed_label_is_found_under_a_header_of_numbers_too() -> None:
    rng = np.random.default_rng(3)
    pixels, labels = rng.integers(0, 256, (30, 784)), np.arange(30) % 10
    for at, rows in ((0, np.column_stack([labels, pixels])), (784, np.column_stack([pixels, labels]))):
        text = "\n".join(",".join(map(str, row)) for row in [range(785), *rows.tolist()])
        table = read(text)
        np.testing.assert_allclose(table.examples.x, pixels / 255, atol=1e-6)
        assert table.examples.labels is not None
        assert table.examples.labels.tolist() == labels.tolist()
        assert Choice("label", ("none", *map(str, range(785))), str(at)) in table.choices
        assert f"Column '{at}' holds 0 to 9 beside 784 = 28 × 28 numbers" in " ".join(table.notes)
        assert read(text, label="none").examples.x.shape == (30, 785)


def test_a_large_table_with_too_many_rows_is_refused_before_the_careful_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was read whole, and then again, some seconds for each hundred thousand rows, for the same sentence."""
    monkeypatch.setattr(upload_tables, "MAX_EXAMPLES", 10)
    monkeypatch.setattr(upload_cells, "LARGE", 0)
    monkeypatch.setattr(upload_cells, "_careful", lambda *_: pytest.fail("it was read carefully"))
    assert len(read("a\n" + "1\n" * 10).examples) == 10
    with pytest.raises(DataError, match="'t.csv', line 13: at most 10 rows can be read"):
        read("a\n" + "1\n" * 5 + "\n" + "1\n" * 6)
