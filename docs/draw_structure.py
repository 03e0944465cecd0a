"""Draws docs/structure.svg: the folders of the project and who imports whom, read from the imports themselves.

`python docs/draw_structure.py` writes the file; a contract test draws it again and compares. An arrow that follows from
others is left out: where `experiment -> training -> variants` is drawn, `experiment -> variants` is not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "structure.svg"
BASE = "settings, files, paths, progress"
ROOTS = ("__init__", "__main__")

WIDTH, MARGIN, ROW, HEIGHT, GAP = 1080, 24, 84, 40, 18
STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1f2733; text-anchor: middle; }
.small { font-size: 11px; fill: #5b6472; } .band { fill: #f3f0e8; stroke: #dcd6c8; }
.box { fill: #fdfcf9; stroke: #0b62a8; stroke-width: 1.4; } .arrow { fill: none; stroke: #5b6472; stroke-opacity: .75; }
#tip path { fill: #5b6472; }
@media (prefers-color-scheme: dark) {
  text { fill: #e8e6e0; } .small { fill: #a9b1bd; } .band { fill: #171c23; stroke: #353d49; }
  .box { fill: #222934; stroke: #5ab4ee; } .arrow { stroke: #a9b1bd; } #tip path { fill: #a9b1bd; }
}"""

Graph = dict[str, set[str]]


def imports_between_folders(package: Path) -> Graph:
    """Folder -> the folders of the same package that its files import, deferred imports included.

    Loose modules are one.
    """
    graph: Graph = {}
    for file in sorted(package.rglob("*.py")):
        own = _folder(file.relative_to(package).parts[0].removesuffix(".py"), package)
        if own in ROOTS:
            continue
        names = {_folder(name, package) for name in _imported(file, package.name)}
        graph.setdefault(own, set()).update(names - {own, *ROOTS})
    return graph


def _folder(name: str, package: Path) -> str:
    return name if (package / name).is_dir() or name in ROOTS else BASE


def _imported(file: Path, package: str) -> Iterable[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            modules = [f"{node.module}.{alias.name}" if node.module == package else node.module for alias in node.names]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        yield from (module.split(".")[1] for module in modules if module.startswith(f"{package}."))


def without_shortcuts(graph: Graph) -> Graph:
    """The same order with the fewest arrows: the transitive reduction of a graph that has no circle."""
    reach: Graph = {}
    for node in sorted(graph, key=floors(graph).__getitem__):
        reach[node] = graph[node].union(*(reach[each] for each in graph[node]))
    return {node: {to for to in aims if not any(to in reach[each] for each in aims)} for node, aims in graph.items()}


def floors(graph: Graph) -> dict[str, int]:
    """How high each folder stands: one above the highest that it imports. ValueError if they import in a circle."""
    found: dict[str, int] = {}
    while len(found) < len(graph):
        ready = [node for node in graph if node not in found and graph[node] <= set(found)]
        if not ready:
            raise ValueError(
                f"These folders import each other in a circle: {', '.join(sorted(set(graph) - set(found)))}."
            )
        found.update({node: 1 + max((found[each] for each in graph[node]), default=-1) for node in ready})
    return found


@dataclass
class Layout:
    """Rows from top to bottom.

    An arrow over several rows goes through a place of its own in each, named (from, to, row).
    """

    rows: list[list[object]]
    arrows: list[list[object]]
    x: dict[object, float] = field(default_factory=dict)

    def spread(self) -> None:
        """Gives every box and every place its x: rows are sorted by where their neighbours are, then centred."""
        near: dict[object, list[object]] = {}
        for chain in self.arrows:
            for upper, lower in zip(chain, chain[1:], strict=False):
                near.setdefault(upper, []).append(lower)
                near.setdefault(lower, []).append(upper)
        self._place_all()
        for sweep in range(24):
            for row in self.rows[:: -1 if sweep % 2 else 1]:
                row.sort(key=lambda each: (self._middle(near.get(each, []), self.x[each]), str(each)))
                self._place(row)

    def _middle(self, neighbours: list[object], otherwise: float) -> float:
        return sum(self.x[each] for each in neighbours) / len(neighbours) if neighbours else otherwise

    def _place_all(self) -> None:
        for row in self.rows:
            self._place(row)

    def _place(self, row: list[object]) -> None:
        gap = (
            GAP
            if len(row) < 2
            else max(GAP, min(70, (WIDTH - 2 * MARGIN - 20 - sum(map(_width, row))) / (len(row) + 1)))
        )
        at = (WIDTH - sum(map(_width, row)) - gap * (len(row) - 1)) / 2
        for each in row:
            self.x[each] = round(at + _width(each) / 2, 1)
            at += _width(each) + gap


def _width(place: object) -> float:
    return 26 + 7.6 * len(place) if isinstance(place, str) else 8


def laid_out(graph: Graph) -> Layout:
    """Where boxes and arrows of a graph go."""
    level, top = floors(graph), max(floors(graph).values())
    rows: list[list[object]] = [[] for _ in range(top + 1)]
    for node in sorted(graph):
        rows[top - level[node]].append(node)
    arrows: list[list[object]] = []
    for node in sorted(graph):
        for to in sorted(without_shortcuts(graph)[node]):
            between = range(top - level[node] + 1, top - level[to])
            for row in between:
                rows[row].append((node, to, row))
            arrows.append([node, *((node, to, row) for row in between), to])
    layout = Layout(rows, arrows)
    layout.spread()
    return layout


def drawing() -> str:
    """The whole picture as SVG."""
    graph = imports_between_folders(ROOT / "aecore")
    layout = laid_out(graph)
    head = 2 * ROW + MARGIN
    height = head + len(layout.rows) * ROW + 2 * MARGIN
    parts = [*_bands(head, height), *_arrows(layout, head), *_boxes(layout, graph, head)]
    tip = (
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path '
        'd="M0 0 8 4 0 8z"/></marker>'
    )
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"><title>The '
        "folders and their imports</title>"
    )
    return "\n".join([start, f"<style>{STYLE}\n</style>", f"<defs>{tip}</defs>", *parts, "</svg>", ""])


def _bands(head: int, height: int) -> list[str]:
    names = "app · screens · widgets · components"
    bands = [("pages/", "one file per screen", MARGIN, HEIGHT), ("ui/", names, MARGIN + ROW, HEIGHT)]
    parts = [_band(at, tall) + _label(name, about, at) for name, about, at, tall in bands]
    parts.append(_band(head, height - head - MARGIN))
    parts.append(f'<text x="{MARGIN + 44}" y="{head + 24}">aecore/</text>')
    middle = WIDTH / 2
    for at in (MARGIN + HEIGHT, MARGIN + ROW + HEIGHT):
        parts.append(f'<path class="arrow" marker-end="url(#tip)" d="M{middle} {at}V{at + ROW - HEIGHT - 2}"/>')
    return parts


def _band(at: float, tall: float) -> str:
    return f'<rect class="band" x="{MARGIN}" y="{at}" width="{WIDTH - 2 * MARGIN}" height="{tall}" rx="8"/>'


def _label(name: str, about: str, at: float) -> str:
    middle = WIDTH / 2
    return (
        f'<text x="{middle}" y="{at + 18}">{name}</text><text class="small" x="{middle}" y="{at + 33}">{about}</text>'
    )


def _row_y(row: int, head: int) -> float:
    return head + MARGIN + row * ROW


def _arrows(layout: Layout, head: int) -> list[str]:
    row_of = {place: number for number, row in enumerate(layout.rows) for place in row}
    parts = []
    for chain in layout.arrows:
        at = _row_y(row_of[chain[0]], head) + HEIGHT
        path = f"M{layout.x[chain[0]]} {at}"
        for before, place in zip(chain, chain[1:], strict=False):
            x, y, last = layout.x[place], _row_y(row_of[place], head), layout.x[before]
            end = y if isinstance(place, str) else y + HEIGHT
            bend = (at + y) / 2
            path += f"C{last} {bend} {x} {bend} {x} {y}" + ("" if end == y else f"V{end}")
            at = end
        parts.append(
            f'<path class="arrow" marker-end="url(#tip)" d="{path}"><title>{chain[0]} '
            f"imports {chain[-1]}</title></path>"
        )
    return parts


def _boxes(layout: Layout, graph: Graph, head: int) -> list[str]:
    parts = []
    for number, row in enumerate(layout.rows):
        for name in [each for each in row if isinstance(each, str)]:
            x, y, wide = layout.x[name], _row_y(number, head), _width(name)
            about = escape(f"{name} imports {', '.join(sorted(graph[name])) or 'nothing of aecore'}")
            parts.append(
                f'<g><title>{about}</title><rect class="box" x="{round(x - wide / 2, 1)}" y="{y}" '
                f'width="{round(wide, 1)}" height="{HEIGHT}" rx="7"/><text x="{x}" y="{y + 25}">{name}</text></g>'
            )
    return parts


if __name__ == "__main__":
    PICTURE.write_text(drawing(), encoding="utf-8")
    print(f"{PICTURE.relative_to(ROOT)}: {len(imports_between_folders(ROOT / 'aecore'))} boxes")
