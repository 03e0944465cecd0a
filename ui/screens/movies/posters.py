"""Posters of TMDb, for users with a TMDb key: it stays in this session,
and only the user's browser uses it.
"""

from __future__ import annotations

import re

import streamlit as st

_KEPT, _TYPED = "films-poster-key", "films-poster-typed"
_KEY = re.compile(r"[0-9a-f]{32}|[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}")


def ask_key() -> None:
    """Shows a popover to enter or forget a TMDb key."""
    with st.popover("Posters", icon=":material/image:", key="posters"):
        st.markdown(
            "The posters are TMDb's. With a free key of your own, from [their "
            "settings](https://www.themoviedb.org/settings/api), your browser fetches them there. "
            "TMDb then sees which films you look at, and which titles you add by hand or look up. The key is "
            "kept until you close this page: not on disk, not in the link. Posters that you have seen are kept by your "
            "browser for at most half a year; *Forget the key* deletes them."
        )
        st.text_input(
            "Key of TMDb", type="password", key=_TYPED, on_change=_keep, autocomplete="off",
            placeholder="API key or read access token",
            help="32 letters and digits, or the long token. It is used by your browser alone.",
        )  # fmt: skip
        if poster_key():
            st.button("Forget the key", key="films-forget-key", on_click=_forget, icon=":material/delete:")
        elif st.session_state.get(_TYPED):
            st.warning(
                "This is no key of TMDb: it has 32 letters and digits, the token is longer and has two dots in it.",
                icon=":material/block:",
            )
        st.caption("This product uses the TMDB API but is not endorsed or certified by TMDB.")


def poster_key() -> str:
    """The TMDb key of this session; "" for none."""
    return st.session_state.get(_KEPT, "")


def _keep() -> None:
    typed = st.session_state.get(_TYPED, "").strip()
    st.session_state[_KEPT] = typed if _KEY.fullmatch(typed) else ""


def _forget() -> None:
    st.session_state[_KEPT] = st.session_state[_TYPED] = ""
