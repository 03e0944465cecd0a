"""Uploads are read by a process with limits: it answers as this process would, once for the same content, and whatever
kills it, a sentence comes and the next upload is read.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from aecore.datasets.uploads.base import Choice, UnclearError, Uploaded, UploadSettings
from aecore.datasets.uploads.parsers import DATA
from aecore.jobs import kinds, local, memory
from aecore.jobs.inbox import KEEP_SECONDS, WAIT_SECONDS, Inbox
from aecore.jobs.kinds import READING
from aecore.jobs.local import LocalExecutor
from aecore.jobs.memory import limit_memory, resident_memory, too_much_memory, watch_memory
from aecore.jobs.queue import Job, QueueFull
from aecore.jobs.reading import ReadingError, WorkerReader, parse, request_of
from aecore.jobs.service import Jobs
from aecore.readers.parsers import Answer, Question, Upload
from aecore.recommender.profiles.importers.base import SeveralUsersError
from aecore.runs.store import RunStore
from tests.direct_reader import DirectReader
from tests.small_runs import until

SMALL = b"a,b\n" + b"1,2\n3,4\n5,6\n"
SETTINGS = {"settings": asdict(UploadSettings())}


class CountingExecutor(LocalExecutor):
    """Counts the jobs that were started."""

    started = 0

    def start(self, job: Job) -> None:
        """Starts and counts."""
        self.started += 1
        super().start(job)


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> CountingExecutor:
    return CountingExecutor(tmp_path_factory.mktemp("home"), {"runs": 0})


@pytest.fixture(scope="module")
def reader(executor: CountingExecutor) -> Iterator[WorkerReader]:
    jobs = Jobs(RunStore(executor.home / "runs"), executor)
    jobs.open()
    executor.prepare(READING)
    yield WorkerReader(jobs, executor.home)
    jobs.close()


@pytest.fixture(scope="module")
def huge() -> bytes:
    """A picture of 39 megapixels, which takes 195 MB and about half a second."""
    out = io.BytesIO()
    Image.new("RGB", (6500, 6000)).save(out, "PNG", compress_level=1)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _nothing_is_left_behind(executor: CountingExecutor) -> Iterator[None]:
    yield
    waiting = Inbox(executor.home).folder / "waiting"
    until(lambda: not waiting.exists() or not list(waiting.iterdir()))


def much_work(huge: bytes, name: str) -> Question[Uploaded]:
    """A question that takes longer to answer than a process has to end."""
    files = tuple(Upload.of(f"{place} {name}", huge) for place in range(8))
    return Question(DATA, files, SETTINGS)


def question(data: bytes, name: str = "table.csv") -> Question[Uploaded]:
    return Question(DATA, (Upload.of(name, data),), SETTINGS)


def answered(reader: WorkerReader, asked: Question[Uploaded], visitor: str = "ann") -> Answer[Uploaded]:
    found = reader.ask(asked, visitor, patience=60)
    assert isinstance(found, Answer), (found.state, found.error)
    return found


def ended(reader: WorkerReader, asked: Question[Uploaded], visitor: str = "ann") -> Job:
    found = reader.ask(asked, visitor, patience=60)
    assert isinstance(found, Job)
    assert not found.is_active
    return found


def begun(reader: WorkerReader, executor: CountingExecutor, asked: Question[Uploaded]) -> tuple[Job, int]:
    """The job of a question that takes a while, and the process that runs it."""
    job = reader.ask(asked, "ann", patience=0)
    assert isinstance(job, Job)
    until(lambda: job in executor.pids().values())
    return job, next(pid for pid, each in executor.pids().items() if each is job)


def with_policy(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Lets jobs that read data have other limits."""
    policy = replace(READING, **changes)
    monkeypatch.setitem(kinds.KINDS, "read data", replace(kinds.KINDS["read data"], policy=policy))


def test_the_same_content_is_read_once_for_all_visitors(reader: WorkerReader, executor: CountingExecutor) -> None:
    asked, before = question(SMALL), executor.started
    value = answered(reader, asked).get()
    np.testing.assert_array_equal(value.examples.x, asked.answer().get().examples.x)
    assert value.notes == asked.answer().get().notes
    assert answered(reader, question(SMALL), "bob").get() is value
    assert executor.started == before + 1
    answered(reader, question(SMALL + b"7,8\n"))
    assert executor.started == before + 2


def test_an_answer_that_left_the_memory_comes_from_the_disk(reader: WorkerReader, executor: CountingExecutor) -> None:
    first, second = question(SMALL, "one.csv"), question(SMALL, "two.csv")
    small = WorkerReader(reader.jobs, executor.home, remembered=0)
    value = answered(small, first).get()
    answered(small, second)
    before = executor.started
    again = answered(small, first).get()
    assert again is not value
    np.testing.assert_array_equal(again.examples.x, value.examples.x)
    assert executor.started == before


def test_a_refusal_is_an_answer_too(reader: WorkerReader, executor: CountingExecutor) -> None:
    asked, before = question(b"a,b\n1,\n2,3\n", "bad.csv"), executor.started
    for visitor in ("ann", "bob"):
        with pytest.raises(UnclearError, match="'bad.csv', line 2, column 'b': the cell is empty") as refused:
            answered(reader, asked, visitor).get()
        assert Choice("left_out", ("a", "b"), "none", has_several=True) in refused.value.choices
        assert Choice("gaps", ("rows", "columns"), "") in refused.value.choices
    assert executor.started == before + 1


def test_too_much_memory_is_a_sentence_and_the_next_upload_is_read(
    reader: WorkerReader, huge: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        with_policy(patch, memory_bytes=150 * 2**20)
        job = ended(reader, question(huge, "huge.png"))
        assert job.error.startswith("Reading this needs more than 0.1 GB of memory, the most that an upload may take")
    answered(reader, question(SMALL, "after memory.csv"))


WATCHED = """
from aecore.jobs import memory, worker
memory.sys = type("", (), {"platform": "darwin"})
worker.main()
"""
"""A worker where the system enforces no limit, as on macOS and Windows."""


def test_where_the_system_sets_no_limit_the_process_watches_itself(
    reader: WorkerReader, executor: CountingExecutor, huge: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    popen = subprocess.Popen

    def started(command: list[str], **options: Any) -> subprocess.Popen[str]:
        assert command[1:3] == ["-m", "aecore.jobs.worker"]
        return popen([command[0], "-c", WATCHED, *command[3:]], **options)

    with monkeypatch.context() as patch:
        patch.setattr(local.subprocess, "Popen", started)
        with_policy(patch, memory_bytes=150 * 2**20)
        answered(reader, question(SMALL, "watched.csv"))
        job = ended(reader, question(huge, "watched.png"))
        assert job.error == (
            "Reading this needs more than 0.1 GB of memory, the most that an upload may take. Bring a part of it."
        )
        answered(reader, question(SMALL, "after watching.csv"))
    answered(reader, question(SMALL, "after memory again.csv"))


def test_a_process_that_watches_itself_says_once_when_it_has_taken_more_than_it_may() -> None:
    taken, said = [10, 20, 21, 5], []
    watch_memory(20, lambda: said.append(len(taken)), lambda: taken.pop(0)).join(timeout=30)
    assert said == [1], "20 may be taken, and what comes later is not looked at"


def test_the_memory_of_this_process_is_known_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(memory, "Path", lambda path: Path("/nowhere"))
        elsewhere = resident_memory()
    assert 0.5 < elsewhere / resident_memory() < 2


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_a_system_without_a_limit_is_known(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.sys, "platform", system)
    monkeypatch.setattr(memory, "_most", 0)
    if system == "win32":
        monkeypatch.setattr(memory, "resource", None)
    assert not limit_memory(3 * 2**30)
    assert "more than 3.0 GB of memory" in too_much_memory()


def test_too_much_time_is_a_sentence_and_the_next_upload_is_read(
    reader: WorkerReader, huge: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        with_policy(patch, seconds=0.1)
        job = ended(reader, much_work(huge, "late.png"))
        assert (job.state, job.error) == ("failed", "It took longer than 0.1 seconds. Bring a part of it.")
    answered(reader, question(SMALL, "after time.csv"))
    assert isinstance(reader.ask(much_work(huge, "late.png"), "bob"), Job), "what failed is not read unasked"


def test_a_process_that_is_killed_is_a_sentence_and_the_next_upload_is_read(
    reader: WorkerReader, executor: CountingExecutor, huge: bytes
) -> None:
    asked = much_work(huge, "killed.png")
    _, pid = begun(reader, executor, asked)
    os.kill(pid, signal.SIGKILL)
    assert "ended unexpectedly (it was killed, perhaps because memory ran out)" in ended(reader, asked).error
    answered(reader, question(SMALL, "after death.csv"))


def test_who_stops_withdraws_and_may_ask_again(reader: WorkerReader, executor: CountingExecutor, huge: bytes) -> None:
    asked = much_work(huge, "stopped.png")
    job, _ = begun(reader, executor, asked)
    reader.stop(request_of(asked), "ann")
    assert job.state == "cancelled"
    until(lambda: job not in executor.pids().values())
    assert reader.ask(asked, "ann", patience=0) is job, "nothing begins by itself"
    answered(reader, question(SMALL, "after stop.csv"))


def test_who_shares_a_question_goes_on_when_the_other_stops(
    reader: WorkerReader, executor: CountingExecutor, huge: bytes
) -> None:
    asked = question(huge, "shared.png")
    job, _ = begun(reader, executor, asked)
    assert reader.ask(asked, "bob", patience=0) is job
    reader.stop(request_of(asked), "ann")
    assert job.is_active
    assert len(answered(reader, asked, "bob").get().examples) == 1


def test_a_process_is_used_again_unless_it_keeps_much_memory(
    reader: WorkerReader, executor: CountingExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    until(lambda: len(executor.pids()) >= 2)
    before = set(executor.pids())
    answered(reader, question(SMALL, "again.csv"))
    assert set(executor.pids()) >= before
    with monkeypatch.context() as patch:
        with_policy(patch, memory_bytes=200 * 2**20)  # an eighth of it is less than Python takes
        answered(reader, question(SMALL, "much.csv"))
    until(lambda: set(executor.pids()) == before)


def test_one_visitor_cannot_fill_the_queue(tmp_path: Path) -> None:
    jobs = Jobs(RunStore(tmp_path / "runs"), LocalExecutor(tmp_path))  # not open: what is queued waits
    reader = WorkerReader(jobs, tmp_path)
    for place in range(READING.per_visitor):
        assert isinstance(reader.ask(question(SMALL, f"{place}.csv"), "ann", patience=0), Job)
    with pytest.raises(QueueFull, match="You already have 3 uploads waiting"):
        reader.ask(question(SMALL, "more.csv"), "ann", patience=0)
    assert isinstance(reader.ask(question(SMALL, "more.csv"), "bob", patience=0), Job)
    waiting = reader.inbox.folder / "waiting"
    assert len(list(waiting.iterdir())) == 4
    reader.stop(request_of(question(SMALL, "more.csv")), "bob")
    assert len(list(waiting.iterdir())) == 3


def test_files_that_are_gone_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="no longer here. Choose them again"):
        list(parse(tmp_path, "read data", "0" * 20))


def test_answers_are_forgotten_after_a_quarter_of_an_hour_and_questions_later(tmp_path: Path) -> None:
    inbox, old, new = Inbox(tmp_path), question(SMALL, "old.csv"), question(SMALL, "new.csv")
    for each in (old, new):
        inbox.put(each)
        inbox.slot("read data", each.key).write({"value": 1})
    assert inbox.folder.stat().st_mode & 0o077 == 0, "nobody else may read them"
    for place, seconds in (("waiting", WAIT_SECONDS), ("answers", KEEP_SECONDS)):
        for path in (inbox.folder / place).glob(f"{old.key}*"):
            os.utime(path, (time.time() - seconds - 1,) * 2)
    os.utime(inbox.folder / "waiting" / new.key, (time.time() - KEEP_SECONDS - 1,) * 2)
    inbox.clean()
    assert [each.name for each in (inbox.folder / "waiting").iterdir()] == [new.key]
    assert [each.stem for each in (inbox.folder / "answers").iterdir()] == [new.key]
    assert inbox.take(new.key) == ([("new.csv", SMALL)], SETTINGS)
    with pytest.raises(FileNotFoundError):
        inbox.take(new.key)


def test_of_too_many_answers_the_oldest_go(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    for place, key in enumerate("abc"):
        slot = inbox.slot("read data", key)
        slot.write({"value": key})
        os.utime(inbox.folder / "answers" / f"{key}.npz", (time.time() - 100 + place,) * 2)
    size = (inbox.folder / "answers" / "a.npz").stat().st_size
    inbox.clean(most_bytes=2 * size)
    assert sorted(each.stem for each in (inbox.folder / "answers").iterdir()) == ["b", "c"]


def test_a_server_forgets_uploads_without_another_one(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.slot("read data", "old").write({"value": 1})
    os.utime(inbox.folder / "answers" / "old.npz", (1, 1))
    jobs = Jobs(RunStore(tmp_path / "runs"), LocalExecutor(tmp_path))
    WorkerReader(jobs, tmp_path)
    jobs.repair()
    assert not (inbox.folder / "answers" / "old.npz").exists()


def test_the_reader_of_tests_reads_once_as_well() -> None:
    reader = DirectReader()
    assert reader.ask(question(SMALL), "ann") is reader.ask(question(SMALL), "bob")
    assert reader.parsed == 1


def test_two_who_bring_the_same_at_once_get_the_same(tmp_path: Path) -> None:
    inbox, each = Inbox(tmp_path), question(SMALL, "same.csv")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(inbox.put, [each] * 40))
    assert inbox.take(each.key)[0] == [("same.csv", SMALL)]


def test_a_refusal_is_raised_anew_for_everybody() -> None:
    answer: Answer[None] = Answer(refusal=SeveralUsersError("Choose one of 2 users.", (1, 2)))
    raised = []
    for _ in range(3):
        with pytest.raises(SeveralUsersError, match="Choose one") as caught:
            answer.get()
        raised.append(caught.value)
    assert len(set(map(id, raised))) == 3, "an error that is kept would keep the page that it was raised on"
    assert [each.users for each in raised] == [(1, 2)] * 3
    assert answer.refusal is not None
    assert answer.refusal.__traceback__ is None
