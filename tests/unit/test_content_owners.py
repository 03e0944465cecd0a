"""Owners of stored content: each keeps, deletes and restores as if alone, and nobody changes it for others."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from aecore.stores.content import ContentStore, NotKeptError, folders_of, trashed_of
from aecore.stores.owners import FILE, HOST, Owners, read_owners
from aecore.stores.trash import empty_trash

ANN, BOB = "a" * 12, "b" * 12
PEOPLE = (ANN, BOB, HOST)
IDS = ("thing-aa", "thing-bb")
ID = IDS[0]
people = st.sampled_from(PEOPLE)


def things(home: Path) -> ContentStore:
    return ContentStore(home, "things", "thing-[a-f]{2}")


def put(store: ContentStore, owner: str, id: str = ID, title: str = "A thing") -> None:
    store.put(id, {"title": title}, {"x.npz": {"x": np.arange(3)}, "about.json": {"id": id}}, owner)


def is_whole(folder: Path, id: str) -> bool:
    with np.load(folder / "x.npz") as file:
        return file["x"].tolist() == [0, 1, 2] and json.loads((folder / "about.json").read_text()) == {"id": id}


class EachAsIfAlone(RuleBasedStateMachine):
    """What each of three persons keeps and has deleted depends on what they did, and on what the host did to all."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="content-owners-"))
        self.store = things(self.home)
        self.keeping: set[str] = set()
        self.deleted: set[str] = set()

    def teardown(self) -> None:
        shutil.rmtree(self.home)

    def _have_again(self, *owners: str) -> None:
        self.keeping |= {*owners}
        self.deleted -= {*owners}

    def _have_deleted(self, *owners: str) -> None:
        self.keeping -= {*owners}
        self.deleted |= {*owners}

    @rule(owner=people)
    def put(self, owner: str) -> None:
        put(self.store, owner)
        self._have_again(owner)

    @rule(owner=people)
    def keep(self, owner: str) -> None:
        if self.keeping:
            self.store.keep(ID, owner)
            self._have_again(owner)
        else:
            with pytest.raises(NotKeptError):
                self.store.keep(ID, owner)

    @rule(owner=people)
    def delete(self, owner: str) -> None:
        if owner in self.keeping:
            self.store.delete(ID, owner)
            self._have_deleted(owner)
        else:
            with pytest.raises(NotKeptError):
                self.store.delete(ID, owner)

    @rule(owner=people)
    def restore(self, owner: str) -> None:
        if owner in self.keeping | self.deleted:
            assert self.store.restore(ID, owner).id == ID
            self._have_again(owner)
        else:
            with pytest.raises(NotKeptError, match="in the trash"):
                self.store.restore(ID, owner)

    @rule(owner=people)
    def discard(self, owner: str) -> None:
        if owner in self.deleted:
            self.store.discard(ID, owner)
            self.deleted.discard(owner)
        else:
            with pytest.raises(NotKeptError, match="in the trash"):
                self.store.discard(ID, owner)

    @rule()
    def host_deletes_for_all(self) -> None:
        if self.keeping:
            self.store.delete(ID)
            self._have_deleted(*self.keeping)

    @rule()
    def host_restores(self) -> None:
        if self.deleted and not self.keeping:
            self.store.restore(ID)
            keeping = self.store.owners(ID).keeping
            assert keeping
            assert keeping <= self.deleted, "nobody is given what they never had"
            self._have_again(*keeping)

    @invariant()
    def each_has_what_they_have_not_deleted(self) -> None:
        assert self.store.ids() == ([ID] if self.keeping else [])
        if self.keeping:
            assert self.store.owners(ID).keeping == self.keeping
            assert is_whole(self.store.folder / ID, ID)
        for owner in PEOPLE:
            trash = self.store.deleted(owner)
            assert [each.id for each in trash] == ([ID] if owner in self.deleted else [])
            assert all(is_whole(each.folder, ID) and each.title == "A thing" for each in trash)
            copies = trashed_of(self.home, owner)
            assert len(copies) <= (owner in self.deleted), "the trash holds it once, and only of who may restore it"
        assert all(read_owners(each).keeping | set(read_owners(each).deleted) for each in self._trash())

    def _trash(self) -> list[Path]:
        return [*(self.home / "trash").glob("*")]


EachAsIfAlone.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
test_each_keeps_deletes_and_restores_as_if_alone = EachAsIfAlone.TestCase


def test_an_entry_of_earlier_versions_is_the_hosts_and_stays_as_it_was(tmp_path: Path) -> None:
    store = things(tmp_path)
    put(store, HOST)
    assert {each.name for each in (store.folder / ID).iterdir()} == {"card.json", "x.npz", "about.json"}
    assert store.owners(ID) == Owners(frozenset({HOST}))
    with pytest.raises(NotKeptError, match="nothing of yours"):
        store.delete(ID, ANN)
    store.delete(ID)
    assert store.deleted(ANN) == []
    assert [each.id for each in store.deleted(HOST)] == [ID]


def test_the_card_holds_nothing_that_earlier_versions_do_not_know(tmp_path: Path) -> None:
    store = things(tmp_path)
    put(store, ANN)
    assert json.loads((store.folder / ID / "card.json").read_text()) == {"title": "A thing"}


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"owners": "ab", "deleted": []}', '{"owners": [1], "deleted": {}}', "9" * 5000]
)
def test_owners_that_cannot_be_read_leave_the_entry_to_the_host(tmp_path: Path, content: str) -> None:
    store = things(tmp_path)
    put(store, ANN)
    (store.folder / ID / FILE).write_text(content)
    assert store.owners(ID) == Owners()
    put(store, ANN)
    assert store.owners(ID).keeping == {HOST, ANN}, "bringing it again is enough"


def test_nobody_renames_or_replaces_what_others_have_too(tmp_path: Path) -> None:
    store = things(tmp_path)
    put(store, ANN, title="Ann's")
    put(store, ANN, title="Ann's own")
    assert store.get(ID).title == "Ann's own"
    for deletes in (False, True):
        if deletes:
            store.delete(ID, ANN)
        store.put(ID, {"title": "Bob's"}, {"x.npz": {"x": np.zeros(3)}, "about.json": {"id": "other"}}, BOB)
        assert store.get(ID).title == "Ann's own"
        assert is_whole(store.folder / ID, ID)
    store.restore(ID, ANN)
    assert store.get(ID).title == "Ann's own"


@pytest.mark.parametrize("name", ["x.npz", "about.json", "card.json"])
@pytest.mark.parametrize("damage", [b"", b"{", None])
def test_what_is_broken_is_replaced_by_whoever_brings_it(tmp_path: Path, name: str, damage: bytes | None) -> None:
    store = things(tmp_path)
    put(store, ANN)
    path = store.folder / ID / name
    path.unlink() if damage is None else path.write_bytes(damage)
    put(store, BOB, title="Bob's")
    assert is_whole(store.folder / ID, ID)
    assert store.get(ID).title == ("Bob's" if name == "card.json" else "A thing")
    assert store.owners(ID).keeping == {ANN, BOB}


def test_the_last_owners_delete_moves_it_to_the_trash_of_all_who_had_it(tmp_path: Path) -> None:
    store = things(tmp_path)
    put(store, ANN)
    put(store, BOB)
    store.delete(ID, ANN)
    assert store.ids() == [ID]
    store.delete(ID, BOB)
    (folder,) = (tmp_path / "trash").iterdir()
    assert read_owners(folder).keeping == {BOB}
    assert set(read_owners(folder).deleted) == {ANN}
    store.restore(ID, ANN)
    assert store.owners(ID).keeping == {ANN}
    assert [each.id for each in store.deleted(BOB)] == [ID]


def test_deleted_things_come_last_deleted_first(tmp_path: Path) -> None:
    store = things(tmp_path)
    for id in IDS:
        put(store, ANN, id)
    put(store, BOB, IDS[1])
    for id in IDS[::-1]:
        store.delete(id, ANN)
    assert [each.id for each in store.deleted(ANN)] == list(IDS)
    assert all(time.time() - each.deleted < 60 for each in store.deleted(ANN))


def test_emptying_the_trash_takes_nothing_from_who_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = things(tmp_path)
    put(store, ANN)
    store.delete(ID, ANN)
    put(store, BOB)
    now = time.time()
    monkeypatch.setattr("aecore.stores.trash.time.time", lambda: now + 90_000)
    assert empty_trash(tmp_path, 1) == 1
    assert store.owners(ID).keeping == {BOB}
    assert is_whole(store.folder / ID, ID)


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    store = things(tmp_path)

    def live(owner: str) -> None:
        for _ in range(12):
            put(store, owner)
            store.delete(ID, owner)
            store.restore(ID, owner)
        if owner == BOB:
            store.delete(ID, owner)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(live, PEOPLE))
    assert store.owners(ID).keeping == {ANN, HOST}
    assert [each.id for each in store.deleted(BOB)] == [ID]
    assert is_whole(store.folder / ID, ID)


def test_the_folders_of_an_owner_are_what_they_keep_now(tmp_path: Path) -> None:
    store = things(tmp_path)
    put(store, ANN)
    put(store, BOB)
    put(store, BOB, IDS[1])
    (store.folder / ".saving-x").mkdir()
    (store.folder / "drafts").mkdir()
    assert [each.name for each in folders_of(tmp_path, ["things", "others"], ANN)] == [ID]
    store.delete(ID, ANN)
    assert folders_of(tmp_path, ["things"], ANN) == []
    assert {each.name for each in folders_of(tmp_path, ["things"], BOB)} == set(IDS)


def test_bringing_and_deleting_the_same_again_and_again_leaves_one_copy(tmp_path: Path) -> None:
    store = things(tmp_path)
    for _ in range(3):
        put(store, ANN)
        store.delete(ID, ANN)
    assert len(trashed_of(tmp_path, ANN)) == len(list((tmp_path / "trash").iterdir())) == 1
    put(store, ANN)
    assert trashed_of(tmp_path, ANN) == []


def test_who_removes_their_own_for_good_takes_it_from_nobody(tmp_path: Path) -> None:
    store = things(tmp_path)
    put(store, ANN)
    put(store, BOB)
    store.delete(ID, ANN)
    store.discard(ID, ANN)
    assert store.owners(ID) == Owners(frozenset({BOB}))
    store.keep(ID, ANN)
    store.delete(ID)
    store.discard(ID, ANN)
    assert trashed_of(tmp_path, ANN) == []
    assert store.restore(ID, BOB).id == ID
