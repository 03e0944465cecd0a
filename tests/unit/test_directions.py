"""Directions in the latent space: worlds whose right direction is known, what is refused,
and how far off the data a code is.
"""

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors

from aecore.datasets import load
from aecore.datasets.faces import draw
from aecore.latent.attributes import attributes, between, side_effects
from aecore.latent.code_set import CodeError
from aecore.latent.directions import FINDERS, PENALTY, area, direction, gauge, logistic_normal, parted
from aecore.latent.groups import keep_groups, pictures_of, read_groups
from aecore.runs.store import RunStore


def world(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Codes without and with: the second is 3 further along the first coordinate;
    the second coordinate only makes noise.
    """
    scale = [0.5, 4.0, 1.0]
    return tuple((rng.standard_normal((count, 3)) * scale + [3 * side, 0, 0]).astype(np.float32) for side in (0, 1))  # type: ignore[return-value]


def test_the_linear_separator_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    without = rng.standard_normal((300, 5)) * [1, 2, 3, 4, 5]
    having = rng.standard_normal((60, 5)) + np.array([1, 0, -1, 0.5, 0])
    codes = np.concatenate([without, having])
    scale = codes.std(0)
    model = LogisticRegression(C=1 / (PENALTY * len(codes)), class_weight="balanced", max_iter=2000, tol=1e-8)
    model.fit((codes - codes.mean(0)) / scale, np.repeat([0, 1], [300, 60]))
    np.testing.assert_allclose(logistic_normal(without, having), model.coef_[0] / scale, atol=1e-5)


@pytest.mark.parametrize("finder", FINDERS)
def test_strength_one_leads_from_the_one_mean_to_the_level_of_the_other(finder: str) -> None:
    rng = np.random.default_rng(0)
    (without, having), held_out = world(4000, rng), world(1000, rng)
    found = direction(finder, without, having, *held_out)
    assert found.step / np.linalg.norm(found.step) == pytest.approx([1, 0, 0], abs=0.1)
    assert found.length == pytest.approx(3, rel=0.05)
    assert found.place(without).mean() == pytest.approx(0, abs=1e-4)
    assert found.place(having).mean() == pytest.approx(1, abs=1e-4)
    assert found.place(found.move(without, 1.0)).mean() == pytest.approx(1, abs=1e-4)
    assert found.place(found.move(without, -0.5)).mean() == pytest.approx(-0.5, abs=1e-4)
    assert found.auc > 0.99
    assert (found.used, found.held_out) == ((4000, 4000), (1000, 1000))


def test_the_mean_difference_is_the_difference_of_the_means() -> None:
    rng = np.random.default_rng(1)
    without, having = world(300, rng)
    found = direction("mean", without, having, *world(50, rng))
    assert found.step == pytest.approx(having.mean(0) - without.mean(0), rel=1e-5)


def test_codes_that_do_not_differ_are_told_apart_like_by_a_coin() -> None:
    rng = np.random.default_rng(2)
    same = [rng.standard_normal((2000, 5)).astype(np.float32) for _ in range(4)]
    assert direction("logistic", *same).auc == pytest.approx(0.5, abs=0.04)


def test_the_area_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(3)
    low, high = rng.integers(0, 9, 70) / 4, rng.integers(2, 12, 40) / 4
    assert area(low, high) == pytest.approx(roc_auc_score([0] * 70 + [1] * 40, np.r_[low, high]))


def test_one_strength_for_each_code() -> None:
    rng = np.random.default_rng(4)
    without, having = world(50, rng)
    found = direction("mean", without, having, without, having)
    assert found.move(without[:3], np.array([0.0, 1.0, 2.0])) - without[:3] == pytest.approx(
        np.outer([0, 1, 2], found.step), abs=1e-5
    )


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        ([np.zeros((1, 2)), np.ones((9, 2))], "too few codes"),
        ([np.ones((9, 2)), np.ones((9, 2))], "same codes on average"),
        ([np.full((9, 2), np.nan), np.ones((9, 2))], "not finite"),
    ],
)
def test_groups_without_a_direction_get_a_sentence(groups: list[np.ndarray], says: str) -> None:
    with pytest.raises(CodeError, match=says):
        direction("mean", *groups, *groups)


def test_a_group_is_parted_into_two_thirds_and_a_third() -> None:
    used, held_out = parted(np.arange(10, 22))
    assert (len(used), len(held_out)) == (8, 4)
    assert set(used) | set(held_out) == set(range(10, 22))
    with pytest.raises(CodeError, match="group of 5 is too small"):
        parted(np.arange(5))


def test_the_gauge_is_the_rank_among_held_out_codes() -> None:
    rng = np.random.default_rng(5)
    known, held_out = rng.standard_normal((500, 3)).astype(np.float32), rng.standard_normal((200, 3)).astype(np.float32)
    found = gauge(known, held_out)
    codes = np.array([[0, 0, 0], [1, 1, 1], [30, 0, 0]], np.float32)
    usual, these = (
        NearestNeighbors(n_neighbors=10).fit(known).kneighbors(each)[0].mean(1) for each in (held_out, codes)
    )
    assert found.distances(codes) == pytest.approx(these, rel=1e-3)
    assert found.percentiles(codes) == pytest.approx([(usual <= each).mean() for each in these], abs=0.006)
    assert found.percentiles(codes)[2] == 1
    assert np.mean(found.percentiles(held_out)) == pytest.approx(0.5, abs=0.01)
    with pytest.raises(CodeError, match="only 4 training codes"):
        gauge(known[:4], held_out)


def test_an_attribute_splits_faces_as_they_were_drawn() -> None:
    data = load("faces")
    known = attributes(data)
    assert next(iter(known)) == "glasses"
    without, having = known["glasses"].split(data.test, data)
    assert (data.test.factors["glasses"][having] == 1).all()
    assert len(without) + len(having) == len(data.test)
    low, high = known["smile"].split(data.train, data)
    assert data.train.factors["smile"][low].max() < data.train.factors["smile"][high].min()
    assert len(low) == pytest.approx(len(data.train) / 3, abs=2)
    others, blonde = known["hair_colour=blonde"].split(data.test, data)
    assert set(data.test.factors["hair_colour"][blonde]) == {2}
    assert 2 not in data.test.factors["hair_colour"][others]


def test_one_class_to_another() -> None:
    data = load("digits")
    found = between(data, 4, 9)
    fours, nines = found.split(data.test, data)
    assert set(data.test.labels[fours]) == {4}
    assert set(data.test.labels[nines]) == {9}
    assert (found.key, found.having) == ("class=4>9", "class 9")
    for wrong in ((4, 4), (-1, 2), (3, 10)):
        with pytest.raises(CodeError, match="two different classes"):
            between(data, *wrong)


def test_side_effects_are_answers_that_change_but_for_the_one_that_was_meant_to() -> None:
    yes, no = np.array([[0.2, 0.8]]), np.array([[0.9, 0.1]])
    before = {"glasses": np.repeat(no, 4, 0), "beard": np.r_[yes, yes, no, no]}
    after = {"glasses": np.repeat(yes, 4, 0), "beard": np.r_[yes, no, no, no]}
    assert side_effects(before, after, "glasses") == {"beard": 0.25}


def test_the_built_in_faces_put_on_glasses_and_the_reference_classifier_sees_them(tmp_path: Path) -> None:
    """The whole way: codes of training faces, a direction, moved codes of test faces, decoded, judged."""
    from aecore.latent.code_set import code_set
    from aecore.latent.generation import decoded
    from aecore.pretrained.trained_models import encode, find_trained_model
    from aecore.reference_classifiers.classifiers import reference_classifier

    data, store = load("faces"), RunStore(tmp_path / "runs")
    trained_model = find_trained_model(store, "faces")
    network, glasses = trained_model.network(), attributes(data)["glasses"]
    groups = [
        found.codes[rows]
        for part in ("train", "test")
        for found in [code_set(store, trained_model, part, data=data)]
        for rows in glasses.split(found, data)
    ]
    found = direction("mean", *groups)
    plain = encode(network, draw({"glasses": 0, "skin": [0, 1, 2, 3, 4], "hair_style": [0, 1, 2, 3, 4]}))
    odds = [
        reference_classifier("faces").predictions(decoded(network, found.move(plain, strength)))["glasses"][:, 1].mean()
        for strength in (0.0, 1.5)
    ]
    assert found.auc > 0.9
    assert odds[0] < 0.1
    assert odds[1] > 0.9


def test_groups_chosen_on_a_map_come_back_by_their_key(tmp_path: Path) -> None:
    store, data = RunStore(tmp_path / "runs"), load("digits")
    key = keep_groups(store, "digits", np.array([5, 1, 1500]), np.array([2, 1796]), ("these", "those"))
    assert key == keep_groups(store, "digits", np.array([1, 5, 1500]), np.array([1796, 2]), ("these", "those"))
    found = read_groups(store, key)
    assert (found.data, found.names, list(found.first), list(found.second)) == (
        "digits",
        ("these", "those"),
        [1, 5, 1500],
        [2, 1796],
    )
    x = pictures_of(data, found.first)
    assert np.array_equal(x, np.stack([data.train.x[1], data.train.x[5], data.validation.x[1500 - 1257]]))
    assert np.array_equal(pictures_of(data, found.second)[1], data.test.x[-1])
    with pytest.raises(CodeError, match="chosen from other data"):
        pictures_of(data, np.array([1797]))


@pytest.mark.parametrize(
    ("first", "second", "says"), [([1, 2], [2, 3], "1 of the examples are in both"), ([], [1], "at least one example")]
)
def test_groups_that_cannot_be_told_apart_are_refused(
    first: list[int], second: list[int], says: str, tmp_path: Path
) -> None:
    with pytest.raises(CodeError, match=says):
        keep_groups(RunStore(tmp_path), "digits", np.array(first, int), np.array(second, int))


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "0" * 16, "zz"])
def test_groups_that_are_not_here_get_a_sentence(key: str, tmp_path: Path) -> None:
    with pytest.raises(CodeError, match="not on this machine"):
        read_groups(RunStore(tmp_path), key)
