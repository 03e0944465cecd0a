"""Strangers' texts for CSV, Python, Markdown and Plotly: letters stay letters."""

from __future__ import annotations

import ast
import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aecore.foreign import FORMULA, csv_text, in_chart, in_csv, in_docstring, in_markdown, in_table, one_line
from tests.hostile import NAMES


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("Plain words, 1.5 and (more): it's 12:30; x-y = 3/4", "Plain words, 1.5 and (more): it's 12:30; x-y = 3/4"),
        ("snake_case_name", "snake_case_name"),
        ("__init__", r"\_\_init\_\_"),
        ("![x](y)", r"!\[x\](y)"),
        ("**b** `c` ~d~", r"\*\*b\*\* \`c\` \~d\~"),
        ("a <b> & &lt; c > d", r"a \<b> & \&lt; c > d"),
        ("$x$ :red[y]", r"\$x\$ \:red\[y\]"),
        (":material/home: :tada:", "\\:\u2060material/home: \\:\u2060tada:"),
        ("https://a.b www.a.b c@d.e", "https\u2060://a.b www\u2060.a.b c\u2060@d.e"),
        ("a -> b <= c -- d", "a -\u2060> b \\<\u2060= c -\u2060- d"),
        ("1. one", r"1\. one"),
        ("- one", r"\- one"),
        ("# one", r"\# one"),
        ("one\n    two\n===", "one\ntwo\n\\==="),
        ("back\\slash", r"back\\slash"),
        ("\u202ereversed\x00", "reversed"),
    ],
)
def test_markdown_reads_nothing_into_a_text(text: str, markdown: str) -> None:
    assert in_markdown(text) == markdown


def test_a_chart_reads_no_tag_no_entity_and_no_place_of_a_template() -> None:
    assert in_chart("<b>a</b> & &lt; 1 > 0") == "&lt;b&gt;a&lt;/b&gt; &amp; &amp;lt; 1 &gt; 0"
    assert "%{" not in in_chart("%{x} %%{y}")
    assert in_chart("50 % of {all}") == "50 % of {all}"


@pytest.mark.parametrize(
    "text", ["=1+1", "+a", "-a", "@a", " =a", "'=a", "\ta", "\ra", "＝a", "＋a", "－a", "＠a", "-1+1", NAMES[3]]
)
def test_a_spreadsheet_takes_no_text_for_a_formula(text: str) -> None:
    assert in_csv(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=b", "-1", "+1.5", "-.5", "1e-9", "-2,5", "'night, Mother", "9 to 5", "a-b"])
def test_numbers_and_other_texts_stay_as_they_are_in_a_table(text: str) -> None:
    assert in_csv(text) == text


@pytest.mark.parametrize("text", [*NAMES, '"""', "\\", 'a\\"""', "\n'''\nimport os", "\u2028x", "\x0cx"])
def test_a_docstring_and_a_comment_hold_any_name(text: str) -> None:
    code = f'"""{in_docstring(text)}"""\n\n# {in_docstring(text)}\nx = 1\n'
    tree = ast.parse(code)
    assert [type(each).__name__ for each in tree.body] == ["Expr", "Assign"]


def test_a_line_is_one_line_and_keeps_joiners() -> None:
    assert one_line(" a\n\tb\u2028c\u0000d ") == "a b c d"
    assert one_line("می\u200cخواهم 👩\u200d🔬") == "می\u200cخواهم 👩\u200d🔬"


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("x;=cmd|' /C calc'!A0", "x;'=cmd|' /C calc'!A0"),
        ("x;y\t+1+cmd", "x;y\t'+1+cmd"),
        ('x; "@SUM(A1)', "x; \"'@SUM(A1)"),
        ("x\n=1", "x\n'=1"),
        ("\n=a", "'\n'=a"),
        ("a|-b", "a|'-b"),
        ("a;-1,5;+2", "a;-1,5;+2"),
        ("Fine ;-)", "Fine ;-)"),
        ("a;b = c, =d", "a;b = c, =d"),
    ],
)
def test_no_part_of_a_cell_becomes_a_formula_where_others_part_cells(text: str, guarded: str) -> None:
    assert in_csv(text) == guarded
    assert in_table(text) == re.sub(r"'(?=[-=+@\n])", "\u2060", guarded)


PARTS = st.lists(st.sampled_from([*";\t|,\n\"' =+-@1x)", "＝"]), max_size=9).map("".join)


@given(st.lists(PARTS, min_size=1, max_size=4), st.sampled_from(";\t|"))
def test_a_csv_file_holds_no_formula_whatever_parts_its_cells(cells: list[str], separator: str) -> None:
    text = csv_text([cells])
    for line in text.splitlines():
        for cell in [*line.split(separator), *(next(csv.reader([line], delimiter=separator), []))]:
            begin = cell.strip(' "\r\n\t')
            harmless = begin.startswith("-)") or re.fullmatch(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)", begin.rstrip(" \"',"))
            assert harmless or not begin.startswith(FORMULA), (text, cell)
    assert next(csv.reader(io.StringIO(text, newline=""))) == [in_csv(each) for each in cells]


def test_every_csv_file_of_the_app_quotes_its_texts() -> None:
    root = Path(__file__).resolve().parents[2]
    writers = []
    for path in [*root.glob("aecore/**/*.py"), *root.glob("ui/**/*.py"), *root.glob("pages/*.py")]:
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith((".to_csv", "csv.writer", "DictWriter")):
                writers.append(path.name)
                assert "QUOTE_NONNUMERIC" in ast.unparse(call), f"{path}:{call.lineno}: see csv_text"
    assert sorted(writers) == ["foreign.py", "view.py"]


def test_a_guarded_cell_survives_a_csv_file() -> None:
    file = io.StringIO()
    csv.writer(file).writerow([in_csv(name) for name in NAMES])
    assert next(csv.reader(io.StringIO(file.getvalue()))) == [*NAMES[:3], f"'{NAMES[3]}"]
