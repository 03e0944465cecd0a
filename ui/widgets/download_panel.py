"""The download of a data set on screen. It continues when the visitor leaves the page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from aecore.jobs.queue import Request
from ui.app.frame import refuse
from ui.app.services import services
from ui.widgets.analysis_progress import submit
from ui.widgets.live import live
from ui.widgets.wording import percent

TICK_SECONDS = 0.5


def download_panel(request: Request, title: str, offer: Callable[[], None], help: str) -> None:
    """Offers the download and shows its progress; the page is rerun when it ends.

    offer: describes the download.
    """
    is_active = services.jobs.is_active(request)
    run_every = TICK_SECONDS if is_active else None
    live(_panel, run_every, key=f"download-{request[1]}")(request, title, offer, help, is_active)


def _panel(request: Request, title: str, offer: Callable[[], None], help: str, was_active: bool) -> None:
    job, name = services.jobs.find(request), request[1]
    is_active = job is not None and job.is_active
    if was_active and not is_active:
        st.rerun()
    if job is not None and is_active:
        st.progress(job.share, f"Downloading {title}: {percent(job.share, 0)}")
        if services.may_stop(job):
            st.button(
                "Stop", key=f"stop-{name}", icon=":material/stop:", on_click=services.jobs.cancel, args=(request,),
                help="What has come so far is kept for next time.",
            )  # fmt: skip
        return
    offer()
    if job is not None and job.error:
        refuse(job.error, icon=":material/cloud_off:")
    if st.button(f"Download {title}", key=f"get-{name}", type="primary", icon=":material/download:", help=help):
        submit(request)
        st.rerun()
