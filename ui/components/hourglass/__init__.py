"""The hourglass: a picture, its code as bars to drag, and what the decoder paints from them.

The decoder runs in the browser. After a while it prefetches the library of the charts on the other
pages.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from aecore.nn.numpy_forward import apply, layers_of
from aecore.pretrained.builtin import Builtin
from ui.components.mount import mount

_mount = mount("hourglass")


def hourglass(name: str, key: str, chosen: int, on_choose: Callable[[int], None]) -> None:
    """Shows the component with the built-in model `name`, which the browser fetches, and its picture number `chosen`.

    on_choose is called with the number of a picture that the visitor clicks, before the run that follows.
    """
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    front = f"/{base}" if base else ""
    data = {"address": f"{front}/hourglass/{name}", "chosen": chosen, "library": f"{front}/plotly.js"}
    _mount(key=key, data=data, on_chosen_change=partial(_hear, key, on_choose))


def _hear(key: str, on_choose: Callable[[int], None]) -> None:
    on_choose(int(st.session_state[key]["chosen"]))


def pack(model: Builtin, pictures: np.ndarray) -> dict[str, Any]:
    """The data of the component: pictures (K, *shape) uint8, their codes, and the decoder in half precision."""
    codes, low, high = bars_of(model, pictures)
    layers = [
        {"w": _text(layer.weight, np.float16), "b": _text(layer.bias), "activation": layer.activation}
        for layer in layers_of("decoder", model.weights, model.settings)
    ]
    return {
        "id": model.name, "shape": list(pictures.shape[1:]), "pictures": _text(pictures, np.uint8),
        "codes": _text(codes), "low": _text(low), "high": _text(high), "layers": layers,
    }  # fmt: skip


def bars_of(model: Builtin, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The codes (K, Z) of pictures (K, *shape) uint8, and the lowest and the highest value of each bar, (Z,)."""
    codes = apply(
        layers_of("encoder", model.weights, model.settings),
        pictures.reshape(len(pictures), -1).astype(np.float32) / 255,
    )
    return codes, np.minimum(model.code_low, codes.min(0)), np.maximum(model.code_high, codes.max(0))


def _text(values: np.ndarray, kind: type = np.float32) -> str:
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()
