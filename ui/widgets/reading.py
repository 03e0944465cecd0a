"""Files that people bring, read by another process: at once if it is quick, else with progress and a Stop button."""

from __future__ import annotations

import errno
import time
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import streamlit as st

from aecore.jobs.queue import Job, QueueFull, Request
from aecore.jobs.reading import request_of
from aecore.readers.parsers import READING, Answer, Parser, Question, Upload, digest_of
from aecore.runs.usage import QuotaError
from ui.app.frame import refuse
from ui.app.services import services
from ui.widgets.live import live

T = TypeVar("T")
TICK_SECONDS = 0.5
_ASKED, _DIGESTS = "_readings", "_digests"


class BroughtFile(Protocol):
    """What an upload field gives."""

    name: str
    size: int
    file_id: str

    def getvalue(self) -> bytes:
        """The content."""


def read(parser: Parser[T], files: Sequence[BroughtFile], field: str, **options: Any) -> T | None:
    """What the parser makes of these files; None, with words about it on the page, while there is nothing yet.

    Raises the parser's refusals. field: name of the place on the page; a new question there withdraws the last.
    """
    return _read_or_refused(Question(parser, tuple(map(_upload, files)), options), field)


def read_text(parser: Parser[T], text: str, field: str, **options: Any) -> T | None:
    """The same of a text that was pasted."""
    data = text.encode("utf-8", "replace")
    return _read_or_refused(Question(parser, (Upload.of("pasted", data),), options), field)


def _read_or_refused(question: Question[T], field: str) -> T | None:
    try:
        return _read(question, field)
    except (QueueFull, QuotaError) as error:
        refuse(str(error))
    except OSError as error:
        refuse(_disk_sentence(error))
    return None


def _read(question: Question[T], field: str) -> T | None:
    request = request_of(question)
    asked: dict[str, Request] = st.session_state.setdefault(_ASKED, {})
    if (last := asked.get(field)) is not None and last != request:
        services.reader.stop(last, services.tab())
    job = services.jobs.find(request)
    if last not in (None, request) and job is not None and job.state == "cancelled":
        services.reader.again(question, services.tab())  # withdrawn by another choice here, and not stopped
    asked[field] = request
    answer = services.reader.ask(question, services.tab())
    if isinstance(answer, Answer):
        return answer.get()
    live(_panel, TICK_SECONDS if answer.is_active else None, key=f"reading-{field}")(question, field, answer.is_active)
    return None


def _panel(question: Question[Any], field: str, was_active: bool) -> None:
    """How far it is; the page is rerun when it has ended, or begun again."""
    request, job = request_of(question), services.jobs.find(request_of(question))
    is_active, doing = job is not None and job.is_active, question.parser.doing
    is_reading = doing == READING
    if was_active != is_active:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key=f"reading-{field}-panel"):
        if job is not None and is_active:
            _show_active(job, doing)
            st.button(
                "Stop", key=f"reading-{field}-stop", icon=":material/stop:", on_click=services.reader.stop,
                args=(request, services.tab()),
                help="The files stay in the field above." if is_reading else "It can be begun again.",
            )  # fmt: skip
            return
        if job is not None and job.error:
            refuse(job.error)
        else:
            st.markdown(f"{doing} was stopped.", width="stretch")
        st.button(
            "Read again" if is_reading else "Try again", key=f"reading-{field}-again", icon=":material/refresh:",
            on_click=_again, args=(question,),
            help="Reads the same files once more." if is_reading else "Begins once more.",
        )  # fmt: skip


def _show_active(job: Job, doing: str) -> None:
    if job.state == "running":
        seconds, most = time.monotonic() - job.started, job.policy.seconds
        st.progress(min(1.0, seconds / most), f"{doing} · {seconds:,.0f} s; it may take {most:,.0f} s at most")
        return
    ahead = services.jobs.ahead(job)
    st.info(
        f"{ahead} other{'s' if ahead > 1 else ''} first, then this one." if ahead else "It starts in a moment.",
        icon=":material/hourglass_top:",
    )


def _again(question: Question[Any]) -> None:
    try:
        services.reader.again(question, services.tab())
    except (QueueFull, QuotaError) as error:
        st.session_state["notice"] = str(error)
    except OSError as error:
        st.session_state["notice"] = _disk_sentence(error)


def _disk_sentence(error: OSError) -> str:
    """Why what was brought did not reach the process that reads it, and what to do."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        why = "This server's disk is full. Free some space, or ask the host of the server to"
    else:
        why = f"This server's disk refused what you brought ({error.strerror or type(error).__name__})"
    return f"{why}; then try again. What you brought stays in its field."


def _upload(file: BroughtFile) -> Upload:
    """The file with the digest of its content, which is computed once."""
    digests: dict[str, str] = st.session_state.setdefault(_DIGESTS, {})
    if file.file_id not in digests:
        digests[file.file_id] = digest_of(file.getvalue())
    return Upload(file.name, file.size, digests[file.file_id], file.getvalue)
