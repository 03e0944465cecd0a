"""The main figures of a run: progress, error, speed."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from aecore.runs.snapshots import mean_speed
from aecore.runs.store import Run
from ui.widgets.wording import AS_MANY


def show_metrics(run: Run, records: list[dict[str, Any]]) -> None:
    """Epochs, error, speed and time of a run with at least one record."""
    last, asked = records[-1], run.settings.get("epochs")
    asked = asked if isinstance(asked, int) else 0
    share = min(1.0, last.get("share") or (last["epoch"] / asked if asked else 0.0))
    epochs = (
        round(last["epoch"] / share) if share else asked
    )  # with the phases before the fine-tuning, there are more than the setting says
    if run.status.is_active:
        st.progress(share)
    with st.container(horizontal=True):
        st.metric(
            "Epoch", f"{last['epoch']:.1f} / {epochs}" if run.status.is_active else f"{last['epoch']:.0f} / {epochs}"
        )
        _error_metrics(run, records)
        is_active = run.status.is_active
        st.metric(
            "Samples per second",
            f"{last['samples_per_second'] if is_active else mean_speed(records):,.0f}",
            help=f"Examples per second, {'since the last record' if is_active else 'over the whole training'}.",
        )
        left = last["seconds"] / max(share, 1e-9) * (1 - share)
        st.metric(
            "Time left" if run.status.is_active else "Training time",
            duration(left if run.status.is_active else last["seconds"]),
        )
    precision = "bfloat16" if run.status.is_fast else "float32"
    st.caption(
        f"On {run.status.device or 'a device to be chosen'} with {precision} matrix products; "
        f"{run.status.parameters:,} weights and biases."
    )
    with st.container():  # a container of its own, so that what follows does not move, which would redraw the chart
        _hint(run, records)


def is_squared_error(run: Run, records: list[dict[str, Any]]) -> bool:
    """Whether the loss curve's reconstruction term is a mean squared error per pixel, like the baselines."""
    return run.settings.get("loss", "mse") == "mse" and "reconstruction" in records[-1]["train"]


def _error_metrics(run: Run, records: list[dict[str, Any]]) -> None:
    """Mean squared errors, on the test set once it has been evaluated, on the validation set until then."""
    test, base = run.status.test or {}, run.status.baselines or {}
    scored = next((r for r in reversed(records) if r["validation_mse"] is not None), None)
    part = "test" if "mse" in test else "validation"
    if run.settings.get("corruption", "none") != "none":
        denoised = test.get("mse_denoised") or (
            scored["validation"]["reconstruction"] if scored and is_squared_error(run, records) else None
        )
        if denoised:
            baseline = base.get(f"pca_damaged_{part}")
            _error_metric(
                f"Error after denoising ({part})",
                denoised,
                baseline,
                "denoising by PCA",
                f"Left as they are, the corrupted pictures have an error of {base.get(f'damaged_{part}', 0):.5f}.",
            )
    elif "mse" in test or scored:
        value = test["mse"] if "mse" in test else scored["validation_mse"]  # type: ignore[index]  # scored is not None here
        _error_metric(
            f"{part.capitalize()} error per pixel",
            value,
            base.get(f"pca_{part}"),
            "PCA",
            f"PCA is given {base.get('pca_size', 0):,.0f} components: as many as {AS_MANY}.",
        )


def _error_metric(label: str, value: float, baseline: float | None, name: str, more: str) -> None:
    delta = f"{(value / baseline - 1) * 100:+.0f} % against {name}" if baseline and baseline > 1e-7 else None
    st.metric(
        label,
        f"{value:.5f}",
        delta,
        delta_color="inverse",
        help=f"Mean squared error per pixel; 0 is a perfect copy. {more}",
    )


def _hint(run: Run, records: list[dict[str, Any]]) -> None:
    """A hint if training makes no progress."""
    scored = next((r for r in reversed(records) if r["validation_mse"] is not None), None)
    floor = (run.status.baselines or {}).get("mean_validation")
    if scored and floor and scored["epoch"] >= 2 and scored["validation_mse"] > 0.98 * floor:
        st.warning(
            "So far this is no better than answering every picture with the average picture. "
            "The learning rate may be too large, or the code too narrow.",
            icon=":material/trending_flat:",
        )


def duration(seconds: float) -> str:
    """A duration in words."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return time.strftime("%H:%M:%S" if seconds >= 3600 else "%M:%S", time.gmtime(seconds))
