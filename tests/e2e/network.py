"""The way from one browser to the server, which can go dead without either being told, as when a lid is closed."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

PIECE = 65_536
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER by which closing sends a reset, as a machine does that knows nothing of a connection."""


@dataclass
class _Pair:
    """A connection of the browser and its continuation to the server. is_cut: they belong together no longer."""

    browser: socket.socket
    server: socket.socket
    is_cut: bool = False


class Network:
    """Passes connections on to a port of this machine. url: where a browser finds the server behind it."""

    def __init__(self, port: int) -> None:
        self._port, self._pairs = port, list[_Pair]()
        self._is_up = threading.Event()
        self._is_up.set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def die(self) -> None:
        """Nothing gets through any more: the server loses its connections, the browser is told nothing."""
        self._is_up.clear()
        for each in self._pairs:
            each.is_cut = True
            _end(each.server)

    def come_back(self) -> None:
        """New connections get through. What has been or is said on an old one is answered with a reset."""
        self._is_up.set()

    def close(self) -> None:
        """Ends all connections."""
        self._is_up.set()
        _end(self._door)
        for each in self._pairs:
            _end(each.browser)
            _end(each.server)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                browser, _ = self._door.accept()
                if not self._is_up.is_set():
                    _reset(browser)
                    continue
                try:
                    pair = _Pair(browser, socket.create_connection(("127.0.0.1", self._port)))
                except OSError:
                    browser.close()
                    continue
                self._pairs.append(pair)
                for passed in (self._up, self._down):
                    threading.Thread(target=passed, args=(pair,), daemon=True).start()

    def _up(self, pair: _Pair) -> None:
        with contextlib.suppress(OSError):
            while piece := pair.browser.recv(PIECE):
                if pair.is_cut:
                    self._is_up.wait()
                    _reset(pair.browser)
                    return
                pair.server.sendall(piece)
        _end(pair.server)

    def _down(self, pair: _Pair) -> None:
        with contextlib.suppress(OSError):
            while piece := pair.server.recv(PIECE):
                if not pair.is_cut:
                    pair.browser.sendall(piece)
        if not pair.is_cut:
            _end(pair.browser)


@contextmanager
def network_to(port: int) -> Iterator[Network]:
    """A way to this port, until the block ends."""
    network = Network(port)
    try:
        yield network
    finally:
        network.close()


def _reset(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    each.close()


def _end(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
