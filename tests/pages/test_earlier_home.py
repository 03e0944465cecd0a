"""A home as version 0.1 left it, made by that version before its folders and jobs were rearranged: runs of both kinds,
a paused one, ratings and profiles. Everything in it is found, shown and gone on with.

tests/data/home-0.1.zip was written by the commit "Measure on a GPU for the first time";
caches and empty lock files were left out.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from aecore.commands import train_recommender
from aecore.datasets import load
from aecore.diagnostics.records import inside_steps, read_inside
from aecore.experiment import runner
from aecore.export import script
from aecore.pretrained.trained_models import encoder_of, find_trained_model
from aecore.recommender.profiles.store import Profiles
from aecore.recommender.ratings.own import load_own
from aecore.recommender.serving.loaded import open_folder
from aecore.runs.snapshots import read_snapshot, snapshot_steps
from aecore.runs.store import RunStore
from tests.pages.conftest import OpenPage, sentences

HOME = Path(__file__).parents[1] / "data" / "home-0.1.zip"
OWNER = "visitor-of-then-0123456789"


@pytest.fixture
def ids(home: Path) -> dict[str, str]:
    """Unpacks that home; what is in it, by what it is."""
    with zipfile.ZipFile(HOME) as archive:
        archive.extractall(home)
    return json.loads((home / "ids.json").read_text())


def test_runs_are_listed_with_their_states_and_figures(ids: dict[str, str], store: RunStore) -> None:
    found = {run.id: run for run in store.list()}
    assert set(found) == {ids[name] for name in ("done", "stopped", "paused", "hybrid", "ease")}
    assert not any(run.problem for run in found.values())
    assert [found[ids[name]].status.state for name in ("done", "stopped", "paused")] == ["done", "stopped", "paused"]
    assert found[ids["done"]].name == "A VAE of then"
    assert found[ids["done"]].status.test["mse"] == pytest.approx(0.0724032, abs=1e-6)  # type: ignore[index]
    assert [found[ids[name]].is_recommender for name in ("done", "hybrid")] == [False, True]


def test_a_trained_network_gives_the_codes_it_gave_then(ids: dict[str, str], store: RunStore) -> None:
    trained_model = find_trained_model(store, ids["done"])
    encode, size = encoder_of(trained_model)
    with np.load(store.path(ids["done"]) / "latents.npz") as kept:
        assert size == kept["codes"].shape[1]
        np.testing.assert_allclose(encode(load("digits").test.x), kept["codes"], atol=1e-5)


def test_snapshots_and_insides_can_be_read(ids: dict[str, str], store: RunStore) -> None:
    folder = store.path(ids["done"])
    assert snapshot_steps(folder) == [0, 20, 40, 60]
    assert inside_steps(folder) == [0, 20, 60]
    snapshot = read_snapshot(folder, 60)
    assert snapshot is not None
    assert snapshot.step == 60
    assert read_inside(folder, 60) is not None
    assert "A VAE of then" in script(store.get(ids["done"]))


def test_a_paused_run_resumes_to_the_end_it_had_then(ids: dict[str, str], store: RunStore) -> None:
    for _ in runner.run(store, ids["paused"]):
        pass
    status = store.get(ids["paused"]).status
    assert (status.state, status.message) == ("done", "")
    assert status.test["mse"] == pytest.approx(0.0950732, abs=1e-5)  # type: ignore[index]


def test_a_hybrid_that_was_called_duo_recommends_as_it_did(ids: dict[str, str], store: RunStore) -> None:
    order, stars = open_folder(store.path(ids["hybrid"])).score({1: 5.0, 2: 1.0})
    assert order[:4].tolist() == [3, 12, 5, 7]
    np.testing.assert_allclose(stars[:4], [2.6548371, 2.4550824, 2.6870189, 2.8365593], atol=1e-4)


def test_the_former_name_is_understood_by_the_command_line(ids: dict[str, str]) -> None:
    asked = train_recommender._parser(["--model", "duo"]).parse_args(["--model", "duo"])
    assert asked.model == "hybrid"


def test_ratings_are_there(ids: dict[str, str], home: Path) -> None:
    ratings, films = load_own(ids["own"], home)
    assert (ratings.users, len(films)) == (30, 12)


def test_profiles_keep_ratings_marks_history_and_codes(ids: dict[str, str], home: Path) -> None:
    profiles = Profiles(home)
    assert profiles.notice == ""
    assert [each.name for each in profiles.of_owner(OWNER)] == ["Ada"]
    taste = profiles.taste(ids["profile"])
    assert {each.film.title: each.stars for each in taste.rated} == {"Toy Story": 4.5, "Heat": 3.0}
    assert [each.film.title for each in taste.entries if "seen" in each.marks] == ["Alien"]
    assert profiles.shared(ids["code"]).name == "Ada"
    profiles.undo(ids["profile"])
    assert {each.film.title: each.stars for each in profiles.taste(ids["profile"]).rated}["Heat"] == 2.0
    assert profiles.restore(ids["deleted"]).name == "Deleted Bob"


def test_pages_open_with_what_was_kept_then(ids: dict[str, str], open_page: OpenPage) -> None:
    listed = open_page("runs")
    assert len(listed.dataframe[0].value) == 5
    asked = [
        ("train", {"run": ids["done"]}), ("train", {"run": ids["paused"]}), ("latent", {"network": ids["stopped"]}),
        ("race", {"runs": ids["done"]}), ("recommender", {"run": ids["hybrid"]}),
        ("recommender", {"recommender": "duo"}), ("movies", {"model": ids["hybrid"]}),
    ]  # fmt: skip
    for name, query in asked:
        page = open_page(name, **query)
        assert not page.exception, (name, query)
        assert not [each.value for each in page.error], (name, query)
        assert "not on this machine" not in sentences(page), (name, query)
