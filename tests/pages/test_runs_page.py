"""The Runs page without a browser: its sentences count what is drawn."""

from __future__ import annotations

from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.charts import charts
from tests.pages.conftest import OpenPage, button
from tests.small_runs import make


def test_the_caption_counts_the_curves_that_are_drawn(open_page: OpenPage, store: RunStore) -> None:
    for count, says in ((1, "this is the newest network with"), (3, "these are the 3 newest networks with")):
        while len(store.list()) < count:
            finished_run(store.folder, f"Run {len(store.list())}", epochs=2)
        make(store)  # waits, and has no curve yet
        page = open_page("runs")
        assert not page.exception
        drawn = charts(page)["chart-compare"]["data"]
        assert len({trace.get("name") for trace in drawn}) == count
        assert any(says in each.value for each in page.caption)
        store.delete(next(run.id for run in store.list() if run.status.state == "queued"))


def test_runs_that_only_wait_are_listed_without_a_chart(open_page: OpenPage, store: RunStore) -> None:
    make(store)
    page = open_page("runs")
    assert not page.exception
    assert len(page.dataframe) == 1
    assert not any("Nothing is ticked" in each.value for each in page.caption)


def test_a_deletion_names_what_went_and_can_be_undone(open_page: OpenPage, store: RunStore) -> None:
    gone, stays = make(store), make(store)
    store.rename(gone.id, "Digits *of mine*")
    page = open_page("runs")
    assert not page.success
    store.delete(gone.id)
    page.session_state["_deleted_runs"] = (gone.id,)
    page.run()
    assert not page.exception
    assert page.success[0].value == r"Deleted: “Digits \*of mine\*”."
    button(page, "Undo").click().run()
    assert not page.exception
    assert not page.success
    assert {run.id for run in store.list()} == {gone.id, stays.id}
