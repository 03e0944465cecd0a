"""The charts of a page that is run without a browser."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest


def charts(page: AppTest) -> dict[str, dict[str, Any]]:
    """Key -> figure of every chart on the page, as Plotly gets it."""
    shown = [each.proto for each in page.get("bidi_component") if each.proto.component_name == "chart"]
    return {each.id.split("-", 2)[2]: json.loads(json.loads(each.json)["figure"]) for each in shown}


def numbers(values: Any) -> list[float]:
    """The numbers of one axis: Plotly sends them as they are, or as bytes with their type."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).tolist()
    return list(values)
