"""What takes a while to read shows its progress, can be stopped and read again; what is known is not read twice."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from aecore.jobs.executor import Ending
from aecore.jobs.inbox import Inbox
from aecore.jobs.reading import WorkerReader
from aecore.jobs.service import Jobs
from aecore.runs.store import RunStore
from tests.direct_reader import DirectReader
from tests.pages.conftest import OpenPage, sentences
from ui.app import upload_room
from ui.app.services import Parts, services

TABLE = ("table.csv", b"a,b\n1,2\n3,4\n5,7\n", "text/csv")


class OneProcess:
    """An executor of one process that never ends a job by itself."""

    def __init__(self) -> None:
        self.job = None
        self.stopped = []

    def open(self, listener) -> None:
        self.listener = listener

    def slots(self, policy) -> int:
        return policy.at_once

    def next(self, queue, policy):
        is_free = self.job is None and policy.noun == "uploads"
        return queue.take(policy, policy.at_once) if is_free else None

    def place(self, job) -> None: ...

    servers, where = 1, ""

    def start(self, job) -> None:
        self.job = job

    def stop(self, job) -> None:
        self.stopped.append(job)

    def pids(self) -> dict:
        return {}

    def end(self, error: str = "") -> None:
        job, self.job = self.job, None
        self.listener.ended(job, Ending(error))


@pytest.fixture
def process(store: RunStore, home: Path, monkeypatch: pytest.MonkeyPatch) -> OneProcess:
    executor = OneProcess()
    jobs = Jobs(store, executor)
    jobs.open()
    reader = WorkerReader(jobs, home, check_disk=services.check_disk)
    monkeypatch.setattr(services, "parts", Parts(store, jobs, reader, is_live=False))
    return executor


def uploaded(open_page: OpenPage, *files: tuple[str, bytes, str]) -> AppTest:
    page = open_page("data")
    page.file_uploader(key="upload").set_value(list(files)).run()
    return page


def keys(page: AppTest) -> set[str]:
    return {each.key for each in page.button}


def test_reading_shows_its_progress_and_can_be_stopped_and_begun_again(
    open_page: OpenPage, process: OneProcess
) -> None:
    page = uploaded(open_page, TABLE)
    job = process.job
    assert job.request[0] == "read data"
    assert "keep" not in keys(page)
    page.button(key="reading-data-stop").click().run()
    assert process.stopped == [job]
    assert "Reading was stopped." in "\n".join(each.value for each in page.markdown)
    process.end()
    page.button(key="reading-data-again").click().run()
    assert process.job is not job
    assert process.job.request == job.request


def test_titles_like_those_that_were_not_found_may_come_later_or_never(
    open_page: OpenPage, process: OneProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = DirectReader(), services.reader

    def ask(question, visitor, patience=0.0):
        return (there if question.parser.kind == "find films" else here).ask(question, visitor, patience)

    monkeypatch.setattr(services, "parts", replace(services.parts, reader=Divided(ask, there)))
    page = open_page("movies", view="Import")
    table = b"Title,Year,Rating\nToy Story,1995,4.5\nNobody Knows It,1901,3\n"
    page.file_uploader[0].upload("ratings.csv", table, "text/csv").run()
    assert process.job.request[0] == "find films"
    assert "Keep 2 films" in {each.label for each in page.button}, "the report waits for none of it"
    page.button(key="reading-films-candidates-stop").click().run()
    assert "Searching for titles like these was stopped." in {each.value for each in page.markdown}
    again = page.button(key="reading-films-candidates-again")
    assert again.label == "Try again"
    process.end()
    again.click().run()
    assert process.job.request[0] == "find films"
    assert not page.exception


class Divided:
    """A reader that asks one of two."""

    def __init__(self, ask, there) -> None:
        self.ask, self.again, self.stop = ask, there.again, there.stop


def test_a_failed_reading_says_why(open_page: OpenPage, process: OneProcess) -> None:
    page = uploaded(open_page, TABLE)
    process.end("It took longer than 120 seconds. Bring a part of it.")
    page.run()
    assert "It took longer than 120 seconds" in sentences(page)
    assert "reading-data-again" in keys(page)


def test_another_question_withdraws_the_last_one(open_page: OpenPage, process: OneProcess) -> None:
    page = uploaded(open_page, TABLE)
    first = process.job
    page.slider(key="image_size").set_value(32).run()
    assert process.stopped == [first]


def test_a_full_queue_is_a_sentence(open_page: OpenPage, process: OneProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aecore.jobs.queue.MOST_WAITING", 0)
    assert "0 uploads are waiting on this machine" in sentences(uploaded(open_page, TABLE))


FILMS = ("ratings.csv", b"Title,Year,Rating\nToy Story,1995,4.5\n", "text/csv")
BRINGS: dict[str, Callable[[OpenPage], AppTest]] = {
    "data": lambda open_page: uploaded(open_page, TABLE),
    "recommender": lambda open_page: put(open_page("recommender", ratings="own"), TABLE),
    "movies": lambda open_page: put(open_page("movies", view="Import"), FILMS),
    "words": lambda open_page: pasted(open_page("words", texts="own")),
}


def put(page: AppTest, file: tuple[str, bytes, str]) -> AppTest:
    return page.file_uploader[0].set_value([file] if page.file_uploader[0].accept_multiple_files else file).run()


def pasted(page: AppTest) -> AppTest:
    page.text_area(key="words-paste").set_value("a, one two\na, three two\nb, four five\nb, six five").run()
    return page.button(key="words-use").click().run()


@pytest.mark.parametrize("name", BRINGS)
def test_a_disk_that_fills_up_meanwhile_is_a_sentence(
    open_page: OpenPage, process: OneProcess, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def full(self: Inbox, question: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/somewhere/secret")

    monkeypatch.setattr(Inbox, "put", full)
    page = BRINGS[name](open_page)
    assert not page.exception
    assert "This server's disk is full. Free some space" in sentences(page)
    assert "secret" not in sentences(page)


@pytest.mark.parametrize("name", BRINGS)
def test_nothing_is_handed_over_where_there_is_no_room(
    open_page: OpenPage, process: OneProcess, monkeypatch: pytest.MonkeyPatch, home: Path, name: str
) -> None:
    monkeypatch.setattr("aecore.runs.usage.disk_bytes", lambda folder: (10**12, 5 * 10**8))
    page = BRINGS[name](open_page)
    assert not page.exception
    assert "The disk has 0.5 GB free" in sentences(page)
    assert process.job is None
    assert not list(home.glob("cache/reading/waiting/*"))


def test_reading_again_on_a_full_disk_is_a_sentence(
    open_page: OpenPage, process: OneProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = uploaded(open_page, TABLE)
    process.end("It took longer than 120 seconds. Bring a part of it.")
    page.run()

    def full(self: Inbox, question: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Inbox, "put", full)
    page.button(key="reading-data-again").click().run()
    assert not page.exception
    assert any("This server's disk is full" in each.value for kind in (page.toast, page.warning) for each in kind)


def test_typing_a_name_and_another_visitor_read_nothing_again(open_page: OpenPage) -> None:
    reader = services.reader
    assert isinstance(reader, DirectReader)
    page = uploaded(open_page, TABLE)
    assert reader.parsed == 1
    for name in ("Mine", "Mine too"):
        page.text_input(key="upload_name").set_value(name).run()
    uploaded(open_page, TABLE)
    assert reader.parsed == 1


class Files:
    """Streamlit's files of a session, as far as they are removed."""

    def __init__(self) -> None:
        self.removed: list[str] = []

    def remove_session_files(self, session_id: str) -> None:
        self.removed.append(session_id)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    kept, state = Files(), {}
    context = SimpleNamespace(uploaded_file_mgr=kept, session_id="one")
    monkeypatch.setattr(upload_room, "get_script_run_ctx", lambda: context)
    monkeypatch.setattr(upload_room, "st", SimpleNamespace(session_state=state))
    return kept


def test_files_of_a_page_that_was_left_are_forgotten(files: Files) -> None:
    for page in ("data", "data"):
        upload_room.begin_page(page)
    assert not files.removed
    upload_room.begin_page("home")  # which has no field
    assert files.removed == ["one"]
    upload_room.begin_page("home")
    assert files.removed == ["one"]


def test_streamlit_still_forgets_the_files_of_a_session() -> None:
    manager = MemoryUploadedFileManager("")
    manager.add_file("one", UploadedFileRec("file", "name", "type", b"content"))
    manager.remove_session_files("one")
    assert not manager.file_storage.get("one")
