"""Diagnostics of finished runs of every variant: each view shows, with the figures of the diagnostics."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from aecore.diagnostics.records import THRESHOLDS, inside_steps, read_inside
from aecore.experiment import runner
from aecore.experiment.settings import RunSettings
from aecore.runs.store import Run, RunStore
from aecore.variants import VARIANTS
from tests.pages.charts import charts
from tests.pages.conftest import OpenPage
from ui.screens.train.inside_figures import copying_figure, raster_figure
from ui.screens.train.inside_panel import TITLES, VIEWS
from ui.screens.train.memorisation import conclusion

pytestmark = pytest.mark.usefixtures("few_probed")

VARIATIONS = {"deep": {"layer_epochs": 1}, "stacked": {"layer_epochs": 1}}


def trained(store: RunStore, variant: str, data: str = "digits", **values: Any) -> Run:
    chosen = VARIATIONS.get(variant, {}) | {"epochs": 2} | values
    run = store.create(RunSettings.build(data, variant, **chosen).to_dict(), variant)
    for _ in runner.run(store, run.id):
        pass
    assert store.get(run.id).status.state == "done"
    return store.get(run.id)


@pytest.mark.long
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_view_of_every_variant_shows(variant: str, open_page: OpenPage, store: RunStore) -> None:
    run = trained(store, variant)
    page = open_page("train", run=run.id)
    views = page.button_group(key="held-inside").options
    expected = [name for name in VIEWS if name != "Clouds" or variant == "variational"]
    assert views == [TITLES.get(name, name) for name in expected]
    for view in expected:
        page.button_group(key="held-inside").set_value(view).run()
        assert not page.exception, view


def test_a_view_stands_in_the_address_and_nonsense_there_does_no_harm(open_page: OpenPage, store: RunStore) -> None:
    run = trained(store, "k-sparse")
    assert open_page("train", run=run.id, inside="Cheat meter").button_group(key="held-inside").value == "Cheat meter"
    page = open_page("train", run=run.id, inside="Clouds")
    assert not page.exception
    assert page.button_group(key="held-inside").value == "Active units"


def test_the_figures_are_those_of_the_look_inside(open_page: OpenPage, store: RunStore) -> None:
    run = trained(store, "sparse-kl")
    inside = read_inside(run.folder, inside_steps(run.folder)[-1])
    page = open_page("train", run=run.id)
    metrics = {each.label: each.value for each in page.metric}
    row = THRESHOLDS.index(0.1)
    assert inside is not None
    assert metrics["Dead: active for none"] == str(int((inside.active[row] == 0).sum()))
    assert (
        metrics["Active for a picture, on average"] == f"{inside.active_units[row]:,.1f} of {inside.active.shape[1]:,}"
    )
    page.button_group(key="held-inside").set_value("Cheat meter").run()
    drawn = charts(page)["chart-copying"]["data"][0]["customdata"]
    assert np.frombuffer(base64.b64decode(drawn["bdata"]), drawn["dtype"]) == pytest.approx(100 * inside.explained)


def test_points_of_the_plane_are_drawn_with_their_arrows(open_page: OpenPage, store: RunStore) -> None:
    page = open_page("train", run=trained(store, "overcomplete", "spiral").id)
    assert not page.exception
    names = [trace["name"] for trace in charts(page)["chart-plane"]["data"]]
    assert names == ["arrow: r(x) − x, at its true length", "test points", "where they are sent", "PCA, one component"]
    for view in page.button_group(key="held-inside").options:
        page.button_group(key="held-inside").set_value(view).run()
        assert not page.exception, view


@pytest.mark.parametrize(
    ("kept", "says"),
    [
        ((0.98, 0.95, 0.9), "It **copies** whatever"),
        ((0.9, -3.0, 0.1), "It does **not copy**"),
        ((0.9, 0.6, 0.2), "**in part**"),
        ((0.1, 0.0, 0.0), "does not yet"),
        ((0.9, -0.354, 0.1, 0.82, 0.88), "It **copies other pictures**"),
        ((0.9, -0.5, 0.1, 0.3, 0.6), "**in part**"),
        ((0.9, -0.5, 0.1, 0.3, -2.0), "It does **not copy**"),
    ],
)
def test_the_conclusion_follows_the_figures_and_names_those_of_the_chart(kept: tuple[float, ...], says: str) -> None:
    kinds = ("data", "noise", "shuffled", "shapes", "faces")[: len(kept)]
    names = ["Its own kind: Digits", "Noise", "Shuffled", "Shapes", "Faces"][: len(kept)]
    told, bars = (
        conclusion(names, dict(zip(kinds, kept, strict=True))),
        copying_figure(names, np.array(kept)).data[0].text,
    )
    assert says in told
    for text in (*bars[:3], *([bars[3 + int(np.argmax(kept[3:]))]] if len(kept) > 3 else [])):
        assert f"**{text}**" in told


def test_a_stack_is_laid_over_its_random_twin(open_page: OpenPage, store: RunStore) -> None:
    run = trained(store, "deep", epochs=3)
    page = open_page("train", run=run.id)
    page.button(key="random-twin").click().run()
    assert not page.exception
    (twin,) = (each for each in store.list() if each.id != run.id)
    assert twin.settings == {**run.settings, "start": "random", "epochs": 3 + 3}
    assert twin.status.state == "queued"
    assert page.query_params["runs"] == f"{run.id}.{twin.id}"
    assert [each.value for each in page.title] == ["Race"]
    assert "random-twin" not in [each.key for each in open_page("train", run=twin.id).button]


def test_the_scale_of_activations_begins_at_zero_where_none_is_below_it() -> None:
    rising, both = (raster_figure(np.array([[low, 2.0]]), ["picture 1"]).data[0] for low in (0.0, -1.0))
    assert (rising.zmin, rising.zmax) == (0.0, 2.0)
    assert (both.zmin, both.zmax) == (-2.0, 2.0)
    assert [rising.colorscale[0], rising.colorscale[-1]] == [(0.0, both.colorscale[1][1]), both.colorscale[-1]]
