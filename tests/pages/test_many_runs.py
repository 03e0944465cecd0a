"""Pages of a home with more runs than a list shows: nothing is out of reach, and no list is without end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from safetensors.numpy import save_file
from streamlit.testing.v1 import AppTest

from aecore.experiment.settings import RunSettings
from aecore.runs.listing import Listing
from aecore.runs.store import Run, RunStore
from tests.pages.conftest import OpenPage, button
from ui.screens.runs import comparison
from ui.screens.runs.table import PAGE_SIZE
from ui.widgets import newest

SETTINGS = RunSettings.build("digits", "undercomplete").to_dict()


@pytest.fixture
def many(store: RunStore) -> list[Run]:
    """As many runs as fill two pages of the list and begin a third, the newest first; every tenth has failed."""
    return _runs(store, 2 * PAGE_SIZE + 7)


def _runs(store: RunStore, count: int) -> list[Run]:
    for number in range(count):
        run = store.create(SETTINGS, f"Run {count - 1 - number}")
        save_file({}, run.folder / "weights.safetensors")
        store.update(run.id, state="done" if number % 10 else "failed", created=1e9 + number)
    return store.list()


def listed(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["Name"])


def tick(page: AppTest, *ids: str) -> None:
    page.session_state["_ticked-runs"] = frozenset({*ids, *page.session_state["_ticked-runs"]})


def captions(page: AppTest) -> str:
    return "\n".join(each.value for each in page.caption)


def test_the_list_has_pages_and_the_address_names_one(open_page: OpenPage, many: list[Run]) -> None:
    page = open_page("runs")
    assert not page.exception
    assert listed(page) == [run.name for run in many[:PAGE_SIZE]]
    assert f"Runs: 1 to {PAGE_SIZE} of {len(many)}." in captions(page)
    page = open_page("runs", page="3")
    assert listed(page) == [run.name for run in many[2 * PAGE_SIZE :]]
    page = open_page("runs", page="4")
    assert listed(page) == [run.name for run in many[:PAGE_SIZE]]
    assert any("asks for page “4” of a list" in each.value for each in page.warning)


def test_names_and_states_are_searched_on_all_pages(open_page: OpenPage, many: list[Run]) -> None:
    page = open_page("runs", find="RUN 10")
    assert listed(page) == ["Run 10", *(f"Run {number}" for number in range(100, 107))]
    page = open_page("runs", state="Failed")
    assert listed(page) == [run.name for run in many if run.status.state == "failed"]
    page.text_input(key="find").set_value("run 6").run()
    assert listed(page) == ["Run 6", "Run 66"]
    page.text_input(key="find").set_value("nowhere").run()
    assert not page.exception
    assert not page.dataframe
    assert any("No run is called so" in each.value for each in page.info)


def test_a_search_begins_on_the_first_page(open_page: OpenPage, many: list[Run]) -> None:
    page = open_page("runs", page="3")
    page.text_input(key="find").set_value("Run").run()
    assert listed(page) == [run.name for run in many[:PAGE_SIZE]]
    assert "page" not in page.query_params


def test_ticks_stay_while_other_pages_are_looked_at(open_page: OpenPage, store: RunStore, many: list[Run]) -> None:
    page = open_page("runs")
    tick(page, many[0].id, many[2].id)
    page.pagination(key="page").set_value(2).run()
    assert listed(page) == [run.name for run in many[PAGE_SIZE : 2 * PAGE_SIZE]]
    assert "Ticked: 2, of which 2 not on this page of the list." in captions(page)
    tick(page, many[PAGE_SIZE + 1].id)
    page.run()
    button(page, "Delete these 3").click().run()
    assert not page.exception
    gone = {many[0].id, many[2].id, many[PAGE_SIZE + 1].id}
    assert {run.id for run in store.deleted()} == gone
    assert "Ticked:" not in captions(page)
    button(page, "Undo").click().run()
    assert store.deleted() == []


def test_everything_that_was_found_can_be_ticked_at_once(open_page: OpenPage, store: RunStore, many: list[Run]) -> None:
    page = open_page("runs", state="Failed")
    failed = {run.id for run in many if run.status.state == "failed"}
    button(page, f"Tick all {len(failed)}").click().run()
    page.selectbox(key="state").set_value("any").run()
    button(page, f"Delete these {len(failed)}").click().run()
    assert {run.id for run in store.deleted()} == failed
    assert len(store.list()) == len(many) - len(failed)


def test_all_ticks_can_be_taken_away(open_page: OpenPage, many: list[Run]) -> None:
    page = open_page("runs", page="3")
    tick(page, *(run.id for run in many))
    page.run()
    assert f"Ticked: {len(many)}, of which {2 * PAGE_SIZE} not on this page" in captions(page)
    button(page, "Untick all").click().run()
    assert "Ticked:" not in captions(page)
    assert not any(each.label.startswith("Delete these") for each in page.button)


def test_a_page_that_is_no_longer_there_gives_way_to_the_last(
    open_page: OpenPage, store: RunStore, many: list[Run]
) -> None:
    page = open_page("runs", page="3")
    for run in many[:10]:
        store.delete(run.id)
    page.run()
    assert not page.exception
    assert listed(page) == [run.name for run in many[10 + PAGE_SIZE :]]


def test_the_trash_has_pages_and_the_last_deleted_comes_first(
    open_page: OpenPage, store: RunStore, many: list[Run]
) -> None:
    for run in many[40:0:-1]:
        store.delete(run.id)
    page = open_page("runs")
    assert not page.exception
    assert "Trash (40)" in [each.label for each in page.expander]
    restored = [each.label for each in page.button if each.label.startswith("Restore ")]
    assert len(restored) == 20
    assert restored[0] == f"Restore {many[1].name}"
    page.pagination(key="trash_page").set_value(2).run()
    button(page, f"Restore {many[40].name}").click().run()
    assert many[40].id in {run.id for run in store.list()}


def test_a_chart_has_no_more_curves_than_can_be_told_apart(open_page: OpenPage, many: list[Run]) -> None:
    page = open_page("runs")
    tick(page, *(run.id for run in many))
    page.run()
    assert not page.exception
    assert f"The chart has the {comparison.MOST_CURVES} newest of {len(many)}" in captions(page)


OPTIONS: dict[str, Callable[[AppTest], list[str]]] = {
    "noise": lambda page: page.multiselect(key="networks-chosen").options,
    "compression": lambda page: page.multiselect(key="packing-networks").options,
    "race": lambda page: page.multiselect(key="race_runs").options,
    "features": lambda page: page.selectbox[0].options,
    **{
        name: lambda page: next(each for each in page.selectbox if each.label == "Network").options
        for name in ("latent", "generate", "translate", "anomaly")
    },
}


@pytest.mark.parametrize("name", OPTIONS)
def test_a_list_of_networks_has_the_newest_and_the_one_of_the_address(
    name: str, open_page: OpenPage, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest, "MOST", 5)
    *_, oldest = [run for run in _runs(store, 14) if run.status.state == "done"]
    page = open_page(name, data="digits")
    assert not page.exception
    own = [title for title in OPTIONS[name](page) if title.startswith("Run ")]
    assert len(own) == 5
    assert "The list has the 5 newest runs that fit." in captions(page)
    names = {"noise": "networks", "compression": "networks", "race": "runs", "features": "run"}
    page = open_page(name, **({"data": "digits"} if name in ("noise", "compression") else {}),
                     **{names.get(name, "network"): oldest.id})  # fmt: skip
    assert not page.exception
    assert [title for title in OPTIONS[name](page) if title.split(" · ")[0] == oldest.name]
    assert oldest.name not in own


def test_an_old_network_is_used_from_the_runs_page(open_page: OpenPage, many: list[Run]) -> None:
    page = open_page("runs", page="3")
    old = many[-2]
    tick(page, old.id)
    page.run()
    links = {each.proto.label: each.proto.query_string for each in page.get("page_link")}
    assert links["Map"] == f"network={old.id}"
    assert links["Noise lab"] == f"data=digits&networks={old.id}"
    assert links["Features"] == f"run={old.id}"


def test_an_old_run_that_was_chosen_on_another_page_stays_on_the_lists(
    open_page: OpenPage, many: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest, "MOST", 5)
    old = next(run for run in reversed(many) if run.status.state == "done")
    page = open_page("train", run=old.id)
    page.switch_page("../../pages/features.py")
    page.query_params.clear()
    page.run()
    assert page.selectbox[0].value == old.id
    assert len([name for name in page.selectbox[0].options if name.startswith("Run")]) == 6


def test_a_page_looks_through_the_runs_once_and_its_next_rerun_again(
    open_page: OpenPage, many: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Listing] = []
    look = Listing._look
    monkeypatch.setattr(Listing, "_look", lambda listing: (looks.append(listing), look(listing))[1])
    page = open_page("runs")
    assert len(looks) == len(set(looks)), "once for each folder"
    before = len(looks)
    RunStore(many[0].folder.parent).rename(many[0].id, "Renamed by another process")
    page.run()
    assert len(looks) == 2 * before
    assert listed(page)[0] == "Renamed by another process"


def test_a_search_that_leaves_one_page_says_nothing_about_the_address(open_page: OpenPage, many: list[Run]) -> None:
    page = open_page("runs", page="3")
    page.text_input(key="find").set_value("Run 10").run()
    assert len(listed(page)) < PAGE_SIZE
    assert not page.warning
    page.text_input(key="find").set_value("").run()
    assert listed(page) == [run.name for run in many[:PAGE_SIZE]]


def test_the_list_is_sorted_as_a_whole(open_page: OpenPage, store: RunStore, many: list[Run]) -> None:
    store.update(many[-1].id, test={"mse": 0.25})
    store.update(many[60].id, test={"mse": 0.5})
    page = open_page("runs", sort="Smallest test error")
    assert listed(page)[:3] == [many[-1].name, many[60].name, many[0].name]
    page.selectbox(key="sort").set_value("Name").run()
    assert listed(page) == sorted((run.name for run in many), key=str.casefold)[:PAGE_SIZE]


def test_one_that_cannot_be_deleted_does_not_hold_up_the_others(
    open_page: OpenPage, store: RunStore, many: list[Run]
) -> None:
    page = open_page("runs")
    tick(page, *(run.id for run in many[:4]))
    page.run()
    with store.lock(many[0].id), store.lock(many[2].id):
        button(page, "Delete these 4").click().run()
    assert not page.exception
    assert {run.id for run in store.deleted()} == {many[1].id, many[3].id}
    assert "is training; stop it first, then delete it. 1 more could not be deleted either." in page.toast[0].value
