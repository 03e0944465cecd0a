"""What is written the same way on every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ui.widgets.wording import PERCENT_COLUMN, WHOLE_PERCENT_COLUMN, percent

ROOT = Path(__file__).resolve().parents[2]
FILES = [path for folder in ("pages", "ui") for path in sorted((ROOT / folder).rglob("*.py"))]
TIGHT = re.compile(r":[+.\d]*%[}\"']|[\"']percent[\"']\s*[,)]|tickformat=\"[^\"]*%\"|\{(?:x|y|customdata\S*):[^}]*%\}")
"""Python's, Streamlit's and Plotly's formats, which write the sign without a space."""


def test_a_share_is_written_alike_in_sentences_and_tables() -> None:
    assert percent(0.574) == PERCENT_COLUMN % 57.4 == "57.4\N{NO-BREAK SPACE}%"
    assert percent(0.574, 0) == WHOLE_PERCENT_COLUMN % 57.4 == "57\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    "tight", ['f"{share:.0%}"', "f'{a:+.1%}'", 'format="percent",', 'tickformat=".0%"', "%{y:.1%}"]
)
def test_the_pattern_finds_formats_without_a_space(tight: str) -> None:
    assert TIGHT.search(tight)


def test_no_page_writes_a_share_without_a_space_before_the_sign() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if TIGHT.search(line) and "style=" not in line
    }
    assert not found
