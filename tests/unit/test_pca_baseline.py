"""The PCA that a run is measured against has as many components as units of the code are active."""

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from aecore.datasets import Dataset, load
from aecore.experiment.final_metrics import codes_of
from aecore.experiment.pca_baseline import PcaBaseline, mean_active
from aecore.metrics.baselines import pca_errors
from aecore.variants import VARIANTS
from aecore.variants.base import Autoencoder

SHAPE = (1, 8, 8)


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load("digits")


def built(variant: str, **values: object) -> Autoencoder:
    about = VARIANTS[variant]
    return about.build(about.settings_class(**values), SHAPE, torch.Generator().manual_seed(1))


def test_a_k_sparse_code_of_a_hundred_is_compared_with_k_components(digits: Dataset, tmp_path: Path) -> None:
    pca = PcaBaseline.fit(built("k-sparse", latent_size=100, k=7), digits, tmp_path).fixed()
    assert pca is not None
    train, test = (part.x.reshape(len(part), -1).astype(np.float64) for part in (digits.train, digits.test))
    reference = PCA(7, svd_solver="full").fit(train)
    error = float(np.mean((test - reference.inverse_transform(reference.transform(test))) ** 2))
    assert pca_errors(digits, pca) == {
        "pca_test": pytest.approx(error, rel=1e-4),
        "pca_validation": pytest.approx(error, rel=0.2),
        "pca_size": 7,
    }


def test_alpha_keeps_more_once_trained() -> None:
    assert built("k-sparse", latent_size=100, k=10, alpha=2.5).settings.active_units(SHAPE) == 25
    assert built("k-sparse", latent_size=20, k=10, alpha=4.0).settings.active_units(SHAPE) == 20


def test_a_code_that_could_copy_everything_has_no_pca(digits: Dataset, tmp_path: Path) -> None:
    for variant, values in (
        ("overcomplete", {}),
        ("dropout", {"latent_size": 64}),
        ("contractive", {"latent_size": 99}),
    ):
        model = built(variant, **values)
        baseline = PcaBaseline.fit(model, digits, tmp_path)
        assert baseline.fixed() is None
        assert baseline.of_codes(codes_of(model.eval(), torch.from_numpy(digits.validation.x))) is None


def test_a_narrow_code_is_compared_with_its_own_size(digits: Dataset, tmp_path: Path) -> None:
    pca = PcaBaseline.fit(built("undercomplete", latent_size=5), digits, tmp_path).fixed()
    assert pca is not None
    assert len(pca.components) == 5


@pytest.mark.parametrize(("variant", "above"), [("sparse-l1", 0.0), ("sparse-kl", 0.1)])
def test_where_a_penalty_decides_the_active_units_are_counted(
    variant: str, above: float, digits: Dataset, tmp_path: Path
) -> None:
    model = built(variant, latent_size=80)
    assert model.settings.active_above == above
    baseline = PcaBaseline.fit(model, digits, tmp_path)
    assert baseline.fixed() is None
    codes = np.zeros((4, 80), np.float32)
    codes[0, :6], codes[1, :2] = 1.0, -1.0
    codes[2, :3] = 0.05  # active for ReLU units, not for sigmoid units
    pca = baseline.of_codes(codes)
    assert pca is not None
    assert len(pca.components) == (3 if above == 0.0 else 2)
    assert baseline.of_codes(np.zeros((4, 80), np.float32)) is not None
    assert baseline.of_codes(np.ones((4, 80), np.float32)) is None, "64 components would copy 64 pixels"


def test_active_units_are_a_mean_over_examples() -> None:
    codes = np.array([[0, 2, -3], [0, 0, 1]], np.float32)
    assert mean_active(codes, 0.0) == 1.5
    assert mean_active(codes, 2.5) == 0.5
