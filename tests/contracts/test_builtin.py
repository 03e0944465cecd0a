"""Every built-in model is there, small, as its recipe says, and as good as its facts claim."""

import numpy as np
import pytest

from aecore.builtin import ASSETS, BUILTIN, load_builtin
from aecore.datasets import load
from aecore.numpy_forward import apply, layers_of
from aecore.run_settings import RunSettings


@pytest.mark.parametrize("name", BUILTIN)
def test_the_facts_belong_to_the_recipe(name: str) -> None:
    recipe = dict(BUILTIN[name])
    settings = RunSettings.build(recipe.pop("data"), recipe.pop("variant"), **recipe)
    assert load_builtin(name).settings == settings.to_dict()


@pytest.mark.parametrize("name", BUILTIN)
def test_the_test_error_is_what_the_facts_say(name: str) -> None:
    model = load_builtin(name)
    x = load(model.settings["data"]).test.x
    codes = apply(layers_of("encoder", model.weights, model.settings), x.reshape(len(x), -1))
    reconstructions = apply(layers_of("decoder", model.weights, model.settings), codes)
    mse = float(np.mean((reconstructions - x.reshape(len(x), -1)) ** 2))
    assert mse == pytest.approx(model.facts["test"]["mse"], rel=0.01)  # half precision, bfloat16 products
    assert mse < model.facts["baselines"]["pca_test"]


@pytest.mark.parametrize("name", BUILTIN)
def test_pictures_are_test_examples_of_this_project_or_none(name: str) -> None:
    model = load_builtin(name)
    if name == "digits":
        assert len(model.pictures) == 0
    else:
        x = load(name).test.x[: len(model.pictures)]
        assert len(model.pictures) > 0
        assert (model.pictures == (x * 255).round().astype(np.uint8)).all()


def test_all_of_them_together_stay_below_fifteen_megabytes() -> None:
    assert sum(path.stat().st_size for path in ASSETS.rglob("*") if path.is_file()) < 15e6
