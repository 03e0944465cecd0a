"""Newer films on the Movies page: the offer, its progress, what comes of it, and the way back."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aecore.files import write_json
from aecore.jobs.queue import QueueFull
from aecore.jobs.service import Jobs
from aecore.limits import GB
from aecore.recommender import BUILTIN, load
from aecore.recommender.newer.settings import TITLE, NewerSettings
from aecore.recommender.newer.usual import make_usual, usual
from aecore.runs.snapshots import append_progress
from aecore.runs.store import Run, RunStore
from tests.pages.conftest import OpenPage, button, labels, sentences
from tests.small_recommenders import bring_tastes, make_recommender
from tests.small_runs import finish
from ui.app.identity import HOST, Person
from ui.app.services import services
from ui.screens.movies import newer, newer_offer

EACH = {"newer": {"ndcg": 0.31, "rmse": 0.85}, "older": {"ndcg": 0.27, "rmse": 0.88}, "people": 900}
REPORT = {"films": 300, "people": 900, "5": EACH, "10": EACH, "20": EACH, "ndcg": [0.04, 0.01], "rmse": [0.03, 0.01]}


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with enough of everything, and no ratings yet."""
    monkeypatch.setenv("AECORE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AECORE_TRAINING_GB", "12")
    monkeypatch.setattr(newer_offer, "slowness", lambda: 1.0)
    monkeypatch.setattr(newer_offer, "disk_bytes", lambda folder: (100 * GB, 50 * GB))


def begun(store: RunStore) -> Run:
    return store.create(NewerSettings().as_run(), TITLE)


def trained(store: RunStore, home: Path, *, is_better: bool) -> Run:
    """A run that is done, with a small recommender in its folder."""
    small = finish(store, make_recommender(store, bring_tastes(home), "bias"))
    run = begun(store)
    for each in small.folder.iterdir():
        if each.name in ("model.safetensors", "about.json", "films.json", "places.npz"):
            (run.folder / each.name).write_bytes(each.read_bytes())
    facts = json.loads((small.folder / "facts.json").read_text())
    comparison = {"both": REPORT, "all": REPORT, "is_better": is_better}
    write_json(run.folder / "facts.json", facts | {"newest": 2023, "comparison": comparison})
    store.delete(small.id)
    return store.update(run.id, state="done", test={"ndcg_10": 0.3})


def sentences_of(page: AppTest) -> str:
    """The text and the captions of a page."""
    return " ".join(each.value for each in (*page.markdown, *page.caption))


def test_the_offer_tells_size_licence_time_and_memory_before_anything_begins(
    open_page: OpenPage, store: RunStore, jobs: Jobs
) -> None:
    page = open_page("movies", view="About")
    assert not page.exception
    said = sentences_of(page)
    assert "0.2 GB" in said
    assert "minutes** after the download of 0.2 GB, longer" in said
    assert "GB of memory**" in said
    assert "Free for research and teaching" in said
    button(page, "Get newer films").click().run()
    assert not page.exception
    (run,) = store.list()
    assert run.settings == NewerSettings().as_run()
    assert jobs.is_known(run.id)
    assert "It waits for its turn" in sentences(page)
    assert "Get newer films" not in labels(page)


@pytest.mark.parametrize(
    ("variable", "disk", "words"),
    [("0.5", 50 * GB, "too little memory"), ("12", GB // 10, "too little room")],
    ids=["memory", "disk"],
)
def test_a_machine_that_is_too_small_is_told_so(
    open_page: OpenPage, store: RunStore, monkeypatch: pytest.MonkeyPatch, variable: str, disk: float, words: str
) -> None:
    monkeypatch.setenv("AECORE_TRAINING_GB", variable)
    monkeypatch.setattr(newer_offer, "disk_bytes", lambda folder: (100 * GB, disk))
    monkeypatch.setattr(newer_offer, "kept_free", lambda folder: 0.0)
    page = open_page("movies", view="About")
    assert words in sentences(page)
    assert button(page, "Get newer films").disabled


def test_its_progress_is_shown_and_it_can_be_stopped_and_go_on(
    open_page: OpenPage, store: RunStore, jobs: Jobs
) -> None:
    run = begun(store)
    jobs.train(run.id, HOST.tag)
    store.update(run.id, state="training", message="Downloading MovieLens 32M: 34 %", share=0.34)
    page = open_page("movies", view="About")
    assert not page.exception
    assert "Pause" in labels(page)
    assert [each.value for each in page.get("progress")] == [34]
    store.update(run.id, message="")
    record = {"step": 1, "epoch": 1.0, "seconds": 600.0, "samples_per_second": 1.0, "learning_rate": 0.0, "train": {}}
    append_progress(run.folder, {**record, "validation": {}, "share": 0.5, "time": 0.0})
    page = open_page("movies", view="About")
    assert not page.exception
    store.update(run.id, state="paused", message="It goes on where it was: what has been fetched and trained is kept.")
    page = open_page("movies", view="About")
    assert "is kept" in sentences(page)
    assert {"Resume", "Restart"} <= labels(page)
    button(page, "Restart").click().run()
    assert [each.id for each in store.list()] != [run.id]
    assert len(store.list()) == 1


@pytest.mark.parametrize("stage", ["room", "queue", "disk"])
def test_what_is_refused_leaves_no_run_and_keeps_the_offer(
    open_page: OpenPage, store: RunStore, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    def refuse(*args: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device") if stage == "disk" else QueueFull("Too many wait.")

    page = open_page("movies", view="About")
    places = {"room": (newer_offer, "check_room"), "queue": (Jobs, "train"), "disk": (RunStore, "create")}
    monkeypatch.setattr(*places[stage], refuse)
    button(page, "Get newer films").click().run()
    assert not page.exception
    assert store.list() == store.deleted() == []
    assert "Get newer films" in labels(page)
    words = "The disk refused: No space left on device" if stage == "disk" else "Too many wait."
    assert words in " ".join(each.value for each in page.toast)


def test_a_restart_that_is_refused_leaves_what_was_trained(
    open_page: OpenPage, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(store)
    store.update(run.id, state="interrupted")
    page = open_page("movies", view="About")
    monkeypatch.setattr(newer_offer, "disk_bytes", lambda folder: (100 * GB, 0))
    button(page, "Restart").click().run()
    assert not page.exception
    assert [each.id for each in store.list()] == [run.id]
    assert "too little room" in " ".join(each.value for each in page.toast)
    assert "Resume" in labels(page)


def test_a_failed_one_says_why_and_can_be_resumed(open_page: OpenPage, store: RunStore) -> None:
    run = begun(store)
    store.update(run.id, state="failed", message="The server refused. What arrived is kept.")
    page = open_page("movies", view="About")
    assert [each.value for each in page.error] == ["The server refused. What arrived is kept."]
    button(page, "Resume").click().run()
    assert store.get(run.id).status.state == "queued"


def test_one_that_took_over_recommends_without_an_address_and_one_can_go_back(
    open_page: OpenPage, store: RunStore, home: Path
) -> None:
    run = trained(store, home, is_better=True)
    make_usual(home, run.id)
    page = open_page("movies", view="About")
    assert not page.exception
    said = sentences_of(page)
    assert "films up to 2023 recommends on this page" in said
    assert "its NDCG@10 is 0.310" in said
    assert next(each for each in page.selectbox if each.label == "Recommender").value == run.id
    assert TITLE in " ".join(each.value for each in open_page("movies").caption)
    page = open_page("movies", view="About")
    button(page, "Go back to the built-in one").click().run()
    assert usual(store) == BUILTIN
    assert next(each for each in page.selectbox if each.label == "Recommender").value == BUILTIN
    button(page, "Let it recommend").click().run()
    assert usual(store) == run.id


def test_the_address_can_still_ask_for_the_built_in_one(open_page: OpenPage, store: RunStore, home: Path) -> None:
    run = trained(store, home, is_better=True)
    make_usual(home, run.id)
    page = open_page("movies", model=BUILTIN)
    assert not page.exception
    assert TITLE not in " ".join(each.value for each in page.caption)


def test_a_visitor_can_choose_the_built_in_one_where_another_is_usual(
    visit: OpenPage, store: RunStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_SHARED", "1")
    run = trained(store, home, is_better=True)
    make_usual(home, run.id)
    page = visit(Person("a" * 22), "movies", view="About")
    (choice,) = (each for each in page.selectbox if each.label == "Recommender")
    assert choice.value == run.id
    assert choice.options == ["Built in", TITLE]
    choice.set_value(BUILTIN).run()
    assert not page.exception
    assert BUILTIN in page.query_params["model"]
    assert TITLE not in " ".join(each.value for each in page.caption)


def test_one_that_is_gone_leaves_the_built_in_one(open_page: OpenPage, store: RunStore, home: Path) -> None:
    run = trained(store, home, is_better=True)
    make_usual(home, run.id)
    store.delete(run.id)
    page = open_page("movies", view="About")
    assert not page.exception
    assert "Get newer films" in labels(page)


def test_one_that_is_not_better_is_kept_but_does_not_recommend(
    open_page: OpenPage, store: RunStore, home: Path
) -> None:
    trained(store, home, is_better=False)
    page = open_page("movies", view="About")
    said = sentences_of(page)
    assert "so it did not take over from the built-in recommender" in said
    assert "the built-in one recommends" in said


def test_where_another_one_recommends_the_host_can_choose_either_way(
    open_page: OpenPage, store: RunStore, home: Path
) -> None:
    first, second = trained(store, home, is_better=True), trained(store, home, is_better=False)
    make_usual(home, first.id)
    page = open_page("movies", view="About")
    assert "another one recommends" in sentences_of(page)
    assert {"Let it recommend", "Go back to the built-in one"} <= labels(page)
    button(page, "Let it recommend").click().run()
    assert usual(store) == second.id
    store.delete(second.id)
    assert usual(store) == first.id


@pytest.mark.parametrize("facts", ["[]", "{", "{}", '{"comparison": 3}'])
def test_one_whose_facts_are_damaged_can_only_be_trained_again(
    open_page: OpenPage, store: RunStore, home: Path, facts: str
) -> None:
    run = trained(store, home, is_better=True)
    (run.folder / "facts.json").write_text(facts)
    page = open_page("movies", view="About")
    assert not page.exception
    assert "cannot be read" in sentences(page)
    assert "Let it recommend" not in labels(page)
    assert "Train again" in labels(page)


def test_the_end_of_the_catalogue_is_said_alike_in_the_filters_the_offer_and_the_model(open_page: OpenPage) -> None:
    words = f"films up to {load().catalogue.years[1]}"
    page = open_page("movies", view="About")
    assert f"The built-in recommender knows {words}. This trains" in sentences_of(page)
    assert f"The built-in recommender knows {len(load().films):,} {words}; others" in sentences_of(page)
    assert f"This catalogue has {words}." in sentences_of(open_page("movies"))


def test_who_is_the_host_no_longer_changes_nothing_for_all_by_a_page_that_is_still_open(
    visit: OpenPage, store: RunStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(store, home, is_better=False)
    page = visit(HOST, "movies", view="About")
    told: dict[str, str] = {}
    monkeypatch.setattr("ui.app.services.services.person", lambda: Person("ann"))
    monkeypatch.setattr("ui.widgets.run_actions.st.session_state", told)
    for pressed in (newer._let, newer._go_back):
        before = usual(store)
        pressed(run.id)
        assert usual(store) == before
        assert "Only the host of this server decides" in told.pop("notice")
        make_usual(home, run.id, BUILTIN)
    assert "Let it recommend" in labels(page)


def test_a_visitor_of_a_shared_server_sees_what_the_host_trains_but_cannot_stop_it(
    visit: OpenPage, store: RunStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_SHARED", "1")
    monkeypatch.delenv("AECORE_TRAINING_GB")
    run = begun(store)
    store.update(run.id, state="training", message="Reading the ratings: 10 %")
    stranger = Person("a" * 22)
    page = visit(stranger, "movies", view="About")
    assert "Pause" not in labels(page)
    store.delete(store.update(run.id, state="paused").id)
    page = visit(stranger, "movies", view="About")
    assert button(page, "Get newer films").disabled
    assert "Only the host" in sentences(page)


def test_no_callback_of_a_stranger_changes_what_recommends(
    store: RunStore, home: Path, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = trained(store, home, is_better=True), trained(store, home, is_better=False)
    make_usual(home, first.id)
    told: dict[str, object] = {}
    monkeypatch.setattr("ui.widgets.run_actions.st.session_state", told)
    monkeypatch.setattr(services, "person", lambda: Person("a" * 22))
    before = {run.id: run.status for run in store.list()}
    tried = (
        lambda: newer._let(second.id), lambda: newer._go_back(first.id), lambda: newer._restart(first.id), newer._again,
        newer_offer._get,
    )  # fmt: skip
    for callback in tried:
        callback()
        assert told.pop("notice")
        assert usual(store) == first.id
        assert {run.id: run.status for run in store.list()} == before


def test_the_recommender_page_and_the_list_of_runs_show_it(open_page: OpenPage, store: RunStore, home: Path) -> None:
    run = trained(store, home, is_better=True)
    for page in (open_page("recommender", run=run.id), open_page("runs")):
        assert not page.exception
        assert "before the best epoch was kept" not in sentences_of(page)
    store.update(run.id, state="training", message="Downloading MovieLens 32M: 34 %", test=None)
    page = open_page("recommender", run=run.id)
    assert "Pause" in labels(page)
    assert sentences(page) == "Downloading MovieLens 32M: 34 %"
    store.update(run.id, state="interrupted", message="")
    page = open_page("recommender", run=run.id)
    assert "What was fetched and trained is kept" in sentences(page)
    assert "Resume" in labels(page)
    assert "Use its settings" not in labels(page)
