"""The one reader of delimited text: every encoding, dialect and shape gives the same cells;
what cannot be read is named by line.
"""

from __future__ import annotations

import csv
import io

import pytest

from aecore.readers.delimited import DelimitedText, Limits, read_delimited
from aecore.readers.encoding import decode, lines_of
from aecore.readers.errors import UnreadableError
from aecore.readers.layout import Expected

NAMES = ("name", "größe", "score")
ROWS = [
    ["Ann", "1.5", "4"],
    ["Zoë, the second", "2.25", "3"],
    ['a "quoted" word', "3", "5"],
    ["two\nlines", "0.5", "1"],
]
PLAIN = [["Ann", "1.5", "4"], ["Zoë", "2.25", "3"], ["Bo", "3", "5"]]


def read(text: str | bytes, **expected: object) -> DelimitedText:
    return read_delimited("t.csv", text, Expected(**expected))  # type: ignore[arg-type]  # keywords of Expected, as tests name them


def cells(table: DelimitedText) -> list[list[str]]:
    return [row.cells for row in table.rows()]


def written(rows: list[list[str]], separator: str, end: str = "\n") -> str:
    out = io.StringIO()
    quoting = (
        csv.QUOTE_ALL if end == "\r" else csv.QUOTE_MINIMAL
    )  # the second does not quote a cell with the other line end
    csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting).writerows([list(NAMES), *rows])
    return out.getvalue()


@pytest.mark.parametrize(("encoding", "called"), [
    ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"), ("utf-16-le", "utf-16-le"),
    ("utf-16-be", "utf-16-be"), ("utf-32", "utf-32-le"), ("latin-1", "latin-1"), ("cp1252", "latin-1"),
])  # fmt: skip
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends_do_not_matter(encoding: str, called: str, separator: str, end: str) -> None:
    table = read(written(ROWS, separator, end).encode(encoding))
    assert (table.header, cells(table), table.encoding) == (NAMES, ROWS, called)
    assert [row.line for row in table.rows()] == [2, 3, 4, 5]
    assert table.separator == separator


@pytest.mark.parametrize(
    "above",
    ["", "\n", "sep={}\n", '"sep={}"\r\n', "# measured on Monday\n", "% from a laboratory\n\n", "\n# one\n# two\n"],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " "])
def test_what_stands_above_the_table_is_passed_over(above: str, separator: str) -> None:
    above = above.format(separator)
    table = read(above + "\n".join(separator.join(row) for row in [list(NAMES), *PLAIN]))
    assert (table.header, cells(table)) == (NAMES, PLAIN)
    assert table.layout.header_line == len(list(lines_of(above))) + 1
    assert [line for line, _ in table.layout.skipped] == [
        number for number, line in enumerate(lines_of(above), 1) if line.strip()
    ]


def test_windows_1252_is_told_from_latin_1_by_its_own_letters() -> None:
    assert (decode("t", "a,€“\n".encode("cp1252")).text, decode("t", "a,€“\n".encode("cp1252")).encoding) == (
        "a,€“\n",
        "cp1252",
    )
    assert decode("t", b"caf\xe9 \x81\n").encoding == "latin-1"


def test_a_few_damaged_letters_of_many_leave_the_rest_as_utf_8() -> None:
    found = decode("t", "ä, ö, ü, ß, é, Übermut\n".encode() + b"\xff\n")
    assert (found.text, found.damaged) == ("ä, ö, ü, ß, é, Übermut\n\ufffd\n", 1)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0\0", bytes(100), b"a,b\n1,\0\n", bytes(range(1, 32)) * 20, b"GIF89a\0\0"]
)
def test_what_is_no_text_is_refused_by_its_name(data: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"^'t\.csv' is not a text file\. "):
        read(data)


def test_what_a_disk_filled_a_file_up_with_is_no_part_of_it() -> None:
    assert cells(read(b"a,b\n1,2\n\x1a")) == cells(read(b"a,b\n1,2\n" + bytes(500))) == [["1", "2"]]


@pytest.mark.parametrize(("text", "separator", "has_comma", "numbers"), [
    ("w;x\n4,115;1,66\n-0,5;2\n", ";", True, [4.115, 1.66, -0.5, 2]),
    ("4,115;1,66\n-0,5;2,0\n", ";", True, [4.115, 1.66, -0.5, 2]),
    ("w\tx\n4,1\t1,6\n", "\t", True, [4.1, 1.6]),
    ("4,1|1,6\n5,2|3,4\n", "|", True, [4.1, 1.6, 5.2, 3.4]),
    ("4.1,1.6\n5.2,3.4\n", ",", False, [4.1, 1.6, 5.2, 3.4]),
    ("  4.1   1.6\n 15.2  -3e-4 \n", " ", False, [4.1, 1.6, 15.2, -3e-4]),
    ("1::10::4.5::5\n2::20::3::6\n", "::", False, [1, 10, 4.5, 5, 2, 20, 3, 6]),
])  # fmt: skip
def test_decimal_commas_are_told_from_separators(
    text: str, separator: str, has_comma: bool, numbers: list[float]
) -> None:
    table = read(text)
    assert (table.separator, table.layout.has_decimal_comma) == (separator, has_comma)
    assert [table.number(cell) for row in cells(table) for cell in row] == numbers


@pytest.mark.parametrize(
    "text",
    [
        "label,text\ngood,one; two\nbad,three; four\n",
        "id,kinds\n1,Action|Drama\n2,War|Drama\n",
        "a,b\nx,one two\ny,three four\n",
    ],
)
def test_signs_inside_of_cells_are_no_separators(text: str) -> None:
    assert read(text).separator == ","


@pytest.mark.parametrize("separator", ["\t", "|"])
def test_loose_quotes_are_letters_where_they_enclose_nothing(separator: str) -> None:
    rows = [["1", '"Hello" she said', "x"], ["2", '5" disk', "y"], ["3", '"open', "z"], ["4", 'end"', "w"]]
    table = read("\n".join(separator.join(row) for row in [["id", "words", "sign"], *rows]))
    assert not table.layout.dialect.has_quotes
    assert cells(table) == rows


def test_a_quote_that_is_never_closed_is_named_by_its_line_or_costs_one_row() -> None:
    text = 'title,stars\n"Heat",4\n"Alien,5\nJaws,3\n"Big, and wide",2\n'
    with pytest.raises(UnreadableError, match=r"^'t\.csv', line 3: a quote is opened here and never closed"):
        cells(read('title,stars\n"Heat",4\n"Alien,5\nJaws,3\n'))
    kept = list(read('title,stars\n"Heat",4\n"Alien,5\nJaws,3\n', is_patient=True).rows())
    assert [(row.line, row.cells) for row in kept] == [(2, ["Heat", "4"]), (3, ['"Alien', "5"]), (4, ["Jaws", "3"])]
    assert [row.line for row in read(text, is_patient=True).rows()][:2] == [2, 3]


@pytest.mark.parametrize(("text", "header", "first"), [
    ("1,2\n3,4\n", None, ["1", "2"]),
    ("5.1,3.5,y\n4.9,3.1,n\n5,3,y\n", None, ["5.1", "3.5", "y"]),
    ("a,b\n1,2\n", ("a", "b"), ["1", "2"]),
    ("kind,remark\nsun,fine day\nrain,wet\nsun,hot\n", ("kind", "remark"), ["sun", "fine day"]),
    ("sun,fine day\nrain,wet day\nsun,hot day\n", None, ["sun", "fine day"]),
    ("0,1,2\n0.5,0.1,7\n", ("0", "1", "2"), ["0.5", "0.1", "7"]),
    ("0,1,2\n3,4,5\n6,7,8\n", None, ["0", "1", "2"]),
    ("0,1,2,label\n5,5,1,a\n6,6,2,b\n", ("0", "1", "2", "label"), ["5", "5", "1", "a"]),
    ("# w,x\n4.1,1.6\n5.2,3.4\n", ("w", "x"), ["4.1", "1.6"]),
    ("# made by hand\n# w x\n4.1 1.6\n5.2 3.4\n", ("w", "x"), ["4.1", "1.6"]),
    ("#sad,Rain\n#glad,Sun\n#sad,Fog\n", None, ["#sad", "Rain"]),
])  # fmt: skip
def test_a_line_of_names_is_told_from_a_first_row(text: str, header: tuple[str, ...] | None, first: list[str]) -> None:
    table = read(text, known=("label", "y"))
    assert table.header == header
    assert cells(table)[0] == first


@pytest.mark.parametrize(("text", "index"), [
    (",w,x\n0,5,6\n1,7,8\n", 0), ("Unnamed: 0,w,x\n17,5,6\n3,7,8\n", 0), ("#,w,x\n1,5,6\n2,7,8\n", 0),
    ("index;w\n0;5\n1;7\n", 0), ('"w" "x"\n"1" 4.1 1.6\n"2" 5.2 3.4\n', 0), (",0,1,2\n0,5.5,6,1\n1,7,8,1\n", 0),
    ("id,w\n0,5\n1,7\n", None), ("index,w\n5,5\n1,7\n", None), (",w\na,5\nb,7\n", None), ("w,,x\n1,5,6\n2,7,8\n", None),
])  # fmt: skip
def test_a_first_column_that_counts_the_rows_is_known(text: str, index: int | None) -> None:
    table = read(text)
    assert table.layout.index == index
    assert {len(row) for row in cells(table)} == {table.width}


def test_blank_cells_at_the_end_of_rows_are_dropped_and_uneven_rows_kept_with_their_lines() -> None:
    table = read("a,b,\n1,2,\n\n3,4,,,\n5\n,,\n6,7,8\n")
    assert [(row.number, row.line, row.cells) for row in table.rows()] == [
        (2, 2, ["1", "2", ""]), (4, 4, ["3", "4", ""]), (5, 5, ["5"]), (7, 7, ["6", "7", "8"]),
    ]  # fmt: skip
    assert read("a,b,\n1,2,\n3,4,\n").header == ("a", "b")


def test_comments_between_rows_are_passed_over_unless_they_are_rows() -> None:
    table = read('a,b\n1,2\n# it is "late\n#3,4\n5,6\n')
    assert [(row.number, row.cells) for row in table.rows()] == [(2, ["1", "2"]), (4, ["#3", "4"]), (5, ["5", "6"])]


def test_names_are_found_below_the_title_of_an_export() -> None:
    text = (
        'Letterboxd list export v7\nDate,Name,URL\n2021,Tonight,"for\nfriends"\n\n'
        "Position,Name,Year,URL\n1,Alien,1979,x\n"
    )
    table = read(text, known=("position", "name", "year", "url"))
    assert (table.header, table.layout.header_line, cells(table)) == (
        ("Position", "Name", "Year", "URL"),
        6,
        [["1", "Alien", "1979", "x"]],
    )


@pytest.mark.parametrize(("text", "limits", "words"), [
    ("a,b\n1,2\n3,4\n5,6\n", Limits(rows=2), r"^'t\.csv', line 4: at most 2 rows can be read\. "),
    ("a,b\n1," + "2" * 50 + "\n", Limits(line=40), r"^'t\.csv', line 2: the line has 53 letters; at most 40"),
    (b"a,b\n" + bytes([49]) * 2**21, Limits(bytes=2**20), r"^'t\.csv' has 2\.0 MB; at most 1 MB can be read\. "),
    ("a,b\n1,\"" + "2" * 140_000 + '"\n', Limits(),
     r"^'t\.csv', line 2: the row cannot be read: a cell holds more than 131,072 letters"),
])  # fmt: skip
def test_limits_are_told_with_file_and_line(text: str | bytes, limits: Limits, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        list(read_delimited("t.csv", text, limits=limits).rows())


def test_nothing_at_all_has_neither_names_nor_rows() -> None:
    for text in ("", "\n \n", "\ufeff", b"\xff\xfe", "sep=;\n"):
        table = read(text)
        assert (table.header, table.width, cells(table)) == (None, 0, [])
