"""What the buttons of a room's bar post: a body for each action."""

from __future__ import annotations

from typing import Any

BODIES: dict[str, dict[str, Any]] = {
    "take-lead": {"tab": "t"}, "lead": {"path": "/noise", "query": "", "tab": "t"}, "vote": {"poll": 1, "guess": 0},
    "ask": {"text": "Why?"}, "upvote": {"question": 1, "isFor": True}, "answer": {"question": 1},
    "hide": {"question": 1}, "predict": {"prediction": "synapses-all-plus"}, "uncover": {"poll": 1, "query": ""},
}  # fmt: skip
