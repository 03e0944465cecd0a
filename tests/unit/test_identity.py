"""Who somebody is: signed cookies that nobody else can make, and who is the host of the server."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.app.door import HOSTS
from ui.app.identity import COOKIE, HOST, SECRET_FILE, SHARED, Introduction, Person, id_from, is_host, is_shared, signed


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AECORE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("address", "environment", "expected"),
    [
        ("127.0.0.1", {}, False), ("localhost", {}, False), ("::1", {}, False), ("127.0.0.2", {}, False),
        ("0.0.0.0", {}, True), ("", {}, True), ("192.168.1.4", {}, True), ("::", {}, True),
        ("127.0.0.1", {SHARED: "1"}, True), ("127.0.0.1", {SHARED: "yes"}, True),
        ("0.0.0.0", {SHARED: "0"}, False), ("0.0.0.0", {SHARED: " No "}, False),
        ("127.0.0.1", {HOSTS: "class.example.org"}, True), ("127.0.0.1", {SHARED: "0", HOSTS: "a.example.org"}, False),
    ],
)  # fmt: skip
def test_a_server_is_shared_where_others_reach_it_or_its_host_says_so(
    address: str, environment: dict[str, str], expected: bool
) -> None:
    assert is_shared(address, environment) is expected


@pytest.mark.parametrize(
    ("peer", "headers", "environment", "expected"),
    [
        (None, {}, {}, True), ("127.0.0.1", {}, {}, True), ("::1", {}, {}, True),
        ("192.168.1.20", {}, {}, False),
        (None, {"x-forwarded-for": "203.0.113.9"}, {}, False), (None, {"forwarded": "for=203.0.113.9"}, {}, False),
        (None, {}, {SHARED: "1"}, False), (None, {}, {HOSTS: "class.example.org"}, False),
    ],
)  # fmt: skip
def test_the_host_sits_at_the_machine_and_behind_no_proxy(
    peer: str | None, headers: dict[str, str], environment: dict[str, str], expected: bool
) -> None:
    assert is_host(peer, headers, environment) is expected


def test_a_person_may_change_their_own_and_the_host_everything() -> None:
    ann, bob = Person("secret of ann"), Person("secret of bob")
    assert ann.may_change(ann.tag)
    assert not ann.may_change(bob.tag)
    assert not ann.may_change(""), "what nobody owns is the host's"
    assert HOST.may_change(ann.tag)
    assert HOST.may_change("")
    assert "secret" not in ann.tag
    assert ann.tag != bob.tag


def test_a_cookie_that_was_signed_here_names_its_person(home: Path) -> None:
    assert id_from(signed("ann")) == "ann"
    secret = home / SECRET_FILE
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert [each.name for each in home.iterdir()] == [SECRET_FILE], "nothing half-made stays"
    assert id_from(signed("ann")) == "ann"


@given(value=st.text(max_size=80))
def test_no_other_text_names_anybody(value: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AECORE_HOME", str(tmp_path_factory.getbasetemp() / "identity"))
        assert id_from(value) == ""


def test_a_changed_id_or_another_servers_signature_names_nobody(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = signed("ann")
    assert id_from(value.replace("ann", "bob")) == ""
    monkeypatch.setenv("AECORE_HOME", str(tmp_path / "elsewhere"))
    assert id_from(value) == ""


def test_threads_that_start_at_once_agree_on_one_secret(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: signed("ann"), range(8)))) == 1


def test_a_damaged_secret_is_named(home: Path) -> None:
    home.mkdir()
    (home / SECRET_FILE).write_bytes(b"")
    with pytest.raises(OSError, match=r"damaged: remove it"):
        signed("ann")


def answer(
    cookie: str = "",
    content_type: str = "text/html; charset=utf-8",
    scheme: str = "http",
    status: int = 200,
    accept: str = "*/*",
) -> dict[str, str]:
    """The headers of what the middleware makes of an answer of this type."""

    async def page(scope: Any, receive: Any, send: Callable[..., Any]) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(b"content-type", content_type.encode())] if content_type else [],
            }
        )
        await send({"type": "http.response.body", "body": b"page"})

    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"accept", accept.encode()), *([(b"cookie", cookie.encode())] if cookie else [])]
    scope = {"type": "http", "method": "GET", "path": "/train", "headers": headers, "scheme": scheme}
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, Introduction(page)(scope, None, send)).result()  # type: ignore[arg-type]
    assert sent[1]["body"] == b"page"
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_the_first_page_brings_a_cookie_that_no_script_reads(home: Path) -> None:
    headers = answer()
    cookie = SimpleCookie(headers["set-cookie"])[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["secure"]
    assert headers["cache-control"] == "no-store", "no proxy gives one person's cookie to another"
    assert id_from(cookie.value)
    assert id_from(cookie.value) != id_from(SimpleCookie(answer()["set-cookie"])[COOKIE].value)


def test_with_https_the_cookie_keeps_to_it(home: Path) -> None:
    assert SimpleCookie(answer(scheme="https")["set-cookie"])[COOKIE]["secure"]


def test_who_has_a_cookie_keeps_it_and_a_forged_one_is_replaced(home: Path) -> None:
    value = SimpleCookie(answer()["set-cookie"])[COOKIE].value
    assert "set-cookie" not in answer(f"other=1; {COOKIE}={value}")
    assert "set-cookie" in answer(f"{COOKIE}={value}x")
    assert "set-cookie" in answer("a=\x7f\x01;;;=")


def test_a_page_that_the_browser_still_has_brings_one_too(home: Path) -> None:
    page = "text/html,application/xhtml+xml"
    assert "set-cookie" in answer(content_type="", status=304, accept=page), "its cookies were cleared, its cache not"
    assert "set-cookie" not in answer(content_type="", status=304)


def test_pictures_and_scripts_bring_none(home: Path) -> None:
    assert "set-cookie" not in answer(content_type="text/javascript")


def test_the_secret_is_read_by_its_owner_alone(home: Path) -> None:
    signed("ann")
    assert not os.access(home / SECRET_FILE, os.X_OK)
