"""A server for a lecture: what it says in the terminal when it starts."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence

import segno

from aecore.limits import LECTURE
from ui.app.host_key import host_key, key_file, new_key
from ui.app.network import ADDRESS, for_others, own_addresses
from ui.app.password import PASSWORD

NO_NETWORK = (
    "WARNING: this machine has no address that others could reach. Connect it to the network of the room, or let it "
    "or a phone open a hotspot, and start again. Until then the app works on this machine alone."
)
CHECK = (
    "Open the address on one phone before the lecture. If nothing comes: the phone has to be in the same network; "
    "many university networks keep their guests apart (then use a hotspot, or a server with a name); and the firewall "
    "of this machine has to let port {port} in."
)
BY_ADDRESS = "Cameras work only where the address begins with https: deploy/nginx.conf in the project shows how."


def begin(port: int, *, wants_new_key: bool = False) -> list[str]:
    """Prepares this process to serve a lecture and prints how to reach it; returns options for Streamlit."""
    os.environ[LECTURE] = os.environ.get(LECTURE) or "1"
    key, is_new = (new_key(), True) if wants_new_key else host_key()
    addresses = own_addresses()
    print(announcement(port, addresses, key if is_new else ""), flush=True)
    first = [] if not addresses or os.environ.get(ADDRESS) else ["--browser.serverAddress", addresses[0]]
    return ["--server.address", "0.0.0.0", *first]


def renew_link(port: int) -> None:
    """Makes and prints another link for the host."""
    address = for_others(f"http://127.0.0.1:{port}", {**os.environ, LECTURE: "1"})
    print(
        f"The host's link, for you alone: {address}/host/{new_key()}\nThe earlier one is no longer valid.", flush=True
    )


def announcement(port: int, addresses: Sequence[str], key: str = "") -> str:
    """What students open, as an address and as a QR code; the host's link if `key` is new; and what may go wrong."""
    here = f"http://127.0.0.1:{port}"
    address = for_others(here, {**os.environ, LECTURE: "1"}, addresses)
    if address == here:
        lines = [NO_NETWORK, f"On this machine: {here}"]
    else:
        lines = [f"For students:    {address}", "", qr_lines(address), f"On this machine: {here}"]
        others = [f"http://{each}:{port}" for each in addresses if f"http://{each}:{port}" != address]
        lines += [f"Other addresses: {', '.join(others)}"] if others else []
        lines += ["", CHECK.format(port=port)]
        lines += [] if address.startswith("https:") else [BY_ADDRESS]
    if key:
        lines += [
            "",
            f"The host's link, for you alone, from any machine: {address}/host/{key}",
            *([f"On this machine also: {here}/host/{key}"] if address != here else []),
            "Open it in the browser with which you teach: nobody is the host without it, on this machine either.",
            f"(shown once; it is kept in {key_file()})",
        ]
    else:
        lines += [
            "",
            "The host is the browser in which the host's link was opened, at the address where it was opened.",
            f"The key of that link is in {key_file()}; --new-host-link makes another one.",
        ]
    if not os.environ.get(PASSWORD):
        lines += [f"Everybody in this network can come in; {PASSWORD}=… in the environment asks for a password."]
    return "\n".join(lines)


def qr_lines(address: str) -> str:
    """A QR code in the characters of a terminal."""
    text = io.StringIO()
    segno.make(address, error="l").terminal(out=text, border=2, compact=True)
    return text.getvalue().rstrip("\n")
