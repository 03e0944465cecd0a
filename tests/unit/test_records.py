"""Records come back from JSON and arrays as they were, and what does not fit is an error."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from aecore.datasets.base import DataError
from aecore.readers.parsers import Answer, Parser, Question, Upload
from aecore.recommender.profiles.importers import SeveralUsersError
from aecore.recommender.profiles.importers.parser import FILMS
from aecore.stores.records import pack, unpack
from aecore.stores.results import Result, Slot


@dataclass(frozen=True)
class Inner:
    name: str
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Outer:
    x: np.ndarray
    labels: np.ndarray | None
    inner: tuple[Inner, ...] = ()
    pair: tuple[float, int] = (0.5, 1)
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    title: str | None = None


def whole(name: str = "ü \ud800 \0") -> Outer:
    return Outer(
        np.arange(6, dtype=np.float32).reshape(2, 3), None, (Inner(name, frozenset("ba")), Inner("")), (1.0, 2),
        {"one": np.array([1, 2], np.int64)}, "title",
    )  # fmt: skip


def stored(result: Result, folder: Path) -> Result:
    """The same after it has been a file."""
    slot = Slot(folder / "cache" / "results" / "thing" / "key.npz", "thing", "key")
    slot.write(result.values, **result.arrays)
    found = slot.read()
    assert found is not None
    return found


def test_a_record_comes_back_from_a_file_as_it_was(tmp_path: Path) -> None:
    before = whole()
    after = unpack(Outer, stored(pack(before), tmp_path))
    np.testing.assert_array_equal(after.x, before.x)
    np.testing.assert_array_equal(after.columns["one"], [1, 2])
    assert (after.x.dtype, after.columns["one"].dtype) == (np.float32, np.int64)
    plain = ("labels", "inner", "pair", "title")
    assert [getattr(after, name) for name in plain] == [getattr(before, name) for name in plain]
    assert type(after.inner[0].marks) is frozenset


def test_what_comes_back_is_shared_and_cannot_be_changed(tmp_path: Path) -> None:
    after = unpack(Outer, stored(pack(whole()), tmp_path))
    with pytest.raises(ValueError, match="read-only"):
        after.x[0] = 1


@pytest.mark.parametrize("value", [object(), {1: "x"}, [b"bytes"], {"a": {2}.__iter__()}])
def test_what_is_no_record_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="cannot be stored as JSON and arrays"):
        pack(value)


def test_a_record_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="2 fields for Outer"):
        unpack(Outer, pack(Inner("a")))
    with pytest.raises(TypeError, match="cannot be made from JSON and arrays"):
        unpack(bytes, pack("a"))


def test_a_refusal_comes_back_with_what_it_carries(tmp_path: Path) -> None:
    answer = FILMS.answer([("ratings.csv", b"userId,movieId,rating,timestamp\n7,1,4.5,0\n9,2,3.0,0\n")], {})
    back = FILMS.unpack(stored(FILMS.pack(answer), tmp_path))
    with pytest.raises(SeveralUsersError, match="the ratings of 2 users") as refused:
        back.get()
    assert refused.value.users == (7, 9)


def test_the_more_general_refusal_stands_for_its_kinds(tmp_path: Path) -> None:
    class Special(DataError):
        """A refusal that the parser does not name."""

    def read(files: object) -> Inner:
        raise Special("No.")

    parser = Parser("thing", read, Inner, (DataError,))
    back = parser.unpack(stored(parser.pack(parser.answer([], {})), tmp_path))
    assert (type(back.refusal), str(back.refusal)) == (DataError, "No.")


def test_what_is_no_refusal_is_raised() -> None:
    def read(files: object) -> Inner:
        raise MemoryError

    with pytest.raises(MemoryError):
        Parser("thing", read, Inner, (DataError,)).answer([], {})


def test_a_question_is_the_same_for_the_same_content_names_and_options() -> None:
    file = Upload.of("a.csv", b"1")
    question = Question(FILMS, (file,), {"user": 1})
    assert question.key == Question(FILMS, (Upload.of("a.csv", b"1"),), {"user": 1}).key
    others = [
        Question(FILMS, (Upload.of("a.csv", b"2"),), {"user": 1}),
        Question(FILMS, (Upload.of("b.csv", b"1"),), {"user": 1}),
        Question(FILMS, (file,), {"user": 2}),
        Question(FILMS, (file, file), {"user": 1}),
        Question(replace(FILMS, version=FILMS.version + 1), (file,), {"user": 1}),
        Question(replace(FILMS, kind="x"), (file,), {"user": 1}),
    ]
    assert len({question.key, *(each.key for each in others)}) == 7


def test_an_answer_gives_its_value_or_raises_its_refusal() -> None:
    assert Answer(3).get() == 3
    with pytest.raises(DataError, match="No"):
        Answer(refusal=DataError("No.")).get()
