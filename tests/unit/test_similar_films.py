"""Films like a film: by the ratings of the same users, by genres where there are too few, and of famous films."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aecore.files import BrokenFileError, write_npz
from aecore.recommender import load
from aecore.recommender.models.popularity import Popularity
from aecore.recommender.ratings import movielens
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.serving.loaded import PLACES, Loaded, open_folder, save
from aecore.recommender.serving.similar import alike, nearest_films
from aecore.recommender.training.builtin import EDITION
from tests.famous_films import CHOOSING, JUDGING, RELATIVES, SHOWN, found
from tests.tastes import GROUPS, checkerboard


@pytest.fixture
def board() -> Loaded:
    ratings, films = checkerboard()
    model = Popularity()
    list(model.fit(ratings, films))
    return Loaded(model, films, np.zeros((len(films), 2), np.float32), nearest=nearest_films(ratings, films))


def of_builtin(movie: int) -> list[int]:
    """Movie ids of the films like one, as the page shows them."""
    loaded = load()
    near = loaded.similar(loaded.films.column[movie], SHOWN)
    return loaded.films.movie_ids[list(near.columns)].tolist()


def test_of_a_checkerboard_the_films_of_the_same_users_are_alike(board: Loaded) -> None:
    for film in range(len(GROUPS)):
        near = board.similar(film, 9)
        assert near.by_likes == 9
        assert film not in near.columns
        assert (GROUPS[list(near.columns)] == GROUPS[film]).all()


def test_a_similarity_worked_out_by_hand() -> None:
    likes = ((0, 1, 2), (0, 1), (0, 1, 2), (0, 2), (3,))
    ratings = Ratings.of_tastes([dict.fromkeys(films, 5.0) | {4: 1.0} for films in likes], np.arange(5))
    untold = Films.untitled(np.arange(5))
    # three users like 0 and 1, and 0 and 2, two like 1 and 2; four, three and three like them at all
    assert 3 * 3 / 13 / (3**0.25 * 4**0.75) > 2 * 2 / 12 / (3**0.25 * 3**0.75)
    near = nearest_films(ratings, untold, 3)
    assert near[:3].tolist() == [[1, 2, -1], [0, 2, -1], [0, 1, -1]]
    assert near[3:].tolist() == [[-1] * 3] * 2  # one user says nothing, and a single star counts for nothing
    told = Films.of(np.arange(5), list("ABCDE"), [("War",), ("Comedy",), ("War",), (), ()])
    assert nearest_films(ratings, told, 3)[0].tolist() == [2, 1, -1]  # of two liked alike, the genres decide


def test_where_too_few_like_a_film_its_genres_and_its_time_speak() -> None:
    films = Films.of(
        np.arange(6),
        ["A (1950)", "B (1951)", "C (2010)", "D (1952)", "E (1950)", "F (1950)"],
        [("War", "Drama"), ("War", "Drama"), ("War", "Drama"), ("War",), ("Comedy",), ()],
    )
    popularity = np.full(6, 0.1, np.float32)
    assert alike(films, popularity, 0, 9, np.array([], np.int64)).tolist() == [1, 3, 2]
    assert alike(films, popularity, 0, 9, np.array([1])).tolist() == [3, 2]
    assert alike(films, popularity, 5, 9, np.array([], np.int64)).tolist() == []
    model = Popularity.from_arrays(Popularity.settings_class(), {"movie_ids": np.arange(6), "popularity": popularity})
    nearest = np.full((6, 4), -1, np.int32)
    nearest[0, 0] = 4
    loaded = Loaded(model, films, np.zeros((6, 2)), nearest=nearest)
    assert (loaded.similar(0, 3).columns, loaded.similar(0, 3).by_likes) == ((4, 1, 3), 1)
    assert loaded.similar(1, 3).by_likes == 0


def test_they_come_back_from_a_folder_and_an_older_one_asks_the_model(board: Loaded, tmp_path: Path) -> None:
    save(board, tmp_path)
    np.testing.assert_array_equal(open_folder(tmp_path).nearest, board.nearest)
    write_npz(tmp_path / PLACES, places=board.places)
    older = open_folder(tmp_path)
    assert older.nearest is None
    assert older.similar(3, 5).by_likes is None
    assert older.similar(3, 5).columns == tuple(board.model.similar(3, 5)[0].tolist())
    for wrong in (np.full((len(board.films), 2), 99), np.zeros(len(board.films), np.int16)):
        write_npz(tmp_path / PLACES, places=board.places, nearest=wrong)
        with pytest.raises(BrokenFileError):
            open_folder(tmp_path)


def test_those_of_the_built_in_recommender_are_of_its_own_training_users(real_data: Path) -> None:
    loaded = load()
    ratings, films = movielens.read(EDITION)
    users = ratings.take_users(np.flatnonzero(~np.isin(ratings.user_ids, loaded.facts["held_out_people"])))
    np.testing.assert_array_equal(loaded.nearest, nearest_films(users.on(loaded.model.movie_ids), films))


@pytest.mark.parametrize(("half", "least", "some"), [(CHOOSING, 0.78, 0.9), (JUDGING, 0.83, 0.95)])
def test_famous_films_have_their_sequels_and_relatives_on_their_sheets(
    half: tuple[str, ...], least: float, some: float
) -> None:
    share, with_one, missing = found(half, of_builtin)
    assert share >= least, missing
    assert with_one >= some, missing


def test_toy_story_has_toy_story_2_and_the_matrix_its_sequels() -> None:
    for name in ("Toy Story", "The Matrix"):
        film, relatives = RELATIVES[name]
        assert set(relatives) <= set(of_builtin(film)), name


@pytest.mark.parametrize("name", RELATIVES)
def test_the_films_named_are_in_the_catalogue(name: str) -> None:
    film, relatives = RELATIVES[name]
    assert {film, *relatives} <= set(load().films.column)
