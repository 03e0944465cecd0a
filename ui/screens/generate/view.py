"""The pictures of the Generate page: two networks side by side, real pictures below,
the nearest training picture under each.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.foreign import in_markdown
from aecore.latent.samples import Samples
from aecore.latent.sampling import WAYS
from ui.screens.generate.form import Choice, Chosen
from ui.screens.generate.pictures import made, real, real_distances
from ui.screens.generate.text import left_out_words, memorisation_words, seen_words
from ui.widgets.pictures import show_columns
from ui.widgets.source_pictures import dataset
from ui.widgets.wording import percent

STYLE = """<style>
@media (max-width: 1150px) {
  .st-key-generated [data-testid="stHorizontalBlock"] { flex-direction: column; }
  .st-key-generated [data-testid="stColumn"] { width: 100%; min-width: 100%; flex: 0 0 auto; }
}
</style>"""


def show_generated(choice: Choice) -> None:
    """Both networks' pictures, and real ones. CodeError or DataError if there is nothing to sample."""
    usual = real_distances(choice.first.trained_model.data)
    st.html(STYLE)
    with st.container(key="generated"):
        for column, chosen in zip(st.columns(2, gap="medium"), (choice.first, choice.second), strict=True):
            with column:
                _network(choice, chosen, usual)
        with st.expander(
            "Real test pictures, for comparison", expanded=False, key="real-pictures", on_change="rerun"
        ) as shown:
            if shown.open:
                _real(choice)


def _network(choice: Choice, chosen: Chosen, usual: np.ndarray) -> None:
    st.markdown(f"**{in_markdown(chosen.title)}**  \n:small[{WAYS[chosen.way].title}]")
    found = made(
        chosen.trained_model.id,
        chosen.trained_model.fingerprint,
        chosen.way,
        choice.components,
        choice.scale,
        choice.draw,
        chosen.trained_model,
    )
    _pairs(found, chosen.trained_model.data, "Generated, and below it the nearest training picture")
    st.caption(
        " ".join(
            filter(
                None,
                [
                    _pair_words(found),
                    seen_words(found),
                    memorisation_words(found.distances, usual),
                    left_out_words(chosen.trained_model),
                ],
            )
        )
    )


def _pair_words(found: Samples) -> str:
    pair = "In each pair, a sample stands above its nearest training picture"
    return f"{pair}; the label is the prediction for the sample." if len(found.odds) == 1 else f"{pair}."


def _real(choice: Choice) -> None:
    found = real(choice.first.trained_model.data, choice.draw)
    _pairs(found, choice.first.trained_model.data, "Real test picture, and below it the nearest training picture")
    st.caption(seen_words(found))


def _pairs(found: Samples, data: str, alt: str) -> None:
    show_columns([found.x, found.like], answers(found, data), alt=alt, width=72, per_row=6)


def answers(found: Samples, data: str) -> list[str]:
    """Caption of each picture: the reference classifier's prediction and its probability, if it has one head only."""
    if len(found.odds) != 1:
        return []
    classes = dataset(data).classes
    return [f"{classes[row.argmax()]} · {percent(row.max(), 0)}" for row in next(iter(found.odds.values()))]
