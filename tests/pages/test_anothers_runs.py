"""A stranger on the pages of a shared server: no callback changes another's run, and no page offers to."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from aecore.jobs.service import Jobs
from aecore.runs.store import Run, RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage, labels
from tests.small_runs import make
from ui.app.identity import Person
from ui.app.services import services
from ui.screens.race import actions as race_actions
from ui.widgets import run_actions

ANN, BOB = Person("ann"), Person("bob")
ANOTHERS = "This run belongs to another visitor."

ON_A_RUN: dict[str, Callable[[str], None]] = {
    "pause": run_actions.pause,
    "stop": run_actions.stop,
    "resume": run_actions.resume,
    "go_back": run_actions.go_back,
    "rename": lambda run_id: run_actions.rename(run_id, "Mine now"),
    "delete": lambda run_id: run_actions.delete((run_id,)),
    "restore": run_actions.restore,
    "discard": lambda run_id: run_actions.discard((run_id,)),
    "pause_all": lambda run_id: race_actions.pause_all([run_id]),
    "stop_all": lambda run_id: race_actions.stop_all([run_id]),
    "continue_all": lambda run_id: race_actions.continue_all([run_id]),
}
COPIES = {"train", "restart", "random_twin", "use_settings", "start"}
"""These change no run; those of OF_THE_PAGE are about the page."""
OF_THE_PAGE = {"choose", "has_notice", "notice", "say", "told", "can_go_on"}


def own_functions(module: object) -> set[str]:
    return {
        name
        for name, each in inspect.getmembers(module, inspect.isfunction)
        if each.__module__ == module.__name__ and not name.startswith("_")  # type: ignore[attr-defined]
    }


def test_every_action_is_tried_here() -> None:
    found = own_functions(run_actions) | own_functions(race_actions)
    assert found - OF_THE_PAGE == set(ON_A_RUN) | COPIES


@pytest.fixture
def stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "person", lambda: BOB)


@pytest.mark.parametrize("action", ON_A_RUN)
def test_no_action_of_a_stranger_changes_a_run(action: str, stranger: None, store: RunStore, jobs: Jobs) -> None:
    state = {"resume": "paused", "continue_all": "paused", "go_back": "diverged"}.get(action, "queued")
    run = make(store, "Ann's", owner=ANN.tag)
    if state == "queued":
        jobs.train(run.id, ANN.tag)
    else:
        store.update(run.id, state=state)
    if action in ("restore", "discard"):
        jobs.pause(run.id)
        store.delete(run.id)
    before = {path: path.read_bytes() for path in store.folder.rglob("*.json")}
    was_known = jobs.is_known(run.id)
    ON_A_RUN[action](run.id)
    assert {path: path.read_bytes() for path in store.folder.rglob("*.json")} == before
    assert jobs.is_known(run.id) == was_known


def finished_by(store: RunStore, person: Person) -> Run:
    run = finished_run(store.folder, "Ann's own", epochs=2)
    return store.update(run.id, owner=person.tag)


def says_whose(page: AppTest) -> bool:
    return any(each.value.startswith(ANOTHERS) for each in page.caption)


def test_a_link_shows_a_run_to_a_stranger_who_can_copy_it_and_no_more(
    visit: OpenPage, store: RunStore, jobs: Jobs
) -> None:
    run = store.update(finished_by(store, ANN).id, state="paused")
    own, others = visit(ANN, "train", run=run.id), visit(BOB, "train", run=run.id)
    assert not says_whose(own)
    assert says_whose(others)
    assert labels(own) - labels(others) == {"Continue"}
    next(button for button in others.button if button.label == "Same start again").click().run()
    assert not others.exception
    (copy,) = [each for each in store.list() if each.id != run.id]
    assert copy.status.owner == BOB.tag
    assert not says_whose(others), "the copy is theirs"


def test_the_page_of_runs_lists_ones_own(visit: OpenPage, store: RunStore) -> None:
    mine, yours = finished_by(store, ANN), finished_by(store, BOB)
    store.delete(make(store, "Ann's deleted", owner=ANN.tag).id)
    for person in (ANN, BOB):
        page = visit(person, "runs")
        assert len(page.dataframe[0].value) == 1
        assert ("Trash (1)" in [each.label for each in page.expander]) == (person is ANN)
    page = visit(BOB, "runs", runs=f"{mine.id}.{yours.id}")
    assert len(page.dataframe[0].value) == 2, "a link shows another's beside one's own"


def test_another_visitors_network_is_chosen_by_a_link_only(visit: OpenPage, store: RunStore) -> None:
    run = finished_by(store, ANN)
    known = visit(BOB, "noise", data="digits").multiselect(key="networks-chosen").options
    assert not any("Ann's own" in option for option in known)
    page = visit(BOB, "noise", data="digits", networks=run.id)
    assert page.multiselect(key="networks-chosen").value == [run.id]


def test_a_race_of_another_has_no_buttons_for_all(visit: OpenPage, store: RunStore) -> None:
    runs = [store.update(finished_by(store, ANN).id, state="paused") for _ in range(2)]
    link = {"runs": ".".join(run.id for run in runs)}
    assert "Continue all" in labels(visit(ANN, "race", **link))
    assert "Continue all" not in labels(visit(BOB, "race", **link))
