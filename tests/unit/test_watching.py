"""Many who watch the same: one run serves them, a browser gets what it lacks, and only what is theirs to see."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.clock import Clock
from ui.app.watching import FRESH, LATE, MOST, Shown, Watching, differences


class Tab:
    """A visitor's tab."""


def message(place: int, text: str) -> ForwardMsg:
    made = ForwardMsg(hash=text)
    made.metadata.delta_path[:] = [0, place]
    made.delta.new_element.text.body = text
    return made


def container(place: int, height: int = 1) -> ForwardMsg:
    made = ForwardMsg(hash=f"block {height}")
    made.metadata.delta_path[:] = [0, place]
    made.delta.add_block.height_config.pixel_height = height
    return made


def shown(*texts: str, began: float = 0.0, group: str = "class") -> Shown:
    return Shown(group, began, tuple(message(place, text) for place, text in enumerate(texts)))


def texts(messages: Sequence[ForwardMsg] | None) -> list[str] | None:
    return None if messages is None else [each.delta.new_element.text.body for each in messages]


class Class:
    """Tabs that watch one part."""

    def __init__(self) -> None:
        self.clock = Clock(0.0)
        self.watching = Watching(self.clock)

    def ask(self, tab: Tab, state: str = "same", part: str = "panel", *, is_idle: bool = True) -> list[str] | None:
        return texts(self.watching.request(tab, part, state, is_idle=is_idle))

    def run(self, tab: Tab, *lines: str, group: str = "class", stays: bool = True) -> None:
        """The tab's request is answered by a run."""
        assert self.ask(tab) is None
        self.watching.note(tab, "panel", shown(*lines, began=self.clock.now, group=group), lambda: stays)


def test_a_browser_gets_the_elements_that_differ_and_no_others() -> None:
    assert texts(differences(shown("a", "b", "c"), shown("a", "x", "c"))) == ["x"]
    assert differences(shown("a"), shown("a")) == []


def test_where_more_than_elements_differ_the_part_is_run() -> None:
    moved = Shown("class", 0.0, (message(1, "a"),))
    low, high = (Shown("class", 0.0, (container(0, height),)) for height in (1, 2))
    assert differences(shown("a"), shown("a", "b")) is None
    assert differences(shown("a"), moved) is None
    assert differences(low, high) is None
    assert differences(low, low) == []
    assert differences(low, shown("a")) is None


def test_who_watches_the_same_gets_what_another_has_just_been_shown() -> None:
    room, ann, bob = Class(), Tab(), Tab()
    room.run(ann, "Epoch 1", "PCA")
    room.run(bob, "Epoch 1", "PCA")
    room.clock.now = 1.0
    room.run(ann, "Epoch 2", "PCA")
    room.clock.now += FRESH / 2
    assert room.ask(bob) == ["Epoch 2"]
    assert room.ask(bob) == [], "he has it now"
    room.clock.now += FRESH
    assert room.ask(bob) is None, "too old: his part is run"


def test_who_watches_alone_has_a_run_each_time() -> None:
    room, ann = Class(), Tab()
    for _ in range(3):
        room.run(ann, "Epoch 1")
        room.clock.now += 2 * FRESH


def test_one_runs_the_part_for_all_and_the_others_keep_what_they_have_meanwhile() -> None:
    room, tabs = Class(), [Tab() for _ in range(4)]
    for tab in tabs:
        room.run(tab, "Epoch 1")
    room.clock.now += 2 * FRESH
    assert [room.ask(tab) for tab in tabs] == [None, [], [], []]
    room.watching.note(tabs[0], "panel", shown("Epoch 2", began=room.clock.now), lambda: True)
    assert [room.ask(tab) for tab in tabs[1:]] == [["Epoch 2"]] * 3
    room.clock.now += 2 * FRESH
    assert [room.ask(tab) for tab in tabs] == [None, [], [], []]
    room.clock.now += LATE
    assert room.ask(tabs[1]) is None, "the first has gone"


def test_when_a_run_ends_the_part_everybody_has_one_at_once() -> None:
    room, ann, bob = Class(), Tab(), Tab()
    room.run(ann, "Epoch 9")
    room.run(bob, "Epoch 9")
    room.clock.now += 2 * FRESH
    assert room.ask(ann) is None
    room.watching.failed(ann)
    assert room.ask(bob) is None


@pytest.mark.parametrize("what", ["another state", "another part", "something runs", "another run since", "how often"])
def test_a_tab_in_which_something_has_happened_has_a_run(what: str) -> None:
    room, ann, bob = Class(), Tab(), Tab()
    room.run(bob, "Epoch 1", stays=what != "how often")
    room.run(ann, "Epoch 2")
    if what == "another run since":
        room.watching.forget(bob)
    state = "a slider was moved" if what == "another state" else "same"
    part = "another" if what == "another part" else "panel"
    assert room.ask(bob, state, part, is_idle=what != "something runs") is None


def test_a_run_beside_another_one_is_not_kept() -> None:
    room, ann, bob = Class(), Tab(), Tab()
    assert room.ask(ann, is_idle=False) is None
    assert not room.watching.is_awaited(ann, "panel")
    room.watching.note(ann, "panel", shown("Epoch 1"), lambda: True)
    room.run(bob, "Epoch 1")
    assert room.ask(ann) is None


def test_nobody_is_shown_what_people_of_another_group_see() -> None:
    room, owner, guest = Class(), Tab(), Tab()
    room.run(owner, "Pause", group="owner")
    room.run(guest, "Look", group="guest")
    assert room.ask(owner) == []
    assert room.ask(guest) == []
    room.watching.forget(owner)
    room.run(owner, "Continue", group="owner")
    assert room.ask(guest) == []


def test_who_changes_the_group_does_not_keep_the_former_one_waiting() -> None:
    room, ann, bob = Class(), Tab(), Tab()
    room.run(ann, "Epoch 1")
    room.run(bob, "Epoch 1")
    room.clock.now += 2 * FRESH
    room.run(ann, "Epoch 2, smoothed", group="smoothed")
    assert room.ask(bob) is None


def test_what_was_begun_earlier_and_came_later_does_not_replace_what_is_newer() -> None:
    room, ann, bob = Class(), Tab(), Tab()
    room.clock.now = 5.0
    assert room.ask(ann) is None
    room.run(bob, "Epoch 2")
    room.watching.note(ann, "panel", shown("Epoch 1", began=4.9), lambda: True)
    assert room.ask(bob) == []
    assert room.ask(ann) == ["Epoch 2"]


def test_no_more_than_some_groups_are_kept_and_tabs_that_have_gone_are_not() -> None:
    room, tabs = Class(), [Tab() for _ in range(MOST + 1)]
    for number, tab in enumerate(tabs):
        room.run(tab, "Epoch 1", group=f"group {number}")
    assert len(room.watching._latest) == MOST
    assert room.ask(tabs[0]) is None
    assert room.ask(tabs[-1]) == []
    tabs.clear()
    del tab
    assert not room.watching._tabs
