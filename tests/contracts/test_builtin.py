"""Every built-in model is there, small, as its recipe says, and as good as its facts claim."""

import math
from functools import cache

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from aecore.datasets import Dataset, card, is_ready, load
from aecore.datasets.selection import without_class
from aecore.experiment.settings import RunSettings
from aecore.nn.numpy_forward import apply, layers_of
from aecore.pretrained.builtin import ASSETS, BUILTIN, facts, load_builtin, model, settings
from aecore.training.evaluation import pixel_error
from aecore.variants import VARIANTS

HOME = ("faces", "shapes", "digits")
"""Models whose codes the home page computes in numpy."""

NARROW = 0.5
"""A code with at most this share of the picture's numbers has to beat PCA; for wider ones PCA is nearly perfect."""


def data_of(name: str) -> Dataset:
    data = settings(name).data
    if not is_ready(data):
        pytest.skip(f"{data} is not on this machine; set AECORE_DATA")
    return without_class(loaded(data), settings(name).selection.leave_out)


@cache
def loaded(data: str) -> Dataset:
    return load(data)


@pytest.mark.parametrize("name", BUILTIN)
def test_the_facts_belong_to_the_recipe(name: str) -> None:
    assert RunSettings.from_dict(load_builtin(name).settings) == settings(name)
    assert name.startswith(settings(name).data)


@pytest.mark.long
@pytest.mark.parametrize("name", BUILTIN)
def test_the_test_error_is_what_the_facts_say(name: str) -> None:
    facts, x = load_builtin(name).facts, torch.from_numpy(data_of(name).test.x)
    assert pixel_error(model(name), x) == pytest.approx(facts["test"]["mse"], rel=0.01)  # weights in half precision


@pytest.mark.parametrize("name", BUILTIN)
def test_it_is_good_for_its_kind(name: str) -> None:
    chosen, facts, size = settings(name), load_builtin(name).facts, len(load_builtin(name).code_low)
    test, base = facts["test"], facts["baselines"]
    if chosen.corruption.corruption != "none":
        assert test["mse_denoised"] < base.get("pca_damaged_test", 1.0)
        assert test["mse_denoised"] < base["damaged_test"] / 2
    elif chosen.variant == "linear":
        assert base["pca_test"] * 0.999 < test["mse"] < base["pca_test"] * 1.03
    elif chosen.variant == "k-sparse":
        assert base["pca_size"] == chosen.model.active_units(card(chosen.data).shape)
        assert test["mse"] < base["pca_test"]
    elif size <= NARROW * math.prod(card(chosen.data).shape):
        assert test["mse"] < base["pca_test"]
    else:
        assert test["mse"] < base["mean_test"] / 2


@pytest.mark.parametrize("name", BUILTIN)
def test_sliders_of_its_code_run_where_the_codes_lie(name: str) -> None:
    known, x = load_builtin(name), torch.from_numpy(data_of(name).test.x)
    with torch.inference_mode():
        codes = model(name).encode(x[:1000]).numpy()
    assert known.code_low.shape == known.code_high.shape == (codes.shape[1],)
    assert (known.code_low <= known.code_high).all()
    is_inside = (codes >= known.code_low - 1e-3) & (codes <= known.code_high + 1e-3)
    assert is_inside.mean() > 0.9


@pytest.mark.parametrize("name", HOME)
def test_numpy_computes_what_torch_computes(name: str) -> None:
    known, x = load_builtin(name), data_of(name).test.x
    codes = apply(layers_of("encoder", known.weights, known.settings), x.reshape(len(x), -1))
    reconstructions = apply(layers_of("decoder", known.weights, known.settings), codes)
    with torch.inference_mode():
        assert np.allclose(reconstructions, model(name)(torch.from_numpy(x)).flatten(1).numpy(), atol=1e-4)


@pytest.mark.parametrize("name", BUILTIN)
def test_pictures_are_test_examples_of_this_project_or_none(name: str) -> None:
    known = load_builtin(name)
    if settings(name).data in ("digits", "mnist"):
        assert len(known.pictures) == 0
    else:
        x = data_of(name).test.x[: len(known.pictures)]
        assert len(known.pictures) > 0
        assert (known.pictures == (x * 255).round().astype(np.uint8)).all()


@pytest.mark.parametrize("name", BUILTIN)
def test_weights_are_finite_and_in_half_precision(name: str) -> None:
    for key, value in load_file(ASSETS / name / "weights.safetensors").items():
        assert value.dtype == np.float16, key
        assert np.isfinite(value).all(), key


OF_THE_ARTICLES = (
    "undercomplete", "linear", "overcomplete", "sparse-l1", "sparse-kl", "k-sparse", "dropout", "contractive",
    "stacked", "deep", "convolutional", "sparse-convolutional", "variational",
)  # fmt: skip
"""Each has a built-in model of the digits; a variant added later needs none."""


def test_the_variants_of_the_articles_are_among_them_on_digits_and_the_main_ones_elsewhere() -> None:
    made = {(settings(name).data, settings(name).variant) for name in BUILTIN}
    assert {("digits", variant) for variant in OF_THE_ARTICLES} <= made
    assert set(OF_THE_ARTICLES) <= VARIANTS.keys()
    for data in ("faces", "mnist"):
        assert {(data, "undercomplete"), (data, "convolutional"), (data, "variational")} <= made
    assert {("shapes", "undercomplete"), ("shapes", "variational")} <= made
    assert {settings(name).data for name in BUILTIN if settings(name).corruption.corruption != "none"} >= {
        "digits",
        "mnist",
    }


def test_all_of_them_together_stay_below_fifteen_megabytes() -> None:
    assert {path.name for path in ASSETS.iterdir() if path.is_dir()} == {*BUILTIN}
    assert sum(path.stat().st_size for path in ASSETS.rglob("*") if path.is_file()) < 15e6


def test_an_unknown_name_is_refused() -> None:
    for read in (load_builtin, settings, model):
        with pytest.raises(KeyError):
            read("nothing")


def test_facts_are_parsed_once_and_nobody_can_change_them_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    first = facts("digits")
    monkeypatch.setattr("aecore.pretrained.builtin.json.loads", lambda text: pytest.fail("they were parsed anew"))
    first["settings"]["epochs"] = first["seconds"] = -1
    again = facts("digits")
    assert again["settings"]["epochs"] > 0
    assert again["seconds"] > 0
