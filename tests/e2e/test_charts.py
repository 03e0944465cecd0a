"""The library of the charts is served once; what charts do is tested in tests/components."""

from __future__ import annotations

import gzip
from urllib.request import Request, urlopen

from plotly.offline import get_plotlyjs

from tests.e2e.server import Server


def test_their_library_comes_whole_compressed_or_not_and_may_be_kept(server: Server) -> None:
    found = {}
    for coding in ("gzip", "identity"):
        with urlopen(Request(f"{server.url}/plotly.js", headers={"Accept-Encoding": coding}), timeout=30) as answer:
            found[coding] = answer.read()
            assert "?v=" in answer.url, "who names no version is sent to the one there is"
            assert "immutable" in answer.headers["Cache-Control"]
    assert len(found["gzip"]) < len(found["identity"]) / 3
    assert gzip.decompress(found["gzip"]) == found["identity"] == get_plotlyjs().encode()
