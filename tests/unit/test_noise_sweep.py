"""Noise sweeps: each point is what the method reaches, each curve is cached, and nothing is computed twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from aecore.analyses import noise_sweep as sweeps
from aecore.analyses.classical_denoisers import CLASSICAL_DENOISERS
from aecore.analyses.noise_sweep import LEVELS, read_curve, sweep
from aecore.corruption.chain import CorruptionStep, apply
from aecore.datasets import load
from aecore.metrics.image_similarity import image_similarity
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunError, RunStore
from ui.screens.noise.figures import sweep_figure
from ui.widgets.marks import Mark


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    monkeypatch.setattr(sweeps, "PICTURES", 20)
    monkeypatch.setattr(sweeps, "TUNED_ON", 8)
    return RunStore(tmp_path / "runs")


def test_a_sweep_tells_its_progress_and_keeps_the_curve_of_every_method(store: RunStore) -> None:
    shares = [step.share for step in sweep(store, ["digits"], "digits", "gaussian")]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    digits, x = find_trained_model(store, "digits"), load("digits").test.x[:20]
    network = read_curve(store, digits, "digits", "gaussian")
    nothing = read_curve(store, "none", "digits", "gaussian")
    assert network is not None
    assert nothing is not None
    noisy = apply(x, [CorruptionStep("gaussian", LEVELS[3])], 0)
    with torch.inference_mode():
        found = image_similarity(x, digits.network()(torch.from_numpy(noisy)).numpy())
    assert network.mean["psnr"][3] == pytest.approx(found.psnr.mean())
    assert network.low["ssim"][3] == pytest.approx(np.quantile(found.ssim, 0.25))
    assert nothing.mean["mse"][3] == pytest.approx(image_similarity(x, noisy).mse.mean())
    assert nothing.mean["mse"][0] == 0
    assert all(read_curve(store, name, "digits", "gaussian") for name in CLASSICAL_DENOISERS)
    assert list(sweep(store, ["digits"], "digits", "gaussian")) == []
    assert read_curve(store, digits, "digits", "blur") is None


@pytest.mark.long
def test_a_network_that_is_added_later_is_all_that_is_swept(store: RunStore) -> None:
    list(sweep(store, ["digits"], "digits", "masking"))
    told = {step.doing.partition(" at ")[0] for step in sweep(store, ["digits", "digits-linear"], "digits", "masking")}
    assert told == {"Loading the pictures", "network digits-linear"}


def test_a_network_that_is_gone_is_told_in_a_sentence(store: RunStore) -> None:
    with pytest.raises(RunError, match="neither the id of a run nor a built-in model"):
        list(sweep(store, ["nobody"], "digits", "gaussian"))


@pytest.mark.long
def test_a_curve_that_was_cut_off_is_found_out_again(store: RunStore) -> None:
    list(sweep(store, [], "digits", "speckle"))
    for path in (store.folder.parent / "cache" / "results" / "sweep").iterdir():
        path.write_text("{")
    assert read_curve(store, "none", "digits", "speckle") is None
    assert list(sweep(store, [], "digits", "speckle"))


@pytest.mark.long
def test_the_figure_shows_every_curve_its_band_and_where_a_network_learned(store: RunStore) -> None:
    list(sweep(store, ["digits-denoising"], "digits", "masking"))
    trained_model = find_trained_model(store, "digits-denoising")
    curves = {
        "Denoiser": read_curve(store, trained_model, "digits", "masking"),
        "Median filter": read_curve(store, "median", "digits", "masking"),
    }
    figure = sweep_figure(curves, "psnr", {"Denoiser": 0.5}, {"Denoiser": Mark(1), "Median filter": Mark(2)})  # type: ignore[arg-type]
    assert [trace.name for trace in figure.data if trace.name] == list(curves)
    assert [shape.x0 for shape in figure.layout.shapes] == [0.5]
    assert figure.layout.yaxis.range[1] < 90
