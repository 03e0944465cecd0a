"""The built-in recommender: loads without torch, is small, and has the metrics its facts state."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from aecore.files import BrokenFileError
from aecore.recommender import load
from aecore.recommender.models.base import ABOUT
from aecore.recommender.models.popularity import Popularity
from aecore.recommender.ratings import movielens
from aecore.recommender.ratings.table import Ratings, RatingsError
from aecore.recommender.serving.cold_start import disagreement_of
from aecore.recommender.serving.explain import explain
from aecore.recommender.serving.loaded import ASSETS, FILMS, Loaded, open_folder, save
from aecore.recommender.training.builtin import EDITION
from tests.tastes import checkerboard

MATRIX, TOY_STORY = 2571, 1
SCIENCE_FICTION = {MATRIX: 5.0, 260: 5.0, 1196: 4.5, 1240: 4.5, 589: 5.0, 1721: 1.5}
ROMANCE = {1721: 5.0, 597: 5.0, 357: 4.5, 339: 4.5, 1265: 4.0, 589: 1.5}


def test_it_fits_into_fifteen_megabytes_with_its_conditions() -> None:
    assert sum(path.stat().st_size for path in ASSETS.iterdir()) <= 15_000_000
    notice = (ASSETS / "NOTICE").read_text()
    for words in ("Harper and Joseph A. Konstan", "commercial", "endorsement", "same\n  license conditions"):
        assert words in notice


def test_it_opens_and_scores_without_torch() -> None:
    code = (
        "import sys; from aecore.recommender import load; loaded = load('builtin'); ids, stars = "
        "loaded.score({2571: 5.0}); assert 'torch' not in sys.modules; print(len(ids))"
    )
    count = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(count) == len(load().films) - 1


def test_it_knows_how_far_users_disagree_about_each_film(real_data: Path) -> None:
    ratings, _ = movielens.read(EDITION)
    users = ratings.only(~np.isin(ratings.user_ids, load().facts["held_out_people"])[ratings.rows])
    np.testing.assert_allclose(
        load().disagreement, disagreement_of(users.take_users(np.flatnonzero(users.counts))), atol=1e-3
    )


def test_who_loves_romance_and_who_loves_science_fiction_are_shown_different_films() -> None:
    loaded = load()
    genres = {name: column for column, name in enumerate(loaded.films.genre_names)}
    shares = []
    for taste in (SCIENCE_FICTION, ROMANCE):
        best = [loaded.films.column[int(movie)] for movie in loaded.score(taste)[0][:30]]
        shares.append(loaded.films.genres[best][:, [genres["Sci-Fi"], genres["Romance"]]].mean(0))
    assert shares[0][0] > shares[1][0] + 0.15
    assert shares[1][1] > shares[0][1] + 0.15


ROMANTIC_COMEDIES = ("Pretty Woman", "Sleepless in Seattle", "Notting Hill", "You've Got Mail",
                     "Four Weddings and a Funeral")  # fmt: skip
OTHER_TASTES: dict[str, dict[int, float]] = {
    "nothing": {},
    "one film": {MATRIX: 5.0},
    "science fiction": {MATRIX: 5.0, 260: 5.0, 1196: 4.5, 1240: 4.5, 589: 5.0},
    "drama": {318: 5.0, 296: 4.5, 593: 4.0, 527: 5.0, 50: 4.5},
}


@pytest.mark.parametrize("liked", OTHER_TASTES.values(), ids=OTHER_TASTES)
def test_five_romantic_comedies_at_half_a_star_move_their_genre_down_the_list(liked: dict[int, float]) -> None:
    loaded = load()
    films, names = loaded.films, loaded.films.genre_names
    disliked = [int(films.movie_ids[films.titles.index(title)]) for title in ROMANTIC_COMEDIES]
    genre = films.genres[:, [names.index("Romance"), names.index("Comedy")]].all(1)
    genre &= ~np.isin(films.movie_ids, [*disliked, *liked])
    known = np.flatnonzero(genre)[np.argsort(-loaded.model.popularity[genre], kind="stable")][:40]

    def places(taste: dict[int, float]) -> np.ndarray:
        return np.argsort(np.argsort(-loaded.scores(taste).order[0], kind="stable"))[known]

    before, after = places(liked), places(liked | dict.fromkeys(disliked, 0.5))
    assert np.median(after - before) > 20
    assert (after > before).mean() > 0.6
    assert (after < 200).sum() < (before < 200).sum()


@pytest.mark.parametrize("taste", [SCIENCE_FICTION, ROMANCE, SCIENCE_FICTION | ROMANCE | {MATRIX: 0.5}])
def test_what_its_explanations_say_adds_up_and_holds_without_each_group(taste: dict[int, float]) -> None:
    loaded = load()
    for film in (TOY_STORY, 318, 2028, 4306, 1704):
        found = explain(loaded.model, taste, film, loaded.model.directions)
        gain = found.value - found.baseline
        assert found.in_stars
        assert found.error == pytest.approx(abs(sum(part.change for part in found.parts) - gain), abs=1e-9)
        assert found.error <= 0.01 * max(abs(part.change) for part in found.parts)
        assert abs(sum(part.change for part in found.parts) - gain) <= 0.01 * abs(gain) + 1e-3
        assert sorted(each for part in found.parts for each in part.films) == sorted(set(taste) - {film})
        for part in found.parts:
            others = {each: stars for each, stars in taste.items() if each not in part.films}
            given = Ratings.of_tastes(
                [{each: value for each, value in others.items() if each != film}], loaded.model.movie_ids
            )
            stars = loaded.model.predict(given).stars
            assert stars is not None
            assert part.without == pytest.approx(float(stars[0, loaded.films.column[film]]), abs=1e-4)


def test_rated_films_do_not_come_back_and_stars_are_stars() -> None:
    movies, stars = load().score(SCIENCE_FICTION)
    assert not set(movies.tolist()) & set(SCIENCE_FICTION)
    assert len(np.unique(movies)) == len(movies)
    assert stars.min() >= 0.5
    assert stars.max() <= 5.0


def test_its_facts_are_figures_with_their_protocol() -> None:
    facts = load().facts
    for given in ("5", "10", "20"):
        own, biases = facts["figures"]["hybrid"][given], facts["figures"]["bias"][given]
        assert own["rmse"] < biases["rmse"]
        assert "held out entirely" in own["protocol"]
        for other in ("popularity", "item-knn", "ease"):
            assert own["ndcg"] > facts["figures"][other][given]["ndcg"]
            assert own["recall"] > facts["figures"][other][given]["recall"]


def test_stars_out_of_scale_are_refused_and_unknown_films_passed_over() -> None:
    with pytest.raises(RatingsError, match="7 stars"):
        load().score({MATRIX: 7.0})
    np.testing.assert_array_equal(load().score({MATRIX: 5.0, -3: 1.0})[0], load().score({MATRIX: 5.0})[0])


def test_well_known_films_have_their_titles_and_ids() -> None:
    films = load().films
    place = films.column[TOY_STORY]
    assert films.title(place) == "Toy Story (1995)"
    assert (films.imdb[place], films.tmdb[place]) == (114709, 862)


def test_a_recommender_comes_back_from_its_folder_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    ratings, films = checkerboard()
    model = Popularity()
    list(model.fit(ratings, films))
    places = np.random.default_rng(0).random((len(films), 2), np.float32)
    disagreement = np.linspace(0.5, 1.5, len(films), dtype=np.float32)
    save(Loaded(model, films, places, {"seconds": 1}, disagreement), tmp_path)
    again = open_folder(tmp_path)
    assert again.films.titles == films.titles
    np.testing.assert_array_equal(again.films.genres, films.genres)
    np.testing.assert_allclose(again.places, places, atol=1e-3)
    np.testing.assert_allclose(again.disagreement, disagreement, atol=1e-3)
    assert again.facts == {"seconds": 1}
    values = json.loads((tmp_path / FILMS).read_text())
    for damage in ({"titles": 5}, {"movie_ids": values["movie_ids"][::-1]}, {"genres": [[99]] * len(films)}):
        (tmp_path / FILMS).write_text(json.dumps(values | damage))
        with pytest.raises(BrokenFileError):
            open_folder(tmp_path)


def test_a_hybrid_from_before_dislikes_counted_ranks_as_it_was_tested(tmp_path: Path) -> None:
    shutil.copytree(ASSETS, tmp_path / "earlier")
    about = json.loads((tmp_path / "earlier" / ABOUT).read_text())
    for name in ("stars_weight", "dislike_weight"):
        del about["settings"][name]
    (tmp_path / "earlier" / ABOUT).write_text(json.dumps(about))
    earlier, now = open_folder(tmp_path / "earlier"), open_folder(ASSETS)
    assert earlier.model.settings.stars_weight == 0 < now.model.settings.stars_weight
    taste = {1: 0.5, 356: 5.0, 2571: 4.0}
    assert not np.array_equal(earlier.scores(taste).order, now.scores(taste).order)
    np.testing.assert_array_equal(earlier.scores(taste).stars, now.scores(taste).stars)
