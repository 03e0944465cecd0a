"""Who somebody is: signed cookies that nobody else can make, and who is the host of the server."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as tried
from hypothesis import strategies as st
from itsdangerous import Signer
from streamlit.runtime.context import StreamlitHeaders

from aecore.limits import LECTURE
from ui.app import host_key
from ui.app.door import HOSTS
from ui.app.identity import (
    FILMS_COOKIE,
    HOST,
    SHARED,
    Introduction,
    Person,
    cookie_name,
    films_key_from,
    films_key_of,
    id_from,
    own_films_key,
    person_from,
    signed,
)
from ui.app.network import ADDRESS
from ui.app.password import PASSWORD
from ui.app.secret import SECRET_FILE, secret


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AECORE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


HERE = {"Host": "localhost:8501"}


@pytest.mark.parametrize(
    ("peer", "headers", "environment", "expected"),
    [
        (None, HERE, {}, True), ("127.0.0.1", {"host": "127.0.0.1:8501"}, {}, True),
        ("::1", {"Host": "[::1]:8501"}, {}, True),
        ("192.168.1.20", HERE, {}, False), (None, {"Host": "192.168.1.4:8501"}, {}, False),
        (None, {"Host": "class.example.org"}, {}, False), (None, {"Host": "pc.lan"}, {}, False), (None, {}, {}, False),
        (None, {**HERE, "X-Forwarded-For": "203.0.113.9"}, {}, False),
        (None, {**HERE, "Forwarded": "for=203.0.113.9"}, {}, False),
        (None, {**HERE, "X-Real-Ip": "203.0.113.9"}, {}, False),
        (None, HERE, {SHARED: "1"}, False), (None, HERE, {SHARED: "yes"}, False),
        (None, HERE, {HOSTS: "class.example.org"}, False), ("127.0.0.1", HERE, {LECTURE: "1"}, False),
        ("127.0.0.1", HERE, {PASSWORD: "open sesame"}, False),
        ("127.0.0.1", HERE, {ADDRESS: "https://class.example.org"}, False),
        ("127.0.0.1", HERE, {LECTURE: "0", PASSWORD: " ", ADDRESS: "", HOSTS: " ", SHARED: ""}, True),
        ("127.0.0.1", HERE, {LECTURE: "1", SHARED: "0"}, True),
        ("192.168.1.20", {"Host": "pc.lan"}, {SHARED: "0"}, True), (None, {}, {SHARED: " No ", HOSTS: "a.org"}, True),
    ],
)  # fmt: skip
def test_the_host_asks_for_localhost_from_the_machine_itself_and_through_no_proxy(
    peer: str | None, headers: dict[str, str], environment: dict[str, str], expected: bool, home: Path
) -> None:
    assert person_from(peer, headers, {}, environment).is_host is expected


@pytest.mark.parametrize("variable", [LECTURE, PASSWORD, ADDRESS, HOSTS, SHARED])
def test_behind_a_proxy_that_says_nothing_the_hosts_link_makes_the_host(home: Path, variable: str) -> None:
    asks = (
        "127.0.0.1",
        {"Host": "localhost:8501", "Connection": "close"},
    )  # as `proxy_pass http://localhost:8501` does
    environment = {variable: "1"}
    assert not person_from(*asks, {}, environment).is_host
    printed = Signer(secret(), salt=host_key.COOKIE).sign(host_key._print_of(host_key.new_key())).decode()
    assert person_from(*asks, {host_key.cookie_name(): printed}, environment).is_host


def test_headers_as_streamlit_gives_them_are_understood(home: Path) -> None:
    headers = StreamlitHeaders([("host", "localhost:8501"), ("x-real-ip", "203.0.113.9")]).to_dict()
    assert not person_from(None, headers, {}, {}).is_host


def test_a_cookie_names_its_person_and_without_one_everybody_is_new(home: Path) -> None:
    known = {cookie_name(): signed("ann")}
    elsewhere = ("192.168.1.20", {"Host": "pc.lan"})
    assert person_from(*elsewhere, known, {}) == Person("ann")
    assert person_from(*elsewhere, {cookie_name(): "ann"}, {}) != Person("ann")
    assert person_from(*elsewhere, {}, {}) != person_from(*elsewhere, {}, {})


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


@tried(value=st.text(max_size=80))
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
    accept: str = "text/html,application/xhtml+xml",
    more: Sequence[tuple[bytes, bytes]] = (),
) -> dict[str, str]:
    """The headers of what the middleware makes of an answer of this type."""

    async def page(scope: Any, receive: Any, send: Callable[..., Any]) -> None:
        kind = [(b"content-type", content_type.encode())] if content_type else []
        await send({"type": "http.response.start", "status": status, "headers": kind})
        await send({"type": "http.response.body", "body": b"page"})

    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"accept", accept.encode()), *([(b"cookie", cookie.encode())] if cookie else []), *more]
    scope = {"type": "http", "method": "GET", "path": "/train", "headers": headers, "scheme": scheme}
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, Introduction(page)(scope, None, send)).result()  # type: ignore[arg-type]
    assert sent[1]["body"] == b"page"
    found: dict[str, str] = {}
    for name, value in sent[0]["headers"]:
        found[name.decode()] = "\n".join(filter(None, (found.get(name.decode()), value.decode())))
    return found


def given(headers: dict[str, str], name: str = "") -> Morsel[str]:
    """The cookie in an answer: of who somebody is, or another one."""
    cookies: SimpleCookie = SimpleCookie()
    for each in headers["set-cookie"].splitlines():
        cookies.load(each)
    return cookies[name or cookie_name()]


def test_the_first_page_brings_a_cookie_that_no_script_reads(home: Path) -> None:
    headers = answer()
    cookie = given(headers)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["secure"]
    assert headers["cache-control"] == "private, no-cache", "no proxy gives one person's cookie to another"
    assert id_from(cookie.value)
    assert id_from(cookie.value) != id_from(given(answer()).value)


def test_with_https_the_cookies_keep_to_it(home: Path) -> None:
    for name in (cookie_name(), FILMS_COOKIE):
        assert given(answer(scheme="https"), name)["secure"]
        assert given(answer(more=[(b"x-forwarded-proto", b"https, http")]), name)["secure"], "behind a proxy"
        assert not given(answer(more=[(b"x-forwarded-proto", b"http")]), name)["secure"]


def test_the_key_to_profiles_of_films_is_read_by_no_script_and_stays(home: Path) -> None:
    new = given(answer(), FILMS_COOKIE)
    assert films_key_from({FILMS_COOKIE: new.value}) == new.value
    assert new.value != given(answer(), FILMS_COOKIE).value
    earlier = "k" * 22  # as a script of an earlier version has kept it
    kept = given(answer(f"a=b; {FILMS_COOKIE}={earlier}"), FILMS_COOKIE)
    assert kept.value == earlier
    for cookie in (new, kept):
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert int(cookie["max-age"]) > 30_000_000
    assert own_films_key({cookie_name(): signed("ann")}) == films_key_of("ann") != films_key_of("bob")
    assert own_films_key({cookie_name(): "ann"}) == own_films_key({}) == ""
    again = given(answer(f"{cookie_name()}={signed('ann')}"), FILMS_COOKIE)
    assert again.value == films_key_of("ann"), "it follows from who they are"
    for wrong in ("", "short", "k" * 23, "k" * 21 + "%"):
        assert given(answer(f"{FILMS_COOKIE}={wrong}"), FILMS_COOKIE).value not in (wrong, "")
        assert films_key_from({FILMS_COOKIE: wrong}) == ""


def test_who_has_a_cookie_keeps_its_id_for_longer_and_a_forged_one_is_replaced(home: Path) -> None:
    value = given(answer()).value
    assert id_from(given(answer(f"other=1; {cookie_name()}={value}")).value) == id_from(value)
    assert id_from(given(answer(f"{cookie_name()}={value}x")).value) not in ("", id_from(value))
    assert id_from(given(answer("a=\x7f\x01;;;=")).value)


def test_a_page_that_the_browser_still_has_brings_one_too(home: Path) -> None:
    assert "set-cookie" in answer(content_type="", status=304), "its cookies were cleared, its cache not"
    assert "set-cookie" not in answer(content_type="", status=304, accept="*/*")


def test_pictures_and_scripts_bring_none(home: Path) -> None:
    assert "set-cookie" not in answer(content_type="text/javascript")


def test_servers_on_two_ports_of_a_host_leave_each_others_cookies_alone(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = cookie_name()
    monkeypatch.setenv("AECORE_HOME", str(tmp_path / "elsewhere"))
    assert cookie_name() != here
