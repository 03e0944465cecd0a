"""Parts of pages that run by themselves: each says what it refuses, and none has a bound widget while it refreshes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
    for folder in ("pages", "ui")
    for path in sorted((ROOT / folder).rglob("*.py"))
}
Name = tuple[str, str]
"""A module, and what stands at its top level."""


def defined(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """What a module defines: functions, classes and tables."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    yield target.id, node


def imported(tree: ast.Module) -> dict[str, Name]:
    """Name in this module -> where it is from."""
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


DEFINED = {(module, name): node for module, tree in FILES.items() for name, node in defined(tree)}
IMPORTED = {module: imported(tree) for module, tree in FILES.items()}


def used_by(place: Name) -> set[Name]:
    """What a definition names, called or not."""
    module, _ = place
    names = {node.id for node in ast.walk(DEFINED[place]) if isinstance(node, ast.Name)}
    return {IMPORTED[module].get(name, (module, name)) for name in names} & DEFINED.keys()


def reached_from(begin: set[Name]) -> set[Name]:
    """These definitions, and all that they lead to."""
    found, new = set(begin), set(begin)
    while new:
        new = {each for place in new for each in used_by(place)} - found
        found |= new
    return found


def calls(node: ast.AST, name: str) -> Iterator[ast.Call]:
    """Calls of a function or method of this name."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            called = each.func
            if (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) == name:
                yield each


LIVE = {
    (module, call.args[0].id)
    for module, tree in FILES.items()
    for call in calls(tree, "live")
    if isinstance(call.args[0], ast.Name)
}


def test_parts_that_refresh_themselves_are_found() -> None:
    assert len(LIVE) >= 12
    assert ("ui.screens.train.panel", "_panel") in LIVE
    assert ("ui.screens.train.inside_panel", "look_inside") in reached_from(LIVE)


def test_no_widget_in_a_part_that_refreshes_itself_is_bound() -> None:
    """Such a widget takes `**PARAM.held()`: bound, it would lose its value on a slow browser."""
    assert not {place for place in reached_from(LIVE) if any(calls(DEFINED[place], "bound"))}


def test_what_is_held_stands_in_such_a_part() -> None:
    held = {place for place in DEFINED if place[0] != "ui.app.url_state" and any(calls(DEFINED[place], "held"))}
    assert len(held) >= 4
    assert held <= reached_from(LIVE)


def test_every_part_of_a_page_says_what_it_refuses() -> None:
    """Only `ui.widgets.live` makes fragments, and shows the refusals of each."""
    makers = {
        module
        for module, tree in FILES.items()
        if any(isinstance(node, ast.Attribute) and ast.unparse(node) == "st.fragment" for node in ast.walk(tree))
    }
    assert makers == {"ui.widgets.live"}


def test_no_page_stops_before_the_frame_has_said_what_the_address_asked_in_vain() -> None:
    stopping = [
        str(path.relative_to(ROOT))
        for folder in ("pages", "ui")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "st.stop()" in path.read_text(encoding="utf-8")
    ]
    assert not stopping, "say end_page(), or return from a part"
