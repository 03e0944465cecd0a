"""Messages of a part of a page that have not been sent when the part is drawn again."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import forward_msg_queue
from streamlit.runtime.forward_msg_cache import create_reference_msg, populate_hash_if_needed
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from ui.app import unsent

PART, INNER = "part", "inner"


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts Streamlit's own function back after the test."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)
    unsent.install()
    unsent.install()  # once is enough


def block(*path: int, part: str = "") -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path[:] = path
    message.delta.add_block.allow_empty = True
    message.delta.fragment_id = part
    return message


def element(*path: int, part: str = "", text: str = "text") -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path[:] = path
    message.delta.new_element.text.body = text
    message.delta.fragment_id = part
    return message


def reference(*path: int, part: str = "") -> ForwardMsg:
    """To an element that the browser has got before."""
    message = element(*path, part=part)
    populate_hash_if_needed(message)
    return create_reference_msg(message)


def left(messages: Sequence[ForwardMsg], parts: list[str] | None) -> list[tuple[int, ...]]:
    """The paths of what is sent after the parts have begun anew."""
    queue = ForwardMsgQueue()
    for each in messages:
        queue.enqueue(each)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=parts)
    return [tuple(each.metadata.delta_path) for each in queue.flush()]


def test_what_refers_to_a_known_message_goes_with_the_container_that_it_belongs_in() -> None:
    page = [block(0, 1), reference(0, 1, 0), element(0, 1, 2)]
    drawn = [
        block(0, 1, 1, part=PART), block(0, 1, 1, 3, part=PART), reference(0, 1, 1, 3, 0, part=PART),
        reference(0, 1, 1, 4, part=PART), element(0, 1, 1, 5, part=PART),
    ]  # fmt: skip
    assert left([*page, *drawn], [PART]) == [(0, 1), (0, 1, 0), (0, 1, 2)]


def test_so_does_what_a_part_inside_of_it_drew() -> None:
    drawn = [block(0, 1, part=PART), block(0, 1, 0, part=INNER), element(0, 1, 0, 0, part=INNER), element(0, 2)]
    assert left(drawn, [PART]) == [(0, 2)]
    assert left(drawn, [INNER]) == [(0, 1), (0, 2)]


def test_what_belongs_to_a_container_that_was_sent_stays() -> None:
    assert left([reference(0, 1, 0), element(0, 1, 1)], [PART]) == [(0, 1, 0), (0, 1, 1)]


def test_a_new_run_of_the_whole_page_drops_all_drawing_as_ever() -> None:
    finished = ForwardMsg()
    finished.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    queue = ForwardMsgQueue()
    for each in (block(0, 1, part=PART), reference(0, 1, 0), finished):
        queue.enqueue(each)
    queue.clear(retain_lifecycle_msgs=True)
    assert [each.WhichOneof("type") for each in queue.flush()] == ["script_finished"]


def test_messages_that_draw_nothing_stay() -> None:
    begun = ForwardMsg()
    begun.new_session.main_script_path = "app.py"
    queue = ForwardMsgQueue()
    for each in (block(0, part=PART), begun):
        queue.enqueue(each)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=[PART])
    assert [each.WhichOneof("type") for each in queue.flush()] == ["new_session"]


def test_without_that_place_the_app_goes_on_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(forward_msg_queue, "ForwardMsgQueue", SimpleNamespace)
    unsent.install()
    assert "another way" in caplog.text


def test_a_browser_keeps_what_it_says_it_has_until_the_answer_comes() -> None:
    """Streamlit ignores an option that it does not know."""
    asked = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())["global"]
    assert (
        asked["maxCachedMessageAge"] >= 10 > config._config_options_template["global.maxCachedMessageAge"].default_val
    )
