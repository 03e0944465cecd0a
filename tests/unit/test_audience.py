"""The more watch the same, the longer each waits for the next refresh; who has gone doesn't count."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.clock import Clock
from ui.app.audience import GONE, SHARE, SHARE_SHOWN, Audience


def test_few_are_refreshed_as_often_as_asked_and_many_share_the_server() -> None:
    audience = Audience(Clock(0.0))
    assert audience.interval("run", "ann", 0.4) == 0.4
    for number in range(99):
        audience.interval("run", f"visitor {number}", 0.4)
    assert audience.interval("run", "ann", 0.4) == 100 * SHARE
    assert audience.interval("another run", "ann", 0.4) == 0.4


def test_what_is_shown_to_all_is_refreshed_more_often() -> None:
    audience = Audience(Clock(0.0))
    for number in range(100):
        audience.interval("run", f"visitor {number}", 0.4, share=SHARE_SHOWN)
    assert audience.interval("run", "visitor 0", 0.4, share=SHARE_SHOWN) == 100 * SHARE_SHOWN == 1.0


def test_one_who_comes_again_and_again_counts_once() -> None:
    audience = Audience(Clock(0.0))
    assert {audience.interval("run", "ann", 0.4) for _ in range(50)} == {0.4}


def test_who_no_longer_asks_is_forgotten() -> None:
    clock = Clock(0.0)
    audience = Audience(clock)
    for number in range(100):
        audience.interval("run", f"visitor {number}", 0.4)
    clock.now = GONE * 100 * SHARE + 1
    assert audience.interval("run", "ann", 0.4) == 0.4


def test_an_interval_stays_until_it_is_far_off() -> None:
    audience = Audience(Clock(0.0))
    for number in range(19):
        audience.interval("run", f"visitor {number}", 0.4)
    assert audience.interval("run", "ann", 0.4, now=0.4) == 0.4, "0.8 would be right: not worth a rerun"
    for number in range(19, 30):
        audience.interval("run", f"visitor {number}", 0.4)
    assert audience.interval("run", "ann", 0.4, now=0.4) == 31 * SHARE
    assert audience.interval("run", "ann", 0.4, now=31 * SHARE) == 31 * SHARE


@given(watchers=st.integers(1, 300), shortest=st.floats(0.1, 2), now=st.none() | st.floats(0.1, 20))
def test_what_is_answered_once_is_answered_again(watchers: int, shortest: float, now: float | None) -> None:
    """Otherwise the page would be run again and again."""
    audience = Audience(Clock(0.0))
    for number in range(watchers):
        audience.interval("run", f"visitor {number}", shortest)
    chosen = audience.interval("run", "visitor 0", shortest, now)
    assert audience.interval("run", "visitor 0", shortest, chosen) == chosen


def test_what_is_shown_to_all_keeps_its_interval_for_longer_since_refreshes_are_cheap() -> None:
    audience = Audience(Clock(0.0))
    for number in range(100):
        audience.interval("run", f"visitor {number}", 0.4, share=SHARE_SHOWN)
    assert audience.interval("run", "ann", 0.4, 0.4, SHARE_SHOWN) == 0.4, "1.01 would be right: not worth a rerun"
    for number in range(100, 130):
        audience.interval("run", f"visitor {number}", 0.4, share=SHARE_SHOWN)
    assert audience.interval("run", "ann", 0.4, 0.4, SHARE_SHOWN) == 131 * SHARE_SHOWN
