"""Where hosts point, for the other servers of a home: a file for each room, replaced some times a second."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from aecore.files import read_json, write_json

FOLDER = "rooms-spots"

FRESH_SECONDS = 120.0
"""After which nobody points there any longer: the host's server has ended without a word."""

DAY = 86_400.0
"""As long as a room is open at most."""


class SpotBoard:
    """The files of a home. A disk that refuses keeps a spot from other servers, and does no harm."""

    def __init__(self, home: Path) -> None:
        self._folder, self._me = home / FOLDER, secrets.token_hex(6)
        self._seen: dict[str, int] = {}
        self._forget_old()

    def show(self, code: str, host: str, spot: dict[str, Any] | None) -> None:
        """The host points there; None: nowhere."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_json(self._path(code), {"server": self._me, "host": host, "spot": spot})

    def news(self, codes: Iterable[str]) -> list[tuple[str, str, dict[str, Any] | None]]:
        """Code, host and spot of each of these rooms whose host points elsewhere than when last asked, by what other
        servers say.
        """
        found = []
        for code in codes:
            path = self._path(code)
            with suppress(OSError, ValueError, KeyError, TypeError):
                at = path.stat().st_mtime_ns
                if at == self._seen.get(code) or time.time() - at / 1e9 > FRESH_SECONDS:
                    continue
                self._seen[code] = at
                told = read_json(path)
                if told["server"] != self._me:
                    found.append((code, str(told["host"]), told["spot"]))
        return found

    def _forget_old(self) -> None:
        for path in self._folder.glob("*.json"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > DAY:
                    path.unlink()

    def _path(self, code: str) -> Path:
        return self._folder / f"{code}.json"


@cache
def board_of(home: Path) -> SpotBoard:
    """The board of a home, one for this server."""
    return SpotBoard(home)
