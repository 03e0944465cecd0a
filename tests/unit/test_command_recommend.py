"""`python -m aecore recommend`: a list for the user who gave the ratings, and sentences for unreadable files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from aecore.__main__ import main
from aecore.recommender.models import MODELS
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.serving.loaded import Loaded, save
from tests import small_films as samples

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def model(tmp_path: Path) -> str:
    """A folder with a model trained on 40 users who like the popular films of the small catalogue."""
    films = samples.small_films()
    rng = np.random.default_rng(0)
    stars = np.clip(5 - np.arange(len(films)) / 4 + rng.normal(size=(40, len(films))), 0.5, 5)
    users, columns = np.indices(stars.shape)
    ratings = Ratings.of(users.ravel(), columns.ravel(), stars.ravel(), None, np.arange(40), films.movie_ids)
    bias = MODELS["bias"].model_class()
    list(bias.fit(ratings, films))
    save(Loaded(bias, films, np.zeros((len(films), 2), np.float32)), tmp_path / "model")
    return str(tmp_path / "model")


def run(
    capsys: Capture, tmp_path: Path, model: str, *options: str, text: str = samples.LETTERBOXD_RATINGS
) -> tuple[int, list[str], str]:
    (tmp_path / "mine.csv").write_text(text)
    status = main(["recommend", str(tmp_path / "mine.csv"), "--model", model, *options])
    out = capsys.readouterr()
    return status, out.out.splitlines(), out.err


def test_json_holds_one_film_a_line_the_best_first_and_none_that_was_rated(
    capsys: Capture, tmp_path: Path, model: str
) -> None:
    status, lines, told = run(capsys, tmp_path, model, "--json", "--count", "6")
    films = [json.loads(line) for line in lines]
    assert status == 0
    assert [film["place"] for film in films] == [1, 2, 3, 4, 5, 6]
    stars = [film["stars"] for film in films]
    assert stars == sorted(stars, reverse=True)
    assert not {film["title"] for film in films} & {"The Matrix", "Amelie", "WALL·E", "Seven", "Alien"}
    assert films[0]["imdb"].startswith("tt")
    assert "Letterboxd: 3 found, 2 by guess, 1 unknown here, 0 left out." in told


def test_filters_and_plain_lines(capsys: Capture, tmp_path: Path, model: str) -> None:
    _, lines, _ = run(capsys, tmp_path, model, "--genre", "Crime", "--without", "Thriller", "--until", "1973")
    assert [line.split("  ")[-1] for line in lines] == ["The Godfather (1972)"]


def test_only_from_a_watchlist(capsys: Capture, tmp_path: Path, model: str) -> None:
    (tmp_path / "list.csv").write_text(samples.LETTERBOXD_LIST)
    _, lines, _ = run(capsys, tmp_path, model, "--only", str(tmp_path / "list.csv"), "--json")
    assert [json.loads(line)["title"] for line in lines] == ["Toy Story"]


@pytest.mark.parametrize(
    ("options", "text", "said"),
    [
        (["--genre", "Westrn"], samples.IMDB_RATINGS, "no genre 'Westrn'"),
        ([], "nothing of use\n", "has no columns that are known here"),
        ([], "Title,Year,Rating\nUnheard,2000,4\n", "no rating of a film that this recommender knows"),
        ([], samples.MOVIELENS_CSV + "9,2571,1.0,964982703\n", "Choose one of them with --person NUMBER."),
        (["--only", "no-such-file"], samples.IMDB_RATINGS, "no-such-file cannot be read"),
        (["--dial", "3"], samples.IMDB_RATINGS, "goes from -1"),
    ],
)  # fmt: skip
def test_refusals_are_sentences(
    capsys: Capture, tmp_path: Path, model: str, options: list[str], text: str, said: str
) -> None:
    status, lines, told = run(capsys, tmp_path, model, *options, text=text)
    assert (status, lines) == (1, [])
    assert said in told


def test_a_file_that_is_not_there(capsys: Capture, model: str) -> None:
    assert main(["recommend", "nowhere.csv", "--model", model]) == 1
    assert "nowhere.csv cannot be read" in capsys.readouterr().err
