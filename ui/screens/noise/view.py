"""Clean and corrupted pictures, reconstructions and differences in rows; image similarity of each network;
its reconstructions fed back to it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from aecore.corruption import CORRUPTIONS
from aecore.foreign import in_table
from aecore.metrics.image_similarity import ImageSimilarity
from aecore.pretrained.trained_models import TrainedModel
from ui.app.address_choices import OneOf
from ui.app.theme import plot
from ui.components.following_rows import Rows, following_rows
from ui.screens.noise.figures import settling_figure
from ui.screens.noise.link import FED_BACK
from ui.screens.noise.rows import Answer, left_as_they_are, rows_of
from ui.screens.noise.rows_route import View, address_of
from ui.screens.noise.text import denoising_words
from ui.widgets.networks import reconstruct, trained_at
from ui.widgets.picture_rows import Row, rows_html, show_rows
from ui.widgets.wording import IMAGE_SIMILARITY

MOST_FED_BACK = 8
"""Pictures that are fed back."""

ROUNDS = (0, 1, 2, 3, 5, 10, 20, 50)


def show_answers(
    view: View, noisy: np.ndarray, given: Sequence[Answer], sliders: Sequence[str], tab: str, *, is_by_hand: bool
) -> None:
    """The rows, and a table of each network's image similarity.

    The rows follow the sliders (keys of their widgets) in this tab; noisy: (K, C, H, W) with what was drawn by hand.
    """
    corruption = left_as_they_are(view.clean, noisy)
    html = rows_html(rows_of(view.clean, noisy, given, has_differences=view.has_differences))
    follows = bool(view.chain) and not is_by_hand
    following_rows(
        Rows(
            html,
            address_of(view, tab) if follows else "",
            sliders if follows else (),
            [each.level for each in view.chain],
        ),
        key="noise-rows",
    )
    if view.has_differences:
        st.caption(
            "Differences: blue where the reconstruction is brighter than the clean picture, orange where it is darker, "
            "white where they agree."
        )
    with st.container(key="noise-figures"):
        _figures(corruption, given)


def _figures(corruption: ImageSimilarity, given: Sequence[Answer]) -> None:
    """What the figures say, and each network's image similarity."""
    levels = {each.title: float(each.image_similarity.psnr.mean()) for each in given}
    untaught = {each.title for each in given if trained_at(each.found)[0] == "none"}
    if conclusion := denoising_words(float(corruption.psnr.mean()), levels, untaught):
        st.markdown(conclusion)
    st.dataframe(
        pd.DataFrame([_measures("Left as it is", corruption, None),
                      *(_measures(each.title, each.image_similarity, each.found) for each in given)]),
        hide_index=True, key="measures", column_config=COLUMNS, placeholder="–",
    )  # fmt: skip
    st.caption(IMAGE_SIMILARITY)


COLUMNS = {
    "": st.column_config.TextColumn(width=270),
    "MSE": st.column_config.NumberColumn(
        format="%.5f", help="Mean squared error per pixel: 0 is perfect. Every doubling of an error counts fourfold."
    ),
    "PSNR, dB": st.column_config.NumberColumn(
        format="%.2f",
        help="Peak signal-to-noise ratio: the same error on a logarithmic scale. "
        "10 more means a tenth of the squared error. Mean over the pictures.",
    ),
    "SSIM": st.column_config.NumberColumn(
        format="%.3f",
        help="Structural similarity (Wang et al. 2004): compares brightness, "
        "contrast and structure in windows of 7 × 7 pixels. 1 is the same picture.",
    ),
    "Learned to undo": st.column_config.TextColumn(help="The corruption in its training, and the strength of it."),
}


def _measures(title: str, found: ImageSimilarity, trained_model: TrainedModel | None) -> dict[str, object]:
    name, level = trained_at(trained_model) if trained_model else ("", 0.0)
    learned = "" if trained_model is None else "nothing" if name == "none" else f"{CORRUPTIONS[name].title} {level:g}"
    return {
        "": in_table(title),
        "MSE": found.mse.mean(),
        "PSNR, dB": found.psnr.mean(),
        "SSIM": float(np.nanmean(found.ssim)),
        "Learned to undo": learned,
    }


def again_and_again(given: Sequence[Answer], noisy: np.ndarray) -> None:
    """Feeds each network's reconstruction back to it as its input, up to fifty times."""
    titles = [each.title for each in given]
    title = (
        st.selectbox(
            "Network whose reconstructions are fed back",
            titles,
            **FED_BACK.among(OneOf(titles), titles[0]).bound(),
            help="Each of its reconstructions is its next input.",
        )
        if len(titles) > 1
        else titles[0]
    )
    answer = given[titles.index(title)]
    steps, moved = fed_back(answer.found.id, answer.found.fingerprint, answer.found, noisy[:MOST_FED_BACK])
    show_rows(
        [
            Row("Corrupted" if rounds == 0 else f"after {rounds} round{'s' if rounds > 1 else ''}", steps[index])
            for index, rounds in enumerate(ROUNDS)
        ]
    )
    plot(settling_figure(moved), "chart-settling", "How far the pictures still move in each round.")
    last, first = float(moved[-1]), float(moved[0])
    conclusion = (
        "It has settled: feeding its reconstruction back no longer changes anything."
        if last < 1e-3
        else f"It still moves: by {last:.4f} a pixel in the last round, {first:.4f} in the first."
    )
    st.caption(
        f"{conclusion} What a network leaves as it is are its *fixed points*. "
        "Those of a good denoiser look like its data; a network that copies leaves nearly everything as it is."
    )


@st.cache_data(max_entries=64, show_spinner=False)
def fed_back(id: str, fingerprint: str, _found: TrainedModel, noisy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (len(ROUNDS), K, C, H, W) after ROUNDS, and the root mean square change of a
    pixel in each round (50,).
    """
    x, kept, moved = np.clip(noisy, 0, 1), [np.clip(noisy, 0, 1)], []
    for number in range(1, ROUNDS[-1] + 1):
        y = np.clip(reconstruct(_found, x), 0, 1)
        moved.append(np.sqrt(np.square(y - x).mean()))
        x = y
        if number in ROUNDS:
            kept.append(x)
    return np.stack(kept), np.array(moved)
