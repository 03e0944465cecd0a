"""The lines of the check list about the network: who can reach this server, and whether a phone has."""

from __future__ import annotations

import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Sequence
from urllib.parse import urlsplit

from aecore.foreign import in_markdown
from aecore.limits import is_lecture
from ui.app.network import ADDRESS, is_only_here, own_addresses
from ui.app.password import HEALTH, PASSWORD
from ui.screens.lecture.facts import Facts
from ui.screens.lecture.findings import ATTENTION, BAD, OK, Finding
from ui.screens.lecture.hello import Opening

SECONDS = 3.0
"""For which the server's own address is waited for."""

START = "End the server and start it with `make lecture` (or `autoencoder-explorer --lecture`)."
TRY = "Whether a phone gets here too, only a phone can tell: scan the code below."

Ask = Callable[[str], str]
"""Asks an address; "" if the server has answered that it is well, else the end of a sentence why not."""


def ask_health(address: str, seconds: float = SECONDS) -> str:
    """Asks the app at this address how it is, by way of no proxy; an `Ask`."""
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl.create_default_context())
    )
    try:
        with opener.open(f"{address}{HEALTH}", timeout=seconds) as answer:
            return "" if answer.read(16).strip() == b"ok" else "something else answers there"
    except urllib.error.HTTPError as error:
        return f"the answer is the error {error.code}"
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({reason.verify_message})"
        if isinstance(reason, TimeoutError):
            return f"nothing answers within {seconds:.0f} s"
        return str(getattr(reason, "strerror", None) or reason).rstrip(".")


def reach(facts: Facts, ask: Ask = ask_health, addresses: Callable[[], Collection[str]] = own_addresses) -> Finding:
    """Whether others can reach this server: where it listens, and whether it answers at the address for others."""
    named = facts.environment.get(ADDRESS, "").strip()
    if facts.is_bound_here_only and not named:
        return Finding(BAD, "Only this computer can open the app: the server listens to nobody else.", START)
    if not named and not addresses():
        return Finding(
            BAD, "This computer has no address that others could reach.",
            "Connect it to the network of the lecture room, or let it or a phone open a hotspot. Then start the server "
            "again.",
        )  # fmt: skip
    if is_only_here(facts.address):
        return Finding(
            ATTENTION, "Others in the network can open the app, but links and QR codes hold an address that only this "
            "computer can open.", START if not is_lecture(facts.environment) else "Reload this page.",
        )  # fmt: skip
    where = in_markdown(facts.address)
    if wrong := ask(f"{facts.address}{facts.base}"):
        return Finding(BAD, f"This computer itself does not reach the app at {where}: {in_markdown(wrong)}.", _way_out(
            facts, wrong
        ))  # fmt: skip
    return Finding(OK, f"Others open the app at {where}, where this computer has just reached itself.", TRY)


def _way_out(facts: Facts, wrong: str) -> str:
    if "certificate" in wrong:
        return "Browsers will warn everybody. Use a certificate for this name, or let the class accept the warning."
    if facts.environment.get(ADDRESS, "").strip():
        return f"Look at `{ADDRESS}`, and at the proxy in front of the app."
    return (
        f"The firewall of this computer has to let port {facts.port} in. If the computer has changed its network since "
        "this page was opened, open it again."
    )


def phone(openings: Sequence[Opening] | None, own: Collection[str]) -> Finding | None:
    """Whether some other device has opened the address of the QR code; None while nobody has. openings: None once the
    address no longer works. own: the addresses of the server, and of the browser that asks.
    """
    if openings is None:
        return Finding(ATTENTION, "The code has expired without a phone.", "Press *Check now* again for another one.")
    others = [each for each in openings if not (each.where in own or is_only_here(_as_url(each.where)))]
    if others:
        first = others[0]
        more = f", and {len(others) - 1} more" if len(others) > 1 else ""
        return Finding(
            OK, f"Another device has opened this at {_clock(first.at)}, from {in_markdown(first.where)}{more}."
        )
    if openings:
        return Finding(
            ATTENTION, f"This was opened at {_clock(openings[0].at)}, but from an address of this computer or of your "
            "own browser.",
            "If that was a phone, all is well: seen from a server outside, a phone and a laptop behind one router have "
            "one address. If it was a browser on this computer, take a phone.",
        )  # fmt: skip
    return None


def _as_url(where: str) -> str:
    return f"http://[{where}]" if ":" in where else f"http://{where}"


def _clock(moment: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(moment))


def cameras(facts: Facts) -> Finding:
    """Whether the app is reached over HTTPS, which cameras of phones want."""
    if urlsplit(facts.address).scheme == "https":
        return Finding(OK, "Yes: the address begins with https.")
    return Finding(
        ATTENTION, "No: browsers give their camera only to pages over HTTPS, and to the computer itself. All else "
        "works, pictures from the phone's gallery included.",
        "Only the camera on Noise lab, Anomaly and Map needs HTTPS; `deploy/nginx.conf` in the project puts it before "
        "the app.",
    )  # fmt: skip


def password(facts: Facts) -> Finding:
    """Whether a password is asked for."""
    if facts.environment.get(PASSWORD, "").strip():
        return Finding(OK, "Who knows the password. A phone is asked for it once, also after it has scanned the code.")
    return Finding(
        OK, "Everybody who can reach the address; no password is asked for.",
        f"`{PASSWORD}=…` before the command that starts the server asks everybody for one.",
    )  # fmt: skip
