"""Where others reach this server: the addresses of this machine, and a page's address as others must write it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from ipaddress import IPv4Address, ip_address
from urllib.parse import urlsplit, urlunsplit

from aecore.limits import is_lecture

ADDRESS = "AECORE_ADDRESS"
"""The variable of the environment that says how others reach this server, for instance "https://class.example.org"."""

INNER = ("lo", "docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "podman", "cni", "flannel")
"""How the names of interfaces begin that lead nowhere but to this machine's own guests."""

NOWHERE = ("192.0.2.1", 9)
"""An address of documentation (RFC 5737): the system says from which of its own it would ask, and nothing is sent."""


def own_addresses() -> list[str]:
    """The IPv4 addresses of this machine that others may reach, the likeliest first; [] without a network."""
    import psutil

    up = {name for name, each in psutil.net_if_stats().items() if each.isup}
    found = [
        each.address
        for name, addresses in psutil.net_if_addrs().items()
        if name in up and not name.startswith(INNER)
        for each in addresses
        if each.family == socket.AF_INET
    ]
    return in_order(found, _towards_others())


def in_order(found: Iterable[str], outward: str = "") -> list[str]:
    """The usable ones of these addresses: the one that leads outward, then those of local networks, then the others."""
    usable = []
    for text in dict.fromkeys(found):
        with suppress(ValueError):
            address = IPv4Address(text)
            if not (address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast):
                usable.append(address)
    return [str(each) for each in sorted(usable, key=lambda each: (str(each) != outward, not each.is_private))]


def _towards_others() -> str:
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(NOWHERE)
        return str(probe.getsockname()[0])
    return ""


def is_only_here(url: str) -> bool:
    """Whether an address means the machine on which it is opened: nobody else can use it."""
    name = urlsplit(url).hostname or ""
    with suppress(ValueError):
        return ip_address(name.partition("%")[0]).is_loopback
    return name == "localhost" or name.endswith(".localhost")


def for_others(url: str, environment: Mapping[str, str] = os.environ, addresses: Iterable[str] | None = None) -> str:
    """The address of a page as others must write it; the same one where it is right already or nobody is let in.

    addresses: of this machine; looked up if they are not given, and only when they are needed.
    """
    parts, named = urlsplit(url), urlsplit(environment.get(ADDRESS, "").strip())
    if named.scheme in ("http", "https") and named.netloc:
        return urlunsplit((named.scheme, named.netloc, parts.path, parts.query, parts.fragment))
    if not (is_only_here(url) and is_lecture(environment)):
        return url
    own = list(own_addresses() if addresses is None else addresses)
    if not own:
        return url
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, f"{own[0]}{port}", parts.path, parts.query, parts.fragment))
