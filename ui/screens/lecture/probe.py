"""A visitor without a browser, in a process of its own: asks a page again and again, and counts the answers.

Standard input: one JSON object, {address, page, cookies, seconds}; standard output: {answers, seconds} of the time
after the first answers, which load what the page needs. Run by its path, so it imports nothing of this project.
"""

from __future__ import annotations

import json
import ssl
import sys
import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

WARM = 5
"""Answers that do not count."""

PATIENCE = 20.0
"""Seconds for one message of an answer."""


def measure(address: str, page: str, cookies: str, seconds: float) -> tuple[int, float]:
    """Answers, and the seconds that they took. OSError or a WebSocketException where the server takes no visitors.

    address: of the app, "http://127.0.0.1:8501". cookies: of the visitor, as a header has them.
    """
    secure = ssl._create_unverified_context() if address.startswith("https") else None  # this machine asks itself
    with connect(
        f"{address.replace('http', 'ws', 1)}/_stcore/stream", subprotocols=[Subprotocol("streamlit")], ssl=secure,
        additional_headers={"Cookie": cookies} if cookies else {}, max_size=None, compression=None, proxy=None,
    ) as socket:  # fmt: skip
        for _ in range(WARM):
            _ask(socket, page)
        begin, answers = time.perf_counter(), 0
        while time.perf_counter() - begin < seconds:
            _ask(socket, page)
            answers += 1
        return answers, time.perf_counter() - begin


def _ask(socket: ClientConnection, page: str) -> None:
    message = BackMsg()
    message.rerun_script.page_name = page
    socket.send(message.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(socket.recv(timeout=PATIENCE))
        if answer.WhichOneof("type") == "script_finished" and (
            answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        ):
            return


if __name__ == "__main__":
    wanted = json.load(sys.stdin)
    answers, seconds = measure(wanted["address"], wanted["page"], wanted["cookies"], wanted["seconds"])
    print(json.dumps({"answers": answers, "seconds": seconds}))
