"""What cards say without a network: tags that more than one user would give, counts of raters, reasons that hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aecore.recommender import load
from aecore.recommender.models.base import Scores
from aecore.recommender.ratings.films import Films
from aecore.recommender.ratings.table import Ratings
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.details import DETAILS, Details, read_details, write_details
from aecore.recommender.serving.loaded import ASSETS
from aecore.recommender.training.details import NO_FACTS, details_of, tags
from ui.components.film_cards import Card
from ui.screens.movies.cards import likely_stars
from ui.screens.movies.order_words import CLEAR, likes_of, with_reasons

FILMS = Films.of([10, 20, 30, 40], ["A (1990)", "B (1991)", "C (1992)", "D (1993)"], [["Sci-Fi"], [], [], []])


def test_tags_of_one_user_for_one_film_and_notes_to_oneself_are_left_out() -> None:
    given = [
        (1, 10, "Time Travel"), (2, 10, "time  travel"), (1, 20, "time travel"), (1, 20, "my cousin is in it"),
        (1, 10, "sci-fi"), (2, 20, "sci-fi"), (1, 10, "In Netflix queue"), (2, 20, "In Netflix queue"),
        (3, 10, "robots"), (3, 20, "robots"), (3, 30, "robots"), (9, 999, "robots"), (1, 30, ""),
    ]  # fmt: skip
    assert tags(given, FILMS) == {0: ("time travel", "robots"), 1: ("robots", "sci-fi", "time travel"), 2: ("robots",)}


def test_details_are_read_as_written_and_those_of_other_films_tell_nothing(tmp_path: Path) -> None:
    written = Details(np.array([3, 0, 7], np.int32), 9, {2: ("robots", "space")})
    write_details(written, tmp_path / DETAILS)
    back = read_details(tmp_path / DETAILS, 3)
    assert (back.users, back.tags, back.raters_of(2)) == (9, written.tags, 7)
    for count, path in ((4, tmp_path / DETAILS), (3, tmp_path / "nothing.json")):
        nothing = read_details(path, count)
        assert (nothing.raters_of(2), nothing.tags) == (0, {})
    (tmp_path / DETAILS).write_text('{"raters": 7}')
    assert read_details(tmp_path / DETAILS, 3).raters is None


def test_a_training_tells_the_tags_of_its_edition_and_does_without_those_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_DATA", str(tmp_path))
    folder = tmp_path / "movielens" / "ml-latest-small"
    folder.mkdir(parents=True)
    (folder / "ratings.csv").touch()
    raters = np.array([4, 3, 2, 1])
    for text, expected in (
        ("userId,movieId,tag,timestamp\n1,10,robots,5\n2,10,robots,5\n", {0: ("robots",)}),
        ("userId,movieId,tag,timestamp\n1,10\n", {}),
        ("", {}),
    ):
        (folder / "tags.csv").write_text(text)
        found = details_of("ml-latest-small", FILMS, raters, 9)
        assert (found.tags, found.users, found.raters_of(0)) == (expected, 9, 4)
    (folder / "tags.csv").unlink()
    assert details_of("ml-latest-small", FILMS, raters, 9).tags == {}
    assert details_of("an upload", FILMS, raters, 9).tags == {}


def test_the_built_in_films_have_details_and_their_conditions_name_them() -> None:
    loaded = load()
    assert loaded.details.users == 610
    assert loaded.details.raters is not None
    assert loaded.details.raters.shape == (len(loaded.films),)
    assert loaded.details.raters.max() <= 610
    assert len(loaded.details.tags) > 900
    assert not {tag for each in loaded.details.tags.values() for tag in each} & NO_FACTS
    assert "the tags" in (ASSETS / "NOTICE").read_text()


@pytest.mark.parametrize(
    ("stars", "spread", "range"), [(4.3, 0.8, "3.5–5"), (4.9, 0.7, "4–5"), (0.7, 0.9, "0.5–1.5"), (3.0, 0.2, "3")]
)
def test_the_range_of_a_prediction_is_told_in_half_stars_within_the_scale(
    stars: float, spread: float, range: str
) -> None:
    assert likely_stars(stars, spread) == range


def listed(
    stars: list[float], order: list[float], raters: list[int], *, is_own: bool = True, likes: list[float] | None = None
) -> list[str]:
    """The notes of four films in their order in the list."""
    details = Details(np.array(raters, np.int32), 100)
    catalogue = Catalogue(FILMS, np.array(raters, np.float32), details)
    cards = [Card(place, "", 0, (), 0, 0, guess=each) for place, each in enumerate(stars)]
    alone = None if likes is None else np.array(likes, np.float32)
    scores = Scores(np.array([order], np.float32), np.array([stars], np.float32), None)
    return [each.note for each in with_reasons(cards, range(4), scores, catalogue, is_own, alone)]


def test_a_list_in_the_order_of_its_stars_says_nothing() -> None:
    assert listed([4.5, 4.4, 4.45, 4.0], [4, 3, 2, 1], [50, 50, 50, 50]) == ["", "", "", ""]


def test_films_out_of_the_order_of_stars_say_why() -> None:
    before, after, *rest = listed([4.0, 4.9, 4.5, 4.4], [4, 3, 2, 1], [80, 12, 50, 50])
    assert before == "Liked more often by users with your taste"
    assert after == "★ 4.9, but seldom seen: rated by 12 users"
    assert rest == ["", ""]
    assert listed([4.0, 4.9, 4.5, 4.4], [4, 3, 2, 1], [80, 70, 50, 50])[1] == (
        "★ 4.9, but liked less often by users with your taste"
    )


def test_a_film_that_its_surer_stars_put_first_is_not_said_to_be_liked_more_often() -> None:
    notes = listed([4.0, 4.9, 4.5, 4.4], [4, 3, 2, 1], [80, 70, 50, 50], likes=[1, 2, 0, 0])
    assert notes[:2] == ["More certain to be liked", "★ 4.9, but less certain to be liked"]


def test_every_film_is_held_against_the_one_below_it_with_the_most_stars_however_small_the_steps() -> None:
    assert listed([3.9, 4.05, 4.2, 4.35], [4, 3, 2, 1], [50, 50, 50, 50]) == [
        "Liked more often by users with your taste", "", "", "★ 4.3, but liked less often by users with your taste",
    ]  # fmt: skip
    assert listed([4.2, 4.0, 4.35, 4.9], [4, 3, 2, 1], [50, 50, 50, 50]) == [
        "", "Liked more often by users with your taste", "", "★ 4.9, but liked less often by users with your taste",
    ]  # fmt: skip
    assert [bool(each) for each in listed([4.0, 4.8, 4.1, 4.4], [4, 3, 2, 1], [50, 50, 50, 50])] == [True] * 4


@given(st.lists(st.integers(5, 50), min_size=4, max_size=4, unique=True))
def test_a_film_with_the_most_stars_below_another_says_why_and_the_fewest_above_it_do(tenths: list[int]) -> None:
    stars = [each / 10 for each in tenths]
    notes = listed(stars, [4, 3, 2, 1], [50, 50, 50, 50])
    pairs: dict[float, list[int]] = {}
    for place, here in enumerate(stars):
        best = max(stars[place:])
        if best - here > CLEAR - 0.01:
            pairs.setdefault(best, []).append(place)
    assert sorted(each for each in notes if each.startswith("★")) == sorted(
        f"★ {best:.1f}, but liked less often by users with your taste" for best in pairs
    )
    said = [stars[place] for place, note in enumerate(notes) if note.startswith("Liked")]
    assert sorted(said) == sorted(min(stars[place] for place in above) for above in pairs.values())


def test_likes_are_the_order_without_what_the_stars_added_also_beyond_the_scale() -> None:
    loaded = load()
    model, catalogue = loaded.model, loaded.catalogue
    best = np.argsort(-model.popularity, kind="stable")[:40]
    taste = {int(catalogue.films.movie_ids[column]): 5.0 for column in best}
    given_ratings = Ratings.of_tastes([taste], model.movie_ids)
    networks = sum(part.predict(given_ratings).order for part in model._networks())
    ease = np.float32(model.settings.ease_weight) * model.parts["ease"].predict(given_ratings).order
    scores = loaded.scores(taste)
    beyond = np.flatnonzero(model.parts["stars"].predict(given_ratings).stars[0] > 5.05)
    assert len(beyond), "predictions beyond the scale"
    columns = beyond[:5].tolist()
    found = likes_of(scores)
    np.testing.assert_allclose(found[columns], (networks + ease)[0, columns], atol=1e-4)


def test_without_ratings_the_order_is_popularity_alone() -> None:
    loaded = load()
    scores = loaded.scores({})
    np.testing.assert_array_equal(likes_of(scores), loaded.model.popularity)


def test_without_ratings_nobody_is_like_the_user_and_the_dial_is_named_where_it_has_moved_a_film() -> None:
    assert listed([4.0, 4.9, 4.5, 4.4], [4, 3, 2, 1], [80, 70, 50, 50], is_own=False)[:2] == [
        "Liked by more people", "",
    ]  # fmt: skip
    assert listed([4.0, 4.9, 4.5, 4.4], [3, 4, 2, 1], [80, 70, 50, 50])[:2] == [
        "Here by your dial", "★ 4.9, but your dial puts others first",
    ]  # fmt: skip
