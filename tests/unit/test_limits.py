"""Limits come from the environment, and unless set are wide for the host and narrow for visitors."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from aecore import limits, machine
from aecore.limits import GB, VARIABLES, cache_bytes, in_gb, limits_for, trash_days

README = Path(__file__).resolve().parents[2] / "README.md"


def test_unset_they_are_wide_for_the_host_and_narrow_for_visitors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "memory_bytes", lambda unknown=0: 16 * GB)
    monkeypatch.setattr(limits, "disk_bytes", lambda folder: (100 * GB, 50 * GB))
    host, visitor = (limits_for(tmp_path, is_host=each, environment={}) for each in (True, False))
    assert (host.weights, host.training_bytes, host.runs) == (math.inf, 8 * GB, math.inf)
    assert (host.person_bytes, host.home_bytes) == (math.inf, math.inf)
    assert (visitor.weights, visitor.training_bytes, visitor.runs) == (20e6, 2 * GB, 300)
    assert (visitor.person_bytes, visitor.home_bytes) == (2 * GB, 50 * GB)


def test_a_variable_counts_for_everybody(tmp_path: Path) -> None:
    given = {"AECORE_MOST_WEIGHTS": "5e6", "AECORE_TRAINING_GB": "0.5", "AECORE_MOST_RUNS": "40",
             "AECORE_PERSON_GB": "1", "AECORE_HOME_GB": "30"}  # fmt: skip
    for is_host in (True, False):
        found = limits_for(tmp_path, is_host=is_host, environment=given)
        assert (found.weights, found.training_bytes, found.runs) == (5e6, 0.5 * GB, 40)
        assert (found.person_bytes, found.home_bytes) == (GB, 30 * GB)
    assert trash_days(is_visitors=False, environment={"AECORE_TRASH_DAYS": "3"}) == 3
    assert trash_days(is_visitors=True, environment={"AECORE_TRASH_DAYS": "inf"}) == math.inf
    assert cache_bytes({"AECORE_CACHE_GB": "2"}) == 2 * GB


@pytest.mark.parametrize("text", ["many", "-1", "nan", "1 GB", "１０e"])
def test_what_is_no_number_is_ignored_and_told(text: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert limits_for(tmp_path, is_host=False, environment={"AECORE_MOST_RUNS": text}).runs == 300
    assert "AECORE_MOST_RUNS" in caplog.text


def test_the_readme_names_each_variable() -> None:
    told = README.read_text()
    assert [name for name in VARIABLES if f"| `{name}` |" not in told] == []


def test_bytes_are_said_in_gigabytes_or_megabytes() -> None:
    assert [in_gb(count) for count in (0, 2e5, 4.2e6, 99e6, 100e6, 2.85e9, 1234e9)] == [
        "0 MB", "0.2 MB", "4.2 MB", "99 MB", "0.1 GB", "2.9 GB", "1,234.0 GB"]  # fmt: skip


def test_a_containers_memory_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, said = machine.memory_bytes(), tmp_path / "memory.max"
    monkeypatch.setattr(machine, "CONTAINER", said)
    for text, expected in (("max\n", whole), ("1000000\n", 1_000_000), ("", whole)):
        said.write_text(text)
        assert machine.memory_bytes() >= expected
        assert machine.memory_bytes() == expected or expected == whole


def test_the_disk_of_a_folder_that_is_not_there_yet_is_known(tmp_path: Path) -> None:
    assert machine.disk_bytes(tmp_path / "not" / "yet")[0] == machine.disk_bytes(tmp_path)[0] > 0
