"""What a comparison shows of its runs: figures that are the run's own, blanks with their reasons,
pictures in the rows of their runs.
"""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aecore.datasets import load
from aecore.experiment.recorder import picture_indices
from aecore.experiment.results import Result, result_of
from aecore.runs.snapshots import read_snapshot, snapshot_steps
from aecore.runs.store import RunStore
from tests.small_runs import finish, make, records, send_after
from ui.screens.race.figures import Candidate, front_of, pareto_figure, race_figure
from ui.screens.race.panel import differences
from ui.screens.race.pictures import newest_snapshot, pictures_html
from ui.screens.race.table import UNPROBED, reasons, table_html
from ui.widgets.figures import Curves
from ui.widgets.log_axis import log_axis, log_ticks
from ui.widgets.marks import Mark

DONE = Result("a" * 12, "One", "done", 1.0, True, 0.02, 1.28, 0.04, 0.9, 3.0, 1000, 10)
OTHER = replace(DONE, run_id="b" * 12, name="<b>Other</b>", mse=0.01, squared_error=0.64, probe=0.8, parameters=2000)
TRAINING = replace(
    DONE,
    run_id="c" * 12,
    name="Third",
    state="training",
    share=0.25,
    is_measured=False,
    mse=0.005,
    squared_error=0.32,
    probe=None,
)


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore(home / "runs")


def rows(table: str) -> list[list[str]]:
    """The text of every cell."""
    return [
        [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row)]
        for row in re.findall("<tr>.*?</tr>", table)[1:]
    ]


def strip(row: str) -> np.ndarray:
    """The picture of a row, as numbers."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(row.rsplit("base64,", 1)[1].split('"')[0]))))


def test_the_result_of_a_run_that_has_ended_is_that_of_its_status(store: RunStore) -> None:
    run = finish(store, make(store))
    found, status = result_of(run, records(run)), run.status
    assert (found.mse, found.squared_error, found.pca) == (
        status.test["mse"],
        pytest.approx(status.test["squared_error"]),
        status.baselines["pca_test"],
    )
    assert (found.probe, found.probe_error) == (status.test["probe"], pytest.approx(1 - status.test["probe"]))
    assert (found.parameters, found.code_size, found.share, found.is_measured) == (
        64 * 16 + 16 + 16 * 6 + 6 + 6 * 16 + 16 + 16 * 64 + 64,
        6,
        1.0,
        True,
    )
    assert found.seconds == status.seconds > 0
    assert found.excess == pytest.approx(found.mse / found.pca - 1)


def test_until_then_it_is_that_of_the_last_validation(store: RunStore) -> None:
    run = send_after(store, make(store, epochs=8), 2, "pause")
    found = result_of(run, records(run))
    assert (found.is_measured, found.probe, found.share) == (False, None, records(run)[-1]["epoch"] / 8)
    assert 0 < found.share < 1
    measured = [each["validation_mse"] for each in records(run) if each["validation_mse"] is not None]
    assert found.mse == measured[-1]  # on a slow machine the last record may have none
    assert found.pca == run.status.baselines["pca_validation"]
    assert found.seconds == records(run)[-1]["seconds"]


def test_a_run_that_has_not_begun_has_a_code_size_and_nothing_else(store: RunStore) -> None:
    found = result_of(make(store), [])
    assert (found.mse, found.squared_error, found.pca, found.probe, found.seconds, found.parameters) == (None,) * 6
    assert (found.code_size, found.share, found.excess, found.probe_error) == (6, 0.0, None, None)


def test_a_run_of_an_earlier_version_has_no_probe_and_keeps_its_other_figures(store: RunStore) -> None:
    run = finish(store, make(store, epochs=1))
    run = store.update(run.id, test={name: value for name, value in run.status.test.items() if name != "probe"})
    found = result_of(run, records(run))
    assert found.probe is found.probe_error is None
    assert found.mse == run.status.test["mse"]


@pytest.mark.parametrize(
    "changes", [{"data": "upload-0123456789"}, {"latent_size": "many"}, {"variant": "gone"}, {"epochs": "x"}]
)
def test_settings_that_cannot_be_read_leave_blanks(changes: dict, store: RunStore) -> None:
    run = finish(store, make(store, epochs=1))
    found = result_of(replace(run, settings={**run.settings, **changes}), records(run))
    assert found.code_size is None
    assert found.mse == run.status.test["mse"]


def test_the_table_writes_every_figure_and_marks_the_best_of_those_that_have_ended() -> None:
    table = table_html([DONE, OTHER, TRAINING])
    assert rows(table) == [
        ["0.02000", "1.280", "−50\N{NO-BREAK SPACE}%", "90.0\N{NO-BREAK SPACE}%", "3.0", "1,000", "10"],
        ["0.01000", "0.640", "−75\N{NO-BREAK SPACE}%", "80.0\N{NO-BREAK SPACE}%", "3.0", "2,000", "10"],
        ["0.00500", "0.320", "−88\N{NO-BREAK SPACE}%", "–", "3.0", "1,000", "10"],
    ]
    best = ["90.0\N{NO-BREAK SPACE}%", "1,000", "0.01000", "0.640", "−75\N{NO-BREAK SPACE}%"]
    assert re.findall("<td><b>(.*?)</b>", table) == best
    assert re.findall('<td class="so-far">(.*?)<', table) == ["0.00500", "0.320", "−88\N{NO-BREAK SPACE}%"]
    assert "Training · 25\N{NO-BREAK SPACE}%" in table


def test_names_cannot_write_into_the_page() -> None:
    table = table_html([DONE, OTHER])
    assert "<b>Other" not in table
    assert "&lt;b&gt;Other" in table


def test_every_blank_has_a_reason() -> None:
    blank = replace(DONE, state="queued", is_measured=False, mse=None, squared_error=None, probe=None, code_size=None)
    told = reasons([replace(DONE, probe=None), blank, blank], has_classes=True)
    assert told[0] == f"Run 1: {UNPROBED}"
    assert [text.split(":")[0] for text in told[1:]] == ["Runs 2 and 3"] * 3
    assert reasons([DONE], has_classes=True) == []
    assert "no comparison with PCA" in reasons([DONE, replace(DONE, pca=1e-9)], has_classes=True)[0]
    assert reasons([replace(DONE, probe=None)], has_classes=False) == [
        "No probe: this data has no classes that it could tell apart."
    ]


def test_what_runs_do_not_share_is_told(store: RunStore) -> None:
    runs = [make(store), make(store), make(store, seed=5), make(store, seed=5, batch_size=32)]
    told = differences(runs)
    assert len(told) == 2
    assert "the same batch size: 64 (1, 2, 3); 32 (4)" in told[0]
    assert "the same random seed: 0 (1, 2); 5 (3, 4)" in told[1]
    assert differences(runs[:2]) == []


def test_each_curve_ends_in_the_symbol_of_its_run(store: RunStore) -> None:
    runs = [finish(store, make(store, epochs=3)), make(store), finish(store, make(store, epochs=2))]
    figure = race_figure([Curves(run.name, records(run)) for run in runs], over="epoch", is_log=True)
    *curves, ends = figure.data
    assert [list(curve.x) for curve in curves] == [[1, 2, 3], [], [1, 2]]
    assert [curve.line.dash for curve in curves] == ["solid", "dash", "dot"]
    assert list(ends.x) == [3, 2]
    assert list(ends.y) == [curves[0].y[-1], curves[2].y[-1]]
    assert list(ends.marker.symbol) == [Mark(1).symbol, Mark(3).symbol]


def test_a_race_in_which_nobody_has_begun_can_be_drawn() -> None:
    assert race_figure([Curves("a", []), Curves("b", [])], over="seconds", is_log=False)


def test_the_pareto_plot_draws_the_front_full_and_everything_else_hollow() -> None:
    points = [Candidate(1, "cheap", 10, 0.05), Candidate(2, "good", 100, 0.01), Candidate(3, "beaten", 200, 0.02)]
    assert front_of(points) == points[:2]
    stairs, *marks = pareto_figure(points, cost_title="parameters", error_title="test error").data
    assert (list(stairs.x), list(stairs.y), stairs.line.shape) == ([10, 100], [0.05, 0.01], "hv")
    assert [mark.marker.symbol for mark in marks] == [Mark(1).symbol, Mark(2).symbol, f"{Mark(3).symbol}-open"]
    assert [mark.name for mark in marks] == ["cheap", "good", "beaten"]


@pytest.mark.parametrize(
    ("low", "high"), [(1e-3, 1.0), (0.011, 0.0139), (0.01, 0.06), (25, 25), (3.2, 1e7), (1354, 19274), (1e-9, 1.0)]
)
def test_an_axis_has_some_ticks_and_no_crowd(low: float, high: float) -> None:
    ticks = log_ticks([low, high])
    assert ticks == sorted(ticks)
    assert 2 <= sum(low / 1.8 <= tick <= high * 1.8 for tick in ticks) <= 25


def test_a_logarithmic_axis_names_its_ticks_in_full_and_leaves_out_what_has_no_place_on_it() -> None:
    axis = log_axis([0.0, float("nan"), 0.05, 0.13])
    assert axis["ticktext"][axis["tickvals"].index(0.1)] == "0.1"
    assert sum(0.05 <= tick <= 0.13 for tick in axis["tickvals"]) >= 6
    assert "10<sup>−7</sup>" in log_axis([1e-7, 1.0])["ticktext"]
    assert "20,000" in log_axis([1e4, 1e5 / 2])["ticktext"]
    assert log_axis([])["tickvals"]


def test_an_error_of_zero_can_be_drawn() -> None:
    records = [
        {"epoch": epoch, "seconds": epoch, "train": {}, "validation": {}, "validation_mse": 0.0} for epoch in (1, 2)
    ]
    assert race_figure([Curves("a", records)], over="epoch", is_log=True)


def test_no_two_marks_are_alike() -> None:
    marks = [Mark(number) for number in range(1, 36)]
    assert len({(mark.colour, mark.dash, mark.symbol) for mark in marks}) == 35


def test_the_rows_of_pictures_are_the_originals_and_then_each_runs_own(store: RunStore) -> None:
    runs = [
        finish(store, make(store, epochs=2)),
        make(store),
        finish(store, make(store, epochs=2, corruption="masking")),
    ]
    text = pictures_html(["One", "Waiting", "Three"], [newest_snapshot(run) for run in runs])
    found = re.findall('<div class="race-row" title="(.*?)">', text)
    assert found == ["the originals", "One", "what Three was given", "Three"] * 4
    pictures = [strip(row) for row in text.split('<div class="race-row"')[1:]]
    snapshot = read_snapshot(runs[0].folder)
    data = load("digits").test.x[picture_indices(load("digits"))]
    for block, shown in ((4 * number, slice(4 * number, 4 * number + 4)) for number in range(4)):
        for row, examples in (
            (pictures[block], (data[shown] * 255).round()),
            (pictures[block + 1], snapshot.reconstructions[shown]),
        ):
            assert np.array_equal(row[::3, :24][:, ::3], examples[0, 0]), (
                "the first picture of the row, three times as large"
            )
            assert row.shape == (24, 4 * 24 + 3)


def test_there_are_no_rows_before_any_run_has_begun(store: RunStore) -> None:
    assert pictures_html(["One", "Two"], [newest_snapshot(make(store)), None]) == ""


def test_a_run_that_saw_other_originals_is_left_out(store: RunStore) -> None:
    snapshots = [newest_snapshot(finish(store, make(store, epochs=1))) for _ in range(2)]
    snapshots[1] = replace(snapshots[1], originals=snapshots[1].reconstructions)
    assert 'title="Two"' not in pictures_html(["One", "Two"], snapshots)


def test_rows_of_a_table_become_strips_of_shades(store: RunStore) -> None:
    from aecore.experiment.settings import RunSettings

    run = finish(store, store.create(RunSettings.build("spiral", "linear", epochs=1).to_dict(), "Plane"))
    snapshot = newest_snapshot(run)
    assert snapshot is not None
    assert len(snapshot.originals) == len(snapshot.reconstructions) == 4
    assert strip(snapshot.originals[0] + '"').shape[1] == 4 * 28 + 3


def test_a_snapshot_that_is_rewritten_is_read_again(store: RunStore) -> None:
    run = finish(store, make(store, epochs=1))
    first = newest_snapshot(run)
    step = snapshot_steps(run.folder)[-1]
    path = run.folder / "film" / f"{step:09d}.npz"
    with np.load(path) as file:
        values = dict(file)
    np.savez(path, **{**values, "reconstructions": 255 - values["reconstructions"]})
    assert newest_snapshot(run) != first
    path.write_bytes(b"broken")
    assert newest_snapshot(run) is None


def test_runs_that_left_out_other_classes_are_told_apart(store: RunStore) -> None:
    runs = [make(store), make(store, leave_out="3"), make(store, leave_out="3")]
    assert differences(runs) == [
        "These runs do not leave out the same class: none (1); 3 (2, 3). "
        "Their errors are of different pictures and cannot be compared."
    ]
    assert differences(runs[1:]) == []
