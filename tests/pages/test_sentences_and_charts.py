"""What a page says of its figures is what its chart draws: each test reads both, the sentence from the page and the
figures from the data that the chart gets, though the two are computed in different places.
"""

from __future__ import annotations

import base64
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from aecore.analyses import compression
from aecore.analyses.compression import measure
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.charts import charts
from tests.pages.conftest import OpenPage
from tests.pages.test_features_page import found_out
from ui.widgets.wording import percent


def said(page: AppTest) -> str:
    """All plain text of the page, without its emphasis."""
    text = "\n".join(each.value for kind in (page.markdown, page.caption) for each in kind)
    return text.replace("*", "").replace("\N{NO-BREAK SPACE}", " ")


def figure(page: AppTest, key: str) -> list[dict[str, Any]]:
    """The traces of a chart."""
    traces: list[dict[str, Any]] = charts(page)[key]["data"]
    return traces


def numbers(values: Any) -> np.ndarray:
    """The numbers that Plotly gets, as a list or packed."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).astype(float)
    return np.array(values, float)


def one(pattern: str, text: str) -> tuple[str, ...]:
    """The groups of the one place in a text that fits."""
    found = re.search(pattern, text)
    assert found, f"“{pattern}” is not in: {text}"
    return found.groups()


def test_the_smallest_error_of_a_race_is_the_lowest_mark_and_the_gap_is_theirs(
    open_page: OpenPage, store: RunStore
) -> None:
    runs = [finished_run(store.folder, f"Code of {size}", epochs=3, latent_size=size) for size in (2, 12, 5)]
    page = open_page("race", runs=".".join(run.id for run in runs))
    assert not page.exception
    marks = {
        int(re.sub(r"\D", "", trace["text"][0])): (numbers(trace["x"])[0], numbers(trace["y"])[0])
        for trace in figure(page, "race-pareto")
        if trace.get("text")
    }
    assert len(marks) == 3
    best, second = sorted(marks, key=lambda number: marks[number][1])[:2]
    text = said(page)
    first, parameters = one(r"Smallest error: (\d) \(.*?([\d,]+) parameters\)\. Next is", text)
    (other,) = one(r"Next is (\d)", text)
    assert (int(first), int(other)) == (best, second)
    assert int(parameters.replace(",", "")) == marks[best][0]
    (gap,) = one(r"the error of \d is (\d+ %) smaller", text)
    assert gap == percent(1 - marks[best][1] / marks[second][1], 0).replace("\N{NO-BREAK SPACE}", " ")
    front = one(r"On the Pareto front \(full symbols\): (.+?)\. For every other", text)[0]
    drawn = {
        int(re.sub(r"\D", "", trace["text"][0]))
        for trace in figure(page, "race-pareto")
        if trace.get("text") and not trace["marker"]["symbol"].endswith("-open")
    }
    assert {int(each.split(" ")[0]) for each in front.split("; ")} == drawn


def test_the_accuracies_that_features_tells_are_points_of_its_curve(open_page: OpenPage, store: RunStore) -> None:
    found_out(store)
    page = open_page("features")
    curves = {trace["name"]: trace for trace in figure(page, "features-curve")}
    points = {
        name: dict(zip(numbers(trace["x"]).tolist(), numbers(trace["y"]).tolist(), strict=True))
        for name, trace in curves.items()
    }
    for metric in page.metric:
        assert metric.value == percent(points[metric.label][1000] / 100)
    fewest = min(points["Code"])
    told = one(r"With the fewest labels, (\d+), .*?accuracy is ([\d.]+) % from the code, ([\d.]+) %", said(page))
    assert [float(each) for each in told] == pytest.approx(
        [fewest, points["Code"][fewest], points["Raw pixels"][fewest]], abs=0.051
    )


def test_the_area_and_the_rates_that_anomaly_tells_are_those_of_the_drawn_curve(
    open_page: OpenPage, store: RunStore
) -> None:
    run = finished_run(store.folder, "Without a one", epochs=3, leave_out="1")
    page = open_page("anomaly", network=run.id)
    assert not page.exception
    traces = {trace["name"]: trace for trace in figure(page, "chart-roc")}
    x, y = (numbers(traces["This network"][axis]) / 100 for axis in "xy")
    (area,) = one(r"AUC (\d\.\d+)", said(page))
    assert float(area) == pytest.approx(float(np.trapezoid(y, x)), abs=0.0006)
    caught, alarms = one(r"True positive rate .*?: ([\d.]+) %.*?False positive rate .*?: ([\d.]+) %", said(page))
    mark = traces["threshold"]
    assert [float(alarms), float(caught)] == pytest.approx([numbers(mark[axis])[0] for axis in "xy"], abs=0.051)
    rates = {trace["name"]: float(np.trapezoid(numbers(trace["y"]), numbers(trace["x"]))) / 1e4 for trace in
             traces.values() if trace["name"] not in ("chance", "threshold", "This network")}  # fmt: skip
    (simple,) = one(r"(?:reaches|about as well,) (\d\.\d+)\.", said(page))
    assert float(simple) == pytest.approx(max(rates.values()), abs=0.0006)


def test_the_best_that_compression_tells_are_the_highest_marks(
    open_page: OpenPage, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compression, "SENT", 20)
    monkeypatch.setattr(compression, "PCA_SIZES", (2, 8))
    list(measure(store, ("digits",), "digits", "digits"))
    page = open_page("compression", data="digits", networks="digits")
    assert not page.exception
    traces = figure(page, "chart-compression")
    heights = {
        name: max(
            height
            for trace in traces
            if trace.get("name") == name
            for height, hover in zip(numbers(trace["y"]), trace["customdata"], strict=True)
            if "lossless" not in hover[0]
        )
        for name in ("Networks", "JPEG")
    }
    network, kind, files = one(
        r"The best network reaches ([\d.]+) dB\. (JPEG|WebP), quality \d+ reaches ([\d.]+) dB", said(page)
    )
    assert float(network) == pytest.approx(heights["Networks"], abs=0.051)
    if kind == "JPEG":
        assert float(files) == pytest.approx(heights["JPEG"], abs=0.051)
    (smallest,) = one(r"the smallest code, of network 1, has [\d.,]+, .*?reach ([\d.]+) dB", said(page))
    drawn = [
        round(float(each), 1) for trace in traces if trace.get("name") == "Networks" for each in numbers(trace["y"])
    ]
    assert float(smallest) in drawn


def test_what_noise_tells_of_feeding_back_is_the_end_of_the_drawn_curve(open_page: OpenPage) -> None:
    page = open_page("noise", data="digits", networks="digits", again="true")
    assert not page.exception
    (trace,) = figure(page, "chart-settling")
    moved = numbers(trace["y"])
    text = said(page)
    if moved[-1] < 1e-3:
        assert "It has settled" in text
    else:
        last, first = one(r"by ([\d.]+) a pixel in the last round, ([\d.]+) in the first", text)
        assert [float(last), float(first)] == pytest.approx([moved[-1], moved[0]], abs=6e-5)


def test_the_decibels_that_noise_tells_are_those_of_its_table(open_page: OpenPage) -> None:
    page = open_page("noise", data="digits", networks="digits-denoising,digits")
    table = page.dataframe[0].value
    levels = dict(zip(table[""], table["PSNR, dB"], strict=True))
    corrupted = levels.pop("Left as it is")
    told = {float(each) for each in re.findall(r"([\d.]+) dB", "\n".join(each.value for each in page.markdown))}
    assert {round(corrupted, 1), round(max(levels.values()), 1)} <= told
