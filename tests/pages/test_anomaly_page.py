"""The anomaly page: its counts are those of the scores, every kind of odd pictures, and links that make no sense."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image

from aecore.analyses.anomaly import counts, scores, suggested_threshold
from aecore.analyses.anomaly_examples import FADED, NOISE, OTHER, SHUFFLED
from aecore.datasets import load
from aecore.datasets.selection import without_class
from aecore.metrics.roc import roc
from aecore.pretrained.trained_models import encode, find_trained_model
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage, button, sentences


def said(page: object) -> str:
    """All text of the page."""
    return "\n".join(each.value for kind in (page.markdown, page.caption) for each in kind).replace("**", "")  # type: ignore[attr-defined]


def counted(page: object) -> list[int]:
    """Odd, caught, normal, false alarms, as the page says."""
    found = re.search(
        r"Of ([\d,]+) odd pictures ([\d,]+) \S+ caught. Of ([\d,]+) normal ones ([\d,]+) raise", said(page)
    )
    assert found, said(page)
    return [int(each.replace(",", "")) for each in found.groups()]


def test_the_counts_and_the_areas_are_those_of_a_run_that_never_saw_the_class(
    open_page: OpenPage, store: RunStore
) -> None:
    run = finished_run(store.folder, "Without a one", epochs=3, leave_out="1")
    page = open_page("anomaly", network=run.id)
    assert not page.exception
    whole, found = load("digits"), find_trained_model(store, run.id)
    kept = without_class(whole, "1")
    odd = np.concatenate([part.x[part.labels == 1] for part in (whole.train, whole.validation, whole.test)])
    import torch

    network = found.network()
    assert encode(network, odd).shape == (len(odd), network.latent_size)
    with torch.inference_mode():
        validation, normal, other = (
            scores(x, network(torch.from_numpy(x)).numpy()) for x in (kept.validation.x, kept.test.x, odd)
        )
    at = counts(normal, other, float(f"{suggested_threshold(validation):.4g}"))
    assert counted(page) == [at.odd, at.caught, at.normal, at.alarms]
    table = page.dataframe[0].value
    assert table["AUC"].iloc[0] == pytest.approx(roc(normal, other).area)
    assert list(table["Score"])[1] == "PCA"
    assert "never seen a picture of class 1" in said(page)


def test_the_threshold_of_the_address_is_taken_and_the_suggested_one_comes_back(open_page: OpenPage) -> None:
    page = open_page("anomaly", threshold="0.02")
    low = counted(page)
    button(page, "Suggested").click().run()
    assert "threshold" not in page.query_params
    odd, caught, normal, alarms = counted(page)
    assert (odd, normal) == (low[0], low[2])
    assert caught < low[1]
    assert alarms < low[3]


def test_a_class_that_was_seen_in_training_says_so_and_can_be_left_out_next_time(open_page: OpenPage) -> None:
    page = open_page("anomaly", **{"network": "digits", "odd-class": "8"})
    assert not page.exception
    assert "saw class 8 in training" in said(page)
    assert counted(page)[0] == (load("digits").test.labels == 8).sum()
    button(page, "Train one without 8").click().run()
    assert not page.exception
    assert page.title[0].value == "Train an autoencoder"
    assert page.selectbox(key="leave_out").value == "8"
    assert page.query_params["leave_out"] == "8"


@pytest.mark.parametrize("kind", [OTHER, NOISE, SHUFFLED, FADED])
@pytest.mark.parametrize("group", ["Normal", "Odd"])
def test_odd_pictures_of_every_kind(kind: str, group: str, open_page: OpenPage) -> None:
    page = open_page("anomaly", odd=kind, group=group)
    assert not page.exception
    assert counted(page)[0] > 100
    assert "AUC" in said(page)


@pytest.mark.parametrize("kind", ["Your own", "Camera", "Drawing"])
def test_without_a_picture_of_ones_own_there_is_a_sentence(kind: str, open_page: OpenPage) -> None:
    page = open_page("anomaly", odd=kind)
    assert not page.exception
    assert "Choose in the form what counts as odd." in sentences(page)


def picture(kind: str) -> bytes:
    image, file = Image.new("L", (40, 40), 255), io.BytesIO()
    image.paste(0, (18, 6, 23, 34) if kind == "one" else (8, 8, 32, 32))
    image.save(file, "PNG")
    return file.getvalue()


def test_one_upload_gets_a_prediction_and_two_a_curve(open_page: OpenPage) -> None:
    page = open_page("anomaly", odd="Your own")
    page.file_uploader(key="own-pictures").upload("square.png", picture("square"), "image/png").run()
    assert not page.exception
    assert "Your picture's error is" in said(page)
    assert "A ROC curve needs more than one odd picture" in said(page)
    page.file_uploader(key="own-pictures").set_value(
        [("square.png", picture("square"), "image/png"), ("one.png", picture("one"), "image/png")]
    ).run()
    assert not page.exception
    assert counted(page)[0] == 2
    assert "With only 2 odd pictures, all rates are coarse" in said(page)


def test_a_link_that_makes_no_sense_gets_sentences_and_a_page(open_page: OpenPage) -> None:
    page = open_page(
        "anomaly",
        **{
            "network": "nobody",
            "threshold": "high",
            "odd": "?",
            "odd-class": "eleven",
            "other-data": "?",
            "group": "?",
        },
    )
    assert not page.exception
    assert "'nobody', is not on this machine" in sentences(page)
    assert "'high', is not a number above zero" in sentences(page)
    assert counted(page)[0] > 100


def test_pictures_without_classes_and_of_a_small_number_are_told_in_sentences(
    open_page: OpenPage, store: RunStore, home: object
) -> None:
    from aecore.datasets.base import Examples
    from aecore.datasets.uploads.base import Uploaded
    from aecore.datasets.uploads.reading import save_upload

    x = np.random.default_rng(0).random((12, 1, 8, 8)).astype(np.float32)
    name = save_upload(Uploaded(Examples(x), "images"), "Twelve pictures", home)  # type: ignore[arg-type]
    run = finished_run(
        store.folder, "Of twelve", epochs=1, data=name, latent_size=2
    )  # two to validate: fewer than a look inside shows
    page = open_page("anomaly", network=run.id)
    assert not page.exception
    assert page.selectbox(key="odd").value == OTHER
    assert "only 2 normal validation pictures" in said(page)
    page.selectbox(key="odd").set_value("A class").run()
    assert "have no classes; choose something else as odd" in sentences(page)
    assert not page.exception


def test_another_network_can_be_chosen_after_a_class_was(open_page: OpenPage) -> None:
    """The class of the old network used to be deleted from the address while a widget held it,
    which ended the page with an error.
    """
    page = open_page("anomaly", network="digits", **{"odd-class": "5"})
    assert page.selectbox(key="odd-class").value == "5"
    page.selectbox(key="anomaly-network").set_value("digits-without-3").run()
    assert not page.exception
    assert page.selectbox(key="odd-class").value == "3"
