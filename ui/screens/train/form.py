"""The form that defines a run: preset, data, variant and every knob, all in the address."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from aecore.datasets import DataError, card, is_ready
from aecore.experiment.presets import PRESETS
from aecore.experiment.settings import CorruptionSettings, RunSettings, SelectionSettings, parts_of, suggestions
from aecore.settings import Knob, SettingsError
from aecore.training.loop import TrainingSettings
from aecore.variants import VARIANTS
from ui.app.address_choices import OneOf
from ui.app.allowance import too_large
from ui.app.echo import fill
from ui.app.frame import refuse
from ui.app.links import DATA, RUN
from ui.app.services import services
from ui.app.theme import CODE, DECODER, ENCODER
from ui.app.url_state import Param
from ui.screens.train.link import LEAVE_OUT, VARIANT
from ui.widgets.autoencoder_choice import (
    AUTOENCODERS,
    DENOISING,
    DENOISING_VALUES,
    autoencoder_title,
    denoising_words,
)
from ui.widgets.data_panel import data_download
from ui.widgets.forms import as_state, ask, in_form_words
from ui.widgets.own_data import offer_to_keep
from ui.widgets.run_actions import has_notice, train
from ui.widgets.run_states import say_cluster
from ui.widgets.titles import data_names, data_title

IN_ROW = 4
"""Presets in view at once."""

NO_CLASS = "None"

IN_VIEW = ("epochs", "learning_rate", "batch_size")

_LEFT_OUT = "train-left-out"
"""Session key."""


def rest_of_form() -> object:
    """What the rest of the page follows from: the run on show, a notice, data and what is left out,
    and what the row of presets shows.
    """
    names = ("data", "variant", "preset", "more-presets", "denoising", _LEFT_OUT)
    return RUN.read(), has_notice(), [st.session_state.get(name) for name in names]


def left_out() -> str:
    """The class that the next run leaves out; "" for none, or where the form cannot be used as it is."""
    return str(st.session_state.get(_LEFT_OUT, ""))


def run_form(has_download: bool) -> None:
    """Shows the form, or a sentence where its settings are invalid.

    has_download: whether the form offers missing data for download, or another part of the page.
    """
    data, variant, values = st.session_state.pop("form_wanted", ("", "", {}))
    names = data_names()
    if variant in VARIANTS and data in names:
        told = st.session_state.get("denoising") if values == DENOISING_VALUES else ""
        fill_form(data, variant, values)
        st.session_state["denoising"] = told
    data = _choose(DATA, "Data", names, data_title, "What the network learns to reconstruct.")
    offer_to_keep(services.uploads, data, card(data).title)
    variant = _choose(
        VARIANT, "Autoencoder", AUTOENCODERS, autoencoder_title,
        "The kind of network. Denoising can be combined with any of them.",
    )  # fmt: skip
    if variant == DENOISING:  # by a link
        st.session_state["form_wanted"] = (data, next(iter(VARIANTS)), DENOISING_VALUES)
        st.session_state["denoising"] = next(iter(VARIANTS))
        st.rerun()
    is_told = st.session_state.get("denoising") == variant
    st.caption(denoising_words(variant) if is_told else VARIANTS[variant].idea)
    st.session_state["variant-before"] = variant
    with st.popover("How it works", icon=":material/function:", width="stretch", key="how-it-works"):
        st.latex(VARIANTS[variant].formula)
        st.markdown(VARIANTS[variant].how)
        st.caption(f"Source: {VARIANTS[variant].source}.")
    top = st.container()
    settings = _knobs(data, variant, top) if is_ready(data) else None
    if has_download and not is_ready(data):
        with top:
            data_download(data)
    top.button(
        "Train", key="train", type="primary", icon=":material/play_arrow:", width="stretch", disabled=settings is None,
        on_click=train, args=(settings,), help="Starts a new run; earlier ones stay in the list of runs.",
    )  # fmt: skip
    with top:
        say_cluster()
    if settings:
        top.caption(f"{settings.model.parameters(card(data).shape):,} weights and biases.")
    st.session_state[_LEFT_OUT] = settings.selection.leave_out if settings else ""


def _knobs(data: str, variant: str, top: DeltaGenerator) -> RunSettings | None:
    suggested = suggestions(data, variant)
    values: dict[str, Any] = {}
    problems: list[str] = []

    def show(each: Knob) -> None:
        try:
            values[each.name] = ask(each, suggested.get(each.name, each.default))
        except SettingsError as error:
            problems.append(str(error))

    model, training = VARIANTS[variant].settings_class.knobs(), TrainingSettings.knobs()
    for each in model:
        if not each.advanced:
            show(each)
    show(CorruptionSettings.knobs()[0])
    if values.get("corruption", "none") != "none":
        show(CorruptionSettings.knobs()[1])
    for each in training:
        if each.name in IN_VIEW:
            show(each)
    with st.expander("More settings", key="more-settings"):
        for each in model:
            if each.advanced:
                show(each)
        if card(data).has_classes:
            values["leave_out"] = _ask_left_out(data)
        for each in training:
            if each.name not in IN_VIEW:
                show(each)
    with top:
        return _build(data, variant, values, problems)


def _ask_left_out(data: str) -> str:
    """The class to leave out, or ""; a class of a link
    that the data do not have is refused later.
    """
    (each,) = SelectionSettings.knobs()
    wanted, classes = LEAVE_OUT.text, card(data).classes
    if st.session_state.get(each.name, "") not in ("", *classes):
        st.session_state[each.name] = ""
    chosen = st.selectbox(
        each.label,
        ("", *classes),
        format_func=lambda name: name or NO_CLASS,
        help=each.help,
        persist_state="session",
        **LEAVE_OUT.bound(),
    )
    return chosen if wanted in ("", NO_CLASS, *classes) else wanted


def _build(data: str, variant: str, values: dict[str, Any], problems: list[str]) -> RunSettings | None:
    if not problems:
        try:
            settings = RunSettings.build(data, variant, **values)
            st.html(network_strip(settings.layer_sizes(card(data).shape)))
            if not (problem := too_large(settings)):
                return settings
            problems.append(problem)
        except (SettingsError, DataError) as error:
            problems.append(str(error))
    for problem in problems:
        refuse(in_form_words(problem, [each for part in parts_of(variant) for each in part.knobs()]))
    return None


def network_strip(sizes: list[int]) -> str:
    """The layers as bars from input to code and back, as HTML; heights are logarithmic."""
    whole, code = sizes + sizes[-2::-1], len(sizes) - 1
    tallest = math.log(max(whole) + 1)
    bars = []
    for index, size in enumerate(whole):
        height = 8 + 40 * math.log(size + 1) / tallest
        colour = CODE if index == code else ENCODER if index < code else DECODER
        bar = f'<div style="height:{height:.0f}px;width:12px;border-radius:4px;background:{colour}"></div>'
        box = "display:flex;height:50px;align-items:center;justify-content:center"
        word = "code" if index == code else "input" if index == 0 else "output" if index == 2 * code else ""
        above, below = ("<br>", "") if index % 2 else ("", "<br>")  # two rows: a number is wider than its bar
        if len(whole) <= 7:
            above = below = ""
        words = f'<div style="line-height:1.3;white-space:nowrap">{above}{size:,}{below}<br>{word}</div>'
        column = "flex:1 1 0;min-width:0;display:flex;flex-direction:column;align-items:center;text-align:center"
        bars.append(f'<div style="{column}"><div style="{box}">{bar}</div>{words}</div>')
    label = "Layers: " + " to ".join(f"{size:,}" for size in whole)
    row = "display:flex;padding:0 12px;font-size:.875rem;opacity:.95"
    return f'<div role="img" aria-label="{label}" style="{row}">{"".join(bars)}</div>'


def _choose(param: Param, label: str, options: tuple[str, ...], title: Any, help: str) -> str:
    bound = param.among(OneOf(options, title), options[0]).bound()
    return st.selectbox(
        label, options, format_func=title, help=help, persist_state="session", on_change=_fresh_knobs, **bound
    )


def preset_row() -> None:
    """Named starting points, the first few in view; a choice fills the form."""
    common: dict[str, Any] = {"format_func": lambda name: PRESETS[name].title, "on_change": _take_preset}
    first, rest = tuple(PRESETS)[:IN_ROW], tuple(PRESETS)[IN_ROW:]
    with st.container(horizontal=True, vertical_alignment="bottom", key="presets"):
        st.pills(
            "Start from",
            first,
            key="preset",
            args=("preset",),
            help="A starting point; change whatever you like afterwards.",
            width="content",
            **common,
        )
        st.selectbox(
            "or from", rest, index=None, key="more-presets", args=("more-presets",), width=228,
            placeholder=f"{len(rest)} more starting points", label_visibility="collapsed",
            help="The other starting points: sparse, deep, convolutional, variational networks and more.", **common,
        )  # fmt: skip
    chosen = st.session_state.get("preset") or st.session_state.get("more-presets")
    if chosen:
        st.caption(PRESETS[chosen].about)


def _take_preset(key: str) -> None:
    preset = PRESETS.get(st.session_state.get(key) or "")
    st.session_state["more-presets" if key == "preset" else "preset"] = None
    if preset:
        fill_form(preset.data, preset.variant, preset.values)


def _fresh_knobs() -> None:
    """Resets every knob to its default for another data set or variant. Denoising keeps the variant and its settings,
    and sets a corruption.
    """
    st.session_state["preset"] = st.session_state["more-presets"] = None
    if st.session_state["variant"] == DENOISING:
        before = st.session_state.get("variant-before", next(iter(VARIANTS)))
        fill({**DENOISING_VALUES, "variant": before})
        st.session_state["denoising"] = before
        return
    fill_form(st.session_state["data"], st.session_state["variant"], {})


def fill_form(data: str, variant: str, values: dict[str, Any]) -> None:
    """Puts settings into the form's widgets; for callbacks, before the widgets are drawn."""
    st.session_state["denoising"] = ""
    chosen = {**suggestions(data, variant), **values}
    knobs = [each for part in parts_of(variant) for each in part.knobs()]
    fill(
        {"data": data, "variant": variant}
        | {each.name: as_state(each, chosen.get(each.name, each.default)) for each in knobs}
    )
