"""Drawn data sets are drawn once, read afterwards, and drawn anew when what draws them or the file has changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aecore.datasets import drawn, faces, load, shapes
from aecore.datasets.drawn import drawn_once


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AECORE_DRAWN", str(tmp_path / "drawn"))
    monkeypatch.setattr(drawn, "_WORTH_KEEPING", 0)
    return tmp_path / "drawn"


class Pencil:
    """Counts how often it has drawn."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> np.ndarray:
        self.times += 1
        return np.full((2, 1, 4, 4), 0.5, np.float32)


def test_the_second_time_it_is_read(folder: Path) -> None:
    pencil = Pencil()
    first, second = (drawn_once("dots", [2], [__name__], pencil) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert (pencil.times, len(list(folder.iterdir()))) == (1, 1)


def test_other_settings_another_drawer_or_a_damaged_file_are_drawn_anew(folder: Path) -> None:
    pencil = Pencil()
    drawn_once("dots", [2], [__name__], pencil)
    drawn_once("dots", [3], [__name__], pencil)
    drawn_once("dots", [2], [__name__, "aecore.datasets.shapes"], pencil)
    assert pencil.times == 3
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:-9])
    np.testing.assert_array_equal(drawn_once("dots", [2], [__name__], pencil), Pencil()())
    assert pencil.times == 4


def test_a_folder_that_cannot_be_written_is_no_error(folder: Path) -> None:
    folder.write_text("a file, no folder")
    pencil = Pencil()
    for times in (1, 2):
        drawn_once("dots", [2], [__name__], pencil)
        assert pencil.times == times


@pytest.mark.parametrize(("module", "name"), [(faces, "faces"), (shapes, "shapes")])
def test_what_is_read_is_what_was_drawn(module: object, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = module.load(count=30)  # type: ignore[attr-defined]  # both have it
    monkeypatch.setattr(module, "draw", lambda factors: pytest.fail("it is drawn again"))
    after = module.load(count=30)  # type: ignore[attr-defined]
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(before, part).x, getattr(after, part).x)


def test_drawing_ahead_leaves_nothing_to_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.nice", lambda by: by)
    few = {module: module.load for module in (faces, shapes)}
    for module, whole in few.items():
        monkeypatch.setattr(module, "load", lambda folder=None, whole=whole: whole(count=30))
    drawn.main()
    for module in few:
        monkeypatch.setattr(module, "draw", lambda factors: pytest.fail("it is drawn again"))
    assert len(load("faces").train) + len(load("shapes").train) > 0
