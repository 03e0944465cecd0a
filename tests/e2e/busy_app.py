"""An app of the tests that lets one script run at a time, and runs one for long where the address asks for it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ui.app import gate

SLOW = 7.0
"""Seconds of a slow script: some more than after which those who wait are told."""


@st.cache_resource
def take_turns() -> None:
    """Once for this server: from the second script on."""
    gate.install(gate.Gate(places=1, longest=60.0))


if __name__ == "__main__":
    take_turns()
    if "slow" in st.query_params:
        time.sleep(SLOW)
    st.title("Ready", anchor=False)
    st.session_state.setdefault("asked", 0)
    if st.button("Ask"):
        st.session_state["asked"] += 1
    st.write(f"Asked {st.session_state['asked']} times")
