"""The content store: it agrees with a dictionary, is whole or not there, and never loses what people made."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from aecore.stores import content
from aecore.stores.content import ContentStore, NotKeptError
from aecore.stores.fingerprint import fingerprint
from aecore.stores.trash import empty_trash

IDS = ("thing-aa", "thing-bb", "thing-cc")


def things(home: Path, in_trash: str = "") -> ContentStore:
    return ContentStore(home, "things", "thing-[a-f]{2}", in_trash)


def put(store: ContentStore, id: str, title: str = "A thing", created: str = "2026-01-01T00:00:00+00:00") -> None:
    store.put(id, {"title": title, "created": created}, {"x.npz": {"x": np.arange(3)}, "about.json": {"id": id}})


def is_whole(folder: Path, id: str) -> bool:
    with np.load(folder / "x.npz") as file:
        return file["x"].tolist() == [0, 1, 2] and json.loads((folder / "about.json").read_text()) == {"id": id}


class AgreesWithADictionary(RuleBasedStateMachine):
    """What is here and what is in the trash, after any order of actions."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="content-store-"))
        self.store = things(self.home)
        self.here: dict[str, str] = {}
        self.trash: dict[str, list[str]] = {id: [] for id in IDS}

    def teardown(self) -> None:
        shutil.rmtree(self.home)

    @rule(id=st.sampled_from(IDS), title=st.text(min_size=1, max_size=5))
    def put(self, id: str, title: str) -> None:
        put(self.store, id, title)
        self.here[id] = title
        self.trash[id].clear()  # it is here again, and does not lie there too

    @rule(id=st.sampled_from(IDS), title=st.text(min_size=1, max_size=5))
    def rename(self, id: str, title: str) -> None:
        if id in self.here:
            self.store.rename(id, title)
            self.here[id] = title
        else:
            with pytest.raises(NotKeptError, match="nothing called"):
                self.store.rename(id, title)

    @rule(id=st.sampled_from(IDS))
    def delete(self, id: str) -> None:
        if id in self.here:
            self.store.delete(id)
            self.trash[id].append(self.here.pop(id))
        else:
            with pytest.raises(NotKeptError):
                self.store.delete(id)

    @rule(id=st.sampled_from(IDS))
    def restore(self, id: str) -> None:
        if id in self.here:
            assert self.store.restore(id).title == self.here[id]
        elif self.trash[id]:
            self.here[id] = self.trash[id].pop()
            assert self.store.restore(id).title == self.here[id]
        else:
            with pytest.raises(NotKeptError, match="in the trash"):
                self.store.restore(id)

    @invariant()
    def the_lists_agree(self) -> None:
        assert {each.id: each.title for each in self.store.entries()} == self.here
        assert all(is_whole(each.folder, each.id) for each in self.store.entries())
        gone = {id: titles[-1] for id, titles in self.trash.items() if titles and id not in self.here}
        assert {each.id: each.title for each in self.store.deleted()} == gone
        kept = [each.name for each in (self.home / "trash").glob("*")]
        assert len(kept) == sum(map(len, self.trash.values()))


AgreesWithADictionary.TestCase.settings = settings(max_examples=25, stateful_step_count=15)
test_any_order_of_actions_agrees_with_a_dictionary = AgreesWithADictionary.TestCase


def test_entries_come_newest_first_and_broken_cards_at_the_end(tmp_path: Path) -> None:
    store = things(tmp_path)
    for id, day in zip(IDS, (2, 3, 1), strict=True):
        put(store, id, created=f"2026-01-0{day}T00:00:00+00:00")
    (store.folder / IDS[1] / "card.json").write_text("{")
    (store.folder / "notes.txt").write_text("no entry")
    (store.folder / "other").mkdir()
    assert [(each.id, each.title) for each in store.entries()] == [
        (IDS[0], "A thing"),
        (IDS[2], "A thing"),
        (IDS[1], IDS[1]),
    ]
    store.delete(IDS[1])
    assert [each.id for each in store.deleted()] == [IDS[1]]
    assert store.restore(IDS[1]).card is None


@pytest.mark.parametrize("id", ["", "../things", "thing-aa/..", "thing-aa\n", "thing-zz", "thing-aa"])
def test_an_id_that_is_none_touches_nothing(tmp_path: Path, id: str) -> None:
    store = things(tmp_path)
    for action in (store.get, store.delete):
        with pytest.raises(NotKeptError):
            action(id)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NotKeptError):
        store.restore(id)


def test_kinds_share_a_trash_and_do_not_see_each_others_things(tmp_path: Path) -> None:
    one, other = things(tmp_path), ContentStore(tmp_path, "others", "thing-[a-f]{2}", "other-")
    for store in (one, other):
        put(store, IDS[0], store.folder.name)
        store.delete(IDS[0])
    assert [each.title for each in one.deleted()] == ["things"]
    assert [each.title for each in other.deleted()] == ["others"]
    assert time.time() - one.deleted()[0].deleted < 60
    other.restore(IDS[0])
    assert [each.title for each in one.deleted()] == ["things"]


@pytest.mark.parametrize("failing", ["savez", "write_text", "replace"])
def test_a_disk_that_refuses_leaves_no_half_entry_and_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    store = things(tmp_path)
    put(store, IDS[0], "before")

    def refuse(*arguments: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr({"savez": np, "write_text": Path, "replace": content.os}[failing], failing, refuse)
        for id in IDS[:2]:
            with pytest.raises(OSError, match="No space left"):
                put(store, id, "after")
    assert [(each.id, each.title) for each in store.entries()] == [(IDS[0], "before")]
    assert [each.name for each in store.folder.iterdir()] == [IDS[0]]
    assert is_whole(store.folder / IDS[0], IDS[0])


def test_what_a_killed_process_left_half_written_goes_after_a_day(tmp_path: Path) -> None:
    store = things(tmp_path)
    old, new = store.folder / ".saving-old", store.folder / ".saving-new"
    for each in (old, new):
        each.mkdir(parents=True)
    os.utime(old, (time.time() - 2 * content.DAY,) * 2)
    put(store, IDS[0])
    assert not old.exists()
    assert new.exists()
    assert [each.id for each in store.entries()] == [IDS[0]]


def test_the_trash_is_emptied_by_age_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = things(tmp_path)
    for id, days in zip(IDS, (40, 20, 0), strict=True):
        put(store, id)
        with monkeypatch.context() as patch:
            moment = time.time_ns() - int(days * content.DAY * 1e9)
            patch.setattr(content.time, "time_ns", lambda moment=moment: moment)
            store.delete(id)
    (tmp_path / "trash" / "a-note-without-a-date").write_text("stays")
    old_file = tmp_path / "trash" / f"words-0123456789ab-{time.time_ns() - int(50 * content.DAY * 1e9)}.json"
    old_file.write_text("{}")
    assert empty_trash(tmp_path, 30) == 2
    assert [each.id for each in store.deleted()] == [IDS[2], IDS[1]]
    assert not old_file.exists()
    assert (tmp_path / "trash" / "a-note-without-a-date").exists()
    assert empty_trash(tmp_path / "nowhere", 0) == 0


def _put_and_delete(home: Path, number: int) -> None:
    store = things(home)
    for turn in range(15):
        put(store, IDS[0], f"{number}.{turn}")
        with suppress(NotKeptError):  # the other process was faster
            store.delete(IDS[0]) if turn % 3 else store.restore(IDS[0])


def test_two_processes_at_once_lose_nothing_and_leave_nothing_half(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_put_and_delete, args=(tmp_path, number)) for number in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]
    store = things(tmp_path)
    folders = [each.folder for each in store.entries()] + list((tmp_path / "trash").iterdir())
    assert folders
    assert all(is_whole(folder, IDS[0]) and (folder / "card.json").is_file() for folder in folders)
    assert {each.name for each in store.folder.iterdir()} <= set(IDS)


def test_a_fingerprint_depends_on_bytes_arrays_and_facts() -> None:
    x = np.arange(6.0).reshape(2, 3)
    assert fingerprint(b"a", x, [1, "b"]) == fingerprint(b"a", x.copy(order="F"), [1, "b"])
    assert len(fingerprint(b"a", digits=12)) == 12
    different = [
        fingerprint(b"a"),
        fingerprint("a"),
        fingerprint(x),
        fingerprint(x + 1),
        fingerprint([1]),
        fingerprint({"a": 1}),
    ]
    assert len(set(different)) == len(different)
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    with pytest.raises(TypeError):
        fingerprint(object())
