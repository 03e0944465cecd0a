"""`python -m aecore data`: data of one's own are listed, renamed, deleted and brought back by their ids."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from aecore.__main__ import main
from aecore.datasets.uploads.store import upload_store
from aecore.recommender.ratings.own import save_own
from aecore.recommender.ratings.own_tables import read_own
from aecore.words.text_store import find_texts, keep
from aecore.words.texts import read_lines
from tests.small_uploads import upload_rows

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def ids(home: Path) -> tuple[str, str, str]:
    """An upload, ratings and texts."""
    ratings = read_own("a.csv", b"user,film,rating,title\nA,1,4,One (2001)\nB,1,2,\n")
    return (
        upload_rows(home),
        save_own(*ratings, "Film club", home),
        keep(home, read_lines("a, red\na, red blue\nb, green\nb, green red", "Colours")),
    )


def listed(capsys: Capture) -> dict[str, str]:
    """What the list says of each id."""
    capsys.readouterr()
    assert main(["data", "list"]) == 0
    return dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())


def test_the_list_shows_all_that_is_ones_own(ids: tuple[str, str, str], capsys: Capture) -> None:
    about = listed(capsys)
    assert [about[id] for id in ids] == [
        "ready: Rows, 120 examples",
        "ready: Film club, 2 ratings of 1 film by 2 users",
        "ready: Colours, texts",
    ]
    assert about["digits"] == "ready"


@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_is_deleted_is_in_the_trash_and_comes_back(ids: tuple[str, str, str], which: int, capsys: Capture) -> None:
    id, before = ids[which], listed(capsys)
    assert main(["data", "delete", id]) == 0
    assert f"data restore {id}" in capsys.readouterr().out
    assert listed(capsys)[id].startswith("in the trash: ")
    assert main(["data", "delete", id]) == 1
    assert "may have been deleted" in capsys.readouterr().err
    assert main(["data", "restore", id]) == 0
    assert listed(capsys) == before


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_title_can_be_changed(ids: tuple[str, str, str], which: int, home: Path, capsys: Capture) -> None:
    assert main(["data", "rename", ids[which], "Another <title>"]) == 0
    assert "ready: Another _title_" in listed(capsys)[ids[which]]
    assert main(["data", "rename", ids[which], " "]) == 1
    if which == 2:
        assert find_texts(home, ids[2]).title == "Another _title_"


@pytest.mark.parametrize("verb", ["delete", "restore"])
@pytest.mark.parametrize("id", ["digits", "ml-latest-small", "../uploads", "upload-", ""])
def test_what_is_not_ones_own_is_refused_in_a_sentence(home: Path, verb: str, id: str, capsys: Capture) -> None:
    assert main(["data", verb, id]) == 1
    assert "is not the id of data of your own" in capsys.readouterr().err


def test_the_trash_is_emptied_by_age(ids: tuple[str, str, str], home: Path, capsys: Capture) -> None:
    for id in ids[:2]:
        main(["data", "delete", id])
    (old,) = (home / "trash").glob(f"{ids[0]}-*")
    os.replace(old, old.with_name(f"{ids[0]}-{time.time_ns() - int(31 * 86_400 * 1e9)}"))
    capsys.readouterr()
    assert main(["data", "empty-trash"]) == 0
    assert capsys.readouterr().out == "1 thing had been in the trash for at least 30 days and is removed.\n"
    assert ids[0] not in listed(capsys)
    assert ids[1] in listed(capsys)
    with pytest.raises(SystemExit):
        main(["data", "empty-trash", "--days", "0"])


def test_a_disk_that_refuses_is_told_in_a_sentence(ids: tuple[str, str, str], home: Path, capsys: Capture) -> None:
    (home / "trash").write_text("a file in the way")
    assert main(["data", "delete", ids[0]]) == 1
    assert "AECORE_HOME" in capsys.readouterr().err
    assert listed(capsys)[ids[0]].startswith("ready")


def test_what_visitors_keep_is_deleted_for_all_and_comes_back_to_all(home: Path, capsys: Capture) -> None:
    id = upload_rows(home, owner="ann")
    store = upload_store(home)
    store.keep(id, "bob")
    assert listed(capsys)[id] == "ready: Rows, 120 examples"
    assert main(["data", "delete", id]) == 0
    assert store.ids() == []
    assert [each.id for each in store.deleted("bob")] == [id]
    assert main(["data", "restore", id]) == 0
    assert store.owners(id).keeping == {"ann", "bob"}
