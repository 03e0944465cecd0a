"""Results that are computed once: for whom, how many, and which go first."""

from __future__ import annotations

from ui.widgets.kept import Kept


def test_a_result_is_made_once_until_it_has_to_go() -> None:
    made: list[str] = []
    kept: Kept[str] = Kept(10, len)

    def get(text: str) -> str:
        return kept.get(text, lambda: made.append(text) or text)  # type: ignore[func-returns-value]

    for text in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb"):
        assert get(text) == text
    assert made == ["aaaa", "bbbb", "cccc", "bbbb"], "b had been asked for longest ago when c came"


def test_what_is_larger_than_all_that_is_kept_is_made_each_time() -> None:
    made: list[int] = []
    kept: Kept[bytes] = Kept(10, len)
    for _ in range(2):
        assert len(kept.get("large", lambda: made.append(1) or bytes(11))) == 11  # type: ignore[func-returns-value]
    assert len(made) == 2
    kept.get("small", lambda: bytes(1))
    kept.clear()
    assert len(kept.get("small", lambda: bytes(2))) == 2


def test_one_that_is_made_twice_at_once_counts_once() -> None:
    kept: Kept[bytes] = Kept(10, len)

    def make() -> bytes:
        kept.get("same", lambda: bytes(6))  # as by another thread, meanwhile
        return bytes(6)

    kept.get("same", make)
    kept.get("other", lambda: bytes(4))
    made: list[int] = []
    kept.get("same", lambda: made.append(1) or bytes(6))  # type: ignore[func-returns-value]
    assert not made, "six and four are ten"
