"""Analyses of features: the figures are those of codes computed by hand, cached,
and never computed twice.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

import aecore.analyses.features
from aecore.analyses.feature_results import ALL, PROBES, REPRESENTATIONS, Results, results_of, unseen_examples
from aecore.analyses.features import analyse
from aecore.datasets import card, load
from aecore.metrics.baselines import fit_pca
from aecore.nn.numpy_forward import apply, layers_of
from aecore.pretrained.builtin import load_builtin
from aecore.pretrained.trained_models import builtin_names, encode, encoder_of, find_trained_model
from aecore.probing.probes import NORM, Part, ProbeError, ladder
from aecore.runs.store import RunError, RunStore
from aecore.stores.results import Kind, ResultCache
from tests.e2e.finished import finished_run
from tests.small_uploads import upload_rows


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


def do(store: RunStore, name: str, classifier: str = "logistic", labelled: int = 300) -> Results:
    """What is known after a study."""
    shares = [step.share for step in analyse(store, name, classifier, labelled)]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    return results_of(store, find_trained_model(store, name))


def codes_by_hand(name: str, x: np.ndarray) -> np.ndarray:
    model = load_builtin(name)
    return apply(layers_of("encoder", model.weights, model.settings), x.reshape(len(x), -1))


def test_codes_of_a_built_in_model_and_of_a_run_are_those_of_its_encoder(store: RunStore) -> None:
    x = load("digits").test.x
    np.testing.assert_allclose(
        encode(find_trained_model(store, "digits").network(), x), codes_by_hand("digits", x), atol=1e-4
    )
    run = finished_run(store.folder, "Short", epochs=2)
    with np.load(run.folder / "latents.npz") as kept:
        np.testing.assert_allclose(encode(find_trained_model(store, run.id).network(), x), kept["codes"], atol=1e-5)


@pytest.mark.long
def test_accuracies_are_those_of_scikit_learn_on_the_same_codes_labels_and_penalty(store: RunStore) -> None:
    data = load("digits")
    found = do(store, "digits").at("logistic", 300)
    pca = PCA(8, random_state=0).fit(data.train.x.reshape(-1, 64))
    views = {
        "code": lambda x: codes_by_hand("digits", x), "pixels": lambda x: x.reshape(len(x), -1),
        "pca": lambda x: pca.transform(x.reshape(len(x), -1))
    }  # fmt: skip
    assert found.keys() == views.keys() == set(REPRESENTATIONS)
    for name, view in views.items():
        train = Part(view(data.train.x), data.train.labels).take(300)
        mean, spread = train.z.mean(0), np.sqrt(((train.z - train.z.mean(0)) ** 2).sum(1).mean()) / NORM
        model = LogisticRegression(C=1 / (2 * found[name].penalty * 300), max_iter=10_000).fit(
            (train.z - mean) / spread, train.labels
        )
        expected = model.score((view(data.test.x) - mean) / spread, data.test.labels)
        assert found[name].accuracy == pytest.approx(expected, abs=0.012), name  # three of 270


def test_pca_of_the_same_size_is_that_of_scikit_learn(tmp_path: Path) -> None:
    data = load("digits")
    reference = PCA(8, random_state=0).fit(data.train.x.reshape(-1, 64)).transform(data.test.x.reshape(-1, 64))
    np.testing.assert_allclose(fit_pca(data, 8, tmp_path).encode(data.test.x), reference, atol=1e-4)


@pytest.mark.parametrize(("name", "active"), [("digits-k-sparse", 10), ("digits-sparse-l1", None)])
def test_a_sparse_code_meets_pca_of_as_many_components_as_it_has_active_units(
    store: RunStore, name: str, active: int | None
) -> None:
    results = do(store, name, labelled=30)
    trained_model = find_trained_model(store, name)
    codes = encode(trained_model.network(), load("digits").validation.x)
    counted = round(float((codes != 0).sum(1).mean()))
    assert results.components == counted < 64 < codes.shape[1]
    assert active in (None, counted)
    assert results.at("logistic", 30)["pca"].size == counted
    assert results.at("logistic", 30)["code"].size == codes.shape[1]


def test_a_code_as_long_as_the_picture_meets_no_pca_which_would_be_the_picture_rotated(store: RunStore) -> None:
    results = do(store, "digits-overcomplete", labelled=30)
    assert results.components == 0
    assert results.representations == ("code", "pixels")
    assert {name for _, _, name in results.probes} == {"code", "pixels"}
    assert results.is_complete("logistic", 30)
    again = results_of(store, find_trained_model(store, "digits-overcomplete"))
    assert again.representations == results.representations
    assert again.probes.keys() == results.probes.keys()


def test_results_of_before_pca_had_as_many_components_as_active_units_are_computed_again(store: RunStore) -> None:
    assert PROBES.version >= 2
    trained_model = find_trained_model(store, "digits-k-sparse")
    old = Kind(PROBES.name, 1)
    ResultCache(store.folder.parent).slot(old, trained_model.id, [trained_model.fingerprint]).write(
        {"classes": ["0"], "total": 9, "most": 9, "test": "t", "probes": {}}
    )
    assert results_of(store, trained_model) == Results()


def test_nothing_is_computed_twice_and_a_larger_analysis_adds_to_a_smaller_one(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = do(store, "digits", labelled=100)
    assert not small.missing("logistic", 100)
    assert len(small.missing("logistic", ALL)) == 3 * len(REPRESENTATIONS)
    large = do(store, "digits", labelled=300)
    assert all(
        large.probes[key].to_dict() == probe.to_dict() for key, probe in small.probes.items()
    )  # to the very seconds
    monkeypatch.setattr(aecore.analyses.features, "probe_steps", lambda *_, **__: pytest.fail("it was computed again"))
    do(store, "digits", labelled=300)


def test_the_same_examples_serve_every_representation_and_unseen_examples_are_kept_as_pictures(store: RunStore) -> None:
    results = do(store, "digits", labelled=30)
    assert {(probe.labelled, probe.chosen_on, probe.count) for probe in results.probes.values()} == {(30, 30, 270)}
    x, labels = unseen_examples(store, find_trained_model(store, "digits"), results)
    data = load("digits")
    assert x.dtype == np.uint8
    assert (x == (data.test.x * 255).round()).all()
    assert (labels == data.test.labels).all()
    probe = results.probes["logistic", 30, "code"]
    counted = np.zeros_like(probe.confusion)
    found = labels.copy()
    found[probe.wrong] = probe.taken_for
    np.add.at(counted, (labels, found), 1)
    assert (counted == probe.confusion).all()
    shutil.rmtree(store.folder.parent / "cache")  # a cache may be emptied
    again, _ = unseen_examples(store, find_trained_model(store, "digits"), results)
    assert (again == x).all()


def test_results_of_a_run_do_not_outlive_its_weights(store: RunStore) -> None:
    run = finished_run(store.folder, "Short", epochs=2)
    assert do(store, run.id, labelled=30).probes
    store.update(run.id, finished=run.status.finished + 1)
    assert not results_of(store, find_trained_model(store, run.id)).probes


@pytest.mark.parametrize(
    "values", [{}, {"probes": {"x": 1}}, {"classes": 3, "total": 1, "most": 1, "test": "", "probes": {}}]
)
def test_results_that_lack_something_count_as_nothing_known(store: RunStore, values: dict[str, object]) -> None:
    trained_model = find_trained_model(store, "digits")
    ResultCache(store.folder.parent).slot(PROBES, trained_model.id, [trained_model.fingerprint]).write(values)
    assert results_of(store, trained_model) == Results()
    assert do(store, "digits", labelled=30).probes


def test_results_that_an_earlier_version_kept_beside_the_run_are_not_misread(store: RunStore) -> None:
    run = finished_run(store.folder, "Old", epochs=1)
    trained_model = find_trained_model(store, run.id)
    old = {
        "protocol": 1,
        "seal": trained_model.fingerprint,
        "classes": ["a"],
        "total": 9,
        "most": 9,
        "test": "t",
        "probes": {},
    }
    (run.folder / "probes.json").write_text(json.dumps(old))
    assert results_of(store, trained_model) == Results()


def test_what_cannot_be_analysed_is_refused_in_a_sentence(store: RunStore, home: Path) -> None:
    for name, words in (
        ("nonsense", "neither the id of a run nor a built-in model"),
        ("abcdefabcdef", "There is no run"),
    ):
        with pytest.raises(RunError, match=words):
            do(store, name)
    waiting = store.create({"data": "digits", "variant": "undercomplete"}, "Waiting")
    with pytest.raises(RunError, match="'Waiting' has no final weights. It has not ended yet"):
        do(store, waiting.id)
    run = finished_run(store.folder, "Gone", epochs=1)
    store.delete(run.id)
    with pytest.raises(RunError, match="There is no run"):
        do(store, run.id)


def test_data_without_labels_are_refused_and_a_table_with_labels_is_not(store: RunStore, home: Path) -> None:
    bare = finished_run(store.folder, "Bare", epochs=1, data=upload_rows(home))
    with pytest.raises(ProbeError, match="no labels"):
        do(store, bare.id)
    labelled = finished_run(store.folder, "Labelled", epochs=20, data=upload_rows(home, ("red", "green", "blue")))
    results = do(store, labelled.id, labelled=ALL)
    assert results.classes == ("red", "green", "blue")
    assert results.sizes("logistic", ALL) == (30, 84)
    assert results.probes["logistic", 84, "pixels"].accuracy > 0.9
    assert unseen_examples(store, find_trained_model(store, labelled.id), results)[0].dtype == np.float32


def test_a_run_deleted_during_its_analysis_ends_it_in_a_sentence(store: RunStore) -> None:
    run = finished_run(store.folder, "Short", epochs=1)
    steps = analyse(store, run.id, "logistic", 100)
    while "labels" not in next(steps).doing:
        pass
    store.delete(run.id)
    with pytest.raises(RunError, match="deleted meanwhile"):
        list(steps)


def test_sizes_stop_where_memory_or_the_classifier_says() -> None:
    assert Results().sizes("logistic", 1_000) == ()
    known = Results(total=55_000, most=55_000)
    assert known.sizes("logistic", ALL) == ladder(55_000)
    assert known.sizes("logistic", 3_000)[-1] == 3_000
    assert known.sizes("kernel-svm", ALL)[-1] == 10_000
    assert Results(total=55_000, most=12_000).sizes("svm", ALL)[-1] == 10_000
    assert Results(total=50, most=50).sizes("svm", 1_000) == (30, 50)


@pytest.mark.parametrize("name", builtin_names())
def test_codes_of_every_built_in_model_are_those_of_its_network(store: RunStore, name: str) -> None:
    trained_model = find_trained_model(store, name)
    x = np.random.default_rng(0).random((5, *card(trained_model.data).shape), np.float32)
    encoder, size = encoder_of(trained_model)
    codes = encode(trained_model.network(), x)
    assert codes.shape == (5, size)
    np.testing.assert_allclose(encoder(x), codes, atol=1e-3 * max(1.0, np.abs(codes).max()))


def test_all_three_data_sets_that_need_no_download_have_a_built_in_model(store: RunStore) -> None:
    assert {"digits", "faces", "shapes"} <= {find_trained_model(store, name).data for name in builtin_names()}
