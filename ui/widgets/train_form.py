"""Opens the Train page with its form filled in, from other pages that offer to train something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui.app.address_choices import OneOf
from ui.app.links import DATA
from ui.app.url_state import Pair, Param, go_to
from ui.widgets.forms import as_state, param_of
from ui.widgets.titles import data_names, data_title


def open_train_form(data: str, variant: str, values: Mapping[str, Any]) -> None:
    """Opens the Train page with these settings, in the form and in the address, and with no run on show.

    values: settings by name; others take the data's defaults.
    """
    st.session_state["form_wanted"] = (data, variant, dict(values))
    st.session_state.pop("run", None)
    go_to("train", *form_address(data, variant, values))


def form_address(data: str, variant: str, values: Mapping[str, Any]) -> list[Pair]:
    """Parameters of the Train page's address for these settings: the data, the variant, and all that are not defaults.

    A widget whose value is in the session does not write it into the address by itself.
    """
    from aecore.experiment.settings import parts_of, suggestions  # needs torch
    from aecore.variants import VARIANTS

    titles = OneOf(tuple(VARIANTS), lambda name: VARIANTS[name].title)
    pairs: list[Pair] = [(DATA.among(OneOf(data_names(), data_title), data), data), (Param("variant", titles), variant)]
    usual = suggestions(data, variant)
    for each in (each for part in parts_of(variant) for each in part.knobs()):
        default = usual.get(each.name, each.default)
        value = as_state(each, values.get(each.name, default))
        if value != as_state(each, default):
            pairs.append((param_of(each, default), value))
    return pairs
