"""Strangers' texts for CSV, Python, Markdown and Plotly: letters stay letters."""

from __future__ import annotations

import ast
import csv
import io

import pytest

from aecore.foreign import in_chart, in_csv, in_docstring, in_markdown, one_line
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
    "text", ["=1+1", "+a", "-a", "@a", " =a", "'=a", "\ta", "\ra", "\n=a", "＝a", "＋a", "－a", "＠a", "-1+1", NAMES[3]]
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


def test_a_guarded_cell_survives_a_csv_file() -> None:
    file = io.StringIO()
    csv.writer(file).writerow([in_csv(name) for name in NAMES])
    assert next(csv.reader(io.StringIO(file.getvalue()))) == [*NAMES[:3], f"'{NAMES[3]}"]
