"""The ticks of the list of runs, as the table reports them."""

from __future__ import annotations

from typing import Any

import pytest

from ui.screens.runs import ticks


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    monkeypatch.setattr(ticks.st, "session_state", kept)
    return kept


def report(state: dict[str, Any], rows: list[int], ids: list[str]) -> None:
    key = ticks.table_key(ids)
    state[key] = {"selection": {"rows": rows}}
    ticks.take(key, ids)


def test_a_table_changes_the_ticks_of_its_own_rows_only(state: dict[str, Any]) -> None:
    known = set("abcdef")
    report(state, [0, 2], ["a", "b", "c"])
    report(state, [1], ["d", "e", "f"])
    assert ticks.ticked(known) == {"a", "c", "e"}
    report(state, [1], ["a", "b", "c"])
    assert ticks.ticked(known) == {"b", "e"}
    report(state, [2, 9], ["d", "e", "f"])
    assert ticks.ticked(known) == {"b", "f"}


def test_runs_that_have_gone_are_not_ticked_when_they_come_back(state: dict[str, Any]) -> None:
    report(state, [0, 1], ["a", "b"])
    assert ticks.ticked({"b"}) == {"b"}
    assert ticks.ticked({"a", "b"}) == {"b"}


def test_a_table_with_other_rows_or_set_anew_is_another_table(state: dict[str, Any]) -> None:
    first = ticks.table_key(["a", "b"])
    assert ticks.table_key(["a", "b"]) == first
    assert ticks.table_key(["n", "a", "b"]) != first
    ticks.tick(["a"])
    assert ticks.table_key(["a", "b"]) != first
    assert ticks.ticked({"a", "b"}) == {"a"}


def test_a_browser_that_has_not_heard_of_it_brings_no_ticks_back(state: dict[str, Any]) -> None:
    old = ticks.table_key(["a", "b"])
    state[old] = {"selection": {"rows": [0]}}
    ticks.take(old, ["a", "b"])
    ticks.tick(())
    ticks.take(old, ["a", "b"])
    assert not ticks.ticked({"a", "b"})
