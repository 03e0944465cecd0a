"""The measurement on screen: its progress, and the chart and the pictures so far."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from aecore.analyses.rate_distortion import KEPT, SENT
from aecore.foreign import in_markdown
from aecore.jobs.queue import Request
from aecore.pretrained.trained_models import TrainedModel
from ui.app.frame import refuse
from ui.app.services import services
from ui.screens.compression.form import Counting, choose_budget
from ui.screens.compression.measures import measured, request_for
from ui.screens.compression.view import show_chart, show_pictures
from ui.widgets.analysis_progress import show_progress, submit
from ui.widgets.live import live
from ui.widgets.titles import data_title
from ui.widgets.wording import IMAGE_SIMILARITY

TICK_SECONDS = 0.5


def show_measuring(trained_models: Mapping[str, TrainedModel], data: str, sent: str, counting: Counting) -> None:
    """Starts the missing measurements and shows the results; refreshes itself until all are complete.

    DataError if a data set is missing.
    """
    request = request_for(trained_models, data, sent)
    if services.jobs.begins(request, services.tab()) and not measured(trained_models, data, sent).is_complete:
        submit(request)
    key = "-".join(["packings", data, sent, *request[1]])
    live(_panel, TICK_SECONDS if _is_active(request) else None, key=key)(
        trained_models, request, counting, _is_active(request)
    )


def _panel(trained_models: Mapping[str, TrainedModel], request: Request, counting: Counting, was_active: bool) -> None:
    _, _, data, sent = request
    if _is_active(request) != was_active:
        st.rerun()
    if "notice" in st.session_state:
        refuse(st.session_state.pop("notice"), icon=":material/groups:")
    found = measured(trained_models, data, sent)
    with st.container(key="packings-top"):  # always present, so that what is below keeps its place
        if not found.is_complete:
            price = (
                f"{found.total - found.known} ways to compress {SENT} pictures will be measured: "
                "this takes a minute or less."
            )
            show_progress(request, services.jobs.find(request), begin="Measure", price=price)
    with st.container(key="packings-found"):
        if not found.raw:
            if was_active:
                st.skeleton(height=460)
            return
        show_chart(found, counting)
        st.caption(IMAGE_SIMILARITY)
        heading = st.container()
        budget = choose_budget()
        heading.subheader(f"As near as each method gets to {budget:,} bytes", anchor=False)
        show_pictures(found, counting, budget)
        count = found.raw[0].sent
        st.caption(
            f"The first {KEPT} of {count} test pictures of {in_markdown(data_title(sent))}; "
            f"bytes and decibels are means over all {count}."
        )


def _is_active(request: Request) -> bool:
    job = services.jobs.find(request)
    return job is not None and job.is_active
