"""A visitor without a browser: speaks Streamlit's own protocol, so that only the server's answer is measured."""

from __future__ import annotations

import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol


def answers(address: str, count: int = 100) -> list[float]:
    """Milliseconds from asking for a rerun of the home page, as a widget does, to the end of the server's answer."""
    with connect(
        address.replace("http", "ws") + "/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")], max_size=None,
    ) as socket:  # fmt: skip
        times = []
        for _ in range(count + 10):
            message = BackMsg()
            message.rerun_script.query_string = ""
            begin = time.perf_counter()
            socket.send(message.SerializeToString())
            _read_to_the_end(socket)
            times.append((time.perf_counter() - begin) * 1000)
            time.sleep(0.1)
        return times[10:]


def _read_to_the_end(socket: ClientConnection) -> None:
    while ForwardMsg.FromString(socket.recv(timeout=30)).WhichOneof("type") != "script_finished":
        pass
