"""Every page with runs says on what and where they train, and those with a button to train say where that is."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aecore.foreign import in_markdown
from aecore.jobs.service import Jobs
from aecore.jobs.standing import Standing
from aecore.runs.store import RunStore
from aecore.words.runs import create_run
from aecore.words.settings import WordSettings
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage
from tests.small_recommenders import bring_tastes, make_recommender
from tests.small_runs import finish, make
from tests.small_words import learn_eight

FAR = "NVIDIA H200 of node gpu-2"
LOST = "The cluster was lost. Trainings run on this machine until it is there."


def captions(page: AppTest) -> str:
    assert not page.exception
    return " ".join(each.value for each in page.caption)


def test_a_recommender_says_where_it_trains_and_where_it_was_trained(
    open_page: OpenPage, store: RunStore, home: Path
) -> None:
    run = make_recommender(store, bring_tastes(home), "bias")
    assert " on " not in captions(open_page("recommender", run=run.id)).partition("Trained on")[2], "it waits"
    store.update(run.id, state="training", device=FAR)
    assert f"Trains on {in_markdown(FAR)}." in captions(open_page("recommender", run=run.id))
    store.update(run.id, state="failed", message="The disk was full.")
    assert f"Trained on {in_markdown(FAR)}." in captions(open_page("recommender", run=run.id))
    store.update(run.id, state="queued", device="", message="")
    finish(store, run)
    store.update(run.id, device=FAR)  # as it is brought home: the node itself does not know its name
    assert f" s on {in_markdown(FAR)}." in captions(open_page("recommender", run=run.id))


def test_words_say_where_they_are_learned(open_page: OpenPage, store: RunStore) -> None:
    settings = WordSettings()
    run = create_run(store, "eight", "Eight remarks", settings)
    assert in_markdown(FAR) not in captions(open_page("words"))
    store.update(run.id, state="training", device=FAR)
    assert f"Trains on {in_markdown(FAR)}." in captions(open_page("words"))
    learn_eight(store.folder.parent, settings)
    store.update(run.id, state="done")
    assert f"Trained on {in_markdown(FAR)}." in captions(open_page("words"))


def test_a_race_and_the_list_of_runs_say_where_each_trains(open_page: OpenPage, store: RunStore) -> None:
    done, trains, waits = finished_run(store.folder, "Done", epochs=1), make(store, "Trains"), make(store, "Waits")
    store.update(done.id, device="CPU of node <lab>")
    store.update(trains.id, state="training", device=FAR)
    page = open_page("race", runs=".".join(run.id for run in (done, trains, waits)))
    assert not page.exception
    table = next(each.proto.body for each in page.get("html") if "race-table" in each.proto.body)
    assert "<small>Done · CPU of node &lt;lab&gt;</small>" in table
    assert f"<small>Training · 0 % · {FAR}<span" in table.replace("\u202f", " ").replace("\u00a0", " ")
    assert "<small>Waiting · 0 %<span" in table.replace("\u202f", " ").replace("\u00a0", " ")
    (listed,) = open_page("runs").dataframe
    where = dict(zip(listed.value["Name"], listed.value["On"], strict=True))
    assert (where["Done"], where["Trains"]) == ("CPU of node <lab>", FAR)
    assert not isinstance(where["Waits"], str), "nobody knows yet"


@pytest.mark.parametrize("name", ["train", "race", "recommender", "words", "sweep", "runs"])
def test_where_runs_are_begun_a_lost_cluster_is_told(
    name: str, open_page: OpenPage, store: RunStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished_run(store.folder, "Earlier", epochs=1)
    query = {"ratings": bring_tastes(home)} if name == "recommender" else {}
    assert "luster" not in captions(open_page(name, **query)), "on a server without one nothing speaks of it"
    for told in (Standing("ray://lab:10001").where, LOST):  # it is joined, and it is lost
        monkeypatch.setattr(Jobs, "where", property(lambda _, told=told: told))
        said = captions(open_page(name, **query))
        assert told in said
        assert "networks train at a time" not in said
