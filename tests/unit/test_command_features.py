"""`python -m aecore features`: what it prints, as a table and as JSON, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aecore.__main__ import main
from aecore.analyses.feature_results import REPRESENTATIONS

Capture = pytest.CaptureFixture[str]


def test_json_has_a_line_for_each_size_and_representation(home: Path, capsys: Capture) -> None:
    assert main(["features", "digits", "--labelled", "100", "--classifier", "svm", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["labelled"], line["representation"]) for line in lines] == [
        (size, name) for size in (30, 100) for name in REPRESENTATIONS
    ]
    for line in lines:
        assert line["run"] == "digits"
        assert line["classifier"] == "svm"
        assert line["interval"][0] < line["accuracy"] < line["interval"][1]
        assert sum(map(sum, line["confusion"])) == line["test_examples"] == 270
    assert main(["features", "digits", "--labelled", "100", "--classifier", "svm", "--json"]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == lines, (
        "what was found is not computed again"
    )


def test_the_table_says_what_the_json_says(home: Path, capsys: Capture) -> None:
    assert main(["features", "digits", "--labelled", "30"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["labels", "from", "numbers"]
    assert len(rows) == 3
    assert main(["features", "digits", "--labelled", "30", "--json"]) == 0
    for row, line in zip(rows, capsys.readouterr().out.splitlines(), strict=True):
        assert f"{json.loads(line)['accuracy']:.2%}" in row


@pytest.mark.parametrize("name", ["nothing", "abcdefabcdef", "../digits"])
def test_an_unknown_model_is_refused_with_a_sentence(name: str, home: Path, capsys: Capture) -> None:
    assert main(["features", name]) == 1
    assert capsys.readouterr().err.startswith("aecore features: ")


@pytest.mark.parametrize("count", ["1", "-5", "many", "1.5"])
def test_a_number_of_labels_that_is_none_is_refused(count: str, home: Path, capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["features", "digits", "--labelled", count])
    assert "give 2 or more, or 'all'" in capsys.readouterr().err
