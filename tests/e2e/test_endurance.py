"""What a server that holds a class has to bear: sixty who decode at once, and visits by the hundred."""

from __future__ import annotations

import asyncio
import base64
import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from aecore.latent.code_set import code_set
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunStore
from tests.benchmarks.crowd import MIX, Guest
from tests.benchmarks.load import memory_of
from tests.e2e.server import Server
from ui.screens.latent.walk_start import painted

THREADS, EACH = 60, 15

KEPT_SESSIONS = 128
"""Sessions of visitors who have gone that Streamlit keeps for a while, in case they come back."""

VISITS = 300
MOST_GROWTH = 0.15
"""Megabytes by which a visit may leave the server larger: a page that is kept for ever takes more."""


@pytest.mark.long
@pytest.mark.timeout(600)
def test_sixty_who_decode_at_once_all_get_their_own_picture(server: Server) -> None:
    """Each asks again and again for other codes, as hands that move a slider do."""
    store = RunStore(server.runs)
    model = find_trained_model(store, "digits")
    found = code_set(store, model, "", 500)
    rng = np.random.default_rng(0)
    codes = found.codes[rng.integers(0, len(found), (THREADS, EACH))] + rng.normal(0, 0.3, found.codes.shape[1])
    codes = codes.astype("<f4")
    expected = painted(model, codes.reshape(-1, codes.shape[-1])).reshape(THREADS, EACH, -1).astype(int)

    def ask(person: int) -> list[int]:
        """The largest difference of each picture from the one that was asked for."""
        return [
            _furthest(_decoded(server, found.key, code), expected[person, at]) for at, code in enumerate(codes[person])
        ]

    with ThreadPoolExecutor(THREADS) as pool:
        apart = list(pool.map(ask, range(THREADS)))
    assert max(map(max, apart)) <= 1, "a shade may be rounded the other way"


def _decoded(server: Server, key: str, code: np.ndarray) -> np.ndarray:
    request = urllib.request.Request(f"{server.url}/latent-map/{key}/decode", code.tobytes(), method="POST")
    with urllib.request.urlopen(request, timeout=120) as answer:
        pixels = json.load(answer)["pixels"]
    return np.frombuffer(base64.b64decode(pixels), np.uint8).astype(int)


def _furthest(picture: np.ndarray, expected: np.ndarray) -> int:
    return int(np.abs(picture - expected).max())


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_hundreds_of_visits_leave_the_server_as_large_as_it_was(own_server: Server) -> None:
    assert own_server.process is not None
    pages = [*MIX, "home", "pooling", "glossary", "runs"]
    with ThreadPoolExecutor(1) as thread:  # in this one, Playwright's loop may run
        thread.submit(asyncio.run, _visits(own_server.url, pages, KEPT_SESSIONS + 4 * len(pages))).result()
        before = memory_of(own_server.process.pid)
        thread.submit(asyncio.run, _visits(own_server.url, pages, VISITS)).result()
    growth = (memory_of(own_server.process.pid) - before) / VISITS
    print(f"{before:.0f} MB, and {growth:.3f} MB for each visit")
    assert growth < MOST_GROWTH


async def _visits(address: str, pages: list[str], count: int) -> None:
    """One after the other, somebody opens a page, sees all of it, and goes."""
    for number in range(count):
        guest = Guest(address, pages[number % len(pages)])
        await guest.join()
        await guest.leave()
