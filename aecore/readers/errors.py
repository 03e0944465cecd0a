"""The error of readers, and how a cell is quoted in a sentence."""

from __future__ import annotations


class UnreadableError(ValueError):
    """A text that cannot be read. The message names the file and, if possible, the line.

    problem: the message without the file and without advice, for callers who give their own.
    """

    def __init__(self, name: str, problem: str, line: int = 0, advice: str = "") -> None:
        where = f"{place(name, line)}: {problem}" if line else f"'{name}' {problem}"
        super().__init__(f"{where}. {advice}".rstrip())
        self.problem, self.line = problem, line


def place(name: str, line: int) -> str:
    """ "'ratings.csv', line 17"."""
    return f"'{name}', line {line}"


def quoted(cell: str, limit: int = 40) -> str:
    """A cell in quotation marks for a sentence: printable letters alone, the rest cut short."""
    text = "".join(each if each.isprintable() else " " for each in cell[: limit + 1]).strip()
    return f"'{text[:limit]}…'" if len(text) > limit else f"'{text}'"
