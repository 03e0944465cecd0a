"""Whatever cells a program writes in whatever dialect, the reader gives them back;
whatever bytes come, it reads them or refuses.
"""

from __future__ import annotations

import csv
import io
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from aecore.readers.columns import careful_columns, fast_columns, line_of
from aecore.readers.delimited import Limits, read_delimited
from aecore.readers.encoding import lines_of
from aecore.readers.errors import UnreadableError
from aecore.readers.layout import Expected

pytestmark = pytest.mark.long

QUICK = settings(max_examples=80, suppress_health_check=list(HealthCheck), database=None)
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffd\ufffe\uffff\ufeff")
CELL = st.text(st.one_of(LETTERS, st.sampled_from(" ,;\t|\"'\n\r#.")), max_size=8)
TABLE = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width - 1, max_size=width - 1), min_size=1, max_size=8)
)


@settings(QUICK, max_examples=200)
@given(
    rows=TABLE, first=st.lists(st.from_regex(r"[a-z]{1,5}", fullmatch=True), min_size=8, max_size=8),
    separator=st.sampled_from(",;\t|"), end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), told=st.booleans(),
)  # fmt: skip
def test_cells_written_in_any_dialect_come_back(
    rows: list[list[str]], first: list[str], separator: str, end: str, encoding: str, told: bool
) -> None:
    """Each row begins with a word, so that none is blank or a comment."""
    table = [[word, *row] for word, row in zip(first, rows, strict=False)]
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(table)
    text = f"sep={separator}{end}" * told + out.getvalue()
    expected = Expected(has_header=False, separator=None if told else separator, has_quotes=True)
    found = read_delimited("t.csv", text.encode(encoding), expected)
    width = found.width
    back = [row.cells + [""] * (len(table[0]) - len(row.cells)) for row in found.rows()]
    assert back == [row[:width] + [cell if cell.strip() else "" for cell in row[width:]] for row in table]
    lines = list(lines_of(text))
    assert all(lines[row.line - 1].startswith(f'"{row.cells[0]}"') for row in found.rows())


@settings(QUICK, max_examples=400)
@given(
    data=st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.lists(st.sampled_from(['"', ",", ";", "\t", "|", "::", " ", "\n", "\r", "#", "sep=", "1", "a", "4,5", "\0"]),
               max_size=40)
    .map(lambda parts: "".join(parts).encode()),
    is_patient=st.booleans(),
    has_header=st.sampled_from([None, True, False]),
)  # fmt: skip
@example(data=b'"', is_patient=True, has_header=None)
@example(data=b"#\n#", is_patient=False, has_header=None)
@example(data=b"sep=", is_patient=False, has_header=True)
def test_any_bytes_are_read_or_refused_by_name(data: bytes, is_patient: bool, has_header: bool | None) -> None:
    rows, refusal = None, "'t.csv' is read."
    try:
        table = read_delimited(
            "t.csv", data, Expected(("a", "label"), has_header, is_patient=is_patient), Limits(rows=30, line=200)
        )
        rows = list(table.rows())
    except UnreadableError as error:
        refusal = str(error)
    assert refusal.startswith("'t.csv'")
    assert refusal.endswith(".")
    if rows is None:
        return
    assert [row.line for row in rows] == sorted({row.line for row in rows})
    assert all(any(cell.strip() for cell in row.cells) for row in rows)
    assert table.header is None or len(table.header) == table.width
    assert list(table.rows()) == rows


NUMBER = st.one_of(
    st.integers(-5, 5).map(str), st.integers().map(str), st.floats().map(repr),
    st.floats(-10, 10).map(lambda x: f"{x:.2f}"),
    st.sampled_from(["", " 4", "4 ", "+4", "4.0", "4,5", '"4"', "nan", "inf", "1e5", "1_0", "0x1", "True", "4\0",
                     "#4", "٣", "-0", "1e400", "00012"]),
)  # fmt: skip
KINDS = st.sampled_from([np.int32, np.int64, np.float32, np.float64])


@settings(QUICK, max_examples=400)
@given(
    rows=st.lists(st.lists(st.integers(-99, 99).map(str) | st.floats(-9, 9).map(repr), min_size=3, max_size=3),
                  min_size=1, max_size=6),
    changes=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), NUMBER), max_size=2),
    extra=st.sampled_from(["", "\n", "\n\n", ",", " ", "1,2", "\n1,2,3,4"]), end=st.sampled_from(["\n", "\r\n", "\r"]),
    kinds=st.lists(KINDS, min_size=3, max_size=3), above=st.booleans(),
)  # fmt: skip
@example([["1", "2", "3"]], [], ",4\n1,2", "\n", [np.float64] * 3, False)
@example([["1", "2", "3"], ["1", "2", "3"]], [(0, 0, "4,4"), (1, 0, "")], "", "\n", [np.float64] * 3, False)
def test_the_fast_reader_gives_what_the_careful_one_gives_or_nothing(
    rows: list[list[str]], changes: list[tuple[int, int, str]], extra: str, end: str, kinds: list[type], above: bool
) -> None:
    for row, column, cell in changes:
        rows[row % len(rows)][column] = cell
    text = ("a,b,c" + end) * above + end.join(",".join(row) for row in rows) + extra
    wanted = dict(enumerate(kinds))
    opener = partial(io.BytesIO, text.encode())
    fast = fast_columns(opener, ",", 3, wanted, int(above))
    if fast is None:
        return
    table = read_delimited("t.csv", text.encode(), Expected(has_header=above, separator=","))
    careful = careful_columns(table, wanted)
    for one, other in zip(fast, careful, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    assume("\r" not in text.replace("\r\n", ""))
    assert [line_of(opener, at, int(above)) for at in range(len(fast[0]))] == [row.line for row in table.rows()]


@QUICK
@given(
    st.lists(
        st.tuples(st.integers(1, 9999), st.integers(1, 9999), st.integers(1, 10), st.integers(0, 2**40)),
        min_size=1,
        max_size=30,
    )
)
def test_a_regular_file_takes_the_fast_way(rows: list[tuple[int, int, int, int]]) -> None:
    """Or the test above would hold of a reader that gives nothing."""
    kinds = {0: np.int32, 1: np.int32, 2: np.float32, 3: np.int64}
    for separator in (",", "\t", "::"):
        text = "".join(separator.join((str(a), str(b), str(c / 2), str(d))) + "\n" for a, b, c, d in rows)
        found = fast_columns(partial(io.BytesIO, text.encode()), separator, 4, kinds)
        assert found is not None
        assert [tuple(row) for row in zip(*(each.tolist() for each in found), strict=True)] == [
            (a, b, c / 2, d) for a, b, c, d in rows
        ]
