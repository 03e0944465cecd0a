"""Kept uploads: written whole or not at all, found again, and refused if someone changed them."""

from __future__ import annotations

import errno
import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from aecore.datasets.base import SPLIT_SEED, DataError, Examples, split
from aecore.datasets.uploads import store as upload_store
from aecore.datasets.uploads.reading import (
    Uploaded,
    UploadSettings,
    list_uploads,
    load_upload,
    read_upload,
    save_upload,
)

TABLE = read_upload(
    [("t.csv", b"a,b,label\n" + b"".join(b"%d,%d,%s\n" % (i, 100 - i, b"xy"[i % 2 :][:1]) for i in range(40)))]
)


def pictures(seed: int = 0, count: int = 20) -> Uploaded:
    x = np.random.default_rng(seed).random((count, 1, 28, 28), dtype=np.float32)
    return Uploaded(Examples(x), "images", notes=("20 images of 28 x 28 grey.",))


def test_an_upload_is_found_again_with_all_that_was_known_of_it(tmp_path: Path) -> None:
    id = save_upload(TABLE, "My table", tmp_path)
    (card,) = list_uploads(tmp_path)
    assert (card.id, card.title, card.kind, card.count, card.shape, card.error) == (
        id,
        "My table",
        "table",
        40,
        (2,),
        "",
    )
    assert (card.notes, card.classes, card.columns, card.ranges) == (
        TABLE.notes,
        TABLE.classes,
        TABLE.columns,
        TABLE.ranges,
    )
    assert abs((datetime.now(UTC) - datetime.fromisoformat(card.created)).total_seconds()) < 60
    assert {path.name for path in (tmp_path / "uploads" / id).iterdir()} == {"examples.npz", "card.json"}


def test_what_is_loaded_is_what_was_saved_in_the_split_that_all_data_sets_have(tmp_path: Path) -> None:
    id = save_upload(TABLE, "My table", tmp_path)
    loaded, expected = load_upload(id, tmp_path), split(id, TABLE.examples, seed=SPLIT_SEED, classes=TABLE.classes)
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(loaded, part).x, getattr(expected, part).x)
        np.testing.assert_array_equal(getattr(loaded, part).labels, getattr(expected, part).labels)
    assert (loaded.name, loaded.classes) == (id, ("x", "y"))


def test_the_examples_are_readable_without_this_app(tmp_path: Path) -> None:
    id = save_upload(TABLE, "My table", tmp_path)
    with np.load(tmp_path / "uploads" / id / "examples.npz", allow_pickle=False) as held:
        np.testing.assert_array_equal(held["x"], TABLE.examples.x)
        np.testing.assert_array_equal(held["labels"], TABLE.examples.labels)


def test_the_same_content_has_the_same_id_and_takes_the_new_title(tmp_path: Path) -> None:
    assert save_upload(pictures(), "first", tmp_path) == save_upload(pictures(), "second", tmp_path)
    assert [card.title for card in list_uploads(tmp_path)] == ["second"]
    assert len(load_upload(list_uploads(tmp_path)[0].id, tmp_path).train) == 14
    assert not (tmp_path / "trash").exists()


def test_other_pixels_settings_or_labels_have_another_id(tmp_path: Path) -> None:
    file = [("a.csv", b"a,label\n1,x\n2,y\n3,x\n4,x\n")]
    relabelled = [("a.csv", b"a,label\n1,x\n2,y\n3,x\n4,z\n")]
    image_sizes = [
        read_upload(
            [("a.idx", bytes([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 8, 0, 0, 0, 8]) + bytes(192))], UploadSettings(size)
        )
        for size in (8, 9)
    ]
    uploads = [pictures(0), pictures(1), read_upload(file), read_upload(relabelled), *image_sizes]
    assert len({save_upload(each, "t", tmp_path) for each in uploads}) == 6


def test_uploads_are_listed_newest_first(tmp_path: Path) -> None:
    ids = [save_upload(pictures(seed), f"number {seed}", tmp_path) for seed in range(3)]
    for day, id in zip((2, 3, 1), ids, strict=True):
        edit(tmp_path / "uploads" / id / "card.json", created=f"2025-01-0{day}T00:00:00+00:00")
    assert [card.title for card in list_uploads(tmp_path)] == ["number 1", "number 0", "number 2"]


def edit(path: Path, **changes: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_home_without_uploads_has_an_empty_list(tmp_path: Path) -> None:
    assert list_uploads(tmp_path) == []
    assert list_uploads(tmp_path / "nowhere") == []


def test_titles_are_kept_without_what_could_do_harm(tmp_path: Path) -> None:
    save_upload(pictures(0), "<script>", tmp_path)
    save_upload(pictures(1), "  ", tmp_path)
    assert {card.title for card in list_uploads(tmp_path)} == {"_script_", "Upload"}


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_examples_are_refused_when_they_are_saved(tmp_path: Path, count: int) -> None:
    with pytest.raises(DataError, match=f"holds {count} example.*at least 3"):
        save_upload(pictures(count=count), "few", tmp_path)
    assert list_uploads(tmp_path) == []


@pytest.mark.parametrize(
    "id",
    [
        "",
        "mnist",
        "upload-",
        "upload-0123456789",
        "upload-../../etc",
        "../uploads",
        "upload-0123456789/../x",
        "upload-0123456789\n",
        "UPLOAD-0123456789",
    ],
)
def test_an_id_that_is_none_is_refused_before_the_disk_is_touched(tmp_path: Path, id: str) -> None:
    with pytest.raises(DataError, match="There is no upload"):
        load_upload(id, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_deleted_upload_lies_in_the_trash_and_can_be_taken_back(tmp_path: Path) -> None:
    id = save_upload(TABLE, "My table", tmp_path)
    upload_store.upload_store(tmp_path).delete(id)
    assert list_uploads(tmp_path) == []
    with pytest.raises(DataError, match="There is no upload"):
        load_upload(id, tmp_path)
    upload_store.upload_store(tmp_path).restore(id)
    assert len(load_upload(id, tmp_path).train) == 28


def test_the_same_upload_can_be_deleted_twice_and_lies_in_the_trash_once(tmp_path: Path) -> None:
    for _ in range(2):
        upload_store.upload_store(tmp_path).delete(save_upload(TABLE, "My table", tmp_path))
    assert len(list((tmp_path / "trash").iterdir())) == 1


@pytest.mark.parametrize("changes", [
    {"title": 3}, {"notes": "text"}, {"notes": [3]}, {"classes": None}, {"columns": {}},
    {"ranges": [[1]]}, {"ranges": [["a", "b"]]},
    {"count": "40"}, {"count": True}, {"shape": 2}, {"shape": ["2"]}, {"ranges": 4}, {"created": 0}, {"kind": []},
])  # fmt: skip
def test_a_card_with_a_wrong_entry_is_reported_and_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    id, good = save_upload(TABLE, "My table", tmp_path), save_upload(pictures(), "good", tmp_path)
    edit(tmp_path / "uploads" / id / "card.json", **changes)
    with pytest.raises(
        DataError, match="was changed or damaged after it was saved. Delete it and upload the files again"
    ):
        load_upload(id, tmp_path)
    cards = list_uploads(tmp_path)
    assert [card.id for card in cards] == [good, id]
    assert cards[0].error == ""
    assert "was changed or damaged" in cards[1].error


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"title": "x"}'])
def test_a_card_that_is_no_card_is_reported_and_refused(tmp_path: Path, content: bytes) -> None:
    id = save_upload(TABLE, "My table", tmp_path)
    (tmp_path / "uploads" / id / "card.json").write_bytes(content)
    assert "was changed or damaged" in list_uploads(tmp_path)[0].error
    with pytest.raises(DataError, match="was changed or damaged"):
        load_upload(id, tmp_path)


@pytest.mark.parametrize("gone", ["card.json", "examples.npz"])
def test_a_folder_with_a_file_missing_is_reported_refused_and_can_be_deleted(tmp_path: Path, gone: str) -> None:
    id = save_upload(TABLE, "My table", tmp_path)
    (tmp_path / "uploads" / id / gone).unlink()
    assert "was changed or damaged" in list_uploads(tmp_path)[0].error
    with pytest.raises(DataError, match="was changed or damaged"):
        load_upload(id, tmp_path)
    upload_store.upload_store(tmp_path).delete(id)
    assert list_uploads(tmp_path) == []


@pytest.mark.parametrize("arrays", [
    {}, {"x": TABLE.examples.x.astype(float)}, {"x": TABLE.examples.x[1:]}, {"x": TABLE.examples.x * 2},
    {"x": TABLE.examples.x * np.nan}, {"x": TABLE.examples.x}, {"x": TABLE.examples.x, "labels": np.full(40, 2)},
    {"x": TABLE.examples.x, "labels": np.full(40, -1)},
    {"x": TABLE.examples.x, "labels": np.zeros(39, int)}, {"x": TABLE.examples.x, "labels": np.zeros(40, int)},
    {"x": TABLE.examples.x[::-1], "labels": TABLE.examples.labels},
    {"x": np.array(["a"] * 40)}, {"x": np.array([{}] * 40)},
])  # fmt: skip
def test_changed_examples_are_refused(tmp_path: Path, arrays: dict[str, np.ndarray]) -> None:
    id = save_upload(TABLE, "My table", tmp_path)
    np.savez(tmp_path / "uploads" / id / "examples.npz", **arrays)
    with pytest.raises(DataError, match="'My table' was changed or damaged"):
        load_upload(id, tmp_path)


def test_truncated_examples_are_refused_and_saving_again_mends_them(tmp_path: Path) -> None:
    id = save_upload(TABLE, "My table", tmp_path)
    path = tmp_path / "uploads" / id / "examples.npz"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match="was changed or damaged"):
        load_upload(id, tmp_path)
    save_upload(TABLE, "My table", tmp_path)
    assert len(load_upload(id, tmp_path).train) == 28


def test_a_full_disk_is_a_sentence_and_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(path: Path, **arrays: np.ndarray) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(upload_store.np, "savez", fill)
    with pytest.raises(DataError, match=r"disk is full: 0.1 MB are needed in .*uploads.*AECORE_HOME"):
        save_upload(pictures(), "t", tmp_path)
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_home_that_cannot_be_written_is_named_with_the_variable(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file in the way")
    with pytest.raises(DataError, match="home.* is not writable.*AECORE_HOME"):
        save_upload(pictures(), "t", tmp_path / "home")


def test_two_visitors_may_save_the_same_upload_at_once(tmp_path: Path) -> None:
    ids: list[str] = []
    threads = [
        threading.Thread(target=lambda i=i: ids.append(save_upload(TABLE, f"number {i}", tmp_path))) for i in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 6
    assert len(set(ids)) == 1
    assert len(list((tmp_path / "uploads").iterdir())) == 1
    assert len(load_upload(ids[0], tmp_path).train) == 28
