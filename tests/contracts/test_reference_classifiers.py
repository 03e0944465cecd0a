"""Every reference classifier exists, is small, as its recipe says, and as good as its facts claim."""

from dataclasses import asdict
from functools import cache

import numpy as np
import pytest
from safetensors.numpy import load_file

from aecore.datasets import Dataset, is_ready, load
from aecore.reference_classifiers.classifiers import (
    FOLDER,
    REFERENCE_CLASSIFIERS,
    facts_file,
    has_reference_classifier,
    reference_classifier,
    weights_file,
)
from aecore.reference_classifiers.training import accuracies, answers, make_reference_classifier, targets

LEAST = {"digits": 0.98, "shapes": 0.98, "faces": 0.95, "mnist": 0.985}
"""Share of the test pictures on which each head has to be right."""

LARGEST = 400_000
"""Bytes of all reference classifiers together."""


@cache
def data_of(name: str) -> Dataset:
    if not is_ready(name):
        pytest.skip(f"{name} is not on this machine; set AECORE_DATA")
    return load(name)


@pytest.mark.parametrize("name", REFERENCE_CLASSIFIERS)
def test_the_facts_belong_to_the_recipe(name: str) -> None:
    found = reference_classifier(name)
    assert found.facts["recipe"] == {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in asdict(REFERENCE_CLASSIFIERS[name]).items()
    }
    assert tuple(found.heads) == REFERENCE_CLASSIFIERS[name].heads == tuple(found.facts["test"])


@pytest.mark.parametrize("name", REFERENCE_CLASSIFIERS)
def test_it_is_as_good_as_its_facts_say_and_good_enough(name: str) -> None:
    found, data = reference_classifier(name), data_of(name)
    assert found.heads == {head: answers(data, head) for head in found.heads}
    assert found.facts["test_pictures"] == len(data.test)
    for head, share in accuracies(found, data, data.test).items():
        assert share == pytest.approx(found.facts["test"][head], abs=1.5 / len(data.test)), (
            head
        )  # another processor may round another way
        assert share >= LEAST[name], head


@pytest.mark.parametrize("name", REFERENCE_CLASSIFIERS)
def test_predictions_are_probabilities_and_features_are_finite(name: str) -> None:
    found, x = (
        reference_classifier(name),
        np.random.default_rng(0).random((7, *np.array(data_of(name).shape))).astype(np.float32),
    )
    features, predictions = found.look(x * 3 - 1)
    assert features.shape == (7, REFERENCE_CLASSIFIERS[name].features)
    assert np.isfinite(features).all()
    for head, odds in predictions.items():
        assert odds.shape == (7, len(found.heads[head]))
        assert odds.sum(1) == pytest.approx(1, abs=1e-5)
    assert found.look(x[:0])[0].shape == (0, REFERENCE_CLASSIFIERS[name].features)


@pytest.mark.parametrize("name", REFERENCE_CLASSIFIERS)
def test_weights_are_finite_and_in_half_precision(name: str) -> None:
    for key, value in load_file(weights_file(name)).items():
        assert value.dtype == np.float16, key
        assert np.isfinite(value).all(), key


def test_a_factor_that_is_measured_is_asked_against_the_training_median() -> None:
    data = data_of("faces")
    wanted = targets(data, data.train, "smile")
    assert wanted.mean() == pytest.approx(0.5, abs=0.001)
    assert data.train.factors["smile"][wanted == 0].max() < data.train.factors["smile"][wanted == 1].min()


def test_all_of_them_together_are_small_and_nothing_else_lies_there() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        path(name).name for name in REFERENCE_CLASSIFIERS for path in (weights_file, facts_file)
    }
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= LARGEST
    assert weights_file("mnist").stat().st_size <= 120_000


def test_data_without_a_reference_classifier_are_refused() -> None:
    assert not has_reference_classifier("spiral")
    assert not has_reference_classifier("upload-1")
    with pytest.raises(KeyError):
        reference_classifier("spiral")


@pytest.mark.long
def test_the_recipe_makes_the_stored_reference_classifier(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Training again gives a classifier as good: the stored one is no lucky draw, and `make assets` still works."""
    import aecore.reference_classifiers.training as training

    monkeypatch.setattr(training, "FOLDER", tmp_path)
    monkeypatch.setattr(training, "weights_file", lambda name: tmp_path / f"{name}.safetensors")
    monkeypatch.setattr(training, "facts_file", lambda name: tmp_path / f"{name}.json")
    facts = make_reference_classifier("digits")
    assert facts["test"]["class"] == pytest.approx(reference_classifier("digits").facts["test"]["class"], abs=0.012)
    kept = load_file(tmp_path / "digits.safetensors")
    assert {key: value.shape for key, value in kept.items()} == {
        key: value.shape for key, value in load_file(weights_file("digits")).items()
    }
