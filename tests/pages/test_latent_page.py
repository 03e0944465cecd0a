"""The map of the latent space: what a visitor sees, what a link brings back, and what makes no sense."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from aecore.latent.code_set import code_set
from aecore.latent.maps import MapRequest, draw, draw_now, read_map, read_preservation
from aecore.latent.methods import METHODS
from aecore.latent.selections import keep_selection
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage, sentences
from ui.screens.latent.inspector import find
from ui.screens.latent.view import as_csv
from ui.widgets.wording import percent


def words(page: AppTest) -> str:
    """All that the page says."""
    return "\n".join([sentences(page), *(each.value for kind in (page.markdown, page.caption) for each in kind)])


def drawn(store: RunStore, name: str = "digits", **values: object) -> MapRequest:
    """A quick map of a model, finished and measured."""
    request = MapRequest("tsne", 2, json.dumps({"iterations": 260, "perplexity": 10.0} | values))
    list(draw(store, name, "", 500, "tsne", 2, request.settings, ""))
    return request


QUICK = {"network": "digits", "points": "500", "map-iterations": "260", "map-perplexity": "10"}


def test_the_first_view_is_a_map_on_its_way(open_page: OpenPage) -> None:
    page = open_page("latent")
    assert not page.exception
    assert "Pick a point" in words(page)
    assert "measured as soon as it is finished" in sentences(page)


def test_a_finished_map_tells_what_it_keeps(open_page: OpenPage, store: RunStore) -> None:
    request = drawn(store)
    found = code_set(store, find_trained_model(store, "digits"), "", 500)
    preservation = read_preservation(found, request)
    assert preservation is not None
    page = open_page("latent", **QUICK)
    assert not page.exception
    figures = {each.label: each.value for each in page.metric}
    assert figures["Trustworthiness"] == f"{preservation.trust.mean():.3f}"
    assert figures["Neighbours kept"] == percent(preservation.kept.mean())
    assert figures["… on the map"] == percent(preservation.knn_accuracy_map)
    assert "Sizes and gaps mean nothing here" in sentences(page)
    assert "**4 and 9** rank" in words(page)


def test_there_is_no_knn_accuracy_of_one_class_only(open_page: OpenPage, store: RunStore) -> None:
    found = code_set(store, find_trained_model(store, "digits"), "", 500)
    only = keep_selection(found, np.flatnonzero(found.labels == 4))
    settings = {"iterations": 260, "perplexity": 10.0}
    list(draw(store, "digits", "", 500, "tsne", 2, json.dumps(settings), only))
    page = open_page("latent", **QUICK, only=only)
    assert "All these points are of one class" in words(page)
    assert "… on the map" not in {each.label for each in page.metric}


def test_a_picked_point_shows_its_code_and_its_real_neighbours(open_page: OpenPage, store: RunStore) -> None:
    found = code_set(store, find_trained_model(store, "digits"), "", 500)
    page = open_page("latent", network="digits", points="500", method="pca", point="7")
    assert not page.exception
    assert f"**Example 7** · {found.classes[found.labels[7]]}" in words(page)  # type: ignore[index]
    distances = np.linalg.norm(found.codes - found.codes[7], axis=1)
    nearest = int(np.argsort(distances)[1])
    assert any(str(option).startswith(f"{nearest:,} ·") for each in page.button_group for option in each.options)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dims", ["2-D", "3-D"])
def test_every_kind_of_map_can_be_chosen(method: str, dims: str, open_page: OpenPage) -> None:
    page = open_page("latent", network="digits", points="500", method=METHODS[method].title, dims=dims)
    assert not page.exception
    assert not page.warning


@pytest.mark.long
@pytest.mark.parametrize("by", ["class", "error", "cluster", "trust", "kept", "none"])
def test_the_map_can_be_coloured(by: str, open_page: OpenPage, store: RunStore) -> None:
    drawn(store)
    page = open_page("latent", **QUICK, **{"colour-by": by})
    assert not page.exception


def test_faces_are_coloured_by_their_factors(open_page: OpenPage) -> None:
    page = open_page("latent", network="faces", points="500", method="pca")
    assert "Glasses" in page.selectbox(key="colour-by").options
    page.selectbox(key="colour-by").set_value("factor-smile").run()
    assert not page.exception


@pytest.mark.parametrize(
    "panel", ["Preservation", "Truth", "Five perplexities", "Your own point", "Through the epochs"]
)
def test_every_panel_opens(panel: str, open_page: OpenPage) -> None:
    page = open_page("latent", network="digits", points="500", method="pca", panel=panel)
    assert not page.exception


def test_a_perplexity_for_which_there_are_too_few_points_gets_a_sentence(open_page: OpenPage) -> None:
    page = open_page("latent", network="digits", points="500", **{"map-perplexity": "300"})
    assert "A perplexity of 300 needs at least 901 points; there are 500." in sentences(page)


def test_a_number_that_the_code_lacks_gets_a_sentence(open_page: OpenPage) -> None:
    page = open_page("latent", network="digits", points="500", method="Code itself", **{"map-up": "40"})
    assert "The code has only 8 numbers, and there is no number 40." in sentences(page)


def test_points_of_a_link_that_are_not_here_get_a_sentence(open_page: OpenPage) -> None:
    page = open_page("latent", network="digits", points="500", only="0123456789ab")
    assert "The points that this link chose are not on this machine" in sentences(page)


def test_a_network_of_a_link_that_is_not_here_gets_a_sentence(open_page: OpenPage) -> None:
    page = open_page("latent", network="nothing")
    assert "is not on this machine" in sentences(page)
    assert not page.exception


def test_a_network_whose_codes_are_all_the_same_gets_a_sentence(open_page: OpenPage, store: RunStore) -> None:
    from safetensors.numpy import load_file, save_file

    run = finished_run(store.folder, "Dead", epochs=1)
    path = store.get(run.id).folder / "weights.safetensors"
    save_file({name: np.zeros_like(value) for name, value in load_file(path).items()}, path)
    page = open_page("latent", network=run.id)
    assert "All codes are the same" in sentences(page)


def test_a_run_can_be_followed_through_its_epochs(open_page: OpenPage, store: RunStore) -> None:
    from aecore.latent.epochs import follow, moments

    run = finished_run(store.folder, "Followed", epochs=2)
    list(follow(store, run.id, "pca"))
    page = open_page("latent", network=run.id, method="PCA", panel="Through the epochs")
    assert not page.exception
    assert len(page.select_slider(key="held-epoch-step").options) == len(moments(store, store.get(run.id), "pca"))


def test_a_run_that_is_training_shows_its_map_at_once(open_page: OpenPage, store: RunStore) -> None:
    run = finished_run(store.folder, "Training", epochs=2)
    store.update(run.id, state="training")
    page = open_page("latent", network=run.id)
    assert not page.exception
    assert "being drawn" in sentences(page)


def test_chosen_points_are_saved_with_their_codes(store: RunStore) -> None:
    found, request = code_set(store, find_trained_model(store, "digits"), "", 500), MapRequest("pca")
    table = pd.read_csv(io.BytesIO(as_csv(found, np.array([3, 5]), draw_now(found, request), request)))
    assert table["number"].tolist() == [3, 5]
    np.testing.assert_allclose(table[[f"code_{number}" for number in range(1, 9)]], found.codes[[3, 5]], rtol=1e-4)
    np.testing.assert_allclose(table[["map_x", "map_y"]], draw_now(found, request).positions[[3, 5]], rtol=1e-4)
    assert table["class"].astype(str).tolist() == [found.classes[found.labels[each]] for each in (3, 5)]  # type: ignore[index]


def test_points_are_found_by_number_and_class(store: RunStore) -> None:
    found = code_set(store, find_trained_model(store, "shapes"), "", 500)
    assert find(found, "#12", None) == 12
    assert find(found, "500", None) is None
    first = find(found, "Star", None)
    second = find(found, "star", first)
    assert first is not None
    assert second is not None
    assert first < second
    assert {found.classes[found.labels[each]] for each in (first, second)} == {"star"}  # type: ignore[index]
    assert find(found, "moon", None) is None


def test_a_paused_map_resumes_from_its_last_state(store: RunStore) -> None:
    trained_model = find_trained_model(store, "digits")
    request = MapRequest("tsne", 2, json.dumps({"iterations": 300, "perplexity": 10.0}))
    drawing = draw(store, "digits", "", 500, "tsne", 2, request.settings, "")
    before = 0
    for step in drawing:
        before = before or (1 if "step" in step.doing else 0)
        if before:
            break
    drawing.close()
    found = code_set(store, trained_model, "", 500)
    half = read_map(found, request)
    assert half is not None
    assert 0 < half.step < 300
    told = [step.doing for step in draw(store, "digits", "", 500, "tsne", 2, request.settings, "")]
    assert not any(f"step {half.step} " in each for each in told)
    done = read_map(found, request)
    assert done is not None
    assert done.is_done
    assert read_preservation(found, request) is not None
    assert done.seconds >= half.seconds


def test_the_same_map_is_not_drawn_twice(store: RunStore) -> None:
    request = drawn(store)
    assert [step.doing for step in draw(store, "digits", "", 500, "tsne", 2, request.settings, "")] == [
        "Reading the codes"
    ]
