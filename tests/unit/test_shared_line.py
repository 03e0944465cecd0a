"""A bridge holds on to a line of all servers that is slow, and begins another one where it is gone."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from aecore.jobs.bridge import SharedLine
from aecore.jobs.line import Turns

ray = pytest.importorskip("ray", reason="the extra [cluster] is not installed")


def test_a_line_that_takes_long_to_answer_is_held_on_to_and_one_that_is_gone_is_begun_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line, answers = SharedLine(), Mock()
    find = Mock(side_effect=[Mock(), Mock()])
    monkeypatch.setattr(line, "_find", find)
    monkeypatch.setattr(ray, "get", answers)
    slow, gone = ray.exceptions.GetTimeoutError("not ready"), ray.exceptions.ActorDiedError()
    answers.side_effect = [slow, slow, Turns((1,)), gone, Turns((2,))]
    assert [line.report([], 1) for _ in range(3)] == [None, None, Turns((1,))]
    assert find.call_count == 1, "without its handle Ray would end it while it starts, again and again"
    assert [line.report([], 1) for _ in range(2)] == [None, Turns((2,))]
    assert find.call_count == 2
