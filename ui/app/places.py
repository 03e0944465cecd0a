"""Where the pages are: every link between pages goes through here."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def page_file(name: str) -> Path:
    """The file of a page, as `st.Page`, `st.page_link` and `st.switch_page` take it."""
    return ROOT / "pages" / f"{name}.py"
