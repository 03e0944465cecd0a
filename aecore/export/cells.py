"""Cells: a heading, some prose and some code each; together they are a script or a notebook."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aecore.foreign import in_markdown

WIDTH = 100
"""Columns of the prose in a script."""


@dataclass(frozen=True)
class Cell:
    """One cell of the export. prose: plain sentences; formula: LaTeX, which only a notebook shows."""

    title: str
    prose: str
    code: str
    formula: str = ""


def fill(template: str, **values: object) -> str:
    """The dedented template with every $name filled in.

    A value alone on its line takes that line's indentation for all its own lines, an empty one takes the line away.
    """
    lines: list[str] = []
    for line in textwrap.dedent(template).strip("\n").splitlines():
        alone = re.fullmatch(r"(\s*)\$(\w+)", line)
        if not alone:
            lines.append(re.sub(r"\$(\w+)", lambda found: str(values[found[1]]), line))
        elif value := str(values[alone[2]]).strip("\n"):
            lines.append(textwrap.indent(value, alone[1]))
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines))


def wrapped(text: str, width: int = WIDTH) -> str:
    """Paragraphs cut into lines; the empty lines between them and lines that are indented stay as they are."""
    parts = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(
        part if part.startswith("    ") else textwrap.fill(" ".join(part.split()), width, break_on_hyphens=False)
        for part in parts
    )


def as_script(head: Cell, imports: str, cells: Sequence[Cell]) -> str:
    """A Python file. Each cell begins with "# %%", which editors such as VS Code and Spyder run one by one."""
    text = f'"""{head.title}\n\n{wrapped(head.prose)}\n"""\n\n{imports}\n'
    for number, cell in enumerate(cells, 1):
        prose = "\n".join(f"# {line}".rstrip() for line in wrapped(cell.prose, WIDTH - 2).splitlines())
        code = cell.code.strip()
        gap = "\n\n\n" if code.startswith(("def ", "class ", "@")) else "\n\n"  # as formatters require
        text += f"{'' if number == 1 else chr(10)}\n# %% {number}. {cell.title}\n#\n{prose}{gap}{code}\n"
    return text


def as_notebook(head: Cell, imports: str, cells: Sequence[Cell]) -> dict[str, Any]:
    """The same as a Jupyter notebook, nbformat 4.5: prose in Markdown, the very code of the script."""
    written = [_markdown(f"# {in_markdown(head.title)}\n\n{_escaped(head.prose)}"), _code(imports)]
    for number, cell in enumerate(cells, 1):
        formula = f"\n\n$$\n{cell.formula}\n$$" if cell.formula else ""
        written += [_markdown(f"## {number}. {cell.title}\n\n{_escaped(cell.prose)}{formula}"), _code(cell.code)]
    for index, each in enumerate(written):
        each["id"] = f"cell-{index:02d}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "cells": written,
    }


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.strip("\n")}


def _code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": text.strip("\n")}


def _escaped(text: str) -> str:
    """Escapes the signs that Markdown would interpret, but for the code between backticks that prose has."""
    return re.sub(r"([$*_<\[\]])", r"\\\1", text)
