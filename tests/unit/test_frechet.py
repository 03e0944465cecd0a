"""The Fréchet distance against scipy's matrix root, and scores against worked examples."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from aecore.metrics.frechet import cloud, entropy, frechet_distance, inception_score, shares, sureness


def by_scipy(a: np.ndarray, b: np.ndarray) -> float:
    """The formula as Heusel et al. print it, by a general matrix root in float64."""
    m, n, s, t = a.mean(0), b.mean(0), np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    return float(((m - n) ** 2).sum() + np.trace(s + t - 2 * np.real(sqrtm(s @ t))))


@pytest.mark.parametrize("seed", range(4))
def test_the_distance_is_that_of_the_printed_formula(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = (
        rng.standard_normal((200, 9)) @ rng.standard_normal((9, 9)),
        rng.standard_normal((300, 9)) @ rng.standard_normal((9, 9)) + seed,
    )
    assert frechet_distance(cloud(a), cloud(b)) == pytest.approx(by_scipy(a, b), rel=1e-8)
    assert frechet_distance(cloud(b), cloud(a)) == pytest.approx(frechet_distance(cloud(a), cloud(b)), rel=1e-9)


def test_known_normals_have_the_distance_that_follows_by_hand() -> None:
    rng = np.random.default_rng(0)
    a = rng.standard_normal((400_000, 2))
    b = a * [3, 0.5] + [1, 2]
    assert frechet_distance(cloud(a), cloud(b)) == pytest.approx(1 + 4 + (3 - 1) ** 2 + (1 - 0.5) ** 2, rel=0.01)


def test_it_is_nothing_for_the_same_pictures_and_stays_real_where_features_never_vary() -> None:
    rng = np.random.default_rng(1)
    a = np.c_[
        rng.standard_normal((30, 3)), np.zeros((30, 4))
    ]  # a covariance without full rank, more features than it has rank
    assert frechet_distance(cloud(a), cloud(a)) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(cloud(a), cloud(a + np.array([0, 0, 0, 2, 0, 0, 0]))) == pytest.approx(4, rel=1e-9)
    few = rng.standard_normal((5, 20))
    assert np.isfinite(frechet_distance(cloud(few), cloud(rng.standard_normal((6, 20)))))


def test_fewer_pictures_make_it_larger() -> None:
    rng = np.random.default_rng(2)
    far = {
        count: np.mean([frechet_distance(*(cloud(rng.standard_normal((count, 16))) for _ in "ab")) for _ in range(10)])
        for count in (50, 200, 2000)
    }
    assert far[50] > 3 * far[200] > 9 * far[2000]


@pytest.mark.parametrize(
    ("features", "says"), [(np.zeros((2, 3)), "too few"), (np.array([[1.0], [np.nan], [2.0]]), "not finite")]
)
def test_what_has_no_statistics_is_refused(features: np.ndarray, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        cloud(features)


def test_scores_of_answers_that_can_be_worked_out() -> None:
    certain, unsure = np.eye(4)[[0, 1, 2, 3, 0, 1, 2, 3]], np.full((8, 4), 0.25)
    assert (inception_score(certain), inception_score(unsure), inception_score(certain[[0, 0, 0]])) == pytest.approx(
        (4, 1, 1)
    )
    assert (sureness(certain), sureness(unsure)) == pytest.approx((1, 0.25))
    assert entropy(np.array([[0.5, 0.5, 0], [1, 0, 0]])) == pytest.approx([1, 0], abs=1e-9)
    assert shares(np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])) == pytest.approx([2 / 3, 1 / 3])


def test_the_score_is_that_of_the_divergences_written_out() -> None:
    odds = np.random.default_rng(0).dirichlet(np.ones(5), 50)
    divergences = (odds * np.log(odds / odds.mean(0))).sum(1)
    assert inception_score(odds) == pytest.approx(np.exp(divergences.mean()))
