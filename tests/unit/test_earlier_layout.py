"""What people kept with the version before there was one store: built here by hand as it lay then, found,
used, deleted and brought back.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from aecore.datasets import DataError, load
from aecore.datasets.uploads.reading import list_uploads, load_upload
from aecore.datasets.uploads.store import upload_store
from aecore.latent.code_set import code_set
from aecore.latent.groups import read_groups
from aecore.latent.maps import MapRequest, members
from aecore.pretrained.trained_models import find_trained_model
from aecore.recommender.ratings.own import list_own, load_own, ratings_store
from aecore.runs.store import RunStore
from aecore.words.text_store import find_texts, keep, kept, read_draft, text_store

X = np.linspace(0, 1, 20, dtype=np.float32).reshape(10, 2)
LABELS = np.array([0, 1] * 5)
RANGES = [[0.0, 1.0], [0.0, 2.0]]


def old_upload(folder: Path) -> str:
    """As `save_upload` wrote it in `folder`; returns the id."""
    about = ["table", ["x", "y"], ["a", "b"], RANGES, [10, 2], True]
    digest = hashlib.sha256(json.dumps(about).encode() + X.tobytes() + LABELS.tobytes())
    id = f"upload-{digest.hexdigest()[:10]}"
    (folder / id).mkdir(parents=True)
    np.savez(folder / id / "examples.npz", x=X, labels=LABELS)
    card = {
        "id": id, "title": "Old table", "kind": "table", "notes": ["Read."], "created": "2025-03-01T10:00:00+00:00",
        "classes": ["x", "y"], "columns": ["a", "b"], "ranges": RANGES, "count": 10, "shape": [2], "error": "",
    }  # fmt: skip
    (folder / id / "card.json").write_text(json.dumps(card, indent=1))
    return id


def old_ratings(folder: Path) -> str:
    """As `save_own` wrote them: two people, two films."""
    arrays = {
        "indptr": np.array([0, 2, 3]),
        "films": np.array([0, 1, 0], np.int32),
        "stars": np.array([4, 2, 5], np.float32),
    }
    names = json.dumps([["One", "Two"], [1, 2]]).encode()
    id = f"own-{hashlib.sha256(names + b''.join(each.tobytes() for each in arrays.values())).hexdigest()[:10]}"
    (folder / id).mkdir(parents=True)
    ids = {"person_ids": np.array([1, 2]), "movie_ids": np.array([1, 2])}
    facts = {
        "years": np.array([2001, 0], np.int16),
        "genres": np.zeros((2, 0), bool),
        "imdb": np.zeros(2, np.int64),
        "tmdb": np.zeros(2, np.int64),
    }
    np.savez(folder / id / "ratings.npz", **arrays, **ids, **facts)
    (folder / id / "films.json").write_text(
        json.dumps({"titles": ["One", "Two"], "genre_names": [], "alternatives": [[], []]})
    )
    card = {
        "id": id,
        "title": "Old club",
        "created": "2025-03-01T10:00:00+00:00",
        "people": 2,
        "films": 2,
        "ratings": 3,
        "error": "",
    }
    (folder / id / "card.json").write_text(json.dumps(card))
    return id


def old_texts(folder: Path, name: str = "{key}.json", title: str = "Old weather") -> str:
    """As `keep` wrote them, a single file; returns the key."""
    texts, labels, classes = ["sun", "warm sun", "rain", "wet rain"], [0, 0, 1, 1], ["fine", "foul"]
    key = hashlib.sha256(json.dumps([texts, labels, classes]).encode()).hexdigest()[:12]
    path = folder / name.format(key=key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"title": title, "texts": texts, "labels": labels, "classes": classes, "notes": ["A note."]})
    )
    return key


def test_an_upload_is_found_loaded_and_has_the_id_that_links_and_runs_know(home: Path) -> None:
    id = old_upload(home / "uploads")
    (card,) = list_uploads(home)
    assert (card.id, card.title, card.error, card.created[:10]) == (id, "Old table", "", "2025-03-01")
    data = load(id, home=home)
    assert len(data.train) + len(data.validation) + len(data.test) == 10
    upload_store(home).rename(id, "New name")
    assert list_uploads(home)[0].title == "New name"
    assert load_upload(id, home).classes == ("x", "y")


def test_an_upload_in_the_trash_can_be_brought_back(home: Path) -> None:
    id = old_upload(home / "uploads")
    (home / "trash").mkdir()
    os.replace(home / "uploads" / id, home / "trash" / f"{id}-{time.time_ns()}")
    assert [each.title for each in upload_store(home).deleted()] == ["Old table"]
    upload_store(home).restore(id)
    assert load_upload(id, home).name == id


def test_ratings_are_found_loaded_and_can_be_brought_back(home: Path) -> None:
    id = old_ratings(home / "ratings")
    assert [(card.title, card.ratings, card.error) for card in list_own(home)] == [("Old club", 3, "")]
    (home / "trash").mkdir()
    os.replace(home / "ratings" / id, home / "trash" / f"{id}-{time.time_ns()}")
    assert list_own(home) == []
    ratings_store(home).restore(id)
    ratings, films = load_own(id, home)
    assert [ratings.taste(row) for row in range(2)] == [{1: 4.0, 2: 2.0}, {1: 5.0}]
    assert films.titles == ("One", "Two")


def test_texts_kept_as_a_single_file_are_found_and_keep_their_date(home: Path) -> None:
    key = old_texts(home / "words")
    os.utime(home / "words" / f"{key}.json", (1_700_000_000,) * 2)
    texts = find_texts(home, key)
    assert (texts.title, texts.texts[1], texts.labels, texts.notes) == (
        "Old weather",
        "warm sun",
        (0, 0, 1, 1),
        ("A note.",),
    )
    assert kept(home) == {key: "Old weather"}
    assert text_store(home).get(key).created == "2023-11-14T22:13:20+00:00"
    assert keep(home, texts) == key
    text_store(home).delete(key)
    assert kept(home) == {}
    text_store(home).restore(key)
    assert find_texts(home, key) == texts


def test_texts_in_the_trash_as_a_single_file_can_be_brought_back(home: Path) -> None:
    key = old_texts(home / "trash", f"words-{{key}}-{time.time_ns()}.json")
    assert kept(home) == {}
    (deleted,) = text_store(home).deleted()
    assert (deleted.id, deleted.title) == (key, "Old weather")
    text_store(home).restore(key)
    assert find_texts(home, key).classes == ("fine", "foul")


def test_a_single_file_that_cannot_be_read_is_kept_and_can_be_deleted(home: Path) -> None:
    (home / "words").mkdir(parents=True)
    (home / "words" / "0123456789ab.json").write_text("{")
    with pytest.raises(DataError, match="cannot be read"):
        find_texts(home, "0123456789ab")
    assert kept(home) == {}
    text_store(home).delete("0123456789ab")
    assert [path.read_text() for path in (home / "trash").glob("*/texts.json")] == ["{"]


def test_a_process_killed_between_card_and_file_loses_nothing(home: Path) -> None:
    key = old_texts(home / "words")
    (home / "words" / key).mkdir()
    assert find_texts(home, key).title == "Old weather"


def test_a_draft_of_then_is_still_there(home: Path) -> None:
    (home / "words" / "drafts").mkdir(parents=True)
    (home / "words" / "drafts" / "0123456789ab.txt").write_text("half a “line”", encoding="utf-8")
    assert read_draft(home, "0123456789ab") == "half a “line”"


def test_links_to_groups_and_selections_of_then_still_work(home: Path) -> None:
    groups, codes = home / "cache" / "latent" / "groups", home / "cache" / "latent" / ("0" * 20)
    for folder in (groups, codes):
        folder.mkdir(parents=True)
    np.savez(
        groups / "0123456789abcdef.npz",
        first=np.array([1, 2]),
        second=np.array([3]),
        names=np.array(["A", "B"]),
        data=np.array("digits"),
    )
    np.savez(codes / "only-0123456789ab.npz", chosen=np.array([4, 5, 6]))
    store = RunStore()
    found = read_groups(store, "0123456789abcdef")
    assert (found.data, found.names, found.first.tolist(), found.second.tolist()) == ("digits", ("A", "B"), [1, 2], [3])
    of_digits = code_set(store, find_trained_model(store, "digits"), "", 500)
    assert members(of_digits, MapRequest("pca", only="0123456789ab")).tolist() == [4, 5, 6]
