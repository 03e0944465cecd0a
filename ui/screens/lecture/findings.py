"""What one line of the check list has found."""

from __future__ import annotations

from dataclasses import dataclass

OK, ATTENTION, BAD = "ok", "attention", "not ok"


@dataclass(frozen=True)
class Finding:
    """The answer to a question of the check list.

    state: OK, ATTENTION where a lecture goes well without it, BAD where it does not. found: what was found; do: what to
    do about it, "" for nothing; more: a title, and what can be read under it. All are Markdown, and names and addresses
    in them have been made letters. page: the page on which that is done, "" for none.
    """

    state: str
    found: str
    do: str = ""
    more: tuple[str, str] | None = None
    page: str = ""
