"""A select box whose choice is in the address by its id, so that a link restores it whatever
its title.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from aecore.datasets import card
from ui.app.address_choices import OneOf
from ui.app.links import NETWORKS
from ui.app.refusals import quoted
from ui.app.url_state import Param
from ui.widgets.networks import ORIGIN, trained_networks
from ui.widgets.option_titles import chosen_ids, remember_titles


def choose_linked(
    param: Param, label: str, known: Mapping[str, str], first: str, *, help: str, others: Sequence[Param] = ()
) -> str:
    """The id that the address names, else `first`; a select box changes it. known: id -> title.

    others: parameters of the address to remove when it changes, because they belonged to another choice.
    """
    key = f"linked-{param.name}"
    st.session_state[key] = param.among(OneOf(tuple(known)), first).read()
    remember_titles(key, known)
    return st.selectbox(
        label,
        tuple(known),
        format_func=known.__getitem__,
        key=key,
        on_change=_keep,
        args=(param, key, tuple(others)),
        help=help,
    )


def read_networks(known: Mapping[str, str], usual: tuple[str, ...]) -> tuple[str, ...]:
    """The known networks in the address, or the usual ones if it names none.

    Missing ones are named on screen.
    """
    wanted = NETWORKS.among(NETWORKS.kind, usual).read()
    missing = [name for name in wanted if name not in known]
    trained = trained_networks() if missing else {}
    if gone := [name for name in missing if name not in trained]:
        NETWORKS.refuse(f"'{quoted(gone[0])}' is not on this machine, or has not been trained to its end")
    return tuple(name for name in wanted if name in known)


def keep_networks(chosen: tuple[str, ...]) -> None:
    """Writes the networks into the address."""
    NETWORKS.write(chosen)


def own_titles(known: Mapping[str, str], data: str = "") -> dict[str, str]:
    """id -> title for a narrow list: built-in networks are named without that origin, and without the data set where
    it is `data`, unless a run has that name.
    """
    shared = (f"{ORIGIN}{card(data).title} · " if data else ORIGIN, ORIGIN)
    shorter = {
        name: title.removeprefix(next((each for each in shared if title.startswith(each)), ""))
        for name, title in known.items()
    }
    times = Counter(shorter.values())
    return {name: short if times[short] == 1 else known[name] for name, short in shorter.items()}


def _keep(param: Param, key: str, others: tuple[Param, ...]) -> None:
    chosen = chosen_ids(key)
    if not chosen or [param.text] == chosen:
        return
    param.write(chosen[0])
    for other in others:
        other.forget()
