"""No answer of any route names a folder of the server, whatever is asked, and whatever has happened to a run."""

from __future__ import annotations

import ast
import asyncio
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from aecore.corruption.chain import CorruptionStep
from aecore.datasets import load
from aecore.latent.code_set import CODES
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.run import Run, RunError
from aecore.runs.store import RunStore
from aecore.stores.results import ResultCache
from tests.e2e.finished import finished_run
from ui.app.routes import ROUTES
from ui.screens.latent import decode_route
from ui.screens.noise import rows_route
from ui.screens.noise.rows_route import View, address_of

ROOT = Path(__file__).resolve().parents[2]
KEY = "0" * 20


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Nothing is left from, or for, another test."""
    rows_route._views.clear()
    decode_route._walker.cache_clear()
    yield
    rows_route._views.clear()
    decode_route._walker.cache_clear()


def ask(method: str, path: str, body: bytes, kind: str = "application/json") -> tuple[int, str]:
    """The status, and all that the server says: headers and body."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [
        (b"content-length", str(len(body)).encode()), (b"host", b"localhost:8501"), (b"content-type", kind.encode()),
    ]  # fmt: skip
    scope = {
        "type": "http", "method": method, "path": path, "query_string": b"", "headers": headers, "scheme": "http",
        "client": ("127.0.0.1", 1),
    }  # fmt: skip
    with ThreadPoolExecutor(1) as apart:  # the tests' own thread may hold the event loop of a browser
        apart.submit(asyncio.run, Starlette(routes=ROUTES)(scope, receive, send)).result()
    return int(sent[0]["status"]), repr(sent[0]["headers"]) + "".join(
        each.get("body", b"").decode("utf-8", "replace") for each in sent[1:]
    )


def names_a_folder(said: str, home: Path) -> bool:
    return any(str(place) in said for place in (home, ROOT)) or "/tmp/" in said


HARM: dict[str, Callable[[Path], object]] = {
    "vanished": lambda weights: weights.unlink(),
    "empty": lambda weights: weights.write_bytes(b""),
    "broken": lambda weights: weights.write_bytes(b"\xff" * 99),
    "a folder": lambda weights: (weights.unlink(), weights.mkdir()),
}


def shown(store: RunStore) -> tuple[Run, str]:
    """A run, and the address of rows that the Noise lab shows of it. The codes of KEY are its own, too."""
    run = finished_run(store.folder, "Mine", epochs=1)
    network = find_trained_model(store, run.id)
    steps = (CorruptionStep("gaussian", 0.1), CorruptionStep("masking", 0.2))
    address = address_of(View(load("digits").test.x[:2], steps, 0, {"Mine": network}, False), "tab")
    ResultCache(store.folder.parent).at(CODES, KEY).write({"source": run.id}, codes=np.zeros((9, 32), np.float32))
    return run, address


@pytest.mark.parametrize("harm", HARM)
def test_a_run_whose_weights_cannot_be_read_is_told_without_its_folder(store: RunStore, home: Path, harm: str) -> None:
    run, rows = shown(store)
    HARM[harm](run.folder / "weights.safetensors")
    for path, numbers in ((rows, 2), (f"/latent-map/{KEY}/decode", 32)):
        status, said = ask("POST", path, np.zeros(numbers, "<f4").tobytes())
        assert status == 404, said
        assert "weights" in said
        assert not names_a_folder(said, home), said


def test_no_route_names_a_folder(store: RunStore, home: Path) -> None:
    run, rows = shown(store)
    (run.folder / "weights.safetensors").unlink()
    for name in ("rooms.sqlite", "tours", "predictions", "guesses", "checks", "progress", "hello"):
        (home / name).write_text("This is no such thing.")
    view = rows.split("/")[2]
    page, guess = "pooling", "pooling-where"
    values = (run.id, KEY, view, page, guess, "answer", "truth", "guess", "vote", "at", "../../etc")
    bodies = (np.zeros(2, "<f4").tobytes(), json.dumps({"guess": 1, "query": f"run={run.id}", "poll": 1}).encode())
    tried = 0
    for route in ROUTES:
        if not isinstance(route, Route):
            continue
        names = re.findall(r"\{(\w+)\}", route.path)
        for given in product(values, repeat=len(names)):
            path = route.path
            for name, value in zip(names, given, strict=True):
                path = path.replace(f"{{{name}}}", value)
            for method, body in product(sorted((route.methods or set()) - {"HEAD"}), bodies):
                _, said = ask(method, path, body)
                assert not names_a_folder(said, home), f"{method} {path}: {said}"
                tried += 1
    assert tried > len(ROUTES)


def test_routes_tell_errors_by_the_one_function_that_leaves_folders_out() -> None:
    modules = {route.endpoint.__module__ for route in ROUTES if isinstance(route, Route)}
    assert len(modules) > 5
    for module in modules:
        source = (ROOT / f"{module.replace('.', '/')}").with_suffix(".py")
        source = source if source.exists() else source.with_suffix("") / "__init__.py"
        for call in ast.walk(ast.parse(source.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("Response"):
                assert "str(error)" not in ast.unparse(call), f"{module}:{call.lineno} may name a folder"


def test_a_runs_own_sentence_names_no_folder_either(store: RunStore, home: Path) -> None:
    run, _ = shown(store)
    (run.folder / "weights.safetensors").unlink()
    with pytest.raises(RunError, match="cannot be read") as told:
        run.weights()
    assert not names_a_folder(str(told.value), home)
