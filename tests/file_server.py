"""A server of one file on this machine, which answers ranges, and can break off or send something else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FileServer:
    """url: of the file. most: bytes that are sent before the connection breaks; 0 for all. ranges: as asked for."""

    body: bytes
    url: str = ""
    most: int = 0
    ranges: list[str | None] = field(default_factory=list)


@contextmanager
def serving(body: bytes) -> Iterator[FileServer]:
    """Serves these bytes until the block ends."""
    state = FileServer(body)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Silent."""

        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            state.ranges.append(wanted)
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
            if start >= len(state.body):
                return self.send_error(416)
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(state.body) - 1}/{len(state.body)}")
            self.send_header("Content-Length", str(len(state.body) - start))
            self.end_headers()
            end = start + state.most if state.most else None
            self.wfile.write(state.body[start:end])

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{http.server_port}/ml-32m.zip"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
