"""Quotas on the pages: sentences with the numbers, nothing begun beyond them, and a trash that its owner can empty."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from aecore.datasets.base import Examples
from aecore.datasets.uploads.base import Uploaded
from aecore.datasets.uploads.store import save_upload, upload_store
from aecore.experiment.settings import RunSettings
from aecore.jobs.service import Jobs
from aecore.runs.snapshots import append_progress
from aecore.runs.store import RunStore
from aecore.runs.usage import QuotaError
from tests.pages.conftest import button, sentences
from tests.small_runs import make
from ui.app import allowance
from ui.app.identity import HOST, Person
from ui.app.services import services
from ui.screens.race import actions as race_actions
from ui.screens.race.link import THRICE
from ui.widgets import run_actions

ROOT = Path(__file__).resolve().parents[2]
ANN = Person("ann")
LARGE = {"data": "digits", "widths": "4096,4096,4096", "latent_size": "32"}


@pytest.fixture
def as_ann(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Callbacks are Ann's; gives what a refusal says under "notice"."""
    state: dict[str, str] = {}
    monkeypatch.setattr("ui.app.services.services.person", lambda: ANN)
    monkeypatch.setattr(run_actions.st, "session_state", state)
    return state


def captions(page: AppTest) -> str:
    return "\n".join(each.value for each in page.caption)


def large() -> RunSettings:
    return RunSettings.build("digits", "undercomplete", widths=[4096] * 3, latent_size=32)


def test_the_form_counts_the_weights_and_refuses_what_is_too_large_for_a_visitor(visit: Callable[..., AppTest]) -> None:
    page = visit(ANN, "train", data="digits", latent_size="10", widths="100")
    settings = RunSettings.build("digits", "undercomplete", latent_size=10, widths=[100])
    assert f"{settings.model.parameters((1, 8, 8)):,} weights and biases." in captions(page)
    assert not button(page, "Train").disabled
    page = visit(ANN, "train", **LARGE)
    assert "weights and biases, 1.2 GB while it trains; this server accepts 20,000,000." in sentences(page)
    assert button(page, "Train").disabled


def test_the_host_is_bound_by_memory_alone(visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aecore.limits.memory_bytes", lambda unknown=0: 64 * 10**9)
    page = visit(HOST, "train", **LARGE)
    assert not button(page, "Train").disabled
    monkeypatch.setattr("aecore.limits.memory_bytes", lambda unknown=0: 10**9)
    page = visit(HOST, "train", **LARGE)
    assert "this machine accepts 0.5 GB" in sentences(page)
    assert button(page, "Train").disabled


def test_an_entry_of_a_race_that_is_too_large_is_named(visit: Callable[..., AppTest]) -> None:
    race = "digits__epochs_5__batch_size_64__seed_0~linear~undercomplete__widths_4096-4096-4096"
    page = visit(ANN, "race", race=race)
    assert "Entry 2: This network would have" in sentences(page)
    assert button(page, "Start the race").disabled


def test_no_callback_trains_what_is_too_large(as_ann: dict[str, str], store: RunStore) -> None:
    hosts = store.create(large().to_dict(), "The host's")
    for act in (lambda: run_actions.train(large()), lambda: run_actions.restart(hosts.id)):
        act()
        assert "this server accepts 20,000,000" in as_ann.pop("notice")
    assert [run.id for run in store.list()] == [hosts.id]


def test_no_callback_makes_more_runs_than_a_person_may_keep(
    as_ann: dict[str, str], store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_MOST_RUNS", "2")
    for owner in (ANN.tag, ANN.tag, "another", ""):
        make(store, owner=owner)
    before = len(store.list())
    run_actions.train(RunSettings.build("digits", "undercomplete"))
    assert "You have 2 runs, and another would be too many: one person may keep 2" in as_ann["notice"]
    assert len(store.list()) == before


def test_a_race_has_room_for_all_its_runs_or_begins_none(
    as_ann: dict[str, str], store: RunStore, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aecore.experiment.comparison_presets import COMPARISON_PRESETS, FIRST

    race = COMPARISON_PRESETS[FIRST].on("digits")
    assert race
    monkeypatch.setattr(type(THRICE), "read", lambda self: False)
    monkeypatch.setenv("AECORE_MOST_RUNS", str(len(race.entries) - 1))
    race_actions.start(race, [entry.variant for entry in race.entries])
    assert f"{len(race.entries)} more would be too many" in as_ann["notice"]
    assert store.list() == []


def test_nothing_is_begun_on_a_full_disk(
    as_ann: dict[str, str], store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aecore.runs.usage.disk_bytes", lambda folder: (10**12, 5 * 10**8))
    run_actions.train(RunSettings.build("digits", "undercomplete"))
    assert "The disk has 0.5 GB free" in as_ann["notice"]
    assert store.list() == []


def test_whatever_makes_a_run_asks_first_whether_there_is_room() -> None:
    makers = []
    for path in [*(ROOT / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")]:
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef) and path.name != "ownership.py":
                calls = [ast.unparse(each.func) for each in ast.walk(function) if isinstance(each, ast.Call)]
                makes = [name for name in calls if name == "services.store.create" or name == "create_run"]
                if makes:
                    makers.append(function.name)
                    assert "check_room" in calls, f"{path.name}: {function.name} makes a run without check_room"
    assert {"train", "restart", "random_twin", "start", "train_recommender", "begin"} <= set(makers)


def test_whatever_is_brought_is_kept_only_where_there_is_room() -> None:
    keepers = []
    for path in (ROOT / "ui").rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                calls = [ast.unparse(each.func) for each in ast.walk(function) if isinstance(each, ast.Call)]
                if {"save_upload", "save_own"} & set(calls) or (
                    path.parent.name == "words" and {"keep", "keep_draft"} & set(calls)
                ):
                    keepers.append(function.name)
                    assert "check_storage" in calls, f"{path.name}: {function.name} keeps what is brought"
    assert len(keepers) == 4


def test_texts_are_not_kept_in_a_full_home(
    visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("AECORE_HOME_GB", "0")
    page = visit(ANN, "words", texts="own")
    services.housekeeping.measure()
    page.text_area(key="words-paste").set_value("a, one two\na, three two\nb, four five\nb, six five").run()
    button(page, "Learn from these").click().run()
    assert not page.exception
    assert "All that is kept on this server takes" in sentences(page)
    assert not list(home.glob("words/*")), "no draft either"
    assert page.text_area(key="words-paste").value.startswith("a, one two"), "what was typed is not lost"


def test_what_is_uploaded_and_deleted_again_and_again_counts_until_it_is_deleted_for_good(
    visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("AECORE_PERSON_GB", "0.0003")  # three of these, and not four
    monkeypatch.setattr("ui.app.services.services.person", lambda: ANN)
    refused = ""
    for seed in range(8):
        try:
            allowance.check_storage(100_000)
        except QuotaError as error:
            refused = str(error)
            break
        pictures = Examples(np.random.default_rng(seed).random((98, 1, 16, 16)).astype(np.float32), None)
        upload_store(home).delete(save_upload(Uploaded(pictures, "images", (), ()), "Mine", home, ANN.owner), ANN.owner)
    assert seed == 2, "not as many as one likes, one after the other"
    assert "what you have brought takes 0.2 MB, 0.2 MB of it in its trash" in refused
    page = visit(ANN, "data")
    button(page, "Delete for good").click().run()
    assert not page.exception
    allowance.check_storage(100_000)
    assert not list((home / "trash").iterdir())


def test_a_visitor_with_very_many_deleted_runs_is_measured_before_they_may_add_to_it(
    as_ann: dict[str, str], store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aecore.runs.usage.MOST_NEW", 1)
    monkeypatch.setattr("ui.app.allowance.MOST_NEW", 1)
    monkeypatch.setenv("AECORE_PERSON_GB", "0.000001")
    for _ in range(3):
        run = make(store, owner=ANN.tag)
        store.update(run.id, state="paused")
        store.delete(run.id)
    run_actions.train(RunSettings.build("digits", "undercomplete"))
    assert "Your 3 runs take 0.0 MB" in as_ann["notice"]
    assert store.list() == []


def test_runs_says_what_they_take_and_may_take(visit: Callable[..., AppTest], store: RunStore) -> None:
    for _ in range(3):
        store.update(make(store, owner=ANN.tag).id, state="paused")
    store.update(make(store).id, state="paused")
    store.delete(store.list()[-1].id)
    page = visit(ANN, "runs")
    assert "2 of at most 300 runs, 0.0 MB of at most 2.0 GB on the disk, 0.0 MB of it in the trash." in captions(page)
    page = visit(HOST, "runs")
    assert "3 runs, 0.0 MB on the disk, 0.0 MB of it in the trash. The disk has " in captions(page)


def test_everybody_empties_their_own_trash(visit: Callable[..., AppTest], store: RunStore) -> None:
    anns, hosts = make(store, "Ann's", owner=ANN.tag), make(store, "Host's")
    for run in (anns, hosts):
        store.update(run.id, state="paused")
        store.delete(run.id)
    page = visit(ANN, "runs")
    assert "Deleted runs are removed for good after 30 days." in captions(page)
    button(page, "Remove 1 run for good").click().run()
    assert [run.id for run in store.deleted()] == [hosts.id]
    page = visit(HOST, "runs")
    assert "Deleted runs stay until you remove them." in captions(page)
    assert "What visitors delete" not in captions(page)
    button(page, "Remove 1 run for good").click().run()
    assert store.deleted() == []
    assert not page.exception


def test_the_host_empties_no_visitors_trash(visit: Callable[..., AppTest], store: RunStore) -> None:
    store.update(make(store, "Ann's", owner=ANN.tag).id, state="paused")
    store.delete(store.list()[0].id)
    page = visit(HOST, "runs")
    assert "Those that visitors made are removed for good after 30 days." in captions(page)
    assert not any(each.label.startswith("Remove") for each in page.button)


def test_a_waiting_run_tells_its_place_and_about_when_it_starts(
    visit: Callable[..., AppTest], store: RunStore, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aecore.jobs.kinds import TRAINING

    monkeypatch.setattr(type(jobs), "size", 1)
    running, waiting, last = (make(store, epochs=100, seed=seed) for seed in range(3))
    for run in (running, waiting, last):
        jobs.train(run.id, HOST.tag)
    assert jobs.queue.take(TRAINING, 1)
    page = visit(HOST, "train", run=last.id)
    assert "1 run starts before this one." in sentences(page)
    assert "It starts in" not in sentences(page)
    append_progress(
        running.folder,
        {
            "step": 9,
            "epoch": 25.0,
            "share": 0.25,
            "seconds": 60.0,
            "train": {},
            "validation": {},
            "validation_mse": None,
        },
    )
    monkeypatch.setattr(jobs, "_waits_at", -1e9)
    assert "1 run starts before this one. It starts in about 7 minutes." in sentences(visit(HOST, "train", run=last.id))
    race = visit(HOST, "race", runs=last.id)
    assert "1 run starts before the first of these. It starts in about 7 minutes." in sentences(race)
    assert "before the first of these" not in sentences(visit(HOST, "race", runs=f"{waiting.id}.{last.id}"))
