"""A class that is left out is seen nowhere: not in training, not while watching, not in the test figures."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from aecore.datasets import DataError, Dataset, Examples, load
from aecore.datasets.selection import class_label, without_class
from aecore.experiment.settings import RunSettings
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunStore
from aecore.settings import SettingsError
from aecore.training import loop
from tests.small_runs import finish, make, mse
from tests.small_uploads import upload_rows


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


def test_every_other_example_stays_where_it_was() -> None:
    whole, kept = load("digits"), without_class(load("digits"), "3")
    assert kept.classes == whole.classes
    for name in ("train", "validation", "test"):
        before, after = getattr(whole, name), getattr(kept, name)
        assert 3 not in after.labels
        assert Counter(after.labels) == Counter(label for label in before.labels if label != 3)
        assert np.array_equal(after.x, before.x[before.labels != 3])
    assert without_class(whole, "") is whole


def test_a_class_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(DataError, match="leave_out is 'ten', but 'digits' has no such class; there are 0, 1, 2"):
        class_label(load("digits"), "ten")
    part = Examples(np.zeros((3, 1, 4, 4), np.float32))
    with pytest.raises(DataError, match="'pictures' has no classes"):
        class_label(Dataset("pictures", part, part, part), "3")


def test_a_data_set_of_one_class_cannot_do_without_it() -> None:
    part = Examples(np.zeros((3, 1, 4, 4), np.float32), np.zeros(3, np.int64))
    with pytest.raises(DataError, match="too few examples"):
        without_class(Dataset("pictures", part, part, part, classes=("all",)), "all")


def test_a_run_takes_its_steps_on_no_example_of_the_class(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, seen = load("digits"), list[torch.Tensor]()
    make_step = loop.make_step

    def watched(*arguments: Any) -> Any:
        step = make_step(*arguments)
        return lambda clean, rate: seen.append(clean.cpu().clone()) or step(clean, rate)

    monkeypatch.setattr(loop, "make_step", watched)
    run = finish(store, make(store, epochs=1, leave_out="3"))
    assert run.status.state == "done"
    assert seen, "the training was not watched"
    label_of = {x.tobytes(): label for x, label in zip(whole.train.x, whole.train.labels, strict=True)}
    counted = Counter(label_of[x.numpy().tobytes()] for part in seen for x in part)
    assert counted[3] == 0
    assert sum(counted.values()) >= len(without_class(whole, "3").train)


def test_the_test_figures_are_those_of_the_other_classes(store: RunStore) -> None:
    run = finish(store, make(store, epochs=2, leave_out="3"))
    network, test = find_trained_model(store, run.id).network(), without_class(load("digits"), "3").test
    with torch.inference_mode():
        assert run.status.test["mse"] == pytest.approx(mse(test.x, network(torch.from_numpy(test.x)).numpy()), rel=1e-4)
    assert run.status.test["probe"] > 0.3
    with np.load(run.folder / "latents.npz") as kept:
        assert len(kept["codes"]) == len(test)


def test_settings_without_a_class_that_is_not_there_are_refused_at_once_with_those_that_are(home: Path) -> None:
    with pytest.raises(
        SettingsError,
        match="leave_out is 'ten', but 'digits' has no such class; there are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.",
    ):
        RunSettings.build("digits", "linear", leave_out="ten")
    name = upload_rows(home, tuple(f"c{number:02d}" for number in range(24)))
    with pytest.raises(SettingsError, match=r"no such class; there are c00, .*, c19 and 4 more\."):
        RunSettings.build(name, "linear", latent_size=2, leave_out="c24")
    assert RunSettings.build(name, "linear", latent_size=2, leave_out="c23").selection.leave_out == "c23"
