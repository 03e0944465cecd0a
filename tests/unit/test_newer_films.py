"""Newer films: reading a part of a large edition, the plan, the wide model, the comparison, and the run that joins
them, from the download to the takeover.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import zipfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aecore.experiment import runner
from aecore.jobs.kinds import function_of
from aecore.limits import GB
from aecore.progress import Progress
from aecore.recommender import BUILTIN, load
from aecore.recommender.models.base import WEIGHTS, Scores
from aecore.recommender.models.bayesian import Bayesian, BayesianSettings
from aecore.recommender.models.bayesian_wide import WideBayesian
from aecore.recommender.models.hybrid import Hybrid
from aecore.recommender.newer import compare as compare_module
from aecore.recommender.newer.compare import ALL, BOTH, Widened
from aecore.recommender.newer.compare import compare as compare_in_steps
from aecore.recommender.newer.plan import USERS as MOST_USERS
from aecore.recommender.newer.plan import plan_for
from aecore.recommender.newer.reading import Sample, read_sample
from aecore.recommender.newer.settings import EDITION, TITLE, NewerSettings
from aecore.recommender.newer.training import divided
from aecore.recommender.newer.usual import FILE, make_usual, usual, withdraw
from aecore.recommender.newer.verdict import said, verdict
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.store import Profiles
from aecore.recommender.ratings import movielens
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.movielens import EDITIONS, films_and_source
from aecore.recommender.ratings.table import Ratings, RatingsError
from aecore.recommender.serving.catalogue import Catalogue
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import Run, RunStore
from tests.file_server import serving
from tests.generated_movielens import write
from tests.tastes import checkerboard

USERS, FILMS, RATINGS = 260, 300, 9000
SMALL = NewerSettings(
    people=150, tested=60, watched=20, most_films=200, least_ratings=3, epochs=2, batch_size=50, ease_films=50,
    ease_penalty=50.0, burn_in=2, draws=4, kept_draws=2,
)  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ZIP in the layout of 32M."""
    path = tmp_path_factory.mktemp("generated") / "ml-32m.zip"
    write(path, users=USERS, films=FILMS, ratings=RATINGS, known=120)
    return path


@pytest.fixture
def data(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the ZIP in it."""
    monkeypatch.setenv("AECORE_DATA", str(tmp_path / "data"))
    (tmp_path / "data" / "movielens").mkdir(parents=True)
    (tmp_path / "data" / "movielens" / "ml-32m.zip").write_bytes(archive.read_bytes())
    return tmp_path / "data"


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


def sample_of(people: int, seed: int = 0) -> Sample:
    return _end_of(read_sample(EDITION, people, seed))


def everything(archive: Path) -> np.ndarray:
    """(N, 3): users, movies and stars, read line by line."""
    with zipfile.ZipFile(archive) as file:
        lines = file.read("ml-32m/ratings.csv").decode().splitlines()[1:]
    return np.array([[float(cell) for cell in line.split(",")[:3]] for line in lines])


def test_a_sample_has_all_ratings_of_its_people_and_the_totals_those_of_everybody(data: Path, archive: Path) -> None:
    rows, sample = everything(archive), sample_of(50)
    films, _ = films_and_source(EDITION)
    assert sample.ratings.users == 50
    assert np.array_equal(sample.ratings.movie_ids, films.movie_ids)
    for row, user in enumerate(sample.ratings.user_ids.tolist()):
        own = rows[rows[:, 0] == user]
        assert sample.ratings.taste(row) == dict(zip(own[:, 1].astype(int).tolist(), own[:, 2].tolist(), strict=True))
    assert (sample.totals.people, sample.totals.counts.sum()) == (len(np.unique(rows[:, 0])), len(rows))
    of_film = rows[rows[:, 1] == films.movie_ids[3]]
    assert sample.totals.counts[3] == len(of_film)
    assert sample.totals.sums[3] == of_film[:, 2].sum()
    assert sample.totals.likes[3] == (of_film[:, 2] >= 4).sum()
    rest = sample.totals.without(sample.ratings)
    assert rest.counts.sum() == len(rows) - len(sample.ratings)
    assert rest.counts[3] == sum(user not in sample.ratings.user_ids for user in of_film[:, 0])


def test_the_same_people_are_drawn_however_the_file_is_cut_into_parts(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sample_of(40)
    monkeypatch.setattr("aecore.recommender.newer.reading.ROWS", 170)
    again = sample_of(40)
    assert np.array_equal(first.ratings.user_ids, again.ratings.user_ids)
    assert np.array_equal(first.ratings.stars, again.ratings.stars)
    assert again.totals.people == first.totals.people
    assert set(sample_of(40, seed=1).ratings.user_ids.tolist()) != set(first.ratings.user_ids.tolist())
    assert set(sample_of(20).ratings.user_ids.tolist()) < set(first.ratings.user_ids.tolist())


def test_a_sample_of_more_people_than_there_are_has_everybody(data: Path) -> None:
    sample = sample_of(100_000)
    assert sample.ratings.users == sample.totals.people
    assert len(sample.ratings) == sample.totals.counts.sum()


def test_samples_of_any_size_test_the_same_users(data: Path) -> None:
    settings = replace(SMALL, tested=10, watched=5)
    small, large = (divided(sample_of(people), replace(settings, people=people)) for people in (60, 150))
    assert small.tested.user_ids.tolist() == large.tested.user_ids.tolist()
    assert small.watched.user_ids.tolist() == large.watched.user_ids.tolist()
    assert small.train.users == 45
    everybody = [each.user_ids.tolist() for each in (large.train, large.watched, large.tested)]
    assert len(set().union(*everybody)) == sum(map(len, everybody)) == 150
    assert large.totals.people == large.everybody.people - 15


def _rewrite(data: Path, change: Callable[[str], str]) -> None:
    path = data / "movielens" / "ml-32m.zip"
    with zipfile.ZipFile(path) as file:
        bodies = {name: file.read(name).decode() for name in file.namelist()}
    bodies["ml-32m/ratings.csv"] = change(bodies["ml-32m/ratings.csv"])
    with zipfile.ZipFile(path, "w") as file:
        for name, body in bodies.items():
            file.writestr(name, body)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("userId", "person", 1), "begins with 'person"),
        (lambda text: text + "999,424242424,3.5,1\n", "rates film 424242424"),
        (lambda text: text + "999,1,7.5,1\n", "outside 0.5 to 5"),
        (lambda text: text + "999,one,3.5,1\n", "damaged or cut short"),
        (lambda text: text.splitlines()[0] + "\n", "holds no ratings"),
    ],
    ids=["header", "film", "stars", "number", "empty"],
)
def test_a_damaged_file_is_refused_with_a_sentence(data: Path, change: Callable[[str], str], words: str) -> None:
    _rewrite(data, change)
    with pytest.raises(RatingsError, match=words):
        sample_of(20)


def test_a_cut_file_that_was_unpacked_is_refused_since_nothing_else_tells_that_it_is(data: Path) -> None:
    with zipfile.ZipFile(data / "movielens" / "ml-32m.zip") as file:
        file.extractall(data / "movielens")
    with pytest.raises(RatingsError, match=r"holds [0-9,]+ of the 32,000,204 ratings .* cut short"):
        sample_of(20)


def test_a_zip_with_a_flipped_bit_is_refused_with_a_sentence(data: Path) -> None:
    path = data / "movielens" / "ml-32m.zip"
    body = bytearray(path.read_bytes())
    body[5000] ^= 255
    path.write_bytes(body)
    with pytest.raises(RatingsError, match=r"damaged"):
        sample_of(20)


def test_a_plan_takes_more_people_where_there_is_more_memory_and_says_when_there_is_too_little() -> None:
    wide = plan_for(16 * GB, 100 * GB, 1.0, is_fetched=False)
    assert wide.settings.people == MOST_USERS[0]
    assert not wide.refusal
    narrow = plan_for(wide.memory_bytes - 1, 100 * GB, 1.0, is_fetched=False)
    assert narrow.settings.people == MOST_USERS[1]
    assert narrow.minutes < wide.minutes
    assert narrow.memory_bytes < wide.memory_bytes
    assert "too little memory" in plan_for(1 * GB, 100 * GB, 1.0, is_fetched=False).refusal
    assert "too little room" in plan_for(16 * GB, 0.1 * GB, 1.0, is_fetched=False).refusal
    fetched = plan_for(16 * GB, 100 * GB, 1.0, is_fetched=True)
    assert wide.disk_bytes - fetched.disk_bytes == EDITIONS[EDITION].file.size_hint


def test_on_a_slow_machine_a_plan_takes_fewer_people_and_no_less_than_it_can() -> None:
    assert plan_for(16 * GB, 100 * GB, 2.5, is_fetched=True).settings.people < MOST_USERS[0]
    slowest = plan_for(16 * GB, 100 * GB, 100.0, is_fetched=True)
    assert slowest.settings.people == MOST_USERS[-1]
    assert not slowest.refusal
    ten = plan_for(16 * GB, 100 * GB, 10.0, is_fetched=True)
    assert slowest.minutes == pytest.approx(10 * ten.minutes)


def test_the_plan_of_the_goal_is_within_forty_minutes_and_eight_gigabytes() -> None:
    plan = plan_for(8 * GB, 100 * GB, 1.0, is_fetched=False)
    assert plan.settings.people == MOST_USERS[0]
    assert plan.minutes < 40


@pytest.fixture(scope="module")
def wide() -> tuple[WideBayesian, Ratings, Films]:
    """Trained on the checkerboard, with one film that few have rated."""
    ratings, films = checkerboard()
    few = (ratings.films != 7) | (np.arange(len(ratings)) % 9 == 0)
    ratings = ratings.only(few)
    model = WideBayesian(BayesianSettings(rank=2, burn_in=10, draws=20, kept_draws=5), least_ratings=15)
    list(model.fit(ratings, films))
    return model, ratings, films


def test_films_with_few_ratings_have_a_mean_and_a_wider_spread_and_the_others_are_learned(
    wide: tuple[WideBayesian, Ratings, Films],
) -> None:
    model, ratings, _ = wide
    assert 7 not in model.core
    assert len(model.core) == ratings.films_count - 1
    scores = model.score(Ratings.of_tastes([{100: 5.0, 106: 5.0, 112: 4.5, 103: 1.0}], model.movie_ids))
    assert scores.stars is not None
    assert scores.spread is not None
    even = list(range(8, 24, 2))
    odd = list(range(9, 24, 2))
    assert scores.stars[0, even].mean() > scores.stars[0, odd].mean() + 1
    assert scores.spread[0, 7] > scores.spread[0, even + odd].max()
    own = ratings.stars[ratings.films == 7]
    assert (model.biases[7] > 0) == (own.mean() > ratings.stars.mean())


def test_a_wide_model_survives_the_disk_as_a_plain_one_would(
    wide: tuple[WideBayesian, Ratings, Films], tmp_path: Path
) -> None:
    model, ratings, _ = wide
    model.save(tmp_path)
    again = Bayesian.load(tmp_path)
    assert isinstance(again, WideBayesian)
    before, after = (each.score(ratings.take_users(slice(0, 5))) for each in (model, again))
    assert np.allclose(before.order, after.order)
    assert np.allclose(model.affinity(4), again.affinity(4))
    own = ratings.take_users(slice(3, 4))
    stars = again.predict(own).stars
    assert stars is not None
    others = np.setdiff1d(np.arange(len(model.movie_ids)), model.core)
    for column in (int(model.core[0]), int(model.core[-1]), *others[:1].tolist()):
        found = again.attribution(own, column, np.arange(len(own)))
        assert found.value == pytest.approx(stars[0, column], abs=0.02)
        assert found.error < 0.01 * max(0.1, abs(found.value - found.baseline))


@pytest.mark.parametrize("features", [True, False])
def test_a_wide_model_of_all_films_predicts_what_a_plain_one_would(features: bool) -> None:
    ratings, films = checkerboard()
    settings = BayesianSettings(rank=2, burn_in=4, draws=6, kept_draws=3, features=features)
    model = WideBayesian(settings, least_ratings=1)
    list(model.fit(ratings, films))
    plain = Bayesian(settings)
    plain.movie_ids, plain.popularity = model.movie_ids, model.popularity
    plain.mean, plain.film_factors = model.mean, model.factors_of(np.arange(len(model.movie_ids)))
    plain.links = model.links_of(np.arange(len(model.movie_ids)))
    for name in ("prior_means", "prior_precisions", "noise_precisions"):
        setattr(plain, name, getattr(model, name))
    own = ratings.take_users(slice(0, 4))
    found, expected = model.predict(own), plain.predict(own)
    assert found.stars == pytest.approx(expected.stars, abs=1e-4)
    assert found.spread == pytest.approx(expected.spread, abs=1e-4)
    one = ratings.take_users(slice(3, 4))
    groups = np.arange(len(one))
    assert model.attribution(one, 5, groups).parts == pytest.approx(plain.attribution(one, 5, groups).parts, abs=1e-5)


def test_settings_at_their_bounds_are_settings_of_the_recommender_too() -> None:
    for each in fields(NewerSettings):
        if isinstance(each.default, int | float):
            for bound in (each.metadata["low"], each.metadata["high"]):
                replace(NewerSettings(), **{each.name: bound}).hybrid()


def compare(newer: object, older: object, people: Ratings) -> dict[str, Any]:
    """The whole comparison at once."""
    return _end_of(compare_in_steps(newer, older, people))


def _end_of(steps: Generator[float, None, Any]) -> Any:
    while True:
        try:
            assert 0 <= next(steps) <= 1
        except StopIteration as end:
            return end.value


class _Ranks:
    """Ranks as `order` says, whatever is given."""

    def __init__(self, movie_ids: np.ndarray, order: np.ndarray, stars: float) -> None:
        self.movie_ids, self.order, self.stars = movie_ids, order.astype(np.float32), stars

    def score(self, given: Ratings) -> Scores:
        order = np.tile(self.order, (given.users, 1))
        return Scores(order, np.full_like(order, self.stars))


def test_a_recommender_ranks_films_that_it_does_not_know_last_and_guesses_the_mean_for_them() -> None:
    ids = np.array([1, 2, 3])
    wide = Widened(_Ranks(np.array([3, 1]), np.array([0.1, 0.9]), 4.0), ids)
    scores = wide.score(Ratings.of_tastes([{2: 1.0, 3: 2.0}], ids))
    assert np.argsort(-scores.order[0]).tolist() == [0, 2, 1]
    assert scores.stars is not None
    assert scores.stars[0].tolist() == [4.0, 1.5, 4.0]


@pytest.fixture
def agreeing() -> tuple[Ratings, np.ndarray]:
    """People who agree that the last eight of 24 films are the best, and how good each is."""
    quality = np.where(np.arange(24) >= 16, 5.0, np.where(np.arange(24) % 2, 4.0, 3.0))
    rng = np.random.default_rng(0)
    tastes = [{int(film): quality[film] for film in rng.choice(24, 22, replace=False)} for _ in range(80)]
    return Ratings.of_tastes(tastes, np.arange(24)), quality


def test_a_recommender_is_not_better_than_itself_but_than_one_without_the_newer_films(
    agreeing: tuple[Ratings, np.ndarray],
) -> None:
    ratings, quality = agreeing
    whole = _Ranks(ratings.movie_ids, quality, 3.0)
    assert not compare(whole, whole, ratings)["is_better"]
    report = compare(whole, _Ranks(ratings.movie_ids[:8], quality[:8], 3.0), ratings)
    assert report["is_better"]
    assert report[BOTH]["ndcg"][0] == 0
    assert report[BOTH]["films"] == 8
    assert report[ALL]["ndcg"][0] > report[ALL]["ndcg"][1] > 0
    assert "that of the built-in recommender" in said(report)
    mean, half = report[ALL]["ndcg"]
    assert f"a 95 % interval of {mean - half:+.3f} to {min(1, mean + half):+.3f} among all films" in said(report)
    assert "and of +0.000 to +0.000 among those that both know" in said(report)
    assert verdict(report) == "It is better than the built-in recommender, beyond chance."
    lost = report | {"is_better": False, "source": "0123456789ab", "name": "Mine"}
    assert verdict(lost) == "That is not better beyond chance, so it did not take over from “Mine”."


def test_worse_stars_or_a_worse_order_of_the_films_both_know_forbid_the_takeover(
    agreeing: tuple[Ratings, np.ndarray],
) -> None:
    ratings, quality = agreeing
    half = _Ranks(ratings.movie_ids[:8], quality[:8], 3.0)
    assert compare(_Ranks(ratings.movie_ids, quality, 3.0), half, ratings)["is_better"]
    assert not compare(_Ranks(ratings.movie_ids, quality, 0.5), half, ratings)["is_better"]
    worse = np.where(np.arange(24) < 8, -quality, quality)
    assert not compare(_Ranks(ratings.movie_ids, worse, 3.0), half, ratings)["is_better"]


def _ended(store: RunStore) -> Run:
    """A run that has ended with weights, of which nothing is read."""
    run = begin(store)
    (run.folder / WEIGHTS).write_bytes(b"weights")
    return store.update(run.id, state="done")


def test_the_usual_recommender_is_built_in_until_another_is_made_it(store: RunStore, home: Path) -> None:
    assert usual(store) == BUILTIN
    run = _ended(store)
    make_usual(home, run.id)
    assert usual(store) == run.id
    for damaged in ("[]", "{}", '{"source": 3}', '{"source": "../../etc"}', "{"):
        (home / FILE).write_text(damaged)
        assert usual(store) == BUILTIN


def test_until_the_chosen_one_is_done_and_when_it_is_gone_the_one_before_recommends(
    store: RunStore, home: Path
) -> None:
    first, second = _ended(store), _ended(store)
    store.update(second.id, state="training")
    make_usual(home, second.id, before=first.id)
    assert usual(store) == first.id
    store.update(second.id, state="done")
    assert usual(store) == second.id
    store.delete(second.id)
    assert usual(store) == first.id
    store.restore(second.id)
    assert usual(store) == second.id
    store.delete(second.id)
    store.delete(first.id)
    assert usual(store) == BUILTIN


def test_a_choice_is_taken_back_unless_another_was_made_since(store: RunStore, home: Path) -> None:
    first, second, third = (_ended(store) for _ in range(3))
    make_usual(home, second.id, before=first.id)
    withdraw(home, third.id)
    assert usual(store) == second.id
    withdraw(home, second.id)
    assert usual(store) == first.id


def begin(store: RunStore, settings: NewerSettings = SMALL) -> Run:
    return store.create(settings.as_run(), TITLE)


def finish(store: RunStore, run: Run) -> Run:
    for _ in runner.run(store, run.id, function_of(run.kind)):
        pass
    return store.get(run.id)


def test_a_run_reads_trains_measures_and_can_be_opened(store: RunStore, data: Path, home: Path) -> None:
    run = finish(store, begin(store))
    assert run.status.state == "done", (run.folder / "error.log").read_text() if run.status.message else ""
    assert run.is_recommender
    loaded = load(run.id)
    assert len(loaded.films) == FILMS
    assert loaded.facts["newest"] > 2018
    comparison = loaded.facts["comparison"]
    assert comparison[BOTH]["films"] == 120
    assert comparison[ALL]["films"] == FILMS
    assert 20 <= comparison[ALL]["people"] <= 60
    assert set(loaded.facts["figures"]) == {"hybrid", BUILTIN, "popularity", "bias"}
    assert usual(store) == (run.id if comparison["is_better"] else BUILTIN)
    assert not (run.folder / "parts").exists()
    movies, stars = loaded.score({1: 5.0, int(loaded.films.movie_ids[-1]): 4.0})
    assert len(movies) == len(stars) == FILMS - 2
    assert np.isfinite(loaded.places).all()
    records = ProgressLog(run.folder / "progress.jsonl").read()
    assert records[-1]["share"] == pytest.approx(1)
    assert list(dict.fromkeys(each["phase"] for each in records)) == list(Hybrid.PARTS)
    kept = {each["phase"]: each for each in loaded.facts["kept"]}
    assert set(kept) == {"vae", "dae", "second dae"}
    for phase, best in kept.items():
        measured = [each["validation"]["NDCG@10"] for each in records if each["phase"] == phase]
        assert best["value"] == max(measured)
        assert best["epoch"] == 1 + measured.index(max(measured))
    famous = int(np.argmax(loaded.details.raters))
    assert loaded.details.users == USERS
    assert loaded.details.raters_of(famous) > 30
    assert loaded.similar(famous, 5).by_likes == 5


def _recommends(store: RunStore, home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run that took over, since every recommender is better than the built-in one."""
    monkeypatch.setattr(compare_module, "is_better", lambda report: True)
    first = finish(store, begin(store))
    assert usual(store) == first.id
    return first


@pytest.mark.long
def test_training_again_takes_over_only_from_the_one_in_use(
    store: RunStore, data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.rename(_recommends(store, home, monkeypatch).id, "The first")
    monkeypatch.setattr(compare_module, "is_better", lambda report: report[BOTH]["films"] < FILMS)  # the built-in one
    second = finish(store, begin(store))
    assert usual(store) == first.id
    facts = load(second.id).facts
    assert not facts["comparison"]["is_better"]
    assert "did not take over from “The first”" in verdict(facts["comparison"])
    assert facts["comparison"]["all"]["ndcg"] == [0, 0]  # the same settings make the same recommender
    assert [each["source"] for each in facts["others"]] == [BUILTIN]
    monkeypatch.setattr(compare_module, "is_better", lambda report: report[BOTH]["films"] == FILMS)
    third = finish(store, begin(store))
    assert usual(store) == third.id


def test_one_in_use_that_is_gone_is_no_rival(
    store: RunStore, data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.delete(_recommends(store, home, monkeypatch).id)
    second = finish(store, begin(store))
    assert usual(store) == second.id
    assert load(second.id).facts["comparison"]["source"] == BUILTIN


class Crash(BaseException):
    """What ends a process at once."""


def _crash_before_done(store: RunStore, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trains, and dies before it says that it is done."""
    update = RunStore.update

    def dies(self: RunStore, run_id: str, **changes: Any) -> Run:
        if changes.get("state") == "done":
            raise Crash
        return update(self, run_id, **changes)

    with monkeypatch.context() as patch:
        patch.setattr(RunStore, "update", dies)
        with pytest.raises(Crash):
            finish(store, run)
    assert store.get(run.id).status.state == "training"


def test_a_crash_before_it_is_done_takes_nothing_over_and_its_end_can_be_repeated(
    store: RunStore, data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _recommends(store, home, monkeypatch)
    run = begin(store)
    _crash_before_done(store, run, monkeypatch)
    assert usual(store) == first.id
    run = finish(store, run)
    assert run.status.state == "done"
    assert usual(store) == run.id
    assert load(run.id).facts["comparison"]["source"] == first.id  # not itself


@pytest.mark.long
def test_after_a_crash_it_takes_over_only_if_it_is_better_then(
    store: RunStore, data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _recommends(store, home, monkeypatch)
    run = begin(store)
    _crash_before_done(store, run, monkeypatch)
    monkeypatch.setattr(compare_module, "is_better", lambda report: False)
    assert finish(store, run).status.state == "done"
    assert usual(store) == first.id


@pytest.mark.long
def test_what_the_host_chose_while_it_was_measured_stays(
    store: RunStore, data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = _recommends(store, home, monkeypatch), _recommends(store, home, monkeypatch)
    run = begin(store)
    for progress in runner.run(store, run.id, function_of(run.kind)):
        if progress.phase == "Measuring on users held out":
            make_usual(home, first.id)
    facts = load(run.id).facts
    assert usual(store) == first.id
    assert facts["comparison"]["source"] == second.id
    assert facts["comparison"]["is_better"]


@pytest.mark.long
def test_one_in_use_that_is_deleted_while_it_is_measured_leaves_the_built_in_one_as_rival(
    store: RunStore, data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, run = _recommends(store, home, monkeypatch), begin(store)
    monkeypatch.setattr(compare_module, "is_better", lambda report: report[BOTH]["films"] < FILMS)  # the built-in one
    for progress in runner.run(store, run.id, function_of(run.kind)):
        if progress.phase == "Measuring on users held out" and first in store.list():
            store.delete(first.id)
    facts = load(run.id).facts
    assert usual(store) == run.id
    assert facts["comparison"]["source"] == BUILTIN
    assert [each["source"] for each in facts["others"]] == [first.id]


def test_a_run_that_was_interrupted_goes_on_with_the_next_part(store: RunStore, data: Path) -> None:
    run = begin(store)
    steps = runner.run(store, run.id, function_of(run.kind))
    for progress in steps:
        if progress.phase == "dae":
            break
    steps.close()
    assert store.get(run.id).status.state == "interrupted"
    kept = (run.folder / "parts" / "vae" / "model.safetensors").read_bytes()
    phases = []
    for progress in runner.run(store, run.id, function_of(run.kind)):
        phases.append(progress.phase)
        if progress.phase == "second dae":
            assert (run.folder / "parts" / "vae" / "model.safetensors").read_bytes() == kept
    assert "vae" not in phases
    assert store.get(run.id).status.state == "done"
    records = ProgressLog(run.folder / "progress.jsonl").read()
    assert list(dict.fromkeys(each["phase"] for each in records)) == list(Hybrid.PARTS)
    assert [each["step"] for each in records] == sorted({each["step"] for each in records})
    whole, again = load(finish(store, begin(store)).id), load(run.id)
    assert whole.facts["kept"] == again.facts["kept"]
    before, after = whole.model.arrays(), again.model.arrays()
    assert all(np.array_equal(before[name], after[name]) for name in before)


def ask_until_it_ends(steps: Generator[Progress, str | None, None], request: str) -> None:
    """Asks again at every step: one that ends a part is kept first."""
    with contextlib.suppress(StopIteration):
        while True:
            steps.send(request)


@pytest.mark.parametrize(
    ("request_", "phase"),
    [("pause", "Reading the ratings"), ("stop", "vae"), ("pause", "stars"), ("stop", "Measuring on users held out")],
)
def test_a_run_can_be_stopped_at_every_stage_and_goes_on(
    store: RunStore, data: Path, request_: str, phase: str
) -> None:
    run = begin(store)
    steps = runner.run(store, run.id, function_of(run.kind))
    progress = next(steps)
    while progress.phase != phase:
        status = store.get(run.id).status
        assert not status.message or status.message.endswith(f": {100 * status.share:.0f} %")
        progress = next(steps)
    ask_until_it_ends(steps, request_)
    status = store.get(run.id).status
    assert status.state == "paused"
    assert "is kept" in status.message
    assert finish(store, run).status.state == "done"


@pytest.fixture
def offered(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """The edition as a server on this machine offers it; nothing is in the data folder."""
    monkeypatch.setenv("AECORE_DATA", str(tmp_path / "empty"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    body = archive.read_bytes()
    with serving(body) as server:
        file = replace(
            EDITIONS[EDITION].file, urls=(server.url,), sha256=hashlib.sha256(body).hexdigest(), size_hint=len(body)
        )
        monkeypatch.setitem(movielens.EDITIONS, EDITION, replace(EDITIONS[EDITION], file=file))
        yield server


def test_the_download_goes_on_where_it_broke_off_and_is_checked(store: RunStore, offered: object) -> None:
    offered.most = len(offered.body) // 3
    run = finish(store, begin(store))
    assert run.status.state == "failed"
    assert "What arrived is kept" in run.status.message
    offered.most = 0
    run = finish(store, run)
    assert run.status.state == "done", run.status.message
    assert offered.ranges == [None, f"bytes={len(offered.body) // 3}-"]


def test_what_is_not_the_published_file_is_refused(store: RunStore, offered: object) -> None:
    offered.body = offered.body[:-1] + b"?"
    run = finish(store, begin(store))
    assert run.status.state == "failed"
    assert "corrupt" in run.status.message


def test_a_full_disk_is_told_before_and_during_the_download(
    store: RunStore, offered: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("aecore.recommender.newer.training.disk_bytes", lambda folder: (10**9, 1000))
        run = finish(store, begin(store))
        assert run.status.state == "failed"
        assert "too little room" in run.status.message
    assert offered.ranges == []

    def full(*args: object) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("aecore.datasets.downloads.receive", full)
    run = finish(store, run)
    assert run.status.state == "failed"
    assert "The disk is full" in run.status.message


def test_a_download_can_be_stopped_and_the_part_stays(
    store: RunStore, offered: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aecore.recommender.newer.training.SAY_SECONDS", 0.0)
    run = begin(store)
    steps = runner.run(store, run.id, function_of(run.kind))
    assert next(steps).phase.startswith("Downloading")
    with pytest.raises(StopIteration):
        steps.send("pause")
    assert store.get(run.id).status.state == "paused"
    assert finish(store, run).status.state == "done"


def test_a_film_that_no_earlier_catalogue_knew_comes_alive(store: RunStore, data: Path, home: Path) -> None:
    newest = load(finish(store, begin(store)).id).catalogue
    profiles = Profiles(home)
    me = profiles.create("Me", "o" * 22)
    profiles.rate(me.id, Film(title="The Invented Film No. 7", year=int(_year_of(newest, "Invented Film No. 7"))), 4.5)
    mine = profiles.taste(me.id)
    assert mine.stars(load().catalogue) == {}
    ((movie, stars),) = mine.stars(newest).items()
    assert stars == 4.5
    assert "Invented Film No. 7" in newest.film(movie).title


def _year_of(catalogue: Catalogue, title: str) -> int:
    return int(catalogue.films.years[catalogue.search(title, 1)[0]])
