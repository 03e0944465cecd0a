"""The inside of Streamlit that the app rests on is in one file, and is as it was when it was tested.

If a test fails here after an update of Streamlit: read what has changed at the place that it names, mend what rests on
it, and note the new shape and version in `ui/app/streamlit_inside.py`.
"""

from __future__ import annotations

import ast
import logging
from pathlib import Path

import pytest
import streamlit

from ui.app import door, gate, shown_to_all, streamlit_inside, unknown_parts, unsent
from ui.app.streamlit_inside import PLACES, TESTED, WHERE, misfits

ROOT = Path(__file__).resolve().parents[2]
INSIDE = "ui/app/streamlit_inside.py"
PUBLIC = {"streamlit", "streamlit.delta_generator", "streamlit.errors"}
"""What Streamlit documents, or names in its public types."""

APART = {"ui/screens/lecture/probe.py": {"streamlit.proto.BackMsg_pb2", "streamlit.proto.ForwardMsg_pb2"}}
"""A program of its own, which imports nothing of this project; it speaks Streamlit's protocol."""

CHANGES = ("door", "gate", "savings", "shown_to_all", "unknown_parts", "unsent")
"""The files that change something inside of Streamlit."""

OTHERS = {"_get_running_loop"}
"""Private names that are asyncio's."""


def trees() -> dict[str, ast.Module]:
    paths = [ROOT / "app.py", *(path for folder in ("ui", "pages", "aecore") for path in (ROOT / folder).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(paths)}


def streamlit_modules(tree: ast.Module) -> set[str]:
    """What a file takes from Streamlit: modules that it imports, and texts that could be the name of one."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module)
            if node.module == "streamlit":
                found.update(f"streamlit.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            found.add(node.value if node.value.startswith("streamlit.") else "")
    return {each for each in found if each == "streamlit" or each.startswith("streamlit.")}


@pytest.mark.parametrize("change", PLACES)
def test_each_place_is_there_and_has_the_shape_that_was_tested(change: str) -> None:
    assert misfits(change) == "", f"Streamlit {streamlit.__version__} has moved what “{change}” rests on"


def test_this_version_is_among_those_that_were_tested(caplog: pytest.LogCaptureFixture) -> None:
    streamlit_inside.check_version()
    assert caplog.text == "", "see the first lines of this file"
    assert f"streamlit=={streamlit.__version__}" in (ROOT / "requirements.txt").read_text().splitlines()


@pytest.mark.parametrize("version", ["1.66.0", "1.68.0", "2.0.0rc1"])
def test_another_version_is_told_once_in_the_log(
    version: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(streamlit, "__version__", version)
    with caplog.at_level(logging.WARNING):
        streamlit_inside.check_version()
    assert len(caplog.records) == 1
    assert f"Streamlit {version} has not been tried" in caplog.text
    assert ".".join(map(str, TESTED[1])) in caplog.text


def test_no_other_file_reaches_into_streamlit() -> None:
    for path, tree in trees().items():
        allowed = PUBLIC | APART.get(path, set())
        assert path == INSIDE or streamlit_modules(tree) <= allowed, f"{path}: take it from streamlit_inside"


def test_what_is_taken_from_there_is_what_is_listed() -> None:
    taken: set[str] = set()
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "ui.app.streamlit_inside":
                taken.update(alias.name for alias in node.names)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                taken |= {node.attr} if node.value.id == "streamlit_inside" else set()
        assert path == INSIDE or taken <= {*WHERE, "PLACES", "misfits", "check_version"}, path
    checked = {place.partition(".")[0] for places in PLACES.values() for place in places}
    assert checked <= set(WHERE)
    assert set(WHERE) <= taken | checked, "nothing uses these any more"


@pytest.mark.parametrize("name", CHANGES)
def test_every_private_name_is_listed(name: str) -> None:
    """A file's own private names are those that it defines or sets."""
    tree = ast.parse((ROOT / "ui" / "app" / f"{name}.py").read_text(encoding="utf-8"))
    private = [each for each in ast.walk(tree) if isinstance(each, ast.Attribute) and each.attr.startswith("_")]
    classes = [each for each in ast.walk(tree) if isinstance(each, ast.ClassDef)]
    own = {each.attr for group in classes for each in ast.walk(group) if isinstance(each, ast.Attribute)}
    own |= {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
    used = {each.attr for each in private if not each.attr.startswith("__")} - own - OTHERS
    listed = {word for places in PLACES.values() for each in places.items() for word in " ".join(each).split()}
    assert used <= {part for word in listed for part in word.split(".")}


@pytest.mark.parametrize(
    ("change", "owner", "name", "install"),
    [
        ("gate", streamlit_inside.ScriptRunner, "_run_script", lambda: gate.install(gate.Gate())),
        ("shown to all", streamlit_inside.AppSession, "_enqueue_forward_msg", shown_to_all.install),
        ("unsent", streamlit_inside.forward_msg_queue.ForwardMsgQueue, "clear", unsent.install),
        ("unknown parts", streamlit_inside.AppSession, "request_rerun", unknown_parts.install),
        ("clear cache", streamlit_inside.AppSession, "_handle_clear_cache_request", door.keep_caches),
    ],
)  # fmt: skip
def test_a_place_of_another_shape_is_left_as_it_is(
    change: str, owner: type, name: str, install: object, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def other(self: object, something: int, quite: int, else_: int) -> None:
        raise NotImplementedError

    monkeypatch.setattr(owner, name, other)
    assert name in misfits(change)
    with caplog.at_level(logging.WARNING):
        install()  # type: ignore[operator]
    assert getattr(owner, name) is other
    assert "another way" in caplog.text
    assert name in caplog.text
