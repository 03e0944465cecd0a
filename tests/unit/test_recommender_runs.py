"""Recommenders as runs: trained like autoencoders, validated, stopped, tested, loaded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aecore.__main__ import main as command
from aecore.experiment import runner
from aecore.recommender import load
from aecore.recommender.evaluation.metrics import given_and_rest, hold_out_users, rank_figures, star_figures
from aecore.recommender.evaluation.splits import fitted, prepare
from aecore.recommender.ratings.movielens import present, split_100k
from aecore.recommender.ratings.sources import load as load_ratings
from aecore.recommender.training.settings import RecommenderSettings
from aecore.runs.store import RunStore
from aecore.settings import SettingsError
from tests.small_recommenders import bring_tastes, make_recommender
from tests.small_runs import finish, records, send_after
from tests.tastes import GROUPS, MOVIE_IDS

SMALL = {
    "popularity": {}, "ease": {"penalty": 20.0}, "mult-dae": {"epochs": 30, "hidden_size": 8, "batch_size": 16},
    "bias": {}, "bayesian": {"burn_in": 5, "draws": 10, "kept_draws": 5, "rank": 2},
}  # fmt: skip


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


@pytest.fixture
def data(home: Path) -> str:
    return bring_tastes(home)


@pytest.mark.parametrize("model", SMALL)
def test_a_recommender_trains_through_the_experiment_and_opens_by_its_id(
    model: str, store: RunStore, data: str
) -> None:
    run = finish(store, make_recommender(store, data, model, **SMALL[model]))
    assert run.status.state == "done", run.status.message
    assert run.is_recommender
    assert not run.has_weights
    test = run.status.test or {}
    assert 0 <= test["ndcg_5"] <= 1
    assert ("rmse_10" in test) == (model in ("bias", "bayesian"))
    assert records(run)[-1]["share"] == 1
    assert "NDCG@10" in records(run)[-1]["validation"]
    loaded = load(run.id)
    movies, _ = loaded.score({int(movie): 5.0 for movie in MOVIE_IDS[GROUPS == 0][:4]})
    assert len(movies) == len(MOVIE_IDS) - 4
    assert loaded.facts["figures"][model]["5"]["ndcg"] == pytest.approx(test["ndcg_5"], abs=1e-5)
    assert "held out entirely" in loaded.facts["figures"][model]["5"]["protocol"]
    assert {"popularity", "bias"} <= set(loaded.facts["figures"])


def test_the_figures_of_a_run_are_those_of_its_protocol(store: RunStore, data: str) -> None:
    run = finish(store, make_recommender(store, data, "bias", draw=2))
    ratings, _ = load_ratings(data)
    users = hold_out_users(ratings, 1)
    figures = rank_figures(load(run.id).model, *given_and_rest(ratings.take_users(users.test), 5, 1))
    test = run.status.test or {}
    assert (test["ndcg_5"], test["recall_5"], test["rmse_5"]) == pytest.approx(
        (figures.ndcg, figures.recall, figures.rmse)
    )


def test_a_test_on_known_users_hides_ratings_and_reports_the_articles_figure(store: RunStore, data: str) -> None:
    run = finish(store, make_recommender(store, data, "bias", test_on="known-people"))
    split = prepare(RecommenderSettings.from_dict(run.settings))
    task = split.tests["all"]
    figures = star_figures(load(run.id).model, task.given, task.hidden, "")
    test = run.status.test or {}
    assert (test["rmse"], test["mae"], test["person_rmse"]) == pytest.approx(
        (figures.rmse, figures.mae, figures.user_rmse)
    )
    assert test["person_rmse_training"] < test["person_rmse"] + 0.5
    assert len(task.given) + len(task.hidden) == len(load_ratings(data)[0])


@pytest.mark.parametrize("test_on", ["new-people", "known-people"])
def test_what_is_held_out_is_never_trained_on(test_on: str, home: Path, data: str) -> None:
    split = prepare(RecommenderSettings.build(data, "popularity", test_on=test_on))
    trained = {
        (int(split.train.user_ids[row]), int(film))
        for row, film in zip(split.train.rows, split.train.films, strict=True)
    }
    assert split.watched is not None
    for task in [split.watched, *split.tests.values()]:
        users = task.hidden.user_ids[task.hidden.rows]
        assert not trained & set(zip(users.tolist(), task.hidden.films.tolist(), strict=True))
    if test_on == "new-people":
        assert not set(split.train.user_ids) & {*split.watched.given.user_ids, *split.tests["5"].given.user_ids}


def test_without_validation_everything_is_learned_from(data: str, home: Path) -> None:
    split = prepare(RecommenderSettings.build(data, "bias", test_on="known-people", validation_share=0.0))
    assert split.validation is None
    assert split.watched is None
    assert len(split.train) == len(split.tests["all"].given)


def test_what_is_watched_of_known_users_is_the_error_over_all_validation_ratings(home: Path, data: str) -> None:
    split = prepare(RecommenderSettings.build(data, "bias", test_on="known-people"))
    model = fitted("bias", split)
    assert split.validation is not None
    figures = star_figures(model, split.train, split.validation, "")
    assert split.watch(model)["RMSE"] == pytest.approx(figures.rmse, rel=1e-5)


def test_known_users_of_100k_are_tested_on_its_official_split(real_data: Path) -> None:
    if not present("ml-100k", real_data):
        pytest.skip("ml-100k is not here")
    split = prepare(RecommenderSettings.build("ml-100k", "bias", test_on="known-people", validation_share=0.0))
    task = split.tests["all"]
    base, hidden = split_100k(1)
    assert np.array_equal(split.train.films, base.films)
    assert np.array_equal(task.given.stars, base.stars)
    assert np.array_equal(task.hidden.stars, hidden.stars)
    assert "u1.base to u1.test" in split.title


def test_a_stopped_recommender_is_measured_and_opens(store: RunStore, data: str) -> None:
    run = send_after(store, make_recommender(store, data, "mult-dae", epochs=1000, hidden_size=4), 2, "stop")
    assert run.status.state == "stopped"
    assert "ndcg_10" in (run.status.test or {})
    assert np.isfinite(load(run.id).scores({}).order).all()


def test_a_paused_recommender_says_that_it_begins_again_and_ends_the_same(store: RunStore, data: str) -> None:
    settings = {"epochs": 5, "hidden_size": 4}
    run = send_after(store, make_recommender(store, data, "mult-dae", **settings), 2, "pause")
    assert run.status.state == "paused"
    assert "begins again" in run.status.message
    again, whole = finish(store, run), finish(store, make_recommender(store, data, "mult-dae", **settings))
    assert again.status.test == whole.status.test
    assert [each["step"] for each in records(again)] == [each["step"] for each in records(whole)]


def test_a_run_of_ratings_that_have_gone_fails_with_a_sentence(store: RunStore, data: str, home: Path) -> None:
    run = make_recommender(store, data)
    for file in (home / "ratings" / data).iterdir():
        file.unlink()
    (home / "ratings" / data).rmdir()
    run = finish(store, run)
    assert run.status.state == "failed"
    assert "no data set of ratings" in run.status.message


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"model": "telepathy"}, "no recommender 'telepathy'"),
        ({"data": "nothing"}, "no data set of ratings"),
        ({"wings": 2}, "no setting 'wings'"),
        ({"draw": 9}, "draw is 9"),
        ({"model": 3}, "do not say which model"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(values: dict, sentence: str, data: str, home: Path) -> None:
    good = RecommenderSettings.build(data, "popularity").to_dict()
    with pytest.raises(ValueError, match=sentence):
        RecommenderSettings.from_dict(good | values)


def test_settings_come_back_from_what_a_run_keeps(data: str, home: Path) -> None:
    settings = RecommenderSettings.build(data, "mult-dae", epochs=7, draw=3)
    assert RecommenderSettings.from_dict(settings.to_dict()) == settings
    with pytest.raises(SettingsError):
        runner.RunSettings.from_dict(settings.to_dict())


def test_the_command_line_trains_one_and_lists_it(data: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["train-recommender", "--data", data, "--model", "bias", "--test-on", "known-people"]) == 0
    assert "person_rmse" in capsys.readouterr().out
    assert command(["runs"]) == 0
    assert "User and item biases" in capsys.readouterr().out
