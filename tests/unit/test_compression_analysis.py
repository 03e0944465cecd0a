"""The compression analysis: cached results are those of the methods, a change measures only what is new,
and what is broken is measured again.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aecore.analyses import compression
from aecore.analyses.compression import CompressionMethod, measure, read_compressed, sent_pictures
from aecore.analyses.rate_distortion import compress_codes, compress_files, network_codec
from aecore.datasets import load
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunError, RunStore


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    monkeypatch.setattr(compression, "SENT", 20)
    monkeypatch.setattr(compression, "PCA_SIZES", (2, 8))
    return RunStore(tmp_path / "runs")


def test_cached_results_are_those_of_the_compression(store: RunStore) -> None:
    shares = [step.share for step in measure(store, ["digits"], "digits", "digits")]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    data, digits = load("digits"), find_trained_model(store, "digits")
    pictures = sent_pictures("digits", "digits")
    compressed = compress_codes(network_codec("digits", digits.network()), data.train.x, pictures)
    for kept, made in (
        (CompressionMethod("files", "digits", "digits", "jpeg", 50), compress_files("jpeg", 50, pictures)),
        (CompressionMethod("network", "digits", "digits", "digits", None, digits.fingerprint), compressed),
    ):
        found = read_compressed(store, kept)
        assert found is not None
        for one, other in zip(found, made, strict=True):
            assert {**one.__dict__, "pictures": 0} == {**other.__dict__, "pictures": 0}
            assert np.array_equal(one.pictures, other.pictures)
            assert one.sent == 20


def test_a_setting_that_changes_measures_only_what_is_new(store: RunStore) -> None:
    list(measure(store, ["digits"], "digits", "digits"))
    assert list(measure(store, ["digits"], "digits", "digits")) == []
    told = [step.doing for step in measure(store, ["digits", "digits-linear"], "digits", "digits")]
    assert told == ["Opening the pictures", "Sending codes of network digits-linear", "Done"]


def test_other_pictures_are_measured_beside_those_the_networks_know(store: RunStore) -> None:
    list(measure(store, ["digits"], "digits", "shapes"))
    digits = find_trained_model(store, "digits")
    abroad, home = (
        read_compressed(store, CompressionMethod("network", "digits", sent, "digits", None, digits.fingerprint))
        for sent in ("shapes", "digits")
    )
    assert abroad is not None
    assert home is not None
    assert abroad[0].psnr < home[0].psnr
    assert abroad[0].pictures.shape[1:] == (1, 8, 8)


def test_a_stopped_analysis_is_resumed(store: RunStore) -> None:
    study = measure(store, [], "digits", "digits")
    before = [next(study).doing for _ in range(5)]
    study.close()
    again = [step.doing for step in measure(store, [], "digits", "digits")]
    assert again[1] == before[-1]
    assert not set(again[1:]) & set(before[1:-1])


def test_what_was_cut_off_is_measured_again(store: RunStore) -> None:
    list(measure(store, [], "digits", "digits"))
    for path in (store.folder.parent / "cache" / "results" / "packing").iterdir():
        path.write_bytes(path.read_bytes()[:100])
    assert read_compressed(store, CompressionMethod("raw", "digits", "digits")) is None
    assert list(measure(store, [], "digits", "digits"))


def test_a_network_that_is_gone_is_told_in_a_sentence(store: RunStore) -> None:
    with pytest.raises(RunError, match="neither the id of a run nor a built-in model"):
        list(measure(store, ["nobody"], "digits", "digits"))
