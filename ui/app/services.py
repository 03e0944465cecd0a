"""`services`: the object through which pages access runs, jobs and what people bring.

Tests replace its `parts`, and nothing else.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from aecore.jobs.cluster import executor_for
from aecore.jobs.housekeeping import Housekeeping
from aecore.jobs.kinds import READING
from aecore.jobs.queue import Job, person_of
from aecore.jobs.reading import Reader, WorkerReader
from aecore.jobs.service import Jobs
from aecore.limits import limits_for
from aecore.rooms.store import RoomError, Rooms
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import Run, RunError, RunStore
from aecore.runs.usage import check_home
from ui.app.audience import SHARE, SHARE_SHOWN, Audience
from ui.app.identity import HOST, Person, person_from
from ui.app.owned_content import VisitorsContent, store_of
from ui.app.owned_sweeps import VisitorsSweeps
from ui.app.ownership import VisitorsJobs, VisitorsRuns
from ui.app.parts import Parts
from ui.app.url_state import linked_ids

if TYPE_CHECKING:
    from aecore.predictions.guesses import Guesses
    from aecore.tours.progress import Progress
    from aecore.tours.shelf import Shelf

_PERSON, _PAGE = "_person", "_page"


class Services:
    """Runs, jobs and what people brought of this server, created on first use, and the current visitor.

    They live as long as the process; in a Streamlit cache, clearing it would leave a second
    pool of workers.
    """

    def __init__(self) -> None:
        self.parts: Parts | None = None
        self._audience = Audience()
        self._lock = threading.Lock()

    @property
    def store(self) -> RunStore:
        """The runs of this machine, as the current visitor may see and change them."""
        return VisitorsRuns(self._parts().store, self.person(), linked_ids, self._note_in_room)

    def _note_in_room(self, run: Run) -> None:
        """Puts a run on the wall of the room in which the current visitor is."""
        person = self.person().tag
        with suppress(RoomError):
            if code := self.rooms.of_person(person):
                self.rooms.add_run(code, person, run.id)

    @property
    def everyones(self) -> RunStore:
        """The runs of all visitors: to look whether one does already what somebody asks for, and to change none."""
        return self._parts().store

    @property
    def jobs(self) -> Jobs | VisitorsJobs:
        """The background jobs: trainings, analyses, downloads. The workers start at the first use."""
        parts, person = self._opened(), self.person()
        if person.is_host:
            return parts.jobs
        return VisitorsJobs(parts.jobs, VisitorsRuns(parts.store, person), person)

    @property
    def sweeps(self) -> VisitorsSweeps:
        """The sweeps of this machine, as the current visitor may see and change them."""
        parts, person = self._opened(), self.person()
        return VisitorsSweeps(parts.jobs.sweeps, VisitorsRuns(parts.store, person), person)

    @property
    def uploads(self) -> VisitorsContent:
        """Data sets that people brought, as the current visitor may list and change them."""
        return self._brought("uploads")

    @property
    def ratings(self) -> VisitorsContent:
        """The same of ratings for recommenders."""
        return self._brought("ratings")

    @property
    def texts(self) -> VisitorsContent:
        """The same of labelled texts."""
        return self._brought("texts")

    def _brought(self, kind: str) -> VisitorsContent:
        return VisitorsContent(store_of(kind, self._parts().store.folder.parent), self.person(), self._linked_data)

    def _linked_data(self) -> frozenset[str]:
        """Whatever in the address could be the id of data, and what the runs in it have learned from."""
        ids = linked_ids()
        learned_from = set()
        for id in ids:
            with suppress(RunError):
                learned_from.add(str(self.everyones.get(id).settings.get("data")))
        return ids | learned_from

    @property
    def rooms(self) -> Rooms:
        """The rooms of this server's home."""
        return self._parts().rooms

    @property
    def shelf(self) -> Shelf:
        """The tours, those of this server's home included."""
        return self._parts().shelf

    @property
    def progress(self) -> Progress:
        """What people have done of the tours."""
        return self._parts().progress

    @property
    def checked(self) -> Progress:
        """What people have answered at the ends of pages: by the page, as if it were a tour."""
        return self._parts().checked

    @property
    def guesses(self) -> Guesses:
        """What people have guessed before they saw."""
        return self._parts().guesses

    @property
    def housekeeping(self) -> Housekeeping:
        """What measures and cleans the home of this server."""
        return self._parts().housekeeping

    @property
    def reader(self) -> Reader:
        """What reads the files that people bring, in a process with limits."""
        return self._opened().reader

    def prepare(self) -> None:
        """Starts the workers, and processes that wait for files to read."""
        jobs = self._parts().jobs
        jobs.open()
        jobs.executor.prepare(READING)

    def person(self) -> Person:
        """The current visitor; the host where no page runs."""
        if get_script_run_ctx(suppress_warning=True) is None:
            return HOST
        if _PERSON not in st.session_state:  # a browser's cookie and address do not change while its page is open
            st.session_state[_PERSON] = _visiting()
        return st.session_state[_PERSON]

    def visitor(self) -> str:
        """The mark of the current visitor, the same in all tabs; the queue is fair between visitors."""
        return self.person().tag

    def owner(self) -> str:
        """The current visitor as the owner of what they bring."""
        return self.person().owner

    def tab(self) -> str:
        """The mark of the current visitor in this tab: what one tab no longer wants, another may still wait for."""
        return f"{self.visitor()}/{st.session_state.setdefault(_PAGE, secrets.token_urlsafe(9))}"

    def may_stop(self, job: Job) -> bool:
        """Whether the current visitor waits for the job in some tab, or is the host."""
        return self.person().is_host or self.visitor() in map(person_of, job.visitors)

    def may_change(self, run: Run) -> bool:
        """Whether the current visitor may pause, rename or delete the run: it is theirs, or they are the host."""
        return self.person().may_change(run.status.owner)

    def refresh_seconds(self, what: str, shortest: float, now: float | None = None, share: float = SHARE) -> float:
        """Seconds between two refreshes of what is watched on this page: more where many pages watch the same."""
        return self._audience.interval(what, self.tab(), shortest, now, share)

    def watches(self, what: str, shortest: float, now: float) -> Callable[[], bool]:
        """Notes that this page still watches what is shown to all, and whether it is refreshed as often; for no run."""
        tab = self.tab()
        return lambda: self._audience.interval(what, tab, shortest, now, SHARE_SHOWN) == now

    def progress_log(self, run_id: str) -> ProgressLog:
        """The records of a run, shared by everyone who watches it: each line is parsed once."""
        return _progress_log(str(self.store.path(run_id)))

    def check_disk(self, new_bytes: int = 0) -> None:
        """QuotaError, with the numbers, unless the current visitor may add so many bytes to the home and its disk."""
        found = self._parts().housekeeping
        check_home(found.home, found.home_bytes, limits_for(found.home, is_host=self.person().is_host), new_bytes)

    def close(self) -> None:
        """Ends the workers, which write their checkpoints."""
        if self.parts:
            self.parts.jobs.close()

    def _opened(self) -> Parts:
        parts = self._parts()
        if parts.is_live:
            parts.jobs.open()
        return parts

    def _parts(self) -> Parts:
        with self._lock:
            if self.parts is None:
                store = RunStore()
                home = store.folder.parent
                jobs = Jobs(store, executor_for(home))
                self.parts = Parts(store, jobs, WorkerReader(jobs, home, check_disk=self.check_disk))
                keeper = self.parts.housekeeping
                jobs.tidying.append(keeper.tidy)
                jobs.sweeps.home_bytes = lambda: keeper.home_bytes
            return self.parts


@st.cache_resource(max_entries=64, show_spinner=False)
def _progress_log(folder: str) -> ProgressLog:
    return ProgressLog(Path(folder) / "progress.jsonl")


def _visiting() -> Person:
    return person_from(st.context.ip_address, st.context.headers.to_dict(), st.context.cookies.to_dict())


services = Services()
