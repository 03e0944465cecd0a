"""The head of every page: title, introduction, an explanation, and a link to the current view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from aecore.foreign import in_markdown
from aecore.paths import names_only
from ui.app import present
from ui.app.network import for_others, is_only_here
from ui.app.qr import qr_code
from ui.app.refusals import begin_part, of_page, of_part
from ui.app.url_state import address_query

LOGO = str(Path(__file__).with_name("logo.svg"))

_place: ContextVar[DeltaGenerator | None] = ContextVar(
    "where the frame shows what the address could not get", default=None
)


@dataclass(frozen=True)
class Head:
    """What else stands in the head of a page: beside its title, and below its introduction."""

    beside: Callable[[], None] = lambda: None
    below: Callable[[], None] = lambda: None


_head: ContextVar[Head] = ContextVar("what else stands in the head of this run's page", default=Head())  # noqa: B039


def set_head(head: Head) -> None:
    """What the frame is to show in this run."""
    _head.set(head)


class PageEnded(Exception):
    """The page has nothing more to show; `ui/app/main.py` expects it."""


def end_page() -> NoReturn:
    """Ends a page early. Streamlit's own `st.stop` would keep the frame from saying what the address asked in vain.

    A part that runs by itself returns instead.
    """
    raise PageEnded


STYLE = """
.stMainBlockContainer { padding-top: 4.2rem; padding-bottom: 4rem; max-width: 1480px; }
@media (max-width: 1500px) { .stMainBlockContainer { padding-left: 2.2rem; padding-right: 2.2rem; } }
[data-testid="stStatusWidget"] button { display: none; } /* Stop here would break off the page; ours end a training */
/* A line along the top while the page works on what the person here has asked for (data-asked, and --sign-in until it
   is due: ui/components/present), within 0.3 s, before Streamlit's own. Parts that refresh themselves show none. */
:is([data-asked] [data-test-script-state="running"], [data-asked="sure"]) [data-testid="stHeader"]::before {
  content: ""; position: absolute; inset: 0 0 auto; height: 3px; background: light-dark(#0b5cad, #5ab0ee);
  transform-origin: left;
  animation: appear 0s var(--sign-in) both, at-work 1.2s var(--sign-in) ease-in-out infinite both; }
@keyframes appear { from { opacity: 0; } }
@keyframes at-work { from { transform: scaleX(.05); } 70%, to { transform: scaleX(1); } }
@media (prefers-reduced-motion: reduce) {
  :is([data-asked] [data-test-script-state="running"], [data-asked="sure"]) [data-testid="stHeader"]::before {
    animation: appear 0s var(--sign-in) both; } }
[data-testid="stSidebarHeader"]::after {
  content: "Autoencoder Explorer"; font: 600 .92rem "Source Serif", serif; margin-right: auto;
  white-space: nowrap; }
[data-testid="stSidebarHeader"] > * { flex: none; }
.strip { margin: 2px 0 0; line-height: 0; text-wrap: balance; } /* rows of about the same length */
.strip figure { display: inline-block; vertical-align: top; margin: 0 6px 6px 0; width: min(100%, var(--w)); }
.strip img { image-rendering: pixelated; display: block; width: 100%; height: auto; border-radius: 4px; }
.strip figcaption { font-size: .875rem; opacity: .8; text-align: center; line-height: 1.2; overflow: hidden;
  text-overflow: ellipsis; }
[data-testid="stLayoutWrapper"]:has(> :is(.st-key-present-bar, .st-key-room-bar)) { position: absolute; max-width: 0; }
.st-key-present-bar { position: fixed; inset: .4rem 1rem auto auto; z-index: 999991; width: auto; }
.st-key-room-bar { position: fixed; inset: auto 0 0 0; z-index: 999992; width: auto; } /* above the menu of a phone */
body:has(.st-key-room-bar) :is(.stMainBlockContainer, [data-testid="stSidebarUserContent"]) { padding-bottom: 9rem; }
.st-key-tour { position: absolute; } /* its panel and ring are fixed, and need no place on the page */
@media (min-width: 901px) {
  html[data-tour="open"] .stMainBlockContainer { padding-right: 388px; } /* nothing lies below the panel */
}
@media (min-width: 901px) and (max-width: 1500px) { /* while the panel is open, it has the menu's room */
  html[data-tour="open"]:not([data-menu="open"]) [data-testid="stSidebar"] { display: none; }
}
@media (max-width: 900px) {
  html[data-tour] .stMainBlockContainer { padding-bottom: calc(4rem + var(--tour-height, 0px)); }
}
[data-testid="stSelectbox"] input { text-overflow: ellipsis; } /* what is cut says so */
.katex-display { overflow: auto hidden; }
[data-testid="stMarkdownContainer"] :is(p, li, td) code { font-size: .875rem; } /* not smaller than other labels */
@media (max-width: 640px) {
  .katex-display { font-size: .86em; }
  .strip { display: grid; gap: 6px; grid-template-columns: repeat(var(--narrow), minmax(0, 1fr)); }
  .strip figure { display: block; margin: 0; width: auto; }
}
.st-key-cards [data-testid="stColumn"] { flex: 1 1 215px; min-width: min(100%, 215px); }
.st-key-cards [data-testid="stPageLink"] p { white-space: normal; }
.st-key-to-form, .st-key-to-run { display: none; } /* the form is beside the run; on a narrow screen it follows it */
@media (max-width: 1000px) {
  .st-key-to-form, .st-key-to-run { display: flex; }
  #settings, #run { scroll-margin-top: 70px; } /* below the header */
  .st-key-run-first > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] {
    flex-direction: column-reverse; }
  :is(.st-key-form-first, .st-key-map-first) > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] {
    flex-direction: column; }
  :is(.st-key-run-first, .st-key-form-first, .st-key-map-first) > [data-testid="stLayoutWrapper"] >
  [data-testid="stHorizontalBlock"] > [data-testid="stColumn"] {
    width: 100%; min-width: 100%; flex: 0 0 auto;
  }
}
@media (max-width: 640px) {
  .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; }
  .st-key-present-turn { display: none; } /* a phone is no beamer */
}
"""


ONLY_HERE = (
    "**Only this computer can open this address.** To let others in your network open it, start the app with "
    "`make lecture` (or `autoencoder-explorer --lecture`)."
)


def frame(
    title: str, intro: str, see: str = "", left_out: str = "", link_says: Callable[[], str] | None = None
) -> None:
    """Shows the head of a page. `see` explains the page in Markdown behind a button; the link button is always shown.

    left_out: what the page shows but the link does not hold, as the end of a sentence. link_says: what the link opens,
    where that is not what its sender sees.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="frame-head"):
        st.title(title, anchor=False, width="stretch")
        if see:
            with st.popover("What you see here", icon=":material/help:", key="see-here"):
                st.markdown(see)
        _head.get().beside()
        st.button("Present", icon=":material/co_present:", key="present-turn", on_click=present.turn, help=present.HELP)
        share = st.popover("Link", icon=":material/qr_code_2:", key=present.LINK, on_change="rerun")
    st.container(key=present.INTRO).markdown(intro)
    _head.get().below()
    _place.set(st.container())
    if share.open:
        with share:
            link_to_view(left_out, link_says)


def link_sentence(left_out: str) -> str:
    """Describes what the link opens."""
    return f"Anyone who opens this link sees what you see now{f', but not {left_out}' if left_out else ''}."


def link_to_view(left_out: str = "", link_says: Callable[[], str] | None = None) -> None:
    """The address of this page with everything that is set on it, to copy and as a QR code."""
    address = for_others(view_address())
    if is_only_here(address):
        st.markdown(ONLY_HERE)
    st.markdown(link_says() if link_says else link_sentence(left_out))
    st.code(address, language=None, wrap_lines=True)
    st.image(qr_code(address), width=220)


def base_address() -> str:
    """The address of the app as others must write it, without the page."""
    parts = urlsplit(for_others(st.context.url or ""))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def view_address() -> str:
    """Current address and query of the page."""
    base = (st.context.url or "").split("?")[0]
    query = address_query()
    return f"{base}?{query}" if query else base


def show_refusals() -> None:
    """Shows the refusals of the address at the head of the page; to be called once a page has run."""
    place = _place.get()
    _place.set(None)
    if place:
        _show(place, of_page())


@contextmanager
def refusals_of_part() -> Iterator[None]:
    """Shows above a part of the page what it refuses while it runs by itself; in a run of the whole page, or inside of
    another part, that is said there.
    """
    place = st.empty()
    if _place.get() is not None:
        yield
        return
    begin_part()
    _place.set(place)
    try:
        yield
    finally:
        _place.set(None)
        if told := of_part():
            _show(place.container(), told)


def _show(place: DeltaGenerator, sentences: Sequence[str]) -> None:
    for sentence in sentences:
        place.warning(as_letters(sentence), icon=":material/link_off:")


def as_letters(message: str) -> str:
    """A message that may quote strangers and name files, as Markdown that shows its letters, and no folder."""
    return in_markdown(names_only(message))


def refuse(message: str, *, icon: str = ":material/block:") -> None:
    """Shows a sentence where something cannot be done; it may quote names, so it is no Markdown."""
    st.warning(as_letters(message), icon=icon)
