"""The result cache: what was written comes back, what is broken or of another format is absent,
and cleaning spares what is in use.
"""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aecore.files import write_npz
from aecore.stores import results
from aecore.stores.results import Kind, Result, ResultCache, Slot

THING = Kind("thing")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False) | st.text(),
    st.lists,
    max_leaves=8,
)
SHARED_FOLDER = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def slot(home: Path, *settings: object, kind: Kind = THING, inputs: tuple[str, ...] = ()) -> Slot:
    return ResultCache(home).slot(kind, list(settings), inputs)


@SHARED_FOLDER
@given(values=st.dictionaries(st.text(max_size=5), JSON, max_size=4), numbers=st.lists(st.floats(width=32), max_size=5))
def test_what_was_written_comes_back(tmp_path: Path, values: dict[str, object], numbers: list[float]) -> None:
    place = slot(tmp_path, "round trip")
    x = np.array(numbers, np.float32)
    place.write(values, values=x, other=x.astype(np.int64) if np.isfinite(x).all() and len(x) < 1 else x)
    found = place.read()
    assert found is not None
    assert found.values == values
    np.testing.assert_array_equal(found.arrays["values"], x)
    assert set(found.arrays) == {"values", "other"}


@SHARED_FOLDER
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_file_counts_as_absent_or_is_unharmed(tmp_path: Path, place: int, byte: int, cut: bool) -> None:
    kept = slot(tmp_path, "damage")
    x = np.arange(50.0)
    kept.write({"a": [1, 2]}, x=x)
    content = bytearray(kept.path.read_bytes())
    place %= len(content)
    if cut:
        del content[place:]
    else:
        content[place] = byte
    kept.path.write_bytes(bytes(content))
    found = kept.read()
    if found is not None and set(found.arrays) == {"x"}:
        assert found.values == {"a": [1, 2]}
        np.testing.assert_array_equal(found.arrays["x"], x)


@pytest.mark.parametrize(("offset", "value"), [(8, 1), (10, 1), (10, 99), (10, 8)])
def test_a_file_whose_members_seem_encrypted_or_oddly_compressed_counts_as_absent(
    tmp_path: Path, offset: int, value: int
) -> None:
    kept = slot(tmp_path, "damage")
    kept.write({"a": [1, 2]}, x=np.arange(50.0))
    content = bytearray(kept.path.read_bytes())
    content[content.index(b"PK\x01\x02") + offset] = value  # flags, or the method, in the directory of the ZIP
    kept.path.write_bytes(bytes(content))
    assert kept.read() is None


@pytest.mark.parametrize("about",
                         [b"", b"{", b"[]", b"3", b"[" * 100_000, b'{"format": 1, "kind": "thing"}',
                                   b'{"format":0,"kind":"thing","values":{}}',
                                   b'{"format":1,"kind":"other","values":{}}',
                                   b'{"format":1,"kind":"thing","values":7}'])  # fmt: skip
def test_another_format_another_kind_or_none_counts_as_absent(tmp_path: Path, about: bytes) -> None:
    kept = slot(tmp_path)
    write_npz(kept.path, **{"about.json": np.frombuffer(about, np.uint8)})
    assert kept.read() is None
    kept.write({"good": True})
    assert kept.read() == Result({"good": True}, {})


def test_what_lacks_something_is_absent_for_those_who_look_for_it(tmp_path: Path) -> None:
    kept = slot(tmp_path)
    assert kept.read_as(lambda found: found.values["a"]) is None
    kept.write({"a": 1})
    assert kept.read_as(lambda found: found.values["a"]) == 1
    assert kept.read_as(lambda found: found.arrays["x"]) is None


def test_kind_version_settings_inputs_and_format_each_have_a_place_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [
        slot(tmp_path, 1), slot(tmp_path, 2), slot(tmp_path, 1, inputs=("a",)), slot(tmp_path, 1, inputs=("a", "b")),
        slot(tmp_path, 1, inputs=("ab",)),
        slot(tmp_path, 1, kind=Kind("thing", 2)), slot(tmp_path, 1, kind=Kind("other")), slot(tmp_path, "1"),
    ]  # fmt: skip
    monkeypatch.setattr(results, "FORMAT", results.FORMAT + 1)
    places.append(slot(tmp_path, 1))
    assert len({each.key for each in places}) == len(places)
    assert slot(tmp_path, 1) == places[-1]


@pytest.mark.parametrize("key", ["", "../../../etc/passwd", "0" * 19, "0" * 21, "g" * 20, "0" * 20 + "\n"])
def test_a_key_that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(KeyError):
        ResultCache(tmp_path).at(THING, key)
    assert ResultCache(tmp_path).at(THING, "0" * 20).read() is None


def test_a_full_disk_leaves_what_was_there_and_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = slot(tmp_path)
    kept.write({"a": 1})

    def refuse(source: object, target: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("aecore.files.os.replace", refuse)
        for place in (kept, slot(tmp_path, "new")):
            with pytest.raises(OSError, match="No space left"):
                place.write({"a": 2})
    assert kept.read() == Result({"a": 1}, {})
    assert [each.name for each in kept.path.parent.iterdir()] == [kept.path.name]


def used(place: Slot, days_ago: float) -> None:
    os.utime(place.path, (time.time() - days_ago * 86_400,) * 2)


def test_cleaning_takes_what_was_unused_longest_until_the_rest_fits(tmp_path: Path) -> None:
    places = [slot(tmp_path, number) for number in range(5)]
    for days, place in zip((0.0, 1, 3, 5, 400), places, strict=True):
        place.write(x=np.zeros(10_000))
        used(place, days)
    size = places[0].path.stat().st_size
    assert ResultCache(tmp_path).clean(longest_unused_days=100) == 1
    assert [place.stamp() > 0 for place in places] == [True, True, True, True, False]
    assert ResultCache(tmp_path).clean(most_bytes=2 * size) == 2
    assert [place.stamp() > 0 for place in places] == [True, True, False, False, False]
    assert ResultCache(tmp_path).clean(most_bytes=0) == 1  # the first has been used within the hour
    assert places[0].read() is not None


def test_reading_counts_as_use_and_changes_no_stamp(tmp_path: Path) -> None:
    place, other = slot(tmp_path, 0), slot(tmp_path, 1)
    for each in (place, other):
        each.write({"a": 1})
        used(each, 300)
    before = place.stamp()
    assert place.read() is not None
    assert place.stamp() == before
    assert ResultCache(tmp_path).clean() == 1
    assert place.stamp() == before
    assert other.stamp() == 0


def test_a_file_beside_a_result_is_cleaned_like_it(tmp_path: Path) -> None:
    picture = slot(tmp_path).beside(".webp")
    picture.write_bytes(b"picture")
    os.utime(picture, (time.time() - 300 * 86_400,) * 2)
    assert ResultCache(tmp_path).clean() == 1
    assert not picture.exists()


def test_writing_cleans_now_and_then(tmp_path: Path) -> None:
    old = slot(tmp_path, "old")
    old.path.parent.mkdir(parents=True)
    old.path.write_bytes(b"old")
    used(old, 300)
    slot(tmp_path, "new").write({})
    assert old.stamp() == 0


def _add(home: Path, name: str) -> None:
    cache = ResultCache(home)
    for number in range(20):
        with cache.writing():
            known = slot(home, "shared").read_as(lambda found: found.values) or {}
            slot(home, "shared").write({**known, f"{name}{number}": number})


def test_two_processes_that_add_to_a_result_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_add, args=(tmp_path, name)) for name in "ab"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]
    found = slot(tmp_path, "shared").read()
    assert found is not None
    assert found.values == {f"{name}{number}": number for name in "ab" for number in range(20)}


def test_a_result_is_a_plain_file_of_arrays_and_json(tmp_path: Path) -> None:
    place = slot(tmp_path)
    place.write({"accuracy": 0.5}, x=np.arange(3))
    with np.load(place.path, allow_pickle=False) as file:
        assert file["x"].tolist() == [0, 1, 2]
        assert json.loads(file["about.json"].tobytes()) == {"format": 1, "kind": "thing", "values": {"accuracy": 0.5}}
