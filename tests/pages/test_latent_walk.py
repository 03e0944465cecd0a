"""Walks through the latent space: what a visitor sees, what a link brings back,
and what the server answers to a code made by hand.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from aecore.datasets import load
from aecore.latent.animation import as_pictures, gif
from aecore.latent.code_set import code_set, examples
from aecore.latent.selections import keep_selection
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage, button, sentences
from ui.screens.latent.decode_route import decoded_code
from ui.screens.latent.walk_path import _animations

WALK = {"points": "500", "method": "pca", "panel": "Walk"}


def words(page: AppTest) -> str:
    """All that the page says."""
    return "\n".join([sentences(page), *(each.value for kind in (page.markdown, page.caption) for each in kind)])


@pytest.mark.parametrize(
    "network", ["digits", "digits-k-sparse", "faces-convolutional", "shapes-variational", "digits-linear"]
)
@pytest.mark.parametrize("walk", ["sliders", "pad", "path"])
def test_every_walk_opens_for_every_kind_of_network(network: str, walk: str, open_page: OpenPage) -> None:
    page = open_page("latent", network=network, walk=walk, behind="both", lattice="5", **WALK)
    assert not page.exception
    assert not page.warning


def test_a_code_of_two_numbers_is_a_pad_spaced_as_its_prior(open_page: OpenPage, real_data: object) -> None:
    page = open_page("latent", network="mnist-variational-2", walk="pad", **WALK)
    assert not page.exception
    assert "quantiles of the standard normal" in words(page)
    assert not any(each.label == "Plane" for each in page.button_group)


def test_a_long_code_says_which_numbers_have_sliders_and_which_are_dead(open_page: OpenPage, store: RunStore) -> None:
    found = code_set(store, find_trained_model(store, "digits-k-sparse"), "", 500)
    dead = int((np.ptp(found.codes, axis=0) == 0).sum())
    page = open_page("latent", network="digits-k-sparse", walk="sliders", **WALK)
    assert "A code of 100 numbers; here are the 16 that vary most" in words(page)
    assert (f"**{dead} of the numbers never change**" in words(page)) == (dead > 0)


def test_without_a_choice_the_way_leads_between_two_classes(open_page: OpenPage) -> None:
    page = open_page("latent", network="digits", walk="path", **WALK)
    assert "typical examples of two classes" in words(page)
    assert "Does the arc make sense?" in words(page)


def test_the_picked_example_is_added_moved_and_removed(open_page: OpenPage) -> None:
    page = open_page("latent", network="digits", walk="path", path="3,5", point="7", **WALK)
    button(page, "Add to path").click().run()
    assert page.query_params["path"] == "3,5,7"
    page.button(key="earlier-2").click().run()
    assert page.query_params["path"] == "3,7,5"
    page.button(key="remove-0").click().run()
    assert page.query_params["path"] == "7,5"
    button(page, "Empty it").click().run()
    assert "path" not in page.query_params
    assert not page.exception


def test_a_path_takes_five_examples_and_passes_over_what_is_none(open_page: OpenPage) -> None:
    page = open_page("latent", network="digits", walk="path", path="3,x,5,3,99999,8,9,10,11", point="20", **WALK)
    assert not page.exception
    assert "there is no example x here" in sentences(page)
    assert page.button(key="remove-4")
    assert button(page, "Add to path").disabled


def test_examples_are_drawn_of_two_classes(open_page: OpenPage, store: RunStore) -> None:
    found = code_set(store, find_trained_model(store, "digits"), "", 500)
    page = open_page("latent", network="digits", walk="path", **{"draw-from": "4", "draw-to": "9"}, **WALK)
    button(page, "Draw").click().run()
    points = [int(each) for each in page.query_params["path"].split(",")]
    assert [found.classes[found.labels[point]] for point in points] == ["4", "9"]  # type: ignore[index]


def test_examples_without_pictures_are_walked_through_too(open_page: OpenPage, store: RunStore) -> None:
    run = finished_run(store.folder, "Line", epochs=1, data="spiral", latent_size=1)
    for walk in ("sliders", "pad", "path"):
        page = open_page("latent", network=run.id, walk=walk, **WALK)
        assert not page.exception
    assert "A code of one number is a line" in sentences(open_page("latent", network=run.id, walk="pad", **WALK))


def test_the_map_of_some_points_is_walked_through_by_these(open_page: OpenPage, store: RunStore) -> None:
    found = code_set(store, find_trained_model(store, "digits"), "", 500)
    eights = np.flatnonzero(found.labels == 8)
    only = keep_selection(found, eights)
    for walk in ("sliders", "pad", "path"):
        page = open_page("latent", network="digits", walk=walk, only=only, **WALK)
        assert not page.exception
        assert not page.warning, sentences(page)
    button(page, "Draw two").click().run()
    assert len(page.query_params["path"].split(",")) == 2
    titles = [int(each) for each in re.findall(r"No. (\d+) · 8", "".join(each.body for each in page.get("html")))]
    assert len(titles) >= 2
    assert set(titles) <= set(eights.tolist())


def test_the_server_decodes_a_code_and_says_what_is_near(store: RunStore) -> None:
    trained_model = find_trained_model(store, "digits")
    found = code_set(store, trained_model, "", 500)
    status, told = asked(found.key, found.codes[7])
    assert status == 200
    picture = np.frombuffer(base64.b64decode(told["pixels"]), np.uint8).reshape(told["shape"])
    import torch

    with torch.inference_mode():
        right = trained_model.network().decode(torch.from_numpy(found.codes[7:8]))[0].clamp(0, 1).numpy()
    np.testing.assert_allclose(picture / 255, right, atol=0.5 / 255 + 1e-4)
    assert (told["nearest"], told["ratio"]) == (7, 0)
    far = asked(found.key, found.codes[7] * 50)[1]
    assert far["share"] == 1
    assert far["ratio"] > 10


@pytest.mark.parametrize(
    ("key", "code", "status"),
    [
        ("", [0.0] * 8, 404), ("0" * 20, [0.0] * 8, 404), ("../" * 6 + "ab", [0.0] * 8, 404),
        (None, [0.0] * 7, 400), (None, [np.nan] * 8, 400), (None, [], 400), (None, [0.0] * 300_000, 413),
    ],
)  # fmt: skip
def test_what_is_no_code_is_refused(key: str | None, code: list[float], status: int, store: RunStore) -> None:
    found = code_set(store, find_trained_model(store, "digits"), "", 500)
    assert asked(found.key if key is None else key, np.array(code, np.float32))[0] == status


def test_the_gif_of_the_page_is_the_path(store: RunStore) -> None:
    trained_model = find_trained_model(store, "digits")
    found = code_set(store, trained_model, "", 500)
    animations = _animations.__wrapped__(found.key, (3, 5), 4, found, trained_model)
    x = as_pictures(examples(load("digits"), found))
    assert (animations.rows[2].pictures[[0, -1]] == x[[3, 5]]).all()
    image = Image.open(io.BytesIO(gif(animations.rows[0].pictures, 140)))
    assert image.n_frames == 8
    assert (animations.rows[0].pictures[[0, -1]] == animations.rows[1].pictures[[0, -1]]).all()


def asked(key: str, code: np.ndarray) -> tuple[int, dict[str, Any]]:
    """What the server answers to a code: its status, and what it tells."""
    body = code.astype("<f4").tobytes()

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(b"content-length", str(len(body)).encode())],
        "path_params": {"codes": key},
    }
    with ThreadPoolExecutor(1) as apart:  # the tests' own thread may hold the event loop of a browser
        answer = apart.submit(asyncio.run, decoded_code(Request(scope, receive))).result()
    return answer.status_code, json.loads(bytes(answer.body)) if answer.status_code == 200 else {}
