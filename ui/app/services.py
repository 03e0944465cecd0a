"""The run store and the job board of this server, and who is asking."""

from __future__ import annotations

import secrets
from functools import cache

import streamlit as st

from aecore.jobs.board import JobBoard
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import RunStore


@cache
def store() -> RunStore:
    """The runs of this machine."""
    return RunStore()


@cache
def board() -> JobBoard:
    """The one job board; its workers start with the first call."""
    result = JobBoard(store())
    result.open()
    return result


@st.cache_resource(max_entries=64, show_spinner=False)
def progress_log(run_id: str) -> ProgressLog:
    """The records of a run, shared by everyone who watches it: each line is parsed once."""
    return ProgressLog(store().path(run_id) / "progress.jsonl")


def visitor() -> str:
    """A name for this browser session, known only to itself; the queue is fair between these."""
    return st.session_state.setdefault("_visitor", secrets.token_urlsafe(9))
