"""Downloads against a local server that truncates, corrupts, ignores ranges and vanishes."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from aecore.datasets import mirrors
from aecore.datasets.base import DataError
from aecore.datasets.downloads import DownloadProgress, RemoteFile, fetch, present, verify

PAYLOAD = np.random.default_rng(0).integers(0, 256, 590_000, dtype=np.uint8).tobytes()
PACKED = gzip.compress(PAYLOAD, mtime=0)
REPACKED = gzip.compress(PAYLOAD, compresslevel=1, mtime=7)
SHA256 = hashlib.sha256(PAYLOAD).hexdigest()


@dataclass
class Server:
    """`bodies[path]` is what is sent; the path's first letters choose how. `ranges` records (path, Range header)."""

    address: str
    bodies: dict[str, bytes] = field(default_factory=dict)
    ranges: list[tuple[str, str | None]] = field(default_factory=list)

    def offer(self, *paths: str, name: str = "toy/data.gz", sha256: str = SHA256, body: bytes = PACKED) -> RemoteFile:
        for path in paths:
            self.bodies.setdefault(path, body)
        return RemoteFile(name, tuple(f"{self.address}/{path}" for path in paths), sha256, len(body))


class _Handler(BaseHTTPRequestHandler):
    server_state: Server

    def log_message(self, *args: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        path, wanted = self.path[1:], self.headers.get("Range")
        self.server_state.ranges.append((path, wanted))
        body = self.server_state.bodies.get(path)
        if body is None:
            return self.send_error(404)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and "norange" not in path else 0
        if start >= len(body) or (wanted and "refuse" in path):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        if start:
            shift = 1 if "shifted" in path else 0
            self.send_header("Content-Range", f"bytes {start + shift}-{len(body) - 1}/{len(body)}")
        if "nolength" not in path:
            self.send_header("Content-Length", str(len(body) - start))
        if "encoded" in path:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if "silent" in path:
            time.sleep(1)
        self._send(body[start : start + 200_000] if "cut" in path else body[start:], is_slow="slow" in path)

    def _send(self, body: bytes, *, is_slow: bool) -> None:
        try:
            for at in range(0, len(body), 50_000):
                self.wfile.write(body[at : at + 50_000])
                time.sleep(0.02 if is_slow else 0)
        except (BrokenPipeError, ConnectionResetError):
            """The reader has gone, as a test of stopping wants it."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    handler = type("Handler", (_Handler,), {})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.server_state = Server(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield handler.server_state
    http.shutdown()
    http.server_close()
    thread.join()


def part_of(file: RemoteFile, folder: Path) -> Path:
    return folder / (file.path + ".part")


def test_a_file_arrives_whole_and_progress_counts_up_to_it(server: Server, tmp_path: Path) -> None:
    file = server.offer("a.gz")
    assert not present(file, tmp_path)
    records = list(fetch(file, tmp_path))
    assert (tmp_path / file.path).read_bytes() == PACKED
    assert present(file, tmp_path)
    verify(file, tmp_path)
    assert records[0] == DownloadProgress(file.path, 0, len(PACKED), file.urls[0], False)
    received = [record.received for record in records]
    assert received == sorted(received)
    assert [record.done for record in records] == [False] * (len(records) - 1) + [True]
    assert records[-1].received == len(PACKED)
    assert not part_of(file, tmp_path).exists()


def test_a_file_that_is_there_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    file = server.offer("a.gz")
    list(fetch(file, tmp_path))
    server.ranges.clear()
    assert [record.done for record in fetch(file, tmp_path)] == [True]
    assert server.ranges == []


def test_a_mirror_may_compress_the_payload_in_its_own_way(server: Server, tmp_path: Path) -> None:
    file = server.offer("a.gz", body=REPACKED)
    list(fetch(file, tmp_path))
    assert (tmp_path / file.path).read_bytes() == REPACKED != PACKED


def test_a_digest_of_the_sent_bytes_is_held_against_the_sent_bytes(server: Server, tmp_path: Path) -> None:
    sent = RemoteFile("toy/data.gz", server.offer("a.gz").urls, hashlib.sha256(PACKED).hexdigest(), len(PACKED), "file")
    list(fetch(sent, tmp_path))
    verify(sent, tmp_path)
    (tmp_path / sent.path).write_bytes(REPACKED)
    with pytest.raises(DataError, match="does not match"):
        verify(sent, tmp_path)


def test_a_file_without_gz_is_verified_as_it_is(server: Server, tmp_path: Path) -> None:
    file = server.offer("a.zip", name="toy/data.zip", sha256=hashlib.sha256(PACKED).hexdigest())
    list(fetch(file, tmp_path))
    verify(file, tmp_path)


def test_a_gz_marked_as_content_encoding_is_kept_compressed(server: Server, tmp_path: Path) -> None:
    file = server.offer("encoded.gz")
    list(fetch(file, tmp_path))
    assert (tmp_path / file.path).read_bytes() == PACKED


def test_stopping_leaves_a_part_that_is_resumed_from_where_it_ends(server: Server, tmp_path: Path) -> None:
    file = server.offer("slow.gz")
    download = fetch(file, tmp_path)
    for record in download:
        if record.received > 100_000:
            break
    download.close()
    kept = part_of(file, tmp_path).stat().st_size
    assert 100_000 < kept < len(PACKED)
    assert not present(file, tmp_path)
    records = list(fetch(file, tmp_path))
    assert server.ranges[-1] == ("slow.gz", f"bytes={kept}-")
    assert (records[0].received, records[0].total) == (kept, len(PACKED))
    assert (tmp_path / file.path).read_bytes() == PACKED


@pytest.mark.parametrize("way", ["norange", "refuse", "shifted"])
def test_a_part_that_the_server_cannot_continue_is_begun_again(server: Server, tmp_path: Path, way: str) -> None:
    file = server.offer(f"{way}.gz", f"{way}-too.gz")
    part_of(file, tmp_path).parent.mkdir(parents=True)
    part_of(file, tmp_path).write_bytes(PACKED[:1000])
    if way == "shifted":
        file = RemoteFile(file.path, file.urls[:1], file.sha256, file.size_hint)
    list(fetch(file, tmp_path))
    assert (tmp_path / file.path).read_bytes() == PACKED


def test_a_complete_part_of_a_crashed_download_needs_no_network(tmp_path: Path) -> None:
    file = RemoteFile("toy/data.gz", ("http://127.0.0.1:9/data.gz",), SHA256, len(PACKED))
    part_of(file, tmp_path).parent.mkdir(parents=True)
    part_of(file, tmp_path).write_bytes(PACKED)
    list(fetch(file, tmp_path))
    assert present(file, tmp_path)


def test_a_part_from_a_mirror_that_compressed_otherwise_is_thrown_away(server: Server, tmp_path: Path) -> None:
    file = server.offer("a.gz", body=REPACKED)
    part_of(file, tmp_path).parent.mkdir(parents=True)
    part_of(file, tmp_path).write_bytes(PACKED[:300_000])
    list(fetch(file, tmp_path))
    assert (tmp_path / file.path).read_bytes() == REPACKED


@pytest.mark.parametrize("bad", ["missing", "corrupt", "cut", "cut-nolength"])
def test_after_a_bad_mirror_the_next_one_serves(server: Server, tmp_path: Path, bad: str) -> None:
    bodies = {"corrupt": b"\0" * len(PACKED), "cut": PACKED, "cut-nolength": PACKED}
    if bad in bodies:
        server.bodies[bad] = bodies[bad]
    good = server.offer("good.gz")
    file = RemoteFile(good.path, (f"{server.address}/{bad}", *good.urls), SHA256, len(PACKED))
    records = list(fetch(file, tmp_path))
    assert (tmp_path / file.path).read_bytes() == PACKED
    assert records[-2].mirror == good.urls[0]


def test_a_mirror_that_sends_far_too_much_is_left_before_it_fills_the_disk(server: Server, tmp_path: Path) -> None:
    server.bodies["endless-nolength"] = b"\0" * 20_000_000
    good = server.offer("good.gz")
    file = RemoteFile(good.path, (f"{server.address}/endless-nolength", *good.urls), SHA256, len(PACKED))
    records = list(fetch(file, tmp_path))
    assert 2_000_000 < max(record.received for record in records) < 3_000_000
    assert (tmp_path / file.path).read_bytes() == PACKED


def test_a_cut_connection_is_continued_at_the_next_mirror(server: Server, tmp_path: Path) -> None:
    list(fetch(server.offer("cut.gz", "good.gz"), tmp_path))
    assert server.ranges[-1] == ("good.gz", "bytes=200000-")


def test_no_network_names_the_file_and_what_works_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    file = RemoteFile("mnist/x.gz", ("http://127.0.0.1:9/x.gz",), SHA256, 1000)
    with pytest.raises(
        DataError, match="No mirror of 'mnist/x.gz' could be reached.*'digits', 'shapes' and 'faces' work offline"
    ):
        list(fetch(file, tmp_path))


def test_a_missing_file_at_every_mirror_says_what_the_last_one_answered(server: Server, tmp_path: Path) -> None:
    file = RemoteFile("toy/data.gz", (f"{server.address}/nowhere.gz",), SHA256, 1000)
    with pytest.raises(DataError, match=r"could be reached \(the last, 127.0.0.1, answered 404\)"):
        list(fetch(file, tmp_path))


def test_a_silent_mirror_is_given_up_after_the_time_out(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirrors, "TIMEOUTS", (1.0, 0.2))
    with pytest.raises(DataError, match="did not answer in time"):
        list(fetch(server.offer("silent.gz"), tmp_path))


def test_corruption_everywhere_is_called_so_and_leaves_nothing(server: Server, tmp_path: Path) -> None:
    file = server.offer("a.gz", "b.gz", body=b"<html>Please sign in to the network</html>")
    with pytest.raises(DataError, match="'toy/data.gz' corrupt or truncated"):
        list(fetch(file, tmp_path))
    assert not present(file, tmp_path)
    assert not part_of(file, tmp_path).exists()


def test_a_download_cut_everywhere_keeps_what_arrived_and_succeeds_in_the_end(server: Server, tmp_path: Path) -> None:
    file = server.offer("cut.gz")
    with pytest.raises(DataError, match=r"'toy/data.gz' was cut short, truncated after 0.2 MB. What arrived is kept"):
        list(fetch(file, tmp_path))
    with pytest.raises(DataError, match=r"truncated after 0.4 MB"):
        list(fetch(file, tmp_path))
    list(fetch(file, tmp_path))
    assert (tmp_path / file.path).read_bytes() == PACKED


def test_a_gzip_bomb_is_not_followed_to_its_end(server: Server, tmp_path: Path) -> None:
    zeros = b"\0" * 2**24
    bomb, payload = gzip.compress(zeros, 1) * 14, hashlib.sha256()
    for _ in range(14):
        payload.update(zeros)
    file = RemoteFile("toy/data.gz", server.offer("bomb.gz", body=bomb).urls, payload.hexdigest(), 1)
    with pytest.raises(DataError, match="corrupt"):
        list(fetch(file, tmp_path))


class FullDisk(io.BytesIO):
    """A file on a disk that has no room for a single byte."""

    def write(self, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_says_how_much_is_needed_where_and_frees_what_it_took(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = server.offer("a.gz")
    part_of(file, tmp_path).parent.mkdir(parents=True)
    part_of(file, tmp_path).write_bytes(PACKED[:1000])
    monkeypatch.setattr(mirrors, "open", lambda *args: FullDisk(), raising=False)
    with pytest.raises(DataError, match=r"disk is full: 0.6 MB are needed in .*toy.*AECORE_DATA"):
        list(fetch(file, tmp_path))
    assert not part_of(file, tmp_path).exists()


def test_a_folder_that_cannot_be_made_is_named_with_the_variable(server: Server, tmp_path: Path) -> None:
    (tmp_path / "toy").write_text("a file in the way")
    with pytest.raises(DataError, match=r"folder .*toy is not writable.*AECORE_DATA"):
        list(fetch(server.offer("a.gz"), tmp_path))


def test_a_read_only_folder_is_named_with_the_variable(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(DataError, match=r"is not writable.*AECORE_DATA"):
        list(fetch(server.offer("a.gz"), tmp_path))


def test_while_another_process_downloads_this_one_waits_and_takes_its_file(server: Server, tmp_path: Path) -> None:
    file = server.offer("a.gz")
    (tmp_path / "toy").mkdir()
    other = FileLock(tmp_path / "toy/data.gz.lock")
    other.acquire()
    part_of(file, tmp_path).write_bytes(PACKED[:1234])
    download = fetch(file, tmp_path)
    assert next(download) == DownloadProgress(file.path, 1234, len(PACKED), "", False)
    part_of(file, tmp_path).write_bytes(PACKED)
    os.replace(part_of(file, tmp_path), tmp_path / file.path)
    other.release()
    assert list(download)[-1].done
    assert server.ranges == []


def test_two_at_once_fetch_the_bytes_once(server: Server, tmp_path: Path) -> None:
    file = server.offer("slow.gz")
    threads = [threading.Thread(target=lambda: list(fetch(file, tmp_path))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / file.path).read_bytes() == PACKED
    assert len(server.ranges) == 1


def test_verify_tells_missing_from_corrupt(tmp_path: Path) -> None:
    file = RemoteFile("toy/data.gz", (), SHA256, len(PACKED))
    with pytest.raises(DataError, match="'toy/data.gz' has not been downloaded yet"):
        verify(file, tmp_path)
    (tmp_path / "toy").mkdir()
    for content in (PACKED[:1000], b"no gzip", gzip.compress(b"another payload"), b""):
        (tmp_path / file.path).write_bytes(content)
        with pytest.raises(
            DataError, match=r"does not match its published checksum.*Delete .*data.gz and download it again"
        ):
            verify(file, tmp_path)
