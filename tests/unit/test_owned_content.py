"""What a stranger may do to what others brought: look at it, use it and keep it, too, and nothing else."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from aecore.datasets.uploads.store import load_upload, upload_store
from aecore.runs.store import RunStore
from aecore.stores.content import ContentStore, NotKeptError
from aecore.stores.owners import HOST as HOSTS
from tests.small_runs import make
from tests.small_uploads import upload_rows
from ui.app.identity import HOST, Person
from ui.app.owned_content import STORES, VisitorsContent, store_of
from ui.app.ownership import VisitorsRuns
from ui.app.routes import ROUTES
from ui.app.secret import secret
from ui.screens.lecture.sheet import PATH as SHEET

ANN, BOB = Person("ann"), Person("bob")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(home: Path) -> ContentStore:
    return upload_store(home)


@pytest.fixture
def anns(home: Path) -> str:
    """The id of an upload that Ann alone has."""
    return upload_rows(home, owner=ANN.owner)


def of(store: ContentStore, person: Person, *linked: str) -> VisitorsContent:
    return VisitorsContent(store, person, lambda: linked)


LOOKS = {"ids", "get", "may_change", "is_anothers", "deleted", "discardable"}
"""What changes nothing."""

CHANGES: dict[str, Callable[[VisitorsContent, str], object]] = {
    "delete": lambda content, id: content.delete(id),
    "restore": lambda content, id: content.restore(id),
    "discard": lambda content, id: content.discard(id),
}
COPIES = {"keep"}


def test_every_public_method_is_tried_here() -> None:
    public = {name for name, _ in inspect.getmembers(VisitorsContent, inspect.isfunction) if not name.startswith("_")}
    assert public == LOOKS | set(CHANGES) | COPIES


@pytest.mark.parametrize("change", CHANGES)
def test_a_stranger_changes_nothing_and_its_owner_does(change: str, store: ContentStore, anns: str, home: Path) -> None:
    if change != "delete":
        of(store, ANN).delete(anns)

    def there() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}

    before = there()
    for stranger in (BOB, Person("")):
        with pytest.raises(NotKeptError, match=r"belongs to another visitor|in the trash"):
            CHANGES[change](of(store, stranger, anns), anns)
    assert there() == before
    CHANGES[change](of(store, ANN), anns)
    assert there() != before


def test_what_the_command_line_or_an_earlier_version_brought_is_no_visitors(store: ContentStore, home: Path) -> None:
    id = upload_rows(home)
    assert of(store, ANN).ids() == frozenset()
    assert of(store, HOST).ids() == {id}
    with pytest.raises(NotKeptError, match="belongs to another visitor"):
        of(store, ANN).delete(id)
    assert of(store, ANN).get(id).title == "Rows", "a link can be looked at"


@pytest.mark.parametrize("linked", [lambda id: id, lambda id: id.removeprefix("upload-")])
def test_lists_hold_ones_own_and_what_a_link_names(
    linked: Callable[[str], str], store: ContentStore, anns: str, home: Path
) -> None:
    bobs = upload_rows(home, rows=30, owner=BOB.owner)
    assert of(store, BOB).ids() == {bobs}
    assert of(store, BOB, linked(anns)).ids() == {anns, bobs}
    assert of(store, BOB, "upload-", "", "0123456789").ids() == {bobs}
    assert of(store, HOST).ids() == {anns, bobs}


def test_a_trash_holds_what_its_owner_has_deleted(store: ContentStore, anns: str) -> None:
    of(store, BOB).keep(anns)
    of(store, ANN).delete(anns)
    assert of(store, BOB).may_change(anns)
    assert [each.id for each in of(store, ANN).deleted()] == [anns]
    assert of(store, BOB).deleted() == of(store, HOST).deleted() == []
    of(store, BOB).delete(anns)
    assert [each.id for each in of(store, HOST).deleted()] == [anns]
    of(store, ANN).restore(anns)
    assert of(store, ANN).may_change(anns)
    assert not of(store, BOB).may_change(anns)
    assert [each.id for each in of(store, BOB).deleted()] == [anns]


def test_the_host_deletes_for_all_and_each_finds_it_in_the_trash(store: ContentStore, anns: str) -> None:
    of(store, BOB).keep(anns)
    of(store, HOST).delete(anns)
    for person in (ANN, BOB, HOST):
        assert [each.id for each in of(store, person).deleted()] == [anns]
    of(store, HOST).restore(anns)
    assert store.owners(anns).keeping == {ANN.owner, BOB.owner}


def test_only_what_is_there_is_somebodys(store: ContentStore, anns: str) -> None:
    for person in (ANN, HOST):
        assert of(store, person).may_change(anns)
        assert not of(store, person).is_anothers(anns)
        for id in ("digits", "", "../uploads", "upload-0123456789"):
            assert not of(store, person).may_change(id)
            assert not of(store, person).is_anothers(id)
    assert of(store, BOB).is_anothers(anns)
    assert HOST.owner == HOSTS


def test_a_run_on_what_others_brought_keeps_it(store: ContentStore, anns: str, home: Path) -> None:
    everyones = RunStore(home / "runs")
    runs = VisitorsRuns(everyones, BOB)
    for settings in ({"data": "digits"}, {}, {"data": "upload-0123456789"}, {"kind": "words", "data": anns}):
        runs.create(settings, "A run")
    assert store.owners(anns).keeping == {ANN.owner}
    runs.create({"data": anns}, "A run")
    store.delete(anns, ANN.owner)
    assert store.owners(anns).keeping == {BOB.owner}
    assert VisitorsRuns(everyones, HOST).create({"data": anns}, "The host's").status.owner == HOST.owner
    assert store.owners(anns).keeping == {BOB.owner, HOST.owner}
    assert load_upload(anns, home).name == anns


def test_the_stores_are_those_of_what_people_bring(home: Path) -> None:
    ids = {"uploads": "upload-0123456789", "ratings": "own-0123456789", "texts": "0123456789ab"}
    assert {kind: store_of(kind, home).is_id(ids[kind]) for kind in STORES} == dict.fromkeys(ids, True)


LISTS = {"names", "list_uploads", "list_own", "cards", "kept"}
"""Functions of `aecore` that list what everybody brought, unless they are told the ids."""

BRINGS = {"save_upload": 4, "save_own": 5, "keep": 3, "keep_draft": 3}
"""Functions that store what somebody brings, and the number of their arguments with its owner."""

MODULES = ("aecore.datasets", "aecore.recommender.ratings", "aecore.words.text_store")


@pytest.mark.parametrize("folder", ["ui", "pages"])
def test_pages_list_what_the_visitor_may_see_and_say_whose_is_what_they_store(folder: str) -> None:
    for path in sorted((ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text())
        imported = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(MODULES)
            for alias in node.names
        }
        assert not imported & {"upload_store", "ratings_store", "text_store"}, f"{path}: services has it"
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in imported:
                name, count = call.func.id, len(call.args)
                is_told = count >= 2 or "ids" in {each.arg for each in call.keywords}
                assert name not in LISTS or is_told, f"{path}:{call.lineno} lists what everybody brought"
                assert count >= BRINGS.get(name, 0), f"{path}:{call.lineno} does not say whose it is"


def status_of(method: str, path: str) -> int:
    """How the routes answer a request with eight bytes."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": bytes(8), "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-length", b"8")]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers}
    asyncio.run(Starlette(routes=ROUTES)(scope, receive, send))
    return int(sent[0]["status"])


def test_no_route_changes_what_people_made(anns: str, home: Path) -> None:
    run = make(RunStore(home / "runs"), "Ann's", owner=ANN.owner)
    secret()  # which the first page makes
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    answers: dict[str, set[int]] = {}
    for route in ROUTES:
        if isinstance(route, WebSocketRoute):  # tells of rooms and takes nothing
            continue
        assert (route.methods or set()) <= {"GET", "HEAD", "POST"}
        for id in (anns, anns.removeprefix("upload-"), run.id):
            path = re.sub(r"\{\w+\}", id, route.path)
            found = {status_of(method, path) for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
            answers.setdefault(route.path, set()).update(found)
    assert answers.pop(SHEET) == {200, 405}, "the addresses of the app and its tours are for everybody"
    assert set().union(*answers.values()) == {307, 404, 405}, "only the library of the charts is found without its key"
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
