"""Messages for visitors of a server name files, never its folders."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

import pytest

from aecore.paths import names_only


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("[Errno 13] Permission denied: '{home}/runs/abc/film/1.npz'", "[Errno 13] Permission denied: '1.npz'"),
        ("The folder {home} is full.", "The folder my home is full."),
        ("2 MB are needed in /var/lib/data. Free some.", "2 MB are needed in data. Free some."),
        ("in C:\\Users\\me\\f.txt", "in f.txt"),
        ("(/usr/lib/y/z.py)", "(z.py)"),
        ("~/secret/x", "x"),
        ("https://a.b/c/d, and/or 3/4/5, 1 / 2 / 3", "https://a.b/c/d, and/or 3/4/5, 1 / 2 / 3"),
    ],
)
def test_only_the_last_part_of_a_path_is_told(
    message: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "my home"
    monkeypatch.setenv("AECORE_HOME", str(home))
    assert names_only(message.replace("{home}", str(home))) == shown


def test_a_refusal_can_be_told_on_a_disk_on_which_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("AECORE_HOME", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile._os, "open", full)  # type: ignore[attr-defined]
    assert names_only(f"{tmp_path}/rooms.sqlite cannot be used.") == "rooms.sqlite cannot be used."
