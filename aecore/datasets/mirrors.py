"""One mirror: the bytes of a URL, appended to a partial file."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from requests import Response

TIMEOUTS = (5.0, 30.0)
"""Seconds to connect, and seconds without a byte, before a mirror is given up."""

_CHUNK = 1 << 16


class MirrorFailed(Exception):
    """A mirror could not give the file; the message names host and reason,
    `has_arrived` says whether it sent any of it.
    """

    def __init__(self, reason: str, *, has_arrived: bool = False) -> None:
        super().__init__(reason)
        self.has_arrived = has_arrived


def receive(url: str, part: Path) -> Generator[tuple[int, int | None], None, None]:
    """Appends to `part` what is missing, or rewrites it if the mirror sends everything;
    yields bytes so far and in all (or None).

    Removes `part` and ends if the mirror cannot resume it. MirrorFailed if the mirror gives nothing
    or the connection breaks; what arrived stays in `part`. The sender may not stop: the caller counts bytes.
    """
    import requests
    import urllib3

    start = size(part)
    try:
        with _ask(url, start) as response:
            if start and not _goes_on(response, start):
                part.unlink()
                return
            if response.status_code not in (200, 206):
                raise MirrorFailed(f"{urlsplit(url).hostname}, answered {response.status_code}")
            begun = start if response.status_code == 206 else 0
            yield from _write(response, part, begun)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        has_arrived = size(part) not in (0, start)
        raise MirrorFailed(f"{urlsplit(url).hostname}, {_reason(error)}", has_arrived=has_arrived) from error


def size(path: Path) -> int:
    """Bytes of a file, 0 if there is none."""
    return path.stat().st_size if path.is_file() else 0


def _ask(url: str, start: int) -> Response:
    import requests

    headers = {"Accept-Encoding": "identity"}  # the bytes of a .gz, not what is inside
    if start:
        headers["Range"] = f"bytes={start}-"
    return requests.get(url, headers=headers, stream=True, timeout=TIMEOUTS)


def _goes_on(response: Response, start: int) -> bool:
    """Whether the response is usable: neither "no such range" nor a part that begins elsewhere."""
    begins = response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
    return response.status_code != 416 and (response.status_code != 206 or begins)


def _write(response: Response, part: Path, begun: int) -> Iterator[tuple[int, int | None]]:
    """Writes the body behind the first `begun` bytes of `part`."""
    length = response.headers.get("Content-Length", "")
    total = begun + int(length) if length.isdecimal() else None
    received = begun
    with open(part, "ab" if begun else "wb") as out:
        yield received, total
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            received += out.write(chunk)
            yield received, total


def _reason(error: Exception) -> str:
    return "did not answer in time" if "timed out" in str(error) else "no lasting connection"
