"""Downloads as jobs: their share grows over all files, what is there is left alone, and what fails says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aecore.datasets.base import DataError
from aecore.datasets.downloads import DownloadProgress, RemoteFile
from aecore.datasets.idx import files
from aecore.jobs import kinds


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AECORE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_the_share_grows_over_all_files_and_what_is_there_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = []

    def fetch(file: RemoteFile, folder: Path) -> Iterator[DownloadProgress]:
        fetched.append(file.path)
        yield DownloadProgress(file.path, file.size_hint // 2, file.size_hint, "somewhere", False)
        yield DownloadProgress(file.path, file.size_hint, file.size_hint, "", True)

    monkeypatch.setattr("aecore.jobs.downloads.fetch", fetch)
    first, *others = files("mnist")
    (folder / first.path).parent.mkdir(parents=True)
    (folder / first.path).write_bytes(b"here")
    shares = [step.share for step in kinds.begin(None, "data", ["mnist"])]
    assert fetched == [file.path for file in others]
    assert shares == sorted(shares)
    assert shares[0] > first.size_hint / sum(file.size_hint for file in files("mnist"))
    assert shares[-1] == pytest.approx(1)


def test_a_failure_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(file: RemoteFile, folder: Path) -> Iterator[DownloadProgress]:
        assert file.path == "movielens/ml-1m.zip"
        yield DownloadProgress(file.path, 1, file.size_hint, "somewhere", False)
        raise DataError("It did not arrive: the network is down.")

    monkeypatch.setattr("aecore.jobs.downloads.fetch", refused)
    with pytest.raises(DataError, match="the network is down"):
        list(kinds.begin(None, "ratings", ["ml-1m"]))


@pytest.mark.parametrize(("kind", "name"), [("data", "no-such"), ("ratings", "ml-0")])
def test_a_data_set_that_does_not_exist_is_refused(kind: str, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        list(kinds.begin(None, kind, [name]))
