"""The form of the Noise lab: the chain of corruptions, and the networks that denoise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from aecore.corruption.chain import MOST, CorruptionStep, kinds
from ui.screens.noise.link import SEED, keep_corruption, read_corruption
from ui.widgets.linked_choice import keep_networks, own_titles, read_networks
from ui.widgets.networks import networks_for, say_older_networks
from ui.widgets.option_titles import chosen_ids, remember_titles

MOST_NETWORKS = 5
USUAL = 3


def corruption_form(shape: tuple[int, ...]) -> tuple[tuple[CorruptionStep, ...], int]:
    """A row for each corruption; returns the chain and the seed."""
    chain = read_corruption(shape)
    known = kinds(shape)
    for index, each in enumerate(chain):
        _row(index, each, chain, known)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Add a corruption" if chain else "Corrupt them", key="add-damage",
            icon=":material/add:", disabled=len(chain) >= MOST,
            on_click=lambda: keep_corruption((*chain, CorruptionStep(_next(chain, known), 0.3))),
            help=f"Applied after the others; a chain has up to {MOST} corruptions.",
        )  # fmt: skip
        seed = st.number_input(
            "Random seed (corruptions)",
            0,
            9999,
            0,
            width=200,
            help="Another number gives other random corruptions of the same kind.",
            **SEED.bound(),
        )
    return chain, int(seed)


def level_key(index: int) -> str:
    """The key of the slider of this corruption of the chain."""
    return f"damage-level-{index}"


def _next(chain: tuple[CorruptionStep, ...], known: dict) -> str:
    return next(
        (
            name
            for name in ("blur", "masking", "gaussian", "occlusion")
            if name in known and name not in {each.name for each in chain}
        ),
        "masking",
    )


def _row(index: int, each: CorruptionStep, chain: tuple[CorruptionStep, ...], known: dict) -> None:
    """Kind, level and a button to remove it; the widgets show the address."""

    def keep(change: Callable[[], CorruptionStep]) -> Callable[[], None]:
        return lambda: keep_corruption((*chain[:index], change(), *chain[index + 1 :]))

    kind, level = f"damage-kind-{index}", level_key(index)
    st.session_state[kind], st.session_state[level] = each.name, each.level
    with st.container(border=True, key=f"damage-{index}"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                "Corruption" if index == 0 else "and then", tuple(known), format_func=lambda name: known[name].title,
                key=kind, on_change=keep(lambda: replace(each, name=st.session_state[kind])),
                help="The corruption of each picture.",
            )  # fmt: skip
            st.button(
                "", key=f"damage-out-{index}", icon=":material/close:", help="Remove this corruption.", type="tertiary",
                on_click=lambda: keep_corruption((*chain[:index], *chain[index + 1 :])),
            )  # fmt: skip
        st.slider(
            f"Strength: {known[each.name].level}", 0.0, 1.0, step=0.01, key=level,
            help="Pixels run from 0, dark, to 1, bright. Strength 0 leaves the pictures as they are.",
            on_change=keep(lambda: replace(each, level=round(st.session_state[level], 2))),
        )  # fmt: skip


def networks_form(shape: tuple[int, ...], data: str) -> dict[str, str]:
    """The chosen networks: id -> title, in the order of choice."""
    known = own_titles(networks_for(shape, data), data)
    chosen = read_networks(known, usual(known))
    st.session_state["networks-chosen"] = list(chosen)
    remember_titles("networks-chosen", known)
    st.multiselect(
        "Networks", tuple(known), format_func=lambda name: known[name], key="networks-chosen",
        max_selections=MOST_NETWORKS, on_change=lambda: keep_networks(tuple(chosen_ids("networks-chosen"))),
        placeholder="Choose one or more", wrap=True,
        help="Your own runs, and the models that this app brings along, that take pictures of this size. "
        "Those that learned from these pictures come first.",
    )  # fmt: skip
    say_older_networks(known)
    return {name: known[name] for name in chosen}


def usual(known: dict[str, str]) -> tuple[str, ...]:
    """The default networks: some denoising ones, and one that is not."""
    names = list(known)
    denoising = [
        name
        for name in names
        if "denois" in name
        or any(word in known[name] for word in (", masking", ", gaussian", " · gaussian", " · masking"))
    ]
    plain = [name for name in names if name not in denoising]
    return (*denoising[: USUAL - 1], *plain[:1])
