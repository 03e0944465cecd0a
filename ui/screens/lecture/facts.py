"""What the check list has to know of the server and of who asks; gathered while the page runs, read in a thread."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from ui.app.frame import base_address
from ui.app.network import is_only_here
from ui.app.room import base_path
from ui.app.services import services
from ui.app.visiting import from_where

EVERYWHERE = ("", "0.0.0.0", "::")
"""Addresses to bind that mean all of the machine's."""


@dataclass(frozen=True)
class Facts:
    """bound: the address on which the server listens, "" for all; port; base: what stands before every path; has_tls:
    whether the server speaks HTTPS itself. address: of the app, as others write it. home: of the app. person: tag of
    who asks; where: the address from which they ask; cookies: of their browser.
    """

    bound: str
    port: int
    base: str
    has_tls: bool
    address: str
    home: Path
    person: str
    where: str
    cookies: str = ""
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def is_bound_here_only(self) -> bool:
        """Whether the server listens to this computer alone."""
        return self.bound not in EVERYWHERE and is_only_here(f"http://{_in_address(self.bound)}")

    @property
    def here(self) -> str:
        """The address by which this machine asks the server itself."""
        name = "127.0.0.1" if self.bound in EVERYWHERE else _in_address(self.bound)
        return f"{'https' if self.has_tls else 'http'}://{name}:{self.port}{self.base}"


def facts_of_this_visit() -> Facts:
    """The facts of the server that runs this page, and of who looks at it."""
    cookies = "; ".join(f"{name}={value}" for name, value in st.context.cookies.to_dict().items())
    return Facts(
        str(st.get_option("server.address") or ""), int(st.get_option("server.port") or 0), base_path(),
        bool(st.get_option("server.sslCertFile")), base_address(), services.housekeeping.home, services.person().tag,
        from_where(), cookies,
    )  # fmt: skip


def _in_address(name: str) -> str:
    return f"[{name}]" if ":" in name else name
