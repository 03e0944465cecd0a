"""A map that follows a run: every snapshot has one, and points do not jump from one to the next."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aecore.datasets import load
from aecore.latent.code_set import CodeError
from aecore.latent.epochs import examples_of, follow, moments, read_moment, turned
from aecore.runs.snapshots import crowd_rows, read_snapshot, snapshot_steps
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run

RANDOM = np.random.default_rng(0)


@pytest.fixture
def store(home: Path) -> RunStore:
    """An empty folder of runs."""
    return RunStore(home / "runs")


def test_a_turned_map_is_found_again():
    here = turned(RANDOM.normal(size=(50, 2)), None)
    angle = 2.1
    other = here @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * [1, -1] * 7 + 3
    np.testing.assert_allclose(turned(other, here), here, atol=1e-5)


def test_a_map_is_centred_and_of_size_one():
    here = turned(RANDOM.normal(2, 5, (50, 2)), None)
    np.testing.assert_allclose(here.mean(0), 0, atol=1e-6)
    assert np.square(here).sum(1).mean() == pytest.approx(1)


@pytest.mark.parametrize("way", ["pca", "tsne"])
def test_every_frame_of_a_run_gets_a_map_once(way: str, store: RunStore):
    run = store.get(finished_run(store.folder, "Followed", epochs=3).id)
    told = list(follow(store, run.id, way))
    every = moments(store, run, way)
    assert [each.step for each in every] == snapshot_steps(run.folder)
    assert len(told) == len(every) > 1
    maps = [read_moment(store, each) for each in every]
    assert {each.shape for each in maps} == {(270, 2)}  # type: ignore[union-attr]
    for before, after in zip(maps, maps[1:], strict=False):  # turned back onto the one before, nothing comes nearer
        np.testing.assert_allclose(turned(after, before), after, atol=1e-4)  # type: ignore[arg-type]
    assert list(follow(store, run.id, way)) == []


def test_the_codes_of_a_frame_are_those_of_its_examples(store: RunStore):
    run = finished_run(store.folder, "Followed", epochs=2)
    from aecore.pretrained.trained_models import encode, find_trained_model

    trained_model, snapshot = find_trained_model(store, run.id), read_snapshot(store.get(run.id).folder)
    expected = encode(trained_model.network(), examples_of(load("digits"), snapshot.crowd.shape[1]).x)  # type: ignore[union-attr]
    np.testing.assert_allclose(snapshot.crowd, expected, rtol=2e-3, atol=2e-3)  # type: ignore[union-attr]


def test_long_codes_are_followed_by_fewer_examples():
    assert len(crowd_rows(10_000, 30)) == 1000
    assert len(crowd_rows(10_000, 1000)) == 128
    assert len(crowd_rows(270, 30)) == 270
    assert crowd_rows(10_000, 30)[[0, -1]].tolist() == [0, 9999]


def test_snapshots_without_codes_get_a_sentence(store: RunStore):
    run = store.create({"data": "digits"}, "Old")
    with pytest.raises(CodeError, match="Train it again"):
        list(follow(store, run.id, "pca"))
