"""Parts that refresh themselves: what a callback has filled in is settled before each rerun, not in the first run."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ui.app.audience import SHARE
from ui.widgets import live


def test_the_first_run_belongs_to_the_page_and_later_ones_settle_the_widgets(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[object] = []
    monkeypatch.setattr(live.st, "fragment", lambda part, run_every, key: happened.append((run_every, key)) or part)
    monkeypatch.setattr(live, "settle_widgets", lambda: happened.append("settled"))
    part = live.live(happened.append, 0.5, key="panel")
    for number in (1, 2):
        part(number)
    assert happened == [(0.5, "panel"), 1, "settled", 2]


class Rerun(Exception):
    """The whole page is to run."""


@pytest.mark.parametrize("when", ["before", "while"])
def test_a_part_by_itself_settles_the_widgets_and_runs_the_page_where_its_rest_has_changed(
    monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    parts, happened, rest = [], [], {"of": "digits"}

    def draw(name: str) -> str:
        happened.append(name)
        if rest.get("next"):
            rest["of"] = rest["next"]
        return "answer"

    def rerun() -> None:
        raise Rerun

    monkeypatch.setattr(live.st, "fragment", lambda part, key: parts.append(part) or part)
    monkeypatch.setattr(live.st, "rerun", rerun)
    monkeypatch.setattr(live, "settle_widgets", lambda: happened.append("settled"))
    assert live.part_of_page(draw, rest=lambda: rest["of"])("form") == "answer"
    (part,) = parts
    part()
    assert happened == ["form", "settled", "form"]
    rest["of" if when == "before" else "next"] = "faces"
    with pytest.raises(Rerun):
        part()
    assert happened[3:] == (["settled"] if when == "before" else ["settled", "form"])
    rest.pop("next", None)
    live.part_of_page(draw, rest=lambda: rest["of"])("form")  # the whole page runs
    parts[1]()
    assert happened[-2:] == ["settled", "form"]


def _a_part_that_wants_another_run() -> None:
    import streamlit as st

    from ui.widgets.live import rerun_part

    @st.fragment
    def part() -> None:
        if st.session_state.setdefault("runs", 0) < 1:
            st.session_state["runs"] += 1
            rerun_part()
        st.write("done")

    part()


def test_a_part_that_runs_with_its_page_reruns_the_page() -> None:
    page = AppTest.from_function(_a_part_that_wants_another_run).run()
    assert not page.exception
    assert [each.value for each in page.markdown] == ["done"]
    assert page.session_state["runs"] == 1


def test_where_many_watch_the_page_is_asked_to_refresh_the_part_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, asked, every, reruns = 2.0, [], [], []

    def refresh_seconds(what: str, shortest: float, now: float | None = None, share: float = 0) -> float:
        assert share == SHARE
        asked.append((what, shortest, now))
        return wanted

    monkeypatch.setattr(live.services, "refresh_seconds", refresh_seconds)
    monkeypatch.setattr(live.st, "fragment", lambda part, run_every, key: every.append(run_every) or part)
    monkeypatch.setattr(live.st, "rerun", lambda: reruns.append(True))
    monkeypatch.setattr(live, "settle_widgets", lambda: None)
    part = live.live(lambda: None, 0.5, key="panel")
    part()
    part()
    assert every == [2.0]
    assert asked == [("panel", 0.5, None), ("panel", 0.5, 2.0)]
    assert not reruns
    wanted = 8.0
    part()
    assert reruns == [True]


def test_a_part_that_does_not_refresh_itself_has_no_audience(monkeypatch: pytest.MonkeyPatch) -> None:
    every: list[float | None] = []
    monkeypatch.setattr(live.services, "refresh_seconds", lambda *given: pytest.fail("nobody watches"))
    monkeypatch.setattr(live.st, "fragment", lambda part, run_every, key: every.append(run_every) or part)
    monkeypatch.setattr(live, "settle_widgets", lambda: None)
    part = live.live(lambda: None, None, key="panel")
    part()
    part()
    assert every == [None]
