"""The Translate page: its figures are those of the direction, groups from a map, and links that make no sense."""

from __future__ import annotations

import re

import numpy as np
import pytest

from aecore.datasets import load
from aecore.latent.attributes import between
from aecore.latent.code_set import code_set
from aecore.latent.directions import direction
from aecore.latent.groups import keep_groups
from aecore.pretrained.trained_models import encode, find_trained_model
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage, button, sentences
from tests.pages.test_generate_page import said, strips
from ui.widgets.wording import percent


def sure(page: object) -> tuple[int, int]:
    """The reference classifier's mean probabilities before and after, in per cent."""
    found = re.search(r"says the reference classifier: (\d+)\s% before, (\d+)\s% after", said(page))
    assert found, said(page)
    return int(found.group(1)), int(found.group(2))


def answers(page: object) -> list[int]:
    """The reference classifier's probabilities under the row of steps, in per cent."""
    return [int(each) for each in re.findall(r"<figcaption>[\d.]+ · (\d+)\s%</figcaption>", strips(page)[-1])]


def test_faces_put_on_glasses_and_the_reference_classifier_sees_them(open_page: OpenPage) -> None:
    page = open_page("translate")
    assert not page.exception
    before, after = sure(page)
    assert before < 10
    assert after > 60
    page.slider(key="strength").set_value(2.0).run()
    assert sure(page)[1] > 95
    page.slider(key="strength").set_value(0.0).run()
    assert sure(page) == (before, before)
    tables = [list(each.value.columns) for each in page.dataframe]
    assert ["Prediction", "By the move", "By the reconstruction alone"] in tables
    unmoved = next(each.value for each in page.dataframe if "By the move" in each.value)
    assert unmoved["By the move"].max() == 0
    assert len(unmoved) == 11


def test_its_words_are_those_of_the_direction(open_page: OpenPage, store: RunStore) -> None:
    page = open_page("translate", network="digits", finder="Border")
    assert not page.exception
    data, trained_model = load("digits"), find_trained_model(store, "digits")
    pair = between(data, 4, 9)
    groups = [
        found.codes[rows]
        for part in ("train", "test")
        for found in [code_set(store, trained_model, part, data=data)]
        for rows in pair.split(found, data)
    ]
    found = direction("logistic", *groups)
    assert f"found on {found.used[0]} codes without and {found.used[1]} with it" in said(page)
    assert f"AUC {found.auc:.3f} (the chance" in said(page)
    assert f"Halfway between the two means it puts {percent(found.accuracy)} on the right side" in said(page)
    assert f"its length is {found.length:.3g}" in said(page)


def test_other_pictures_and_the_way_back(open_page: OpenPage) -> None:
    page = open_page("translate", network="digits")
    first = strips(page)
    button(page, "Others").click().run()
    assert strips(page)[0] != first[0]
    page.segmented_control(key="side").set_value("With").run()
    before, after = sure(page)
    assert before > 80 > 50 > after
    assert not page.exception


def test_the_row_of_steps_goes_the_way_that_is_chosen(open_page: OpenPage) -> None:
    page = open_page("translate", network="digits")
    added = answers(page)
    assert added[0] < 10 < 90 < added[3]
    page.segmented_control(key="side").set_value("With").run()
    taken = answers(page)
    assert taken[0] > 90 > 10 > taken[2]


@pytest.mark.parametrize("name", ["digits-convolutional", "digits-variational"])
def test_convolutional_and_variational_models_move_as_well(name: str, open_page: OpenPage) -> None:
    page = open_page("translate", network=name)
    assert not page.exception
    assert sure(page)[1] > 40


def test_two_groups_from_a_map_make_a_direction(open_page: OpenPage, store: RunStore) -> None:
    data = load("digits")
    zeros, ones = (np.flatnonzero(data.train.labels == label)[:30] for label in (0, 1))
    key = keep_groups(store, "digits", zeros, ones, ("the round ones", "the upright ones"))
    page = open_page("translate", network="digits", groups=key)
    assert not page.exception
    assert "found on 20 codes without and 20 with it" in said(page)
    assert "On 10 and 10 codes that were not used" in said(page)
    trained_model = find_trained_model(store, "digits")
    assert encode(trained_model.network(), data.train.x[zeros]).shape == (30, 8)
    assert page.slider(key="strength").label == "Strength: towards the upright ones"


@pytest.mark.parametrize(
    ("query", "says"),
    [({"groups": "0" * 16}, "not on this machine"), ({"from-class": "4", "to-class": "4"}, "two different classes")],
)
def test_what_has_no_direction_gets_a_sentence(query: dict[str, str], says: str, open_page: OpenPage) -> None:
    page = open_page("translate", network="digits", **query)
    assert not page.exception
    assert says in sentences(page)


def test_pictures_of_which_nothing_is_known_get_a_sentence(open_page: OpenPage, store: RunStore, home: object) -> None:
    from aecore.datasets.base import Examples
    from aecore.datasets.uploads.base import Uploaded
    from aecore.datasets.uploads.reading import save_upload

    x = np.random.default_rng(0).random((40, 1, 8, 8)).astype(np.float32)
    name = save_upload(Uploaded(Examples(x), "images"), "Forty pictures", home)  # type: ignore[arg-type]
    run = finished_run(store.folder, "Of forty", epochs=1, data=name, latent_size=2)
    page = open_page("translate", network=run.id)
    assert not page.exception
    assert "Nothing is known of what these pictures show" in sentences(page)


def test_a_link_that_makes_no_sense_gets_a_sentence_and_a_page(open_page: OpenPage) -> None:
    page = open_page(
        "translate", network="nobody", attribute="wings", finder="?", side="?", shown="x", strength="much", one="99"
    )
    assert not page.exception
    assert "'nobody', is not on this machine" in sentences(page)
    assert "nothing called 'wings'" in sentences(page)
    assert sure(page)[1] > 60
