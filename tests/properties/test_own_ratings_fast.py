"""The fast reader of one's own ratings gives what the careful one gives, refusals and their lines included."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aecore.recommender.ratings.own_tables import OwnRatings, understand_own
from aecore.recommender.ratings.table import RatingsError

NEVER = 2**60
HEADER = "userId,movieId,rating,timestamp"
IDS = st.integers(0, 30).map(str) | st.sampled_from(
    [
        "07",
        "0",
        "00",
        "+7",
        "-7",
        "",
        " 7",
        "7 ",
        "7.0",
        "Ann",
        '"7"',
        "1e1",
        "999999999",
        "1000000000",
        "9" * 19,
        "9" * 20,
    ]
)
STARS = st.sampled_from(
    ["4.5", "5", "0.5", ".5", "05", "10", "100", "3.7", "0", "101", "nan", "inf", "1_0", "", "x", "4,5"]
)
TIMES = st.sampled_from(["0", "1", "978300760", "2020-01-01", "", "-1", "1.0", str(2**40), "9" * 13])
PLAIN_IDS = st.integers(0, 10**9).map(str)
ROWS = st.lists(st.tuples(IDS, IDS, STARS, TIMES).map(",".join), min_size=1, max_size=8)
PLAIN_ROWS = st.lists(
    st.tuples(PLAIN_IDS, PLAIN_IDS, STARS, st.sampled_from(["0", "978300760"])).map(",".join), min_size=1, max_size=8
)


def outcome(data: bytes, large: int) -> OwnRatings | str:
    try:
        return understand_own("ratings.csv", data, large=large)
    except RatingsError as error:
        return str(error)


def hold_together(data: bytes) -> None:
    fast, careful = outcome(data, 0), outcome(data, NEVER)
    if isinstance(fast, str) or isinstance(careful, str):
        assert fast == careful
        return
    assert (fast.notes, fast.choices, fast.films.titles) == (careful.notes, careful.choices, careful.films.titles)
    for name in ("indptr", "films", "stars", "times", "user_ids", "movie_ids"):
        one, other = getattr(fast.ratings, name), getattr(careful.ratings, name)
        assert (one is None) == (other is None), name
        if one is not None:
            assert one.dtype == other.dtype, name
            np.testing.assert_array_equal(one, other, name)


@settings(max_examples=300)
@given(
    rows=ROWS | PLAIN_ROWS,
    end=st.sampled_from(["\n", "\r\n"]),
    has_header=st.booleans(),
    tail=st.sampled_from(["", "\n", "\n\n", "1,2\n"]),
)
@example(rows=["1,2,4.5,0", "1,3,101,0"], end="\n", has_header=True, tail="\n")
@example(rows=["07,2,4.5,0", "7,2,3,0"], end="\n", has_header=True, tail="\n")
@example(rows=["1,2,9,0", "1,3,0.5,0"], end="\n", has_header=True, tail="\n")
def test_both_readers_give_the_same(rows: list[str], end: str, has_header: bool, tail: str) -> None:
    hold_together((end.join([HEADER, *rows] if has_header else rows) + tail).encode())


@pytest.mark.parametrize("data", [
    b"\xef\xbb\xbf" + HEADER.encode() + b"\n1,2,3,4\n",
    (HEADER + "\n1,2,3,4\n").encode("utf-16"),
    b"rating;movieId;userId\n4;7;1\n3,5;8;1\n",
    b"user-id,movieId,rating\n1,2,3\n",
    b"# a comment\nuserId,movieId,rating\n1,2,3\n# 1\n4,5,1\n",
    b"userId,movieId,rating,title\n1,2,3,Film\n",
    b"userId,movieId,rating,tag\n1,2,3,007\n",
], ids=lambda data: repr(data[:20]))  # fmt: skip
def test_both_readers_give_the_same_of_other_tables(data: bytes) -> None:
    hold_together(data)


def test_a_plain_table_is_read_fast_and_a_name_is_not_taken_for_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"{user},{film},{film % 9 / 2 + 0.5},978300760\n" for user in range(9) for film in range(1, 9))
    plain = f"{HEADER}\n{rows}".encode()
    monkeypatch.setattr("aecore.recommender.ratings.own_tables._Ratings.add", None)
    assert len(understand_own("r.csv", plain, large=0).ratings) == 72
    for other in (b"07,1,3,0\n", b"+7,1,3,0\n", b'"7",1,3,0\n'):
        with pytest.raises(TypeError):
            understand_own("r.csv", plain + other, large=0)


def test_too_many_rows_are_refused_with_their_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aecore.recommender.ratings.own_tables.MOST_RATINGS", 2)
    data = f"{HEADER}\n1,1,3,0\n\n1,2,3,0\n1,3,3,0\n".encode()
    assert outcome(data, 0) == outcome(data, NEVER)
    assert outcome(data, 0) == "'ratings.csv', line 5: at most 2 rows can be read. Use a part of it."
