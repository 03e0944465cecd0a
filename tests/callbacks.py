"""The callbacks of the app, found in its source: what a click or a change may set off."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMED = ("undo", "action")
"""Parameters by which functions of the app take a callback, besides those that begin with `on_`."""


@dataclass(frozen=True, order=True)
class Callback:
    """A callback: the file that sets it up, and the function, as it is called there."""

    file: str
    target: str


@cache
def callbacks() -> dict[Callback, list[ast.AST]]:
    """Every callback that pages and `ui` set up -> the definitions that it may be, as far as they are found.

    What stands below `if st.button(...)` is one too, by the button's key.
    """
    found: dict[Callback, list[ast.AST]] = {}
    for path, tree in _trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and (key := _pressed(node.test)):
                found[Callback(path, f"if {key}")] = [*node.body]
            elif isinstance(node, ast.Call):
                for target in chain.from_iterable(map(_targets, _given(node))):
                    found.setdefault(Callback(path, target), _definitions(path, target))
    return found


def _pressed(test: ast.expr) -> str:
    """The key of the button in a condition; "" if there is none."""
    for call in ast.walk(test):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "").endswith("button"):
            keys = [each.value for each in call.keywords if each.arg == "key"] or call.args[1:2]
            return ast.unparse(keys[0]) if keys else "?"
    return ""


@cache
def _trees() -> dict[str, ast.Module]:
    paths = [*sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "ui").rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


@cache
def _places() -> dict[str, set[int | str]]:
    """Name of a function or a dataclass of the app -> which of its arguments are callbacks, by place and by name."""
    places: dict[str, set[int | str]] = {}
    for tree in _trees().values():
        for each in ast.walk(tree):
            for place, (name, kind) in enumerate(_arguments(each)):
                if kind is not None and "Callable" in ast.unparse(kind) and (name.startswith("on_") or name in NAMED):
                    places.setdefault(each.name, set()).update((place, name))  # type: ignore[attr-defined]
    return places


def _arguments(node: ast.AST) -> list[tuple[str, ast.expr | None]]:
    """Name and kind of each positional argument of a function, or of each field of a class."""
    if isinstance(node, ast.FunctionDef):
        return [(each.arg, each.annotation) for each in (*node.args.posonlyargs, *node.args.args)]
    if isinstance(node, ast.ClassDef):
        return [
            (each.target.id, each.annotation)
            for each in node.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        ]
    return []


def _given(call: ast.Call) -> Iterator[ast.expr]:
    """What a call gives as a callback: by its name, or in its place."""
    places = _places().get(call.func.id, set()) if isinstance(call.func, ast.Name) else set()
    yield from (each.value for each in call.keywords if (each.arg or "").startswith("on_") or each.arg in places)
    yield from (value for place, value in enumerate(call.args) if place in places)


def _targets(value: ast.expr) -> Iterator[str]:
    """The functions that such an expression calls in the end; nothing for "ignore", "rerun" and None."""
    match value:
        case ast.Constant():
            return
        case ast.Lambda(body=ast.Call(func=function)):
            yield ast.unparse(function)
        case ast.Lambda():
            yield ast.unparse(value)
        case ast.Call(func=ast.Name(id="partial"), args=[function, *_]):
            yield from _targets(function)
        case ast.Call(func=function):
            yield ast.unparse(function)
        case ast.BoolOp(values=values):
            for each in values:
                yield from _targets(each)
        case ast.IfExp(body=one, orelse=other):
            yield from _targets(one)
            yield from _targets(other)
        case _:
            yield ast.unparse(value)


def _definitions(path: str, target: str, depth: int = 3) -> list[ast.AST]:
    """The functions of that name in the file, or in the one that it is imported from."""
    name, tree = target.rpartition(".")[2], _trees()[path]
    owner = target.rpartition(".")[0]
    if not owner and (here := [each for each in ast.walk(tree) if _is_called(each, name)]):
        return here
    for each in ast.walk(tree):
        if isinstance(each, ast.ImportFrom) and depth:
            for alias in each.names:
                called, module = alias.asname or alias.name, (each.module or "").replace(".", "/")
                file = f"{module}/{alias.name}.py" if called == owner else f"{module}.py" if called == target else ""
                if file in _trees():
                    return _definitions(file, name, depth - 1)
    return []


def _is_called(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == name
