"""Posters of TMDb, for users with a TMDb key: it stays in this session,
and only the user's browser uses it.
"""

from __future__ import annotations

import re
import time

import streamlit as st

_KEPT, _TYPED, _DELETED = "films-poster-key", "films-poster-typed", "films-posters-deleted"
_KEY = re.compile(r"[0-9a-f]{32}|[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}")


def ask_key() -> None:
    """Shows a popover to enter or forget a TMDb key."""
    with st.popover("Posters", icon=":material/image:", key="posters"):
        st.markdown(
            "The posters are TMDb's. With a free key of your own, from [their "
            "settings](https://www.themoviedb.org/settings/api), your browser fetches them there. "
            "TMDb then sees which films you look at, and which titles you add by hand or look up. The key is "
            "kept until you close this page: not on disk, not in the link. Posters that you have seen are kept by your "
            "browser for at most half a year, unless you delete them."
        )
        st.text_input(
            "Key of TMDb", type="password", key=_TYPED, on_change=_keep, autocomplete="off",
            placeholder="API key or read access token",
            help="32 letters and digits, or the long token. It is used by your browser alone.",
        )  # fmt: skip
        if st.session_state.get(_KEPT):
            st.button(
                "Forget the key and delete the posters", key="films-forget-key", on_click=_forget,
                icon=":material/delete:",
            )  # fmt: skip
        elif st.session_state.get(_TYPED):
            st.warning(
                "This is no key of TMDb: it has 32 letters and digits, the token is longer and has two dots in it.",
                icon=":material/block:",
            )
        else:
            st.button(
                "Delete kept posters", key="films-delete-posters", on_click=_forget, icon=":material/delete:",
                help="Deletes those that this browser has kept from earlier visits.",
            )  # fmt: skip
            if st.session_state.get(_DELETED):
                st.caption("This browser keeps no posters now.")
        st.caption("This product uses the TMDB API but is not endorsed or certified by TMDB.")


def poster_key() -> str:
    """The TMDb key of this session; "" for none; "delete" and a number for none and to delete what is kept."""
    return st.session_state.get(_KEPT) or st.session_state.get(_DELETED, "")


def _keep() -> None:
    typed = st.session_state.get(_TYPED, "").strip()
    st.session_state[_KEPT] = typed if _KEY.fullmatch(typed) else ""


def _forget() -> None:
    st.session_state[_KEPT] = st.session_state[_TYPED] = ""
    st.session_state[_DELETED] = f"delete {time.time()}"
