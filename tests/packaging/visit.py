"""A visitor of an installed app without a browser: asks for a page and reads what the server sends, to the end."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

SECONDS = 120


def elements_of(address: str, page: str) -> list[str]:
    """The kinds of elements that a page shows when it is opened. RuntimeError if it fails or is not found."""
    stream = address.replace("http", "ws") + "/_stcore/stream"
    with connect(stream, subprotocols=[Subprotocol("streamlit")], max_size=None) as socket:
        message = BackMsg()
        message.rerun_script.page_name = page
        socket.send(message.SerializeToString())
        kinds: list[str] = []
        while True:
            answer = ForwardMsg.FromString(socket.recv(timeout=SECONDS, decode=False))
            kind = answer.WhichOneof("type")
            if kind == "page_not_found":
                raise RuntimeError(f"the page '{page}' is not found")
            if kind == "delta":
                kinds.append(_kind(answer.delta, page))
            if kind == "script_finished":
                return kinds


def _kind(delta: Delta, page: str) -> str:
    """The kind of one element; RuntimeError if it says that the page failed."""
    element = delta.new_element
    kind = element.WhichOneof("type") or "block"
    if kind == "exception" or (kind == "alert" and "Something went wrong" in element.alert.body):
        raise RuntimeError(f"the page '{page}' failed: {element}")
    return kind
