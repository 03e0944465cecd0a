"""Visitors without a browser, many in one process: they open a page, think, use a control, and wait for the answer."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from ui.screens.movies.link import NOVELTY, POPULARITY_NOVELTY

PATIENCE = 60.0
"""Seconds that an answer is waited for; none after that counts as an error."""

FAILED = "Something went wrong on this page"
"""What the app says instead of a traceback."""

Use = Callable[[random.Random], tuple[str, dict[str, Any]]]
"""What a visitor does next: the key of a control, and the field of its state that changes."""


def _synapses(chance: random.Random) -> tuple[str, dict[str, Any]]:
    return f"preset-Example {chance.randint(1, 4)}", {"trigger_value": True}


MIX: dict[str, Use] = {
    "synapses": _synapses,
    "steps": lambda chance: ("start", {"int_value": chance.randint(0, 999)}),
    "train": lambda chance: ("latent_size", {"int_value": chance.randint(2, 40)}),
    "noise": lambda chance: ("damage-level-0", {"double_array_value": [chance.randint(0, 100) / 100]}),
    "movies": lambda chance: (POPULARITY_NOVELTY.name, {"string_array_value": [chance.choice(tuple(NOVELTY))]}),
}
"""Page -> what its visitors do."""


@dataclass
class Guest:
    """A visitor of one page: `states` of the controls that were used, `controls` and `fragments` by key."""

    address: str
    page: str
    query: str = ""
    script: str = ""
    """Streamlit's name of the page, once it has said so."""

    controls: dict[str, str] = field(default_factory=dict)
    fragments: dict[str, str] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    socket: ClientConnection | None = None
    ticks: tuple[str, float] | None = None
    """Fragment that refreshes itself, and its seconds."""

    spared: int = 0
    """Answers that took no run."""

    cookies: str = ""
    """As whom the visitor comes; "" for somebody new."""

    async def join(self) -> float:
        """Opens the page; returns the seconds until it has been sent."""
        begin = time.perf_counter()
        self.socket = await connect(
            self.address.replace("http", "ws") + "/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None, compression=None, open_timeout=PATIENCE,
            additional_headers={"Cookie": self.cookies} if self.cookies else None,
        )  # fmt: skip
        await self._ask()
        return time.perf_counter() - begin

    async def use(self, key: str, change: dict[str, Any]) -> float:
        """Changes a control; returns the seconds until the answer has been sent. KeyError if the page has none such."""
        self.states[self.controls[key]] = change
        begin = time.perf_counter()
        await self._ask(self.fragments.get(key, ""))
        if "trigger_value" in change:
            del self.states[self.controls[key]]
        return time.perf_counter() - begin

    async def tick(self) -> float:
        """Refreshes the part of the page that refreshes itself; returns the seconds until it has been sent."""
        begin = time.perf_counter()
        await self._ask(self.ticks[0] if self.ticks else "", is_tick=True)
        return time.perf_counter() - begin

    async def ask(self) -> float:
        """Asks for the whole page again, as a control does; returns the seconds until it has been sent."""
        begin = time.perf_counter()
        await self._ask()
        return time.perf_counter() - begin

    async def leave(self) -> None:
        """Closes the page."""
        if self.socket:
            await self.socket.close()

    async def _ask(self, fragment: str = "", *, is_tick: bool = False) -> None:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self.query
        if self.script:
            asked.page_script_hash = self.script
        else:
            asked.page_name = self.page
        asked.fragment_id, asked.is_auto_rerun = fragment, is_tick
        for id, change in self.states.items():
            asked.widget_states.widgets.append(_state(id, change))
        assert self.socket
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while self.is_open_after(ForwardMsg.FromString(await self.socket.recv())):
                pass

    def is_open_after(self, message: ForwardMsg) -> bool:
        """Takes a message of the server in; whether more of this answer will come."""
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.alert.body.startswith(FAILED):
                raise RuntimeError(element.alert.body)
            id = getattr(getattr(element, element.WhichOneof("type") or "", None), "id", "")
            if id.count("-") > 1:
                key = id.split("-", 2)[2]
                self.controls[key], self.fragments[key] = id, message.delta.fragment_id
        elif kind == "navigation":
            self.script = message.navigation.page_script_hash
        elif kind == "auto_rerun":
            self.ticks = (message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            if not message.stop_auto_rerun.fragment_ids:
                self.spared += 1
                return False
            self.ticks = None
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "session_event":
            raise RuntimeError(f"the server broke off: {message.session_event}")
        return kind != "script_finished" or message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def asked_for(self, name: str) -> str:
        """A parameter of this visitor's address, or "" if there is none."""
        return parse_qs(self.query).get(name, [""])[0]


def _state(id: str, change: dict[str, Any]) -> WidgetState:
    state = WidgetState(id=id)
    for name, value in change.items():
        if name.endswith("_array_value"):
            getattr(state, name).data.extend(value)
        else:
            setattr(state, name, value)
    return state


@dataclass
class Row:
    """What a crowd met with: seconds of joining and of answers, and errors in words."""

    joins: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0


async def crowd(
    addresses: Sequence[str], count: int, *, seconds: float, think: float, spread: float, seed: int = 0
) -> Row:
    """`count` visitors of all pages of MIX, who join within `spread` seconds and stay for `seconds` after that.

    addresses: of the servers, among which they are shared out.
    """
    row, chance = Row(), random.Random(seed)
    pages, begin = list(MIX), time.perf_counter()

    async def visit(number: int) -> None:
        address = addresses[number // len(pages) % len(addresses)]  # every server has visitors of every page
        guest, own = Guest(address, pages[number % len(pages)]), random.Random(seed * 100_000 + number)
        await asyncio.sleep(spread * number / count)
        try:
            row.joins.append(await guest.join())
            await asyncio.sleep(max(0.0, begin + spread - time.perf_counter()) + own.uniform(0, think))
            while time.perf_counter() < begin + spread + seconds:
                row.answers.append(await guest.use(*MIX[guest.page](own)))
                await asyncio.sleep(own.expovariate(1 / think))
        except Exception as error:
            row.errors.append(f"{guest.page}: {type(error).__name__} {error}")
        finally:
            await guest.leave()

    order = list(range(count))
    chance.shuffle(order)
    await asyncio.gather(*(visit(number) for number in order))
    row.seconds = seconds
    return row


async def watchers(address: str, count: int, run: str, *, seconds: float, spread: float = 10.0) -> Row:
    """`count` visitors who watch a run that trains, refreshed as often as the page asks for."""
    row, begin = Row(), time.perf_counter()

    async def watch(number: int) -> None:
        guest = Guest(address, "train", query=f"run={run}")
        await asyncio.sleep(spread * number / count)
        try:
            row.joins.append(await guest.join())
            while time.perf_counter() < begin + spread + seconds:
                if guest.ticks is None:
                    raise RuntimeError("the page does not refresh itself: the run has ended")
                await asyncio.sleep(guest.ticks[1])
                asked, taken = time.perf_counter(), await guest.tick()
                if asked > begin + spread:  # all have come, as in the other rows
                    row.answers.append(taken)
        except Exception as error:
            row.errors.append(f"watcher: {type(error).__name__} {error}")
        finally:
            await guest.leave()

    await asyncio.gather(*(watch(number) for number in range(count)))
    row.seconds = seconds
    return row


async def start_training(address: str, data: str, epochs: int) -> str:
    """Trains a network through the page, as a visitor does; the run's id."""
    guest = Guest(address, "train", query=f"data={data}&epochs={epochs}")
    await guest.join()
    await guest.use("train", {"trigger_value": True})
    await guest.leave()
    return guest.asked_for("run")
