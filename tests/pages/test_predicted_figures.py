"""What the predictions of a page tell as the truth is what this page shows at their addresses."""

from __future__ import annotations

import json
import re
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from aecore.analyses.noise_sweep import LEVELS, sweep
from aecore.latent.maps import draw
from aecore.predictions.schema import Curve, Given, Prediction, Truth
from aecore.runs.store import RunStore
from tests.pages.charts import charts
from tests.pages.conftest import OpenPage, sentences
from ui.screens.movies.predictions import COUNTS, RANKINGS

MOST = 10_000


def asked(id: str) -> Prediction:
    """The prediction of this id."""
    page = id.split("-")[0]
    return next(each for each in import_module(f"ui.screens.{page}.predictions").PREDICTIONS if each.id == id)


@pytest.fixture
def shown(open_page: OpenPage, store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Opens the page of a prediction at its address, with its map or its sweep done; returns page and truth."""
    monkeypatch.setattr("aecore.analyses.noise_sweep.CLASSICAL_DENOISERS", {})

    def opened(id: str, **others: str) -> tuple[AppTest, Truth]:
        each = asked(id)
        query = {name: texts[-1] for name, texts in each.address.items()}
        if each.page == "latent":
            list(draw(store, query["network"], "", MOST, "pca", 2, "{}", ""))
        if query.get("sweep"):
            list(sweep(store, query["networks"].split(","), "digits", "masking"))
        page = open_page(each.page, **query | others)
        assert not page.exception
        assert "address asks" not in sentences(page)
        return page, each.truth(Given())

    return opened


def decibels(page: AppTest) -> list[float]:
    """The PSNR of the corrupted pictures, and of each network."""
    table = next(each.value for each in page.dataframe if "PSNR, dB" in each.value)
    return table["PSNR, dB"].tolist()


def figures_in(text: str) -> list[str]:
    """The numbers of a text that have decimals."""
    return re.findall(r"[+−]?\d+\.\d+", text)


def test_the_errors_of_the_home_page(shown: Any) -> None:
    for id in ("home-error-left", "home-linear"):
        page, truth = shown(id)
        caption = next(each.value for each in page.caption if "Mean squared error" in each.value)
        assert set(figures_in(truth.text)[1:]) <= set(figures_in(caption))


def test_the_curve_of_the_noise_lab(shown: Any) -> None:
    page, truth = shown("noise-masking")
    form = asked("noise-masking").form
    assert isinstance(form, Curve)
    line = next(each for each in charts(page)["chart-sweep"]["data"] if "Undercomplete" in str(each.get("name")))
    assert np.allclose(line["x"], LEVELS)
    drawn = dict(zip(line["x"], line["y"], strict=True))
    assert [f"{drawn[place]:.1f}" for place in form.x] == [f"{value:.1f}" for value in truth.value]


def test_the_table_of_the_noise_lab(shown: Any) -> None:
    page, truth = shown("noise-other-noise")
    assert figures_in(truth.text) == [f"{value:.1f}" for value in decibels(page)]
    assert truth.value == int(np.argmax(decibels(page)))
    page, truth = shown("noise-clean")
    assert figures_in(truth.text) == [f"{value:.2f}" for value in decibels(page)[1:]]
    page, truth = shown("noise-bottleneck")
    left, ordinary, denoising = decibels(page)
    told = [f"{ordinary - left:+.1f}", *(f"{value:.1f}" for value in (left, ordinary, denoising))]
    assert figures_in(truth.text) == told
    assert f"gains only {truth.value:.1f} dB" in "\n".join(each.value for each in page.markdown)


def test_what_the_map_keeps(shown: Any) -> None:
    page, truth = shown("latent-kept")
    metrics = {each.label: each.value for each in page.metric}
    assert f"**{metrics['Neighbours kept']}**" in truth.text
    page, truth = shown("latent-votes")
    assert f"**{metrics['kNN accuracy, in the code']}**" in truth.text
    assert metrics["… on the map"] in truth.text
    page, truth = shown("latent-overlap")
    table = next(each.value for each in page.dataframe if "in the code" in each.value)
    first = table.iloc[0]
    assert f"**{first['Classes']}**: {first['in the code']:.1f}" in truth.text
    page, truth = shown("latent-islands")
    assert f"**{next(each.value for each in page.metric if each.label == '… on the map')}**" in truth.text


def test_the_figures_of_the_recommender(shown: Any) -> None:
    def table(page: AppTest) -> dict[str, dict[str, str]]:
        rows = next(each.value for each in page.dataframe if "NDCG@10" in each.value)
        return {row["Model"]: row for row in json.loads(rows.to_json(orient="records"))}

    titles = {"hybrid": "Hybrid (this page)", "item-knn": "Item k-NN", "popularity": "Popularity",
              "bias": "User and item biases"}  # fmt: skip
    page, truth = shown("movies-off-by")
    rows = table(page)
    assert f"**{rows[titles['hybrid']]['Off by, in stars']} stars**" in truth.text
    assert f"{truth.value:.3f}" == rows[titles["hybrid"]]["Off by, in stars"]
    page, truth = shown("movies-worst-ranking")
    ndcg = [float(table(page)[titles[name]]["NDCG@10"]) for name in RANKINGS]
    assert truth.value == int(np.argmin(ndcg))
    assert sorted(float(each) for each in figures_in(truth.text)) == sorted(ndcg)
    _, truth = shown("movies-more-ratings")
    assert [f"{value:.3f}" for value in truth.value] == [
        table(shown("movies-more-ratings", given=str(count))[0])[titles["hybrid"]]["Off by, in stars"]
        for count in COUNTS
    ]
    _, truth = shown("movies-popularity")
    assert figures_in(truth.text) == [
        table(shown("movies-popularity", given=count)[0])[titles["popularity"]]["NDCG@10"] for count in ("5", "20")
    ]
