"""The main figures of a run: progress, error, speed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import streamlit as st

from aecore.runs.snapshots import mean_speed
from aecore.runs.store import Run
from ui.widgets.run_verdict import LEAST, verdict
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
        error = _error_of(run, records)
        if error:
            _error_metric(error)
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
    precision = (
        "bfloat16 matrix products (shorter numbers: faster, a little less exact)" if run.status.is_fast else "float32"
    )
    st.caption(
        f"On {run.status.device or 'a device to be chosen'} with {precision}; "
        f"{run.status.parameters:,} weights and biases."
    )
    with st.container():  # a container of its own, so that what follows does not move, which would redraw the chart
        _hint(run, records)
        if error and error.part == "test" and not run.status.is_active:
            is_denoising = run.settings.get("corruption", "none") != "none"
            said = verdict(
                error.value, error.baseline, is_denoising=is_denoising,
                has_penalty=not set(records[-1]["train"]) <= NO_PENALTIES, losses=_validation_losses(records),
            )  # fmt: skip
            if said:
                st.caption(said)


NO_PENALTIES = {"reconstruction", "revival"}
"""Terms of a loss that charge for reconstructions alone."""


def _validation_losses(records: list[dict[str, Any]]) -> list[float]:
    """The validation loss after each epoch of the last training phase."""
    phase = records[-1].get("phase", "")
    return [
        sum(each["validation"].values()) for each in records if each["validation"] and each.get("phase", "") == phase
    ]


def is_squared_error(run: Run, records: list[dict[str, Any]]) -> bool:
    """Whether the loss curve's reconstruction term is a mean squared error per pixel, like the baselines."""
    return run.settings.get("loss", "mse") == "mse" and "reconstruction" in records[-1]["train"]


@dataclass(frozen=True)
class _Error:
    """An error to show, and what it is compared with. part: of the data, on which it was measured."""

    label: str
    value: float
    part: str
    baseline: float | None
    name: str
    more: str


def _error_of(run: Run, records: list[dict[str, Any]]) -> _Error | None:
    """The mean squared error on the test set once it has been evaluated, on the validation set until then."""
    test, base = run.status.test or {}, run.status.baselines or {}
    scored = next((r for r in reversed(records) if r["validation_mse"] is not None), None)
    part = "test" if "mse" in test else "validation"
    if run.settings.get("corruption", "none") != "none":
        denoised = test.get("mse_denoised") or (
            scored["validation"]["reconstruction"] if scored and is_squared_error(run, records) else None
        )
        more = f"Left as they are, the corrupted pictures have an error of {base.get(f'damaged_{part}', 0):.5f}."
        baseline = base.get(f"pca_damaged_{part}")
        if not denoised:
            return None
        return _Error(f"Error after denoising ({part})", denoised, part, baseline, "denoising by PCA", more)
    value = test.get("mse", scored["validation_mse"] if scored else None)
    if value is None:
        return None
    more = f"PCA is given {base.get('pca_size', 0):,.0f} components: as many as {AS_MANY}."
    return _Error(f"{part.capitalize()} error per pixel", value, part, base.get(f"pca_{part}"), "PCA", more)


def _error_metric(error: _Error) -> None:
    has_baseline = bool(error.baseline and error.baseline > LEAST)
    ratio = error.value / error.baseline if has_baseline and error.baseline else 1
    level = f" With {error.name} it is {error.baseline:.5f} on the same {error.part} set." if has_baseline else ""
    st.metric(
        error.label,
        f"{error.value:.5f}",
        f"{(ratio - 1) * 100:+.0f} % against {error.name}" if has_baseline else None,
        delta_color="inverse",
        help=f"Mean squared error per pixel; 0 is a perfect copy.{level} {error.more}",
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
