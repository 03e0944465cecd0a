"""What people bring to a shared server: theirs on lists and to delete, for others to see by link and to keep, too."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from aecore.datasets.base import Examples
from aecore.datasets.uploads.base import Uploaded
from aecore.datasets.uploads.store import save_upload, upload_store
from aecore.experiment.comparison import as_text
from aecore.experiment.comparison_presets import COMPARISON_PRESETS, FIRST
from aecore.recommender.ratings.own import ratings_store, save_own
from aecore.recommender.ratings.own_tables import read_own
from aecore.runs.store import RunStore
from aecore.stores.content import ContentStore
from aecore.stores.owners import FILE
from aecore.words.text_store import keep, text_store
from aecore.words.texts import read_lines
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage, button, labels
from ui.app.identity import HOST, Person
from ui.app.owned_content import VisitorsContent
from ui.app.services import services
from ui.widgets import own_data

ANN, BOB = Person("ann"), Person("bob")


def bring_pictures(home: Path, owner: str, title: str = "Ann's") -> str:
    rng = np.random.default_rng(0)
    examples = Examples(rng.random((60, 1, 8, 8)).astype(np.float32), rng.integers(0, 2, 60))
    return save_upload(Uploaded(examples, "images", ("a", "b"), ("A note.",)), title, home, owner)


def bring_ratings(home: Path, owner: str, title: str = "Ann's") -> str:
    rows = b"user,film,rating,title\nA,1,4,One (2001)\nB,1,2,\n"
    return save_own(*read_own("a.csv", rows), title, home, owner)


def bring_texts(home: Path, owner: str, title: str = "Ann's") -> str:
    return keep(home, read_lines("a, red\na, red blue\nb, green\nb, green red", title), owner)


@dataclass(frozen=True)
class Kind:
    """A kind of what people bring: how, its store, the page and the parameter that show it, the list there, and what
    else is on it.
    """

    bring: Callable[..., str]
    store: Callable[[Path], ContentStore]
    page: str
    name: str
    label: str
    other: str


KINDS = {
    "uploads": Kind(bring_pictures, upload_store, "train", "data", "Data", "digits"),
    "ratings": Kind(bring_ratings, ratings_store, "recommender", "ratings", "Ratings", "ml-100k"),
    "texts": Kind(bring_texts, text_store, "words", "texts", "Texts", "films"),
}
TRASH_PAGES = {"uploads": "data", "ratings": "recommender", "texts": "words"}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


def choice(page: AppTest, kind: Kind) -> list[str]:
    (found,) = [each for each in page.selectbox if each.label == kind.label]
    return [option for option in found.options if option.startswith("Ann's")]


def of(home: Path) -> dict[str, bytes]:
    """All that was brought, but for whose it is."""
    folders = [home / name for name in ("uploads", "ratings", "words", "trash")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.name != FILE]
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files}


def test_lists_hold_ones_own_and_what_a_link_names(visit: OpenPage, home: Path, kind: Kind) -> None:
    id = kind.bring(home, ANN.owner)
    assert choice(visit(BOB, kind.page), kind) == []
    for person, query in ((ANN, {}), (HOST, {}), (BOB, {kind.name: id})):
        page = visit(person, kind.page, **query)
        assert len(choice(page, kind)) == 1
        assert ("Keep it" in labels(page)) == (person is BOB)
    assert "Somebody else on this server brought this" in " ".join(each.value for each in page.caption)
    assert not any(each.key == f"delete-{id}" for each in page.button)


def test_what_others_brought_is_used_while_the_address_names_it(visit: OpenPage, home: Path, kind: Kind) -> None:
    id = kind.bring(home, ANN.owner)
    page = visit(BOB, kind.page, **{kind.name: id})
    (found,) = [each for each in page.selectbox if each.label == kind.label]
    page = found.select(kind.other).run()
    assert not page.exception
    assert choice(page, kind) == []
    assert not page.warning


def test_a_kept_copy_outlives_the_original(visit: OpenPage, home: Path, kind: Kind) -> None:
    id = kind.bring(home, ANN.owner)
    page = button(visit(BOB, kind.page, **{kind.name: id}), "Keep it").click().run()
    assert not page.exception
    assert [each.value for each in page.toast] == ["'Ann's' is yours, too."]
    assert "Keep it" not in labels(page)
    kind.store(home).delete(id, ANN.owner)
    assert len(choice(visit(BOB, kind.page), kind)) == 1
    assert choice(visit(ANN, kind.page), kind) == []


@pytest.mark.parametrize("days", [None, "3", "inf"])
def test_the_trash_says_how_long_things_can_be_restored(
    visit: OpenPage, home: Path, days: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if days:
        monkeypatch.setenv("AECORE_TRASH_DAYS", days)
    about = KINDS["uploads"]
    id, said = about.bring(home, ANN.owner), "Can be restored for"
    store = about.store(home)
    store.keep(id, BOB.owner)

    def captions() -> list[str]:
        page = visit(ANN, "data")
        assert f"restore-{id}" in {each.key for each in page.button}
        return [each.value for each in page.caption if said in each.value]

    store.delete(id, ANN.owner)
    assert captions() == (
        [] if days == "inf" else [f"{said} {days or '30'} days, longer where a run of yours learned from it."]
    )
    store.delete(id, BOB.owner)
    assert bool(captions()) == (days != "inf")


@pytest.mark.parametrize("others", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_a_visitor_deletes_what_is_theirs_and_undoes_it(visit: OpenPage, home: Path, kind: str, others: bool) -> None:
    about = KINDS[kind]
    id = about.bring(home, ANN.owner)
    if others:
        about.store(home).keep(id, BOB.owner)
    query = {about.name: id} if kind != "uploads" else {}
    before = of(home)
    page = visit(ANN, TRASH_PAGES[kind], **query)
    page.button(key=f"delete-{id}").click().run()
    assert not page.exception
    assert page.success[0].value.startswith("Deleted: “Ann's”")
    assert choice(visit(ANN, about.page), about) == []
    assert len(choice(visit(BOB, about.page), about)) == others
    assert not any(each.label.startswith("Trash") for each in visit(BOB, TRASH_PAGES[kind]).expander)
    again = visit(ANN, TRASH_PAGES[kind])
    assert "Trash (1)" in [each.label for each in again.expander]
    assert [each.key for each in page.button if each.label == "Undo"] == [f"undo-{services_kind(kind)}"]
    button(page, "Undo").click().run()
    assert not page.exception
    assert of(home) == before
    assert len(choice(visit(ANN, about.page), about)) == 1
    assert len(choice(visit(BOB, about.page), about)) == others


@pytest.mark.parametrize("others", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_a_visitor_empties_their_own_trash_for_good(visit: OpenPage, home: Path, kind: str, others: bool) -> None:
    about = KINDS[kind]
    id = about.bring(home, ANN.owner)
    store = about.store(home)
    if others:
        store.keep(id, BOB.owner)
        store.delete(id, BOB.owner)
    store.delete(id, ANN.owner)
    assert "Delete for good" not in labels(visit(HOST, TRASH_PAGES[kind])), "the host empties no visitor's trash"
    page = button(visit(ANN, TRASH_PAGES[kind]), "Delete for good").click().run()
    assert not page.exception
    assert [each.value for each in page.toast] == ["It is deleted for good."]
    assert not any(each.label.startswith("Trash") for each in page.expander)
    assert [each.id for each in store.deleted(BOB.owner)] == [id] * others
    assert bool(list((home / "trash").iterdir())) == others


def services_kind(kind: str) -> str:
    return getattr(services, kind).kind


PAGES = {
    "data": ("data", {"data": "uploads"}), "train": ("train", {"data": "uploads"}),
    "race": ("race", {"data": "uploads"}), "words": ("words", {"texts": "texts"}),
    "recommender": ("recommender", {"ratings": "ratings"}),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_whatever_a_stranger_presses_nothing_of_others_changes(visit: OpenPage, home: Path, name: str) -> None:
    ids = {kind: about.bring(home, ANN.owner) for kind, about in KINDS.items()}
    for kind, about in KINDS.items():  # and something of Ann's in the trash
        about.store(home).delete(ids[kind])
        about.bring(home, ANN.owner)
    before = of(home)
    page, query = PAGES[name]
    query = {param: ids[kind] for param, kind in query.items()}
    pressed = {each.key for each in visit(BOB, page, **query).button if not each.disabled}
    assert len(pressed) > 1
    for key in sorted(map(str, pressed)):
        opened = visit(BOB, page, **query)
        opened.button(key=key).click().run()
        assert not opened.exception, key
        assert {path: content for path, content in of(home).items() if path in before} == before, key
        for kind, about in KINDS.items():
            shelf = about.store(home)
            assert ANN.owner in shelf.owners(ids[kind]).keeping, key
            if BOB.owner in shelf.owners(ids[kind]).keeping:  # he keeps it, too, until the next button
                shelf.delete(ids[kind], BOB.owner)


CALLBACKS: dict[str, Callable[..., None]] = {
    "_delete": lambda content, id: own_data._delete(content, id, "A title", None),
    "_restore": lambda content, id: own_data._restore(content, id, "A title", None),
    "_discard": lambda content, id: own_data._discard(content, (id,)),
}
"""Besides `_keep`, which changes nothing of others; what calls them knows the id."""


def test_no_callback_of_a_stranger_changes_what_others_brought(
    home: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {name for name, each in inspect.getmembers(own_data, inspect.isfunction) if name.startswith("_")}
    assert found == {*CALLBACKS, "_keep", "_empty"}
    id, told = kind.bring(home, ANN.owner), {}
    monkeypatch.setattr("ui.widgets.run_actions.st.session_state", told)
    content = VisitorsContent(kind.store(home), BOB)
    for name, callback in CALLBACKS.items():
        if name == "_restore":
            kind.store(home).delete(id, ANN.owner)
        before = of(home)
        callback(content, id)
        assert of(home) == before
        assert told.pop("notice")


def test_a_run_on_what_others_brought_keeps_it(visit: OpenPage, home: Path, store: RunStore) -> None:
    id = bring_pictures(home, ANN.owner)
    page = button(visit(BOB, "train", data=id), "Train").click().run()
    assert not page.exception
    (run,) = store.list()
    assert (run.settings["data"], run.status.owner) == (id, BOB.owner)
    upload_store(home).delete(id, ANN.owner)
    page = visit(BOB, "train", run=run.id)
    assert not page.warning
    assert len(choice(page, KINDS["uploads"])) == 1


def test_a_link_to_a_run_shows_what_it_learned_from(visit: OpenPage, home: Path, store: RunStore) -> None:
    id = bring_pictures(home, ANN.owner)
    run = finished_run(store.folder, "Ann's run", epochs=1, data=id)
    store.update(run.id, owner=ANN.owner)
    page = button(visit(BOB, "train", run=run.id), "Use its settings").click().run()
    assert not page.exception
    assert len(choice(page, KINDS["uploads"])) == 1
    (found,) = [each for each in page.selectbox if each.label == "Data"]
    assert found.value == id
    page = button(page, "Same start again").click().run()
    assert not page.exception
    assert upload_store(home).owners(id).keeping == {ANN.owner, BOB.owner}


def test_who_returns_without_the_link_finds_a_page_that_works(visit: OpenPage, home: Path) -> None:
    id = bring_pictures(home, ANN.owner)
    page = visit(BOB, "train", data=id)
    page.switch_page("../../pages/glossary.py").run()
    page.query_params.clear()
    page.switch_page("../../pages/train.py").run()
    assert not page.exception
    assert choice(page, KINDS["uploads"]) == []


def test_others_data_are_no_choice_on_any_page(visit: OpenPage, home: Path) -> None:
    bring_pictures(home, ANN.owner)

    def named(person: Person, name: str) -> list[str]:
        page = visit(person, name, others="true", odd="Another data set")
        told = [option for each in [*page.selectbox, *page.multiselect] for option in each.options]
        return [each for each in [*told, *(each.value for each in page.subheader)] if "Ann's" in each]

    pages = ("train", "race", "noise", "compression", "anomaly", "data", "latent", "features", "generate")
    assert not [name for name in pages if named(BOB, name)]
    assert {"train", "race", "compression", "anomaly", "data"} <= {name for name in pages if named(ANN, name)}


@pytest.mark.parametrize("kind", KINDS)
def test_what_two_bring_is_one_entry_that_keeps_its_name(visit: OpenPage, home: Path, kind: str) -> None:
    about = KINDS[kind]
    id = about.bring(home, ANN.owner)
    assert about.bring(home, BOB.owner, "Bob's") == id
    assert about.store(home).get(id).title == "Ann's"
    about.store(home).delete(id, BOB.owner)
    assert len(choice(visit(ANN, about.page), about)) == 1


def test_who_brings_what_is_there_already_is_told_its_name(visit: OpenPage, home: Path) -> None:
    id = bring_texts(home, ANN.owner)
    page = visit(BOB, "words", texts="own")
    page.text_area(key="words-paste").input("a, red\na, red blue\nb, green\nb, green red").run()
    page.button(key="words-use").click().run()
    assert not page.exception
    assert "The same content is here already, as 'Ann's'." in " ".join(each.value for each in page.toast)
    assert page.query_params["texts"] in (id, [id])
    assert text_store(home).owners(id).keeping == {ANN.owner, BOB.owner}
    assert len(choice(visit(BOB, "words"), KINDS["texts"])) == 1


def test_a_race_on_what_others_brought_keeps_it(visit: OpenPage, home: Path, store: RunStore) -> None:
    id = bring_pictures(home, ANN.owner)
    race = COMPARISON_PRESETS[FIRST].on(id)
    assert race is not None
    page = visit(BOB, "race", race=as_text(race))
    assert len(choice(page, KINDS["uploads"])) == 1
    button(page, "Start the race").click().run()
    assert not page.exception
    assert {run.settings["data"] for run in store.list()} == {id}
    assert upload_store(home).owners(id).keeping == {ANN.owner, BOB.owner}
