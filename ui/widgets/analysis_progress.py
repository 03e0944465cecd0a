"""Progress of an analysis job on screen, with a button to start or stop it."""

from __future__ import annotations

import streamlit as st

from aecore.foreign import in_markdown
from aecore.jobs.queue import Job, QueueFull, Request
from ui.app.frame import refuse
from ui.app.services import services
from ui.widgets.wording import starts_in


def submit(request: Request) -> None:
    """Queues a request; shows a refusal."""
    try:
        services.jobs.submit(request, services.tab())
    except QueueFull as error:
        st.session_state["notice"] = str(error)


def show_progress(request: Request, job: Job | None, *, begin: str, price: str) -> None:
    """Progress with a button to stop it; or a button to start it, with `price`: how long it will take."""
    kind = request[0]
    with st.container(horizontal=True, vertical_alignment="center", key=f"{kind}-progress"):
        if job is not None and job.is_active:
            _show_active(job)
            return
        if job is not None and job.state == "failed":
            refuse(job.error)
        elif job is None:
            st.markdown(price, width="stretch")
        label = {"cancelled": "Go on", "failed": "Try again"}.get(job.state if job else "", begin)
        if st.button(
            label, key=f"{kind}-go", type="primary", icon=":material/play_arrow:", on_click=submit, args=(request,),
            help="You can stop it at any time.",
        ):  # fmt: skip
            st.rerun()


def _show_active(job: Job) -> None:
    ahead = services.jobs.ahead(job)
    if job.state == "running":
        left = job.seconds_left
        st.progress(job.share, in_markdown(job.doing) + (f" · about {left:,.0f} s left" if left else ""))
    else:
        first = f"{ahead} other{'s' if ahead > 1 else ''} first, then this one." if ahead else "It starts in a moment."
        wait = services.jobs.expected_wait(job) if ahead else None
        st.info(first + starts_in(wait), icon=":material/hourglass_top:")
    if not services.may_stop(job):
        return
    st.button(
        "Stop", key=f"{job.request[0]}-stop", icon=":material/stop:",
        on_click=services.jobs.cancel, args=(job.request,),
        help="What has been found is kept." if job.state == "running" else "Takes it out of the queue.",
    )  # fmt: skip
