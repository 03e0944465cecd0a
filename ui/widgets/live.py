"""Parts of a page that refresh themselves."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import ExitStack
from functools import partial, wraps
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from aecore.runs.listing import steady
from ui.app.audience import SHARE, SHARE_SHOWN
from ui.app.echo import settle_widgets
from ui.app.frame import refusals_of_part
from ui.app.services import services
from ui.app.shown_to_all import shown_to_all


def live(
    part: Callable[..., None], every: float | None, key: str, follows: Callable[[], Hashable] | None = None
) -> Callable[..., Any]:
    """The part as a fragment that reruns every `every` seconds, or for None only when one of its widgets is used.

    Where many visitors watch the part of this key, each sees it refreshed less often. Its first run is part of a run of
    the whole page, which has already settled the widgets and may have drawn them.

    follows: all that the part shows because of who looks and of their address, beside its arguments and the values of
    its widgets. Those who agree in all this see what has been drawn for one of them; without it, each has a run.
    """
    has_run = False
    share = SHARE_SHOWN if follows else SHARE
    seconds = services.refresh_seconds(key, every, share=share) if every else None

    @wraps(part)
    def settled(*args: Any) -> None:
        nonlocal has_run
        is_for_all = has_run and bool(every and follows)
        if has_run:
            is_for_all &= not settle_widgets()
            if every and services.refresh_seconds(key, every, seconds, share) != seconds:
                st.rerun()  # the whole page says how often
        has_run = True
        with steady(), refusals_of_part(), ExitStack() as stack:
            if is_for_all and every and seconds and follows:
                shown = partial(_seen_by, key, args, follows)
                stack.enter_context(shown_to_all(shown, services.watches(key, every, seconds)))
            part(*args)

    return st.fragment(settled, run_every=seconds, key=key)


def _seen_by(key: str, args: tuple[Any, ...], follows: Callable[[], Hashable]) -> Hashable:
    return key, args, follows()


def part_of_page(
    part: Callable[..., Any], key: str | None = None, rest: Callable[[], object] = lambda: None
) -> Callable[..., Any]:
    """The part as a fragment, which reruns by itself when one of its widgets is used, and says what it refuses then.

    rest: what the rest of the page follows from; where that has changed, the whole page runs.
    """

    @wraps(part)
    def shown(*args: Any) -> Any:
        runs, seen = 0, None

        @wraps(part)
        def told() -> Any:
            nonlocal runs, seen
            runs += 1
            if runs > 1:
                settle_widgets()
                if rest() != seen:
                    st.rerun()
            with steady(), refusals_of_part():
                answer = part(*args)
            if runs == 1:
                seen = rest()
            elif rest() != seen:
                st.rerun()
            return answer

        return st.fragment(told, key=key)()

    return shown


def rerun_part() -> None:
    """Reruns the fragment that calls this; where the whole page is running, the whole page.

    A fragment cannot know which: an event of its own may arrive while the page is about to run anyway.
    """
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()
