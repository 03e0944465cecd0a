"""The contract of every recommender, on a checkerboard of tastes whose right answers are known."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aecore.files import BrokenFileError
from aecore.recommender.models import MODELS, load_model
from aecore.recommender.models.base import ABOUT, WEIGHTS, Recommender, Scores
from aecore.recommender.ratings.table import Ratings, RatingsError
from aecore.recommender.serving.explain import explain
from aecore.settings import Settings, SettingsError
from tests.tastes import FILMS, GROUPS, MOVIE_IDS, checkerboard, tastes

IMPERSONAL = ("popularity", "item-mean", "bias")
"""These order the films alike for everybody."""

SMALL: dict[str, Any] = {
    "penalty": 10.0,
    "neighbours": 8,
    "order_neighbours": 8,
    "similarity_shrinkage": 5.0,
    "order_shrinkage": 5.0,
}
"""Settings for so few ratings, for whichever model has them."""

SMALL_OF: dict[str, dict[str, Any]] = {"stacked-faithful": {"learning_rate": 0.003}}
"""And of one model: the articles' steps are too large for 24 films."""

every_model = pytest.mark.parametrize("name", MODELS)
every_personal_model = pytest.mark.parametrize("name", [name for name in MODELS if name not in IMPERSONAL])


def settings_of(name: str) -> Settings:
    known = {each.name for each in MODELS[name].settings_class.knobs()}
    return MODELS[name].settings_class.from_dict(
        {key: value for key, value in SMALL.items() if key in known} | SMALL_OF.get(name, {})
    )


@cache
def trained(name: str) -> Recommender:
    """A model of the checkerboard; tests must not change it."""
    model = MODELS[name].model_class(settings_of(name))
    ratings, films = checkerboard()
    records = list(model.fit(ratings, films))
    np.testing.assert_array_equal(ratings.films, checkerboard()[0].films, err_msg="training changed the ratings")
    np.testing.assert_array_equal(ratings.stars, checkerboard()[0].stars, err_msg="training changed the ratings")
    assert records[-1].share == 1.0
    json.dumps([each.to_dict() for each in records], allow_nan=False)
    return model


def assert_same(one: Scores, other: Scores, tolerance: float = 0.0) -> None:
    for part in ("order", "stars", "spread"):
        left, right = getattr(one, part), getattr(other, part)
        assert (left is None) == (right is None)
        if left is not None:
            np.testing.assert_allclose(left, right, rtol=tolerance, atol=tolerance)


def assert_sound(name: str, scores: Scores, users: int) -> None:
    assert scores.order.shape == (users, FILMS)
    assert np.isfinite(scores.order).all()
    assert (scores.stars is not None) == MODELS[name].predicts_stars
    if scores.stars is not None:
        assert scores.stars.min() >= 0.5
        assert scores.stars.max() <= 5.0
    if scores.spread is not None:
        assert (scores.spread >= 0).all()


@pytest.mark.long
@every_model
def test_the_parts_of_an_explanation_add_up_and_say_what_leaving_out_a_group_does(name: str) -> None:
    model, film = trained(name), int(MOVIE_IDS[5])
    given = {int(MOVIE_IDS[column]): stars for column, stars in ((1, 5.0), (2, 0.5), (7, 3.5), (8, 4.5), (20, 1.0))}
    for taste in (given, {int(MOVIE_IDS[3]): 4.0}, {}, given | {film: 1.0}):
        found = explain(model, taste, film, lambda films: np.eye(2)[GROUPS[films]])
        others = {movie: stars for movie, stars in taste.items() if movie != film}

        def value(stars: dict[int, float]) -> float:
            scores = model.predict(Ratings.of_tastes([stars], MOVIE_IDS))
            return float(scores.order[0, 5] - scores.order[0].mean() if scores.stars is None else scores.stars[0, 5])

        close = 1e-4 * (1 + abs(found.value))
        assert found.in_stars == (model.predict(Ratings.of_tastes([{}], MOVIE_IDS)).stars is not None)
        assert (found.baseline, found.value) == pytest.approx((value({}), value(others)), abs=close)
        total = sum(part.change for part in found.parts)
        assert total == pytest.approx(found.value - found.baseline, abs=close)
        assert found.error <= close
        assert sorted(movie for part in found.parts for movie in part.films) == sorted(others)
        assert [part.change for part in found.parts] == sorted((part.change for part in found.parts), reverse=True)
        for part in found.parts:
            left = {movie: stars for movie, stars in others.items() if movie not in part.films}
            assert part.without == pytest.approx(value(left), abs=close)


@every_model
def test_the_table_says_what_the_class_is(name: str) -> None:
    entry = MODELS[name]
    assert entry.model_class.name == name
    assert entry.title
    assert entry.source
    assert entry.about.endswith((".", "!"))
    assert entry.settings_class.from_dict(json.loads(entry.settings_class().to_json())) == entry.settings_class()


@every_personal_model
@pytest.mark.parametrize("group", [0, 1])
def test_new_users_are_recommended_the_films_of_their_group(name: str, group: int) -> None:
    given = tastes(group)
    order = trained(name).score(given).order[0]
    order[given.films] = -np.inf
    best = np.argsort(-order)[:5]
    assert (GROUPS[best] == group).all()


@every_personal_model
def test_stars_of_the_own_group_are_higher(name: str) -> None:
    scores = trained(name).score(tastes(0, 1))
    if scores.stars is None:
        pytest.skip("it predicts no stars")
    for group in (0, 1):
        mine = scores.stars[group]
        assert mine[group == GROUPS].mean() > mine[group != GROUPS].mean() + 0.5


@pytest.mark.parametrize("name", IMPERSONAL)
def test_what_knows_no_tastes_orders_films_alike_for_everybody(name: str) -> None:
    one, other = trained(name).score(tastes(0, 1)).order
    assert (np.argsort(-one, kind="stable") == np.argsort(-other, kind="stable")).mean() > 0.9


@every_model
def test_scoring_changes_nothing_and_does_not_depend_on_who_else_is_asked(name: str) -> None:
    model, given = trained(name), tastes(0, 1, 0)
    before = {key: array.copy() for key, array in model.arrays().items()}
    stars = given.stars.copy()
    together = model.score(given)
    assert_sound(name, together, 3)
    assert_same(together, model.score(given))
    for row in range(3):
        alone = model.score(given.take_users(np.array([row])))
        assert_same(
            alone,
            Scores(
                *(
                    None if part is None else part[row : row + 1]
                    for part in (together.order, together.stars, together.spread)
                )
            ),
            1e-4,
        )
    np.testing.assert_array_equal(given.stars, stars)
    for key, array in model.arrays().items():
        np.testing.assert_array_equal(array, before[key])


@every_model
def test_a_model_comes_back_from_disk_as_it_was(name: str, tmp_path: Path) -> None:
    model = trained(name)
    model.save(tmp_path / "model")
    again = load_model(tmp_path / "model")
    assert type(again) is type(model)
    assert again.settings == model.settings
    assert_same(again.score(tastes(0, 1)), model.score(tastes(0, 1)))
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == [ABOUT, WEIGHTS]


def test_scoring_imports_no_torch(tmp_path: Path) -> None:
    for name in MODELS:
        trained(name).save(tmp_path / name)
    code = (
        "import sys; from pathlib import Path; from aecore.recommender.models import load_model; "
        "from tests.tastes import tastes\n"
        "for folder in Path(sys.argv[1]).iterdir():\n"
        "    load_model(folder).score(tastes(0))\n"
        "    assert 'torch' not in sys.modules, folder.name"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=Path(__file__).parents[2])


@every_model
def test_films_it_does_not_know_are_passed_over(name: str) -> None:
    model, known = trained(name), {100: 5.0, 106: 4.0, 103: 1.0}
    strange = np.append(MOVIE_IDS, [7, 999_999])
    given = Ratings.of_tastes([known | {7: 5.0, 999_999: 0.5}], strange)
    assert_same(model.score(given), model.score(Ratings.of_tastes([known], MOVIE_IDS)))


@every_model
def test_a_user_without_ratings_is_shown_the_most_popular(name: str) -> None:
    model = trained(name)
    scores = model.score(Ratings.of_tastes([{}, {100: 5.0}], MOVIE_IDS))
    assert_sound(name, scores, 2)
    assert np.corrcoef(scores.order[0], model.popularity)[0, 1] > 0.7


@every_model
@pytest.mark.parametrize("stars", [0.5, 2.0, 5.0])
def test_a_user_who_gives_everything_the_same_still_gets_an_order(name: str, stars: float) -> None:
    scores = trained(name).score(Ratings.of_tastes([{int(movie): stars for movie in MOVIE_IDS}], MOVIE_IDS))
    assert_sound(name, scores, 1)
    assert np.ptp(scores.order[0]) > 0


@every_model
def test_nobody_asks_and_nobody_is_answered(name: str) -> None:
    assert trained(name).score(Ratings.of_tastes([], MOVIE_IDS)).order.shape == (0, FILMS)


@every_model
def test_similar_films_do_not_include_the_film_itself(name: str) -> None:
    columns, strengths = trained(name).similar(3, 6)
    assert len(columns) == len(strengths) == 6
    assert 3 not in columns
    assert (np.diff(strengths) <= 0).all()


@every_personal_model
def test_similar_films_are_of_the_same_group(name: str) -> None:
    for film in (2, 5):
        assert (GROUPS[trained(name).similar(film, 4)[0]] == GROUPS[film]).all()


@every_model
def test_without_ratings_there_is_nothing_to_learn(name: str) -> None:
    ratings, films = checkerboard()
    with pytest.raises(RatingsError, match="no ratings"):
        list(MODELS[name].model_class(settings_of(name)).fit(ratings.only(np.zeros(len(ratings), bool)), films))


@every_model
def test_damaged_models_are_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    trained(name).save(tmp_path)
    (tmp_path / WEIGHTS).write_bytes((tmp_path / WEIGHTS).read_bytes()[:100])
    with pytest.raises(BrokenFileError, match="cannot be read"):
        load_model(tmp_path)
    trained(name).save(tmp_path)
    about = json.loads((tmp_path / ABOUT).read_text())
    for change in ({"model": "oracle"}, {"format": 99}, {"settings": {"wisdom": 3}}):
        (tmp_path / ABOUT).write_text(json.dumps(about | change))
        with pytest.raises((BrokenFileError, SettingsError), match=r"oracle|cannot be read|wisdom"):
            load_model(tmp_path)
