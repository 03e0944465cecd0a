"""The Recommender page: its form, runs and tables, and recommender runs on other pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aecore.jobs.executor import Ending
from aecore.jobs.kinds import DOWNLOAD
from aecore.jobs.service import Jobs
from aecore.recommender.evaluation import published as published_figures
from aecore.runs.store import Run, RunStore
from tests.pages.conftest import OpenPage, button, sentences
from tests.small_recommenders import bring_tastes, make_recommender
from tests.small_runs import finish, make
from ui.widgets import recommender_metrics as recommender_quality
from ui.widgets.networks import trained_networks


@pytest.fixture
def data(home: Path) -> str:
    return bring_tastes(home)


@pytest.fixture
def bias(store: RunStore, data: str) -> Run:
    return finish(store, make_recommender(store, data, "bias"))


def test_the_button_queues_a_run_with_the_settings_of_the_address(
    open_page: OpenPage, store: RunStore, jobs: Jobs, data: str
) -> None:
    page = open_page("recommender", ratings=data, recommender="mult-dae", **{"r-epochs": "7", "r-draw": "3"})
    assert not page.exception
    button(page, "Train").click().run()
    (run,) = store.list()
    assert run.settings["kind"] == "recommender"
    assert (run.settings["data"], run.settings["model"], run.settings["epochs"], run.settings["draw"]) == (
        data,
        "mult-dae",
        7,
        3,
    )
    assert jobs.is_known(run.id)
    assert page.query_params["run"] == run.id
    assert "Next in the queue" in sentences(page)


def test_another_model_takes_its_own_settings(open_page: OpenPage, data: str) -> None:
    page = open_page("recommender", ratings=data, recommender="mult-dae", **{"r-epochs": "7"})
    box = next(each for each in page.selectbox if each.label == "Recommender")
    box.set_value("mult-vae").run()
    assert not page.exception
    assert next(each for each in page.number_input if each.label == "Epochs").value != 7
    assert page.query_params["recommender"] == "mult-vae"


def test_ratings_that_are_not_here_are_offered_with_licence_and_citation(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AECORE_DATA", str(tmp_path))
    page = open_page("recommender", ratings="ml-100k")
    assert button(page, "Download MovieLens 100K")
    said = " ".join(each.value for each in page.caption)
    assert "may not be passed on" in said
    assert "Harper" in said
    assert not [each for each in page.button if each.label == "Train"]


def test_ratings_are_downloaded_with_progress_and_a_failure_is_told(
    open_page: OpenPage, jobs: Jobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AECORE_DATA", str(tmp_path))
    page = open_page("recommender", ratings="ml-1m")
    button(page, "Download MovieLens 1M").click().run()
    job = jobs.queue.take(DOWNLOAD, 1)
    assert job is jobs.find(("ratings", "ml-1m"))
    jobs.progressed(job, 0.25, "Downloading")
    page.run()
    assert button(page, "Stop")
    jobs.ended(job, Ending("It did not arrive: the network is down."))
    page.run()
    assert not page.exception
    assert "the network is down" in sentences(page)
    assert button(page, "Download MovieLens 1M")


def test_ratings_of_ones_own_are_read_kept_and_chosen(open_page: OpenPage, home: Path) -> None:
    page = open_page("recommender")
    rows = [f"p{user},Film {film},{1 + (user + film) % 5}" for user in range(12) for film in range(9)]
    page.file_uploader[0].upload("mine.csv", "\n".join(["user,film,stars", *rows]).encode(), "text/csv").run()
    assert "108 ratings of 9 films by 12 users" in page.success[0].value
    button(page, "Keep these ratings").click().run()
    assert not page.exception
    (folder,) = (home / "ratings").iterdir()
    assert page.query_params["ratings"] == folder.name
    assert next(each for each in page.selectbox if each.label == "Ratings").value == folder.name


def test_a_file_that_is_no_table_of_ratings_gets_a_sentence(open_page: OpenPage) -> None:
    page = open_page("recommender")
    page.file_uploader[0].upload("mine.csv", b"user,film,stars\na,b,900\n", "text/csv").run()
    assert not page.exception
    assert "'mine.csv', line 2" in sentences(page)


def test_what_a_table_of_ratings_does_not_tell_is_asked(open_page: OpenPage, home: Path) -> None:
    page = open_page("recommender")
    rows = [f"p{user},Film {film},{2 * (1 + (user + film) % 5)}" for user in range(12) for film in range(9)]
    page.file_uploader[0].upload("mine.csv", "\n".join(["who,what,how good", *rows]).encode(), "text/csv").run()
    assert "no column could be found for the user, the film and the stars" in sentences(page)
    for label, column in {"Users": "who", "Films": "what", "Ratings": "how good"}.items():
        next(each for each in page.selectbox if each.label == label and column in each.options).set_value(column).run()
    assert "108 ratings of 9 films by 12 users" in page.success[0].value
    assert "- Ratings go to 10, as the highest is 10; 10 became 5 stars." in [each.value for each in page.markdown]
    button(page, "Keep these ratings").click().run()
    assert len(list((home / "ratings").iterdir())) == 1


@pytest.mark.parametrize("query", [{"ratings": "nothing"}, {"recommender": "telepathy"}])
def test_an_address_that_names_what_there_is_not_gets_a_sentence(
    query: dict[str, str], open_page: OpenPage, home: Path
) -> None:
    page = open_page("recommender", **query)
    assert not page.exception
    assert next(iter(query.values())) in sentences(page)


def test_a_finished_run_shows_its_test_beside_the_baselines(open_page: OpenPage, bias: Run) -> None:
    page = open_page("recommender", run=bias.id)
    assert not page.exception
    tables = [each.value for each in page.table]
    facts = json.loads((bias.folder / "facts.json").read_text())["figures"]
    assert len(tables) == len(facts["bias"])
    assert tables[0]["NDCG@10"].tolist() == [f"{facts[name]['5']['ndcg']:.3f}" for name in facts]
    said = " ".join(each.value for each in page.caption)
    assert "held out entirely" in said
    assert "solved in one step: there is no epoch to choose" in said
    assert tables[0]["95 % interval"].tolist() == [
        f"{facts[name]['5']['ndcg_low']:.3f}–{facts[name]['5']['ndcg_high']:.3f}" for name in facts
    ]


def test_a_finished_network_says_which_epoch_it_kept(open_page: OpenPage, store: RunStore, data: str) -> None:
    run = finish(store, make_recommender(store, data, "mult-dae", epochs=8, hidden_size=4))
    found = json.loads((run.folder / "facts.json").read_text())
    (kept,), seen = found["kept"], found["validation"]
    assert seen["ndcg_low"] <= seen["ndcg"] <= seen["ndcg_high"]
    assert seen["ndcg"] == pytest.approx(kept["value"], abs=1e-6)
    page = open_page("recommender", run=run.id)
    assert not page.exception
    said = " ".join(each.value for each in page.caption)
    assert f"are those of epoch {kept['epoch']} of 8, the best by NDCG@10" in said
    assert f"({kept['value']:.4f}) of the 8 epochs measured" in said
    assert f"its 95 % interval is {seen['ndcg_low']:.3f}–{seen['ndcg_high']:.3f}" in said
    (run.folder / "facts.json").write_text(
        json.dumps(
            {key: value for key, value in json.loads((run.folder / "facts.json").read_text()).items() if key != "kept"}
        )
    )
    page = open_page("recommender", run=run.id)
    assert "from before the best epoch was kept" in " ".join(each.value for each in page.caption)


def test_a_run_whose_facts_are_damaged_gets_a_sentence(open_page: OpenPage, bias: Run) -> None:
    (bias.folder / "facts.json").write_text("{")
    page = open_page("recommender", run=bias.id)
    assert not page.exception
    assert "Train it again" in sentences(page)


def test_a_network_opened_here_and_a_recommender_opened_on_train_are_sent_to_their_pages(
    open_page: OpenPage, store: RunStore, bias: Run
) -> None:
    network = make(store)
    assert "is not a recommender" in sentences(open_page("recommender", run=network.id))
    page = open_page("train", run=bias.id)
    assert not page.exception
    assert "page Recommender" in sentences(page)


@pytest.mark.parametrize("name", ["runs", "race", "latent", "noise", "features", "home"])
def test_other_pages_do_not_stumble_over_recommenders(
    name: str, open_page: OpenPage, store: RunStore, data: str, bias: Run
) -> None:
    make_recommender(store, data, "mult-dae")
    page = open_page(name, runs=bias.id) if name == "race" else open_page(name)
    assert not page.exception
    assert bias.id not in trained_networks()


def test_runs_lists_them_with_their_badge_and_figure(open_page: OpenPage, store: RunStore, bias: Run) -> None:
    make(store)
    page = open_page("runs")
    rows = page.dataframe[0].value.set_index("Name")
    row = rows.loc[bias.name]
    assert list(row["Kind"]) == ["Recommender"]
    test = bias.status.test or {}
    interval = f"{test['ndcg_low_10']:.3f}–{test['ndcg_high_10']:.3f}"
    assert row["Recommender's test"] == f"NDCG@10 {test['ndcg_10']:.4f} ({interval})"
    assert row["Autoencoder"] == "User and item biases"


def test_the_evaluation_shows_what_was_measured_and_says_what_was_not(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = {
        "stars": {"bias": {"rmse": 0.95434, "mae": 0.75447, "person_rmse": 0.93453, "day": "2026-01-02"}},
        "faithful": {"faithful": {"train": 0.9, "person_rmse": 0.95, "rmse": 0.97, "mae": 0.75, "day": "2026-01-03"}},
        "builtin": {"builtin": {"ndcg10": 0.46, "recall10": 0.41, "rmse10": 0.88, "day": "2026-01-04"}},
        "ranking": {
            "ease": {
                "ndcg10": 0.4207,
                "ndcg_low10": 0.38,
                "ndcg_high10": 0.46,
                "recall10": 0.374,
                "milliseconds": 0.31,
                "day": "2026-01-02",
            }
        },
    }
    (tmp_path / "quality.json").write_text(json.dumps(known))
    monkeypatch.setattr(published_figures, "FILE", tmp_path / "quality.json")
    page = open_page("recommender", view="Evaluation")
    assert not page.exception
    articles, stars, published, ranking, builtin = (each.value.set_index("Model") for each in page.table)
    assert articles.iloc[0].tolist()[:2] == ["0.90", "0.9449"]
    assert "published" in articles.index[0]
    bias = "User and item biases (baseline)"
    assert (articles.loc[bias, "test"], articles.loc[bias, "training"]) == ("0.9345", "not measured yet")
    assert (stars.loc[bias, "RMSE, u1"], stars.loc[bias, "MAE, u1 to u5"]) == ("0.9543", "not measured yet")
    faithful = "Stacked autoencoder, the classroom recipe"
    assert (articles.loc[faithful, "training"], stars.loc[faithful, "RMSE, u1"]) == ("0.9000", "0.9700")
    assert builtin["NDCG@10"].tolist() == ["0.460"]
    assert builtin["95 % interval"].tolist() == ["not measured yet"]
    assert stars.loc["Bayesian linear autoencoder", "RMSE, u1"] == "not measured yet"
    assert "0.8889" in published["RMSE, u1"].tolist()
    assert ranking.loc["EASE"].tolist() == [
        "0.421", "0.380–0.460", "0.374", "not measured yet", "–", "0.3", "2026‑01‑02",
    ]  # fmt: skip
    assert ranking.loc["Popularity (baseline)", "NDCG@10"] == "not measured yet"


def test_without_any_measured_figures_all_is_not_measured_yet(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, open_page: OpenPage
) -> None:
    monkeypatch.setattr(published_figures, "FILE", tmp_path / "missing.json")
    page = open_page("recommender", view="Evaluation")
    assert not page.exception
    assert set(page.table[1].value["RMSE, u1"]) == {"not measured yet"}


def test_own_runs_stand_in_the_tables_of_their_protocol(store: RunStore) -> None:
    test = {"rmse": 0.9, "mae": 0.7, "person_rmse": 0.88}
    settings = {"kind": "recommender", "data": "ml-100k", "model": "bias", "test_on": "known-people", "draw": 1}
    run = store.create(settings, "Mine | *bold*")
    store.update(run.id, state="done", test=test)
    store.update(store.create({**settings, "draw": 2}, "Another split").id, state="done", test=test)
    rows = recommender_quality.run_rows(
        store.list(), {"rmse": ("RMSE", ".4f")}, {"data": "ml-100k", "test_on": "known-people", "draw": 1}
    )
    assert [(row["RMSE"], "Mine" in row["Model"]) for row in rows] == [("0.9000", True)]


def test_a_link_with_a_former_name_of_a_setting_sets_it(open_page: OpenPage) -> None:
    page = open_page("recommender", recommender="item-knn", **{"r-likeness_shrinkage": "50"})
    assert not page.exception
    assert page.slider(key="r-similarity_shrinkage").value == 50
    assert "r-likeness_shrinkage" not in page.query_params
