"""The Sweep page: the form writes the address, what is told before is true, and the result says what the runs say."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from aecore.experiment.halving import Halving
from aecore.experiment.sweep import Sweep, as_text, from_text
from aecore.experiment.sweep_searches import Range, Values, range_of, searchable
from aecore.jobs.service import Jobs
from aecore.runs.store import RunStore
from aecore.runs.sweeps import SweepRecord, SweepStore
from tests.pages.charts import charts, numbers
from tests.pages.conftest import OpenPage, button, labels, sentences
from tests.small_runs import SMALL, finish
from ui.app.identity import HOST, Person

ANN, BOB = Person("ann"), Person("bob")
FIXED = {**{name: value for name, value in SMALL.items() if name != "latent_size"}, "epochs": 2}
GRID = Sweep("digits", "undercomplete", FIXED, {"latent_size": Values((2, 12)), "loss": Values(("mse", "bce"))})


def space_in(page: AppTest) -> Sweep:
    value = page.query_params["space"]
    return from_text(value[0] if isinstance(value, list) else value)


def sweep_in(page: AppTest) -> str:
    value = page.query_params["sweep"]
    return value[0] if isinstance(value, list) else value


def captions(page: AppTest) -> str:
    return "\n".join(each.value for each in (*page.caption, *page.markdown))


def trained(page: AppTest, jobs: Jobs, store: RunStore) -> SweepRecord:
    """The sweep that the page has started, all of whose runs have been trained in this process."""
    sweep_id = sweep_in(page)
    for _ in range(10):
        jobs.sweeps.tick()
        for job in jobs.queue.active():
            jobs.queue.cancel(job)
        for run in jobs.sweeps.runs_of(jobs.sweeps.store.get(sweep_id)):
            if run.status.state == "queued":
                finish(store, run)
    return jobs.sweeps.store.get(sweep_id)


def test_the_usual_search_stands_in_the_form(open_page: OpenPage) -> None:
    page = open_page("sweep")
    assert not page.exception
    assert page.multiselect(key="sweep_searched").value == ["latent_size", "learning_rate"]
    assert not button(page, "Start 20 runs").disabled
    assert "How long they take is not known" in captions(page)
    assert "how many runs you keep is not limited here" in captions(page)
    assert sentences(page) == ""


def test_what_is_ticked_is_searched_and_what_is_typed_is_tried(open_page: OpenPage) -> None:
    page = open_page("sweep", space=as_text(GRID))
    page.multiselect(key="sweep_searched").set_value(["latent_size", "loss", "widths", "revive"][:3]).run()
    page.text_input(key="values-widths").set_value("64, 32; none").run()
    page.text_input(key="values-latent_size").set_value("3 4,5").run()
    assert space_in(page).searched["widths"] == Values(((64, 32), ()))
    assert space_in(page).searched["latent_size"] == Values((3, 4, 5))
    assert "widths" not in space_in(page).fixed
    assert "Start 12 runs" in labels(page)
    page.text_input(key="values-latent_size").set_value("3, x").run()
    assert space_in(page).searched["latent_size"] == Values((3, 4, 5)), "what cannot be read changes nothing"
    assert any("Code size" in each.value for each in page.toast)


def test_a_grid_becomes_random_and_back(open_page: OpenPage) -> None:
    page = open_page("sweep", space=as_text(GRID))
    page.segmented_control(key="sweep_way").set_value("At random").run()
    assert space_in(page).runs == 20
    page.segmented_control(key="form-latent_size").set_value("Range").run()
    assert space_in(page).searched["latent_size"] == Range(2, 12, False, True)
    page.text_input(key="To-latent_size").set_value("40").run()
    assert space_in(page).searched["latent_size"] == Range(2, 40, False, True)
    page.number_input(key="sweep_runs").set_value(7).run()
    assert "Start 7 runs" in labels(page)
    page.segmented_control(key="sweep_way").set_value("Grid").run()
    assert space_in(page).searched["latent_size"] == Values((2, 21, 40))
    assert not page.exception


def test_early_stopping_says_where_runs_are_compared(open_page: OpenPage) -> None:
    page = open_page("sweep", space=as_text(replace(GRID, fixed={**FIXED, "epochs": 90})))
    page.toggle(key="sweep_halving").set_value(True).run()
    assert space_in(page).halving == Halving(3, 10)
    assert "Runs are compared after 10, 30 of 90 epochs." in captions(page)
    page.number_input(key="sweep_first").set_value(90).run()
    assert "after 90 epochs, but each run has only 90" in sentences(page)
    assert button(page, "Start the sweep").disabled


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"searched": {}}, "at least one setting"),
        ({"searched": {"latent_size": Values(tuple(range(1, 202)))}}, "201 combinations"),
        ({"runs": 5, "searched": {"latent_size": Range(5, 5, is_whole=True)}}, "Code size is empty"),
    ],
)
def test_what_cannot_be_run_is_said_in_the_words_of_the_form(
    change: dict[str, Any], told: str, open_page: OpenPage
) -> None:
    page = open_page("sweep", space=as_text(replace(GRID, **change)))
    assert not page.exception
    assert told in sentences(page)
    assert button(page, "Start the sweep").disabled


@pytest.mark.parametrize("query", [{"space": "nonsense"}, {"sweep": "0123456789ab"}, {"sweep": "../../etc"}])
def test_a_broken_link_is_told_and_the_form_stands(query: dict[str, str], open_page: OpenPage) -> None:
    page = open_page("sweep", **query)
    assert not page.exception
    assert sentences(page)
    assert "Start 20 runs" in labels(page)


def test_started_it_waits_in_the_queue_a_few_at_a_time_and_the_address_leads_to_it(
    open_page: OpenPage, store: RunStore, jobs: Jobs
) -> None:
    page = open_page("sweep", space=as_text(GRID))
    button(page, "Start 4 runs").click().run()
    assert not page.exception
    assert store.list() == [], "the page itself makes no run"
    jobs.sweeps.tick()
    page.run()
    assert "0 of 4 runs have ended; 2 wait, 2 have not begun." in captions(page)
    other = open_page("sweep", sweep=sweep_in(page))
    assert "Start 4 runs" in labels(other), "its search stands in the form"
    assert "0 of 4 runs have ended" in captions(other)


def test_the_result_is_chosen_by_validation_and_tested_for_once(
    open_page: OpenPage, store: RunStore, jobs: Jobs
) -> None:
    page = open_page("sweep", space=as_text(GRID))
    button(page, "Start 4 runs").click().run()
    sweep = trained(page, jobs, store)
    assert sweep.status.state == "done"
    page.run()
    assert not page.exception
    told = captions(page)
    assert "4 of 4 runs have ended." in told
    errors = {
        run.id: json.loads((run.folder / "progress.jsonl").read_text().splitlines()[-1])["validation_mse"]
        for run in store.list()
    }
    best = min(errors, key=errors.__getitem__)
    number = [run.id for run in sweep.runs].index(best) + 1
    assert f"Smallest validation error: run {number}" in told
    tests = {run.id: f"{run.status.test['mse']:.5f}" for run in store.list()}
    shown = "\n".join([told, *(str(each.value.to_json()) for each in page.dataframe)])
    assert tests[best] in told
    assert not [tests[each] for each in tests if each != best and tests[each] in shown and tests[each] != tests[best]]
    assert re.search(r"Loss.*Median validation error", told)
    assert "too few to say" in told
    ended = [errors[run.id] for run in sorted(store.list(), key=lambda run: run.status.finished)]
    dots, stairs = charts(page)["sweep-best-so-far"]["data"]
    assert (dots["mode"], numbers(dots["x"]), numbers(dots["y"])) == ("markers", [1, 2, 3, 4], ended)
    assert (stairs["mode"], stairs["line"]["shape"]) == ("lines", "hv")
    assert numbers(stairs["y"]) == [min(ended[: count + 1]) for count in range(4)]
    button(page, "Train with its settings").click().run()
    assert not page.exception
    assert [each.value for each in page.title] == ["Train an autoencoder"]


def test_the_test_set_is_not_looked_at_while_a_sweep_goes_on(open_page: OpenPage, store: RunStore, jobs: Jobs) -> None:
    page = open_page("sweep", space=as_text(GRID))
    button(page, "Start 4 runs").click().run()
    jobs.sweeps.tick()
    first = finish(store, store.list()[-1])
    page.run()
    assert "Smallest validation error so far" in captions(page)
    assert "is looked at when the sweep has ended" in captions(page)
    measured = f"{(first.status.test or {})['mse']:.5f}"
    assert measured not in captions(page)
    button(page, "Stop").click().run()
    assert measured in captions(page)


def test_deleting_and_undoing(open_page: OpenPage, store: RunStore, jobs: Jobs) -> None:
    page = open_page("sweep", space=as_text(GRID))
    button(page, "Start 4 runs").click().run()
    jobs.sweeps.tick()
    page.run()
    button(page, "Stop").click().run()
    button(page, "Delete").click().run()
    assert (len(store.list()), len(store.deleted())) == (0, 2)
    assert "sweep" not in page.query_params
    button(page, "Undo").click().run()
    assert not page.exception
    assert len(store.list()) == 2
    button(page, "Continue").click().run()
    assert jobs.sweeps.store.get(sweep_in(page)).status.state == "running"


def test_a_stranger_can_look_but_not_touch(visit: OpenPage, jobs: Jobs, store: RunStore) -> None:
    page = visit(ANN, "sweep", space=as_text(GRID))
    button(page, "Start 4 runs").click().run()
    jobs.sweeps.tick()
    assert {run.status.owner for run in store.list()} == {ANN.tag}
    sweep_id = sweep_in(page)
    assert {"Pause", "Stop"} <= labels(visit(ANN, "sweep", sweep=sweep_id))
    seen = visit(BOB, "sweep", sweep=sweep_id)
    assert "belongs to another visitor" in captions(seen)
    assert not {"Pause", "Stop", "Delete", "Continue"} & labels(seen)
    assert {"Pause", "Stop"} <= labels(visit(HOST, "sweep", sweep=sweep_id))
    assert sweep_id[:4] not in str(visit(BOB, "sweep").selectbox), "it is not in the list of others"


def test_the_quota_is_told_and_checked_before(
    visit: OpenPage, store: RunStore, home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_MOST_RUNS", "3")
    page = visit(ANN, "sweep", space=as_text(GRID))
    assert "they are 4 of the 3 runs that you may still keep here" in captions(page)
    button(page, "Start 4 runs").click().run()
    assert any("4 more would be too many" in each.value for each in page.toast)
    assert SweepStore(home).list() == []
    monkeypatch.setenv("AECORE_MOST_RUNS", "7")
    button(page, "Start 4 runs").click().run()
    assert "they are 4 of the 3 runs that you may still keep here, besides 4 that other sweeps" in captions(page)
    button(page, "Start 4 runs").click().run()
    assert len(SweepStore(home).list()) == 1, "two sweeps together would be more than the quota"


def test_the_time_is_told_by_earlier_runs(open_page: OpenPage, store: RunStore, jobs: Jobs) -> None:
    run = store.create(GRID.settings()[0].to_dict(), "Earlier")
    store.update(run.id, state="done", seconds=120.0)
    page = open_page("sweep", space=as_text(GRID))
    assert f"Together they take about {round(480 / jobs.size / 60)} minutes, by 1 earlier run on this data" in captions(
        page
    )


def test_a_range_on_a_logarithmic_knob_is_kept_when_the_page_is_left(open_page: OpenPage) -> None:
    rate = range_of(searchable("undercomplete")["learning_rate"], 0.0005, 0.05)
    page = open_page("sweep", space=as_text(replace(GRID, runs=3, searched={"learning_rate": rate})))
    page.switch_page("../../pages/race.py").run()
    page.switch_page("../../pages/sweep.py").run()
    assert space_in(page).searched == {"learning_rate": rate}
