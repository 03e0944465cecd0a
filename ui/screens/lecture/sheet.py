"""A sheet to print: the addresses of the app, of the host's room and of every tour as QR codes, all in one file."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from aecore.rooms.state import Room
from aecore.rooms.store import RoomError
from aecore.tours.schema import Tour, arrival
from ui.app.identity import Person
from ui.app.network import for_others, is_only_here
from ui.app.places import page_path
from ui.app.posted import who_asks
from ui.app.qr import qr_in_print
from ui.app.secret import is_secure
from ui.app.services import services

TEMPLATE = Path(__file__).with_name("sheet.html")
PATH = "/lecture/sheet"
BREAKS = re.compile(r"(?<=//)|(?=:\d)|(?<=\w)(?=/\w)")
ONLY_HERE = (
    "Nobody else can open these addresses: they mean the computer on which they are opened. Start the app with "
    "“make lecture”, open this sheet again, and print that."
)


def sheet(address: str, tours: Sequence[Tour], room: Room | None) -> str:
    """The sheet as a page of HTML. address: of the app, as others write it, without a slash at its end. room: with
    whose code people join, if there is one.
    """
    ways = [_way("The app", f"{address}/", _written(address))]
    if room:
        title = html.escape(room.title or "Join the room")
        words = f'<p class="code">{html.escape(room.code)}</p>{_written(f"{address}/room")}'
        ways.insert(0, _way(title, f"{address}/room?code={room.code}", words))
    parts = {
        "warning": f'<p class="warning"><strong>{ONLY_HERE}</strong></p>' if is_only_here(address) else "",
        "ways": "".join(ways),
        "tours": "".join(_tour(address, tour) for tour in tours),
    }
    page = TEMPLATE.read_text(encoding="utf-8")
    for name, text in parts.items():
        page = page.replace("{{" + name + "}}", text)
    return page


def tour_address(address: str, tour: Tour) -> str:
    """The address of a tour's first step."""
    place = arrival(tour, 0)
    return f"{address}{page_path(place.page)}?{urlencode(place.put, doseq=True)}"


def _written(address: str) -> str:
    """An address to type, which breaks into lines at its parts."""
    return f'<p class="address">{BREAKS.sub("<wbr>", html.escape(address))}</p>'


def _way(title: str, address: str, words: str) -> str:
    return f'<div class="way"><div>{qr_in_print(address)}</div><div><b>{title}</b>{words}</div></div>'


def _tour(address: str, tour: Tour) -> str:
    words = (
        f"<b>{html.escape(tour.title)}</b><p>{html.escape(tour.goal)}</p>"
        f'<p class="small">About {tour.minutes} minutes, {len(tour.steps)} steps</p>'
    )
    return f'<div class="tour"><div>{qr_in_print(tour_address(address, tour))}</div><div>{words}</div></div>'


async def sheet_page(request: Request) -> Response:
    """`/lecture/sheet`: the sheet for who asks; with the code of their room, if they are its host."""
    scheme = "https" if is_secure(request.scope) else "http"
    here = f"{scheme}://{request.headers.get('host', '')}"
    base = str(request.scope.get("root_path", "")).rstrip("/")
    page = await run_in_threadpool(_made, f"{for_others(here).rstrip('/')}{base}", request)
    return HTMLResponse(page, headers={"Cache-Control": "no-store"})


def _made(address: str, request: Request) -> str:
    return sheet(address, [*services.shelf.lessons(), *services.shelf.own()[0]], hosted_room(who_asks(request)))


def hosted_room(person: Person) -> Room | None:
    """The open room that this person hosts and is in; None if there is none."""
    try:
        code = services.rooms.of_person(person.tag)
        room = services.rooms.get(code) if code else None
    except RoomError:
        return None
    return room if room and room.host == person.tag else None
