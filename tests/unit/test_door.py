"""The door of the server: hosts that are ours, closed addresses, bounded uploads, caches that no visitor empties."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import streamlit
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from ui.app import door, identity
from ui.app.door import Door, is_own_name

UPLOAD = "/_stcore/upload_file/me/file"


def answer(
    path: str = "/", kind: str = "http", method: str = "GET", host: str = "localhost", length: str = "",
    holds: tuple[int, int, int] = (0, 0, 0), inner: Any = None,
) -> tuple[int | str, bytes]:  # fmt: skip
    """Status and body of the door's answer, "let in" where it hands on; holds: what is in memory."""
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if inner:
            inner()
        sent.append({"type": "let in"})

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", host.encode("latin-1"))] + ([(b"content-length", length.encode("latin-1"))] if length else [])
    scope = {"type": kind, "path": path, "method": method, "headers": headers}
    with pytest.raises(StopIteration):  # nothing here waits, and a browser's test may hold the event loop
        Door(app, lambda session: holds, lambda scope: "me")(scope, receive, send).send(None)
    first = sent[0]
    return first.get("status", first["type"]), b"".join(each.get("body", b"") for each in sent)


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8501", "127.0.0.1:8501", "127.0.0.1", "[::1]:8501", "192.168.1.20:80", "[fe80::1]",
        "teacher-pc:8501", "room3.local", "nas.lan:8501", "LOCALHOST", "localhost.", "class.example.org:443",
        "a.b.example.com",
    ],
)  # fmt: skip
def test_addresses_local_names_and_named_ones_are_ours(host: str) -> None:
    assert is_own_name(host, ("class.example.org", "*.example.com"))


@pytest.mark.parametrize(
    "host",
    [
        "", "evil.example", "evil.example:8501", "127.0.0.1.evil.example", "localhost.evil.example", "0x7f.1",
        "me@localhost", "localhost/x", "localhost:port", "class.example.org.evil.example", "example.com", "local.evil",
        "[::1", "evil\u00e9.example",
    ],
)  # fmt: skip
def test_names_that_a_stranger_can_own_are_not(host: str) -> None:
    assert not is_own_name(host, ("class.example.org", "*.example.com"))
    assert answer(host=host)[0] == 421
    assert answer(host=host, kind="websocket")[0] == "websocket.close"


def test_who_runs_the_server_names_further_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = answer(host="app.example.org")
    assert refused[0] == 421
    assert b"'app.example.org'" in refused[1]
    assert b"AECORE_HOSTS" in refused[1]
    monkeypatch.setenv("AECORE_HOSTS", "other.example, App.Example.org")
    assert answer(host="app.example.org")[0] == "let in"
    assert answer(host="evil.example")[0] == 421
    monkeypatch.setenv("AECORE_HOSTS", "*")
    assert answer(host="evil.example")[0] == "let in"


def test_the_metrics_are_closed_and_all_else_is_open() -> None:
    assert answer("/_stcore/metrics")[0] == 404
    assert answer("/base/_stcore/metrics/")[0] == 404
    for path in ("/", "/_stcore/health", "/_stcore/stream", "/media/x.png"):
        assert answer(path)[0] == "let in"


@pytest.mark.parametrize(
    ("holds", "length", "status"),
    [
        ((0, 0, 0), "10", "let in"),
        ((door.MOST_FILES - 1, 0, 0), "10", "let in"),
        ((door.MOST_FILES, 0, 0), "10", 413),
        ((1, door.MOST_BYTES - 10, 0), "10", "let in"),
        ((1, door.MOST_BYTES - 10, 0), "11", 413),
        ((0, 0, door.MOST_BYTES_OF_ALL), "1", 503),
        ((0, 0, 0), "", 411),
        ((0, 0, 0), "9" * 5000, 411),
        ((0, 0, 0), "-1", 411),
    ],
)
def test_uploads_that_wait_in_memory_are_bounded(holds: Any, length: str, status: Any) -> None:
    assert answer(UPLOAD, method="PUT", length=length, holds=holds)[0] == status


def test_what_is_still_arriving_counts_and_is_forgotten_afterwards() -> None:
    seen: list[Any] = []
    guard = Door(None, lambda session: (0, 0, 0))  # type: ignore[arg-type]
    me, you = ("me", "address 1"), ("you", "address 2")
    with guard._counted(me, "tab", door.MOST_BYTES - 5):
        seen += [guard._upload_refusal(*each) for each in ((me, "tab", "6"), (me, "tab", "5"), (you, "their tab", "6"))]
    seen.append(guard._upload_refusal(me, "tab", "6"))
    assert [each and each.status_code for each in seen] == [413, None, None, None]


class Memory:
    """What Streamlit would keep. of: session -> bytes of each of its files."""

    def __init__(self) -> None:
        self.of: dict[str, list[int]] = {}

    def __call__(self, session: str) -> tuple[int, int, int]:
        mine = self.of.get(session, [])
        return len(mine), sum(mine), sum(map(sum, self.of.values()))


def uploads(guard: Door, memory: Memory, tab: str, size: int, cookie: str = "", where: str = "10.0.0.1") -> int | str:
    """The status of a whole upload, after which its bytes are in memory if it was let in."""
    headers = [(b"host", b"localhost"), (b"content-length", str(size).encode()), (b"cookie", cookie.encode())]
    scope = {
        "type": "http", "path": f"/_stcore/upload_file/{tab}/file", "method": "PUT", "headers": headers,
        "client": (where, 1),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def app(*_: Any) -> None:
        memory.of.setdefault(tab, []).append(size)
        sent.append({"status": "let in"})

    async def send(message: Any) -> None:
        sent.append(message)

    guard._app = app
    with pytest.raises(StopIteration):
        guard(scope, None, send).send(None)  # type: ignore[arg-type]
    return sent[0]["status"]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "memory_bytes", lambda: 64 * 2**30)


def cookie(id: str) -> str:
    return f"{identity.cookie_name()}={identity.signed(id)}"


@pytest.mark.usefixtures("home", "large")
def test_all_tabs_of_a_person_count_together_and_leave_room_for_others() -> None:
    memory, ann, bob = Memory(), cookie("ann"), cookie("bob")
    guard = Door(None, memory, identity.uploader)  # type: ignore[arg-type]
    half = door.MOST_BYTES // 2
    assert [uploads(guard, memory, f"tab {number}", half, ann) for number in range(11)] == ["let in"] * 2 + [413] * 9
    assert uploads(guard, memory, "bob's tab", door.MOST_BYTES, bob) == "let in"
    memory.of.pop("tab 0")  # she has closed it
    assert uploads(guard, memory, "tab 5", half, ann) == "let in"


@pytest.mark.usefixtures("home", "large")
@pytest.mark.parametrize("forged", ["", "{name}=ann", "{name}=ann.AAAA"])
def test_without_a_signed_cookie_the_address_counts(forged: str) -> None:
    memory = Memory()
    guard = Door(None, memory, identity.uploader)  # type: ignore[arg-type]
    sent = forged.format(name=identity.cookie_name())
    there = [uploads(guard, memory, f"tab {number}", door.MOST_BYTES // 2, sent) for number in range(3)]
    assert there == ["let in", "let in", 413]
    assert uploads(guard, memory, "tab", door.MOST_BYTES, sent, "10.0.0.2") == "let in"


@pytest.mark.usefixtures("home", "large")
def test_one_address_with_many_new_cookies_leaves_half_to_others() -> None:
    memory = Memory()
    guard = Door(None, memory, identity.uploader)  # type: ignore[arg-type]
    found = [uploads(guard, memory, f"tab {each}", door.MOST_BYTES, cookie(f"visitor {each}")) for each in range(20)]
    assert found.count(503) == 20 - door.MOST_BYTES_OF_ALL // 2 // door.MOST_BYTES
    assert uploads(guard, memory, "tab", door.MOST_BYTES, cookie("another"), "10.0.0.2") == "let in"


@pytest.mark.usefixtures("home")
def test_a_small_machine_holds_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "memory_bytes", lambda: 2**30)
    memory = Memory()
    guard = Door(None, memory, identity.uploader)  # type: ignore[arg-type]
    assert uploads(guard, memory, "tab", 2**27 + 1, cookie("ann")) == 413
    for name in ("ann", "bob"):
        assert uploads(guard, memory, f"tab of {name}", 2**27, cookie(name), name) == "let in"
    assert uploads(guard, memory, "tab of eve", 1, cookie("eve"), "eve") == 503


@pytest.mark.usefixtures("home", "large")
def test_who_has_nothing_left_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MOST_REMEMBERED", 10)
    memory = Memory()
    guard = Door(None, memory, identity.uploader)  # type: ignore[arg-type]
    for number in range(50):
        uploads(guard, memory, f"tab {number}", 5, cookie(f"visitor {number}"), f"10.0.0.{number}")
        memory.of.clear()
    assert len(guard._sessions) <= 12


def test_the_app_tells_the_door_who_uploads() -> None:
    source = (Path(__file__).resolve().parents[2] / "app.py").read_text()
    assert "Middleware(door.Door, who=identity.uploader)" in source


def test_what_streamlit_keeps_can_still_be_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = MemoryUploadedFileManager("/x")
    for name, data in (("a", b"123"), ("b", b"4567")):
        manager.add_file("me", UploadedFileRec(file_id=name, name=name, type="", data=data))
    manager.add_file("you", UploadedFileRec(file_id="c", name="c", type="", data=b"89"))
    runtime = type("Runtime", (), {"uploaded_file_mgr": manager})()
    monkeypatch.setattr("streamlit.runtime.get_instance", lambda: runtime)
    assert isinstance(streamlit.runtime.Runtime.uploaded_file_mgr, property)
    assert door.in_memory("me") == (2, 7, 9)
    assert door.in_memory("nobody") == (0, 0, 9)
    assert "nobody" not in manager.file_storage


def test_no_visitor_empties_the_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    cleared: list[str] = []
    assert callable(AppSession._handle_clear_cache_request), "Streamlit empties its caches in another way now"
    monkeypatch.setattr("streamlit.runtime.caching.cache_data.clear", lambda: cleared.append("data"))
    monkeypatch.setattr(AppSession, "_handle_clear_cache_request", AppSession._handle_clear_cache_request)
    door.keep_caches()
    AppSession._handle_clear_cache_request(None)  # type: ignore[arg-type]
    assert not cleared


def test_without_that_place_the_log_says_so(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    monkeypatch.delattr(AppSession, "_handle_clear_cache_request")
    door.keep_caches()
    assert "any visitor" in caplog.text
