"""One entry of a comparison in the form: its variant, and folded away the settings that matter most."""

from __future__ import annotations

from typing import Any

import streamlit as st

from aecore.experiment.comparison import FEWEST, Comparison, ComparisonEntry, entry_knobs, own_defaults
from aecore.settings import Knob
from aecore.variants import VARIANTS
from ui.screens.race.link import keep_race
from ui.screens.race.names import own_settings
from ui.widgets.autoencoder_choice import AUTOENCODERS, DENOISING, DENOISING_VALUES, autoencoder_title
from ui.widgets.knob_box import Take, knob_box
from ui.widgets.marks import Mark

TRAINING = ("learning_rate",)
"""Training settings that an entry may change here; the link accepts all of them."""


def entry_form(race: Comparison, index: int) -> None:
    """Shows an entry; changes are written into the address at once, from which the next run of
    the page reads it.
    """
    entry = race.entries[index]
    with st.container(border=True, key=f"entry-{index}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(Mark(index + 1).badge(), width="content")
            variant_box(entry.variant, index, lambda variant: keep_race(race.with_entry(index, _entry(entry, variant))))
            st.button(
                "", key=f"drop-{index}", icon=":material/close:", type="tertiary", disabled=len(race.entries) <= FEWEST,
                on_click=lambda: keep_race(race.with_entry(index, None)),
                help=f"Removes entry {index + 1}; a race has at least {FEWEST}.",
            )  # fmt: skip
        own = own_settings(entry)
        fold = st.expander(f"Settings: {own or 'the defaults'}", key=f"fold-{index}", on_change="rerun")
        if fold.open:
            with fold:
                _knobs(race, index)


def variant_box(variant: str, index: int, take: Take) -> None:
    """The choice of the entry's variant."""
    key = f"entry-{index}-variant"
    st.session_state[key] = variant
    st.selectbox(
        f"Entry {index + 1}", AUTOENCODERS, format_func=autoencoder_title, key=key, label_visibility="collapsed",
        on_change=lambda: take(st.session_state[key]),
        help="The kind of network of this entry. Denoising keeps the kind and adds a corruption.",
    )  # fmt: skip


def _entry(entry: ComparisonEntry, chosen: str) -> ComparisonEntry:
    """The entry with another variant; denoising keeps its variant and its settings, and sets a corruption."""
    if chosen != DENOISING:
        return ComparisonEntry(chosen)
    return ComparisonEntry(entry.variant, {**entry.values, **DENOISING_VALUES})


def _knobs(race: Comparison, index: int) -> None:
    entry, usual = race.entries[index], own_defaults(race.data, race.entries[index].variant)
    now = {**usual, **entry.values}
    st.caption(VARIANTS[entry.variant].idea)
    for each in entry_knobs(entry.variant).values():
        if not is_shown(each, entry.variant, now):
            continue

        def take(value: Any, name: str = each.name) -> None:
            values = {**entry.values, name: value}
            keep_race(
                race.with_entry(
                    index,
                    ComparisonEntry(entry.variant, {key: kept for key, kept in values.items() if kept != usual[key]}),
                )
            )

        knob_box(each, f"entry-{index}-{each.name}", now[each.name], take)


def is_shown(each: Knob, variant: str, now: dict[str, Any]) -> bool:
    """Whether an entry shows this knob: the network's own ones, the corruption and the learning rate."""
    if each.name == "noise_level":
        return now["corruption"] != "none"
    is_own = any(each.name == own.name for own in VARIANTS[variant].settings_class.knobs())
    return not each.advanced and (is_own or each.name in (*TRAINING, "corruption"))
