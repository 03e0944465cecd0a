"""Rows of the Noise lab that the browser asks for while a slider moves: the same as the page's, and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from starlette.requests import Request

from aecore.corruption.chain import CorruptionStep, apply
from aecore.datasets import load
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage
from ui.screens.noise import rows, rows_route
from ui.screens.noise.rows import answers, rows_of
from ui.screens.noise.rows_route import REST, View, address_of, rows_at_levels, wait_for_rest
from ui.widgets.picture_rows import rows_html

TAB = "0123456789ab"
CHAIN = (CorruptionStep("gaussian", 0.1), CorruptionStep("masking", 0.2))


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No view is left from, or for, another test."""
    rows_route._views.clear()
    rows_route._asked.clear()
    yield
    rows_route._views.clear()
    rows_route._asked.clear()


def view(store: RunStore, seed: int = 0) -> View:
    run = finished_run(store.folder, "Denoiser", epochs=1)
    return View(load("digits").test.x[:6], CHAIN, seed, {"Mine": find_trained_model(store, run.id)}, True)


def ask(address: str, body: bytes, length: str | None = None) -> tuple[int, str]:
    """Status and rows of the answer."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    view, tab = address.split("/")[2:]
    scope = {
        "type": "http", "method": "POST",
        "path_params": {"view": view, "tab": tab},
        "headers": [(b"content-length", (length or str(len(body))).encode())],
    }  # fmt: skip
    with ThreadPoolExecutor(1) as apart:  # the tests' own thread may hold the event loop of a browser
        answer = apart.submit(asyncio.run, rows_at_levels(Request(scope, receive))).result()
    return answer.status_code, json.loads(bytes(answer.body))["html"] if answer.status_code == 200 else ""


def levels(*values: float) -> bytes:
    return np.array(values, "<f4").tobytes()


def test_the_rows_are_those_that_the_page_shows_for_these_strengths(store: RunStore) -> None:
    shown = view(store)
    chain = (CorruptionStep("gaussian", 0.31), CorruptionStep("masking", 0.0))
    noisy = apply(shown.clean, chain, 0)
    expected = rows_of(shown.clean, noisy, answers(shown.networks, shown.clean, noisy), has_differences=True)
    assert ask(address_of(shown, TAB), levels(0.31, 0)) == (200, rows_html(expected))


def test_a_network_gets_the_same_pictures_once(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    rows._kept.clear()
    shown, asked = view(store), []
    noisy = apply(shown.clean, CHAIN, 0)
    monkeypatch.setattr(rows, "reconstruct", lambda found, x: asked.append(len(x)) or x * 0.5)
    first, again = (answers(shown.networks, shown.clean, noisy) for _ in range(2))
    assert asked == [6]
    assert (first[0].pictures == again[0].pictures).all()
    answers(shown.networks, shown.clean[:5], noisy[:5])
    answers(shown.networks, shown.clean[::-1], noisy)
    assert asked == [6, 5, 6], "other pictures, or others to compare with"
    rows._kept.clear()


def test_views_that_differ_in_strengths_only_have_one_address(store: RunStore) -> None:
    shown = view(store)
    louder = View(shown.clean, (CorruptionStep("gaussian", 0.9), CHAIN[1]), 0, shown.networks, True)
    others = [
        View(shown.clean, shown.chain, 1, shown.networks, True),
        View(shown.clean, shown.chain[::-1], 0, shown.networks, True),
        View(shown.clean, shown.chain, 0, {}, True),
        View(shown.clean, shown.chain, 0, shown.networks, False),
        View(shown.clean[::-1], shown.chain, 0, shown.networks, True),
    ]
    assert address_of(louder, TAB) == address_of(shown, TAB)
    assert len({address_of(each, TAB) for each in (shown, *others)}) == 6


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (levels(0.5), 400), (levels(0.5, 1.5), 400), (levels(-0.1, 0), 400), (levels(np.nan, 0), 400),
        (b"12345", 400), (levels(*[0.5] * 5), 413),
    ],
)  # fmt: skip
def test_what_are_no_strengths_is_refused(body: bytes, status: int, store: RunStore) -> None:
    assert ask(address_of(view(store), TAB), body) == (status, "")


def test_a_length_that_is_no_number_is_refused(store: RunStore) -> None:
    assert ask(address_of(view(store), TAB), levels(0.5, 0.5), length="-8")[0] == 413


def test_what_nobody_looks_at_is_not_there(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_route, "KEPT", 2)
    first = address_of(view(store, seed=1), TAB)
    address_of(view(store, seed=2), TAB)
    address_of(view(store, seed=3), TAB)
    assert ask(first, levels(0.5, 0.5))[0] == 404
    assert len(rows_route._views) == 2
    assert ask(f"/noise-rows/nothing/{TAB}", levels(0.5, 0.5))[0] == 404


def test_the_page_waits_for_a_hand_that_moves_a_slider_but_not_for_ever(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    rests: list[float] = []

    def rest(seconds: float) -> None:
        rests.append(round(seconds, 3))
        clock[0] += seconds + 1e-6
        moves()

    def moves() -> None:
        ask(address_of(view(store), TAB), levels(0.5, 0.5))

    monkeypatch.setattr(rows_route.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(rows_route, "rest", rest)
    wait_for_rest(TAB)
    assert not rests, "nobody has moved a slider"
    moves()
    wait_for_rest("another")
    assert not rests
    wait_for_rest(TAB)  # the slider moves after each rest
    assert rests[0] == REST
    assert 1 <= clock[0] - 100 < 1 + 2 * REST


def test_the_page_offers_its_rows_under_such_an_address(open_page: OpenPage) -> None:
    page = open_page("noise", data="digits", damage="gaussian_0.5~masking_0.3", pictures="In order", number="0")
    assert not page.exception
    (seen,) = rows_route._views.values()
    assert [each.name for each in seen.chain] == ["gaussian", "masking"]
    assert ask(address_of(seen, TAB), levels(0.5, 0.3))[0] == 200


@pytest.mark.parametrize("link", [{"damage": ""}, {"damage": "gaussian_0.5", "by-hand": "true"}], ids=["no", "hand"])
def test_rows_follow_no_slider_where_there_is_none_or_where_a_hand_draws(link: dict, open_page: OpenPage) -> None:
    page = open_page("noise", data="digits", **link)
    assert not page.exception
    assert not rows_route._views
