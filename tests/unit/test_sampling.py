"""Ways of sampling codes: each reproduces the statistics it was fitted to, the scale widens them,
and what cannot be sampled is refused in a sentence.
"""

import numpy as np
import pytest

from aecore.latent.code_set import CodeError
from aecore.latent.memorisation_check import nearest
from aecore.latent.sampling import WAYS, sampler, ways_for

MANY = 60_000


@pytest.fixture(scope="module")
def codes() -> np.ndarray:
    """Correlated codes far from zero, (3000, 4)."""
    rng = np.random.default_rng(0)
    return (
        rng.standard_normal((3000, 4)) @ np.array([[2, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0.1, 0], [0.5, 0, 0, 1]])
        + [5, -2, 0, 1]
    ).astype(np.float32)


@pytest.mark.parametrize("way", ["gaussian", "mixture"])
def test_draws_have_the_mean_and_the_covariance_of_the_codes(way: str, codes: np.ndarray) -> None:
    drawn = sampler(way, codes, 3).draw(MANY, np.random.default_rng(1), 1.0)
    assert drawn.dtype == np.float32
    assert drawn.mean(0) == pytest.approx(codes.mean(0), abs=0.06)
    assert np.cov(drawn, rowvar=False) == pytest.approx(np.cov(codes, rowvar=False), abs=0.12)


def test_each_number_by_itself_has_the_quantiles_but_not_the_covariance(codes: np.ndarray) -> None:
    drawn = sampler("independent", codes).draw(MANY, np.random.default_rng(1), 1.0)
    steps = np.linspace(0.02, 0.98, 9)
    assert np.quantile(drawn, steps, axis=0) == pytest.approx(np.quantile(codes, steps, axis=0), abs=0.05)
    assert drawn.min(0).min() >= codes.min()
    there, here = np.corrcoef(codes, rowvar=False)[0, 1], np.corrcoef(drawn, rowvar=False)[0, 1]
    assert there > 0.6
    assert abs(here) < 0.02


def test_the_prior_asks_no_code(codes: np.ndarray) -> None:
    drawn = sampler("prior", codes).draw(MANY, np.random.default_rng(1), 1.0)
    assert drawn.mean(0) == pytest.approx(0, abs=0.02)
    assert np.cov(drawn, rowvar=False) == pytest.approx(np.eye(4), abs=0.03)


def test_a_mixture_finds_components_where_one_gaussian_finds_none() -> None:
    rng = np.random.default_rng(0)
    codes = (rng.standard_normal((2000, 2)) * 0.1 + rng.choice([-3, 3], 2000)[:, None]).astype(np.float32)
    far = {
        way: np.abs(np.abs(sampler(way, codes, 2).draw(3000, rng, 1.0)) - 3).mean() for way in ("gaussian", "mixture")
    }
    assert far["mixture"] < 0.12 < 1 < far["gaussian"]


@pytest.mark.parametrize("way", WAYS)
def test_the_scale_widens_the_spread_and_the_same_generator_gives_the_same(way: str, codes: np.ndarray) -> None:
    found = sampler(way, codes, 1)
    cold, warm, hot = (found.draw(20_000, np.random.default_rng(3), temperature) for temperature in (0.0, 1.0, 2.0))
    assert np.ptp(cold, axis=0).max() == 0
    assert hot - cold == pytest.approx(2 * (warm - cold), abs=1e-4)
    assert np.array_equal(warm, found.draw(20_000, np.random.default_rng(3), 1.0))
    assert not np.array_equal(warm, found.draw(20_000, np.random.default_rng(4), 1.0))


@pytest.mark.parametrize("way", ["gaussian", "mixture", "independent"])
def test_a_coordinate_that_never_varies_stays_where_it_is(way: str, codes: np.ndarray) -> None:
    drawn = sampler(way, np.c_[codes, np.full(len(codes), 7.0)], 2).draw(500, np.random.default_rng(0), 1.0)
    assert np.isfinite(drawn).all()
    assert drawn[:, -1] == pytest.approx(7, abs=0.1)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("codes", "says"),
    [
        (np.ones((50, 3), np.float32), "All codes are the same"),
        (np.array([[1, np.nan]] * 30), "infinite or none"),
        (np.zeros((0, 3)), "no codes"),
    ],
)
def test_codes_that_cannot_be_sampled_get_a_sentence(way: str, codes: np.ndarray, says: str) -> None:
    with pytest.raises(CodeError, match=says):
        sampler(way, codes)


def test_too_few_codes_for_the_components_get_a_sentence(codes: np.ndarray) -> None:
    with pytest.raises(CodeError, match="only 15 training codes.*at least 40"):
        sampler("mixture", codes[:15], 20)


def test_only_a_variational_model_has_a_prior() -> None:
    assert ways_for("variational")[0] == "prior"
    assert "prior" not in ways_for("undercomplete")


def test_the_nearest_picture_is_the_one_that_comparing_all_would_find() -> None:
    rng = np.random.default_rng(0)
    among = rng.random((9_001, 1, 5, 5)).astype(np.float32)
    x = np.concatenate(
        [rng.random((20, 1, 5, 5)).astype(np.float32), among[[8_999, 17]], among[[4]] + np.float32(1e-4)]
    )
    found, distances = nearest(x, among)
    everything = np.sqrt(((x.reshape(len(x), 1, -1).astype(float) - among.reshape(1, len(among), -1)) ** 2).mean(2))
    assert np.array_equal(found, everything.argmin(1))
    assert distances == pytest.approx(everything.min(1), abs=1e-7)
    assert list(found[-3:]) == [8_999, 17, 4]
    assert list(distances[-3:-1]) == [0, 0]
    with pytest.raises(ValueError, match="no training pictures"):
        nearest(x, among[:0])
