"""The charts of a page that is run without a browser."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def charts(page: AppTest) -> dict[str, dict[str, Any]]:
    """Key -> figure of every chart on the page, as Plotly gets it."""
    shown = [each.proto for each in page.get("bidi_component") if each.proto.component_name == "chart"]
    return {each.id.split("-", 2)[2]: json.loads(json.loads(each.json)["figure"]) for each in shown}
