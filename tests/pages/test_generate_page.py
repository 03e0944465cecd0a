"""The Generate page: its pictures are those of the sampler, its figures those of the analysis,
and links that make no sense.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from aecore.datasets import load
from aecore.jobs.service import Jobs
from aecore.latent.code_set import training_codes
from aecore.latent.generation import REAL, RECONSTRUCTED, FrechetScore, decoded, kinds, measure, read
from aecore.latent.memorisation_check import nearest
from aecore.latent.sampling import sampler
from aecore.pretrained.trained_models import find_trained_model
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage, button, sentences
from ui.components.data_uri import data_uri
from ui.screens.generate.pictures import SHOWN
from ui.screens.generate.text import conclusions
from ui.widgets.pictures import as_bytes

DIGITS = {"network": "digits", "beside": "digits-variational"}


def said(page: object) -> str:
    """All text of the page."""
    return "\n".join(each.value for kind in (page.markdown, page.caption) for each in kind).replace("**", "")  # type: ignore[attr-defined]


def strips(page: object) -> list[str]:
    """The HTML of each strip of pictures."""
    return [each.proto.body for each in page.get("html") if 'class="strip"' in each.proto.body]  # type: ignore[attr-defined]


def test_the_pictures_are_those_of_the_sampler_over_their_nearest_training_pictures(
    open_page: OpenPage, store: RunStore
) -> None:
    page = open_page("generate", **DIGITS, draw="5")
    assert not page.exception
    data, trained_model = load("digits"), find_trained_model(store, "digits")
    z = sampler("gaussian", training_codes(trained_model, data=data)).draw(SHOWN, np.random.default_rng(5), 1.0)
    x = decoded(trained_model.network(), z)
    found, distances = nearest(x, data.train.x)
    large = [as_bytes(each).repeat(3, axis=2).repeat(3, axis=3) for each in (x, data.train.x[found])]
    gap = np.full((SHOWN, 1, 1, 24), 160, np.uint8)
    expected = [data_uri(each) for each in np.concatenate([large[0], gap, large[1]], axis=2)]
    assert re.findall(r'src="([^"]+)"', strips(page)[0]) == expected
    assert f"Half of these {SHOWN} generated pictures differ by {np.median(distances):.3f} or less" in said(page)


def test_another_seed_and_another_scale_change_the_pictures(open_page: OpenPage) -> None:
    page = open_page("generate", **DIGITS)
    first = strips(page)
    button(page, "Sample again").click().run()
    assert page.number_input(key="draw").value == 2
    second = strips(page)
    assert first[0] != second[0]
    assert first[1] != second[1]
    page.slider(key="temperature").set_value(0.0).run()
    middles = [re.findall(r'src="([^"]+)"', each) for each in strips(page)]
    assert [len(set(each)) for each in middles] == [1, 1]
    assert not page.exception


def test_what_the_analysis_has_found_is_on_the_page_with_a_conclusion(
    open_page: OpenPage, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    import aecore.latent.generation as generation

    monkeypatch.setattr(generation, "PICTURES", 60)
    list(measure(store, ["digits", "digits-variational"]))
    page = open_page("generate", **DIGITS)
    assert not page.exception
    table = next(each.value for each in page.dataframe if "Fréchet" in each.value)
    for name, title in (("digits", "Undercomplete, code of 8"), ("digits-variational", "Variational, code of 8")):
        trained_model = find_trained_model(store, name)
        wanted = [np.mean(read(store, trained_model, kind).frechet) for kind in kinds(trained_model) if kind != REAL]  # type: ignore[union-attr]
        assert list(table["Fréchet"][table["Pictures of"] == title]) == pytest.approx(wanted)
    assert "Does the variational one look more real?" in said(page)
    assert "Two causes." in said(page)


def test_while_nothing_is_known_the_analysis_is_queued_once(open_page: OpenPage, jobs: Jobs) -> None:
    page = open_page("generate", **DIGITS)
    job = jobs.find(("generation", ("digits", "digits-variational"), 10))
    assert job is not None
    assert job.state == "waiting"
    assert "It starts in a moment" in sentences(page)
    page.run()
    assert jobs.find(("generation", ("digits", "digits-variational"), 10)) is job


def test_the_analysis_keeps_its_figures_and_real_pictures_are_the_nearest(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    import aecore.latent.generation as generation

    monkeypatch.setattr(generation, "PICTURES", 150)
    steps = list(measure(store, ["digits"], 5))
    told = [step.doing for step in steps]
    assert "Classifying real pictures" in told
    assert "Classifying reconstructions of the undercomplete autoencoder" in told
    assert "Classifying samples of the undercomplete autoencoder: Mean and covariance" in told
    assert steps[0].share == 0
    assert all(a.share <= b.share for a, b in zip(steps, steps[1:], strict=False))
    trained_model = find_trained_model(store, "digits")
    found = {kind: read(store, trained_model, kind, 5) for kind in kinds(trained_model)}
    assert all(found.values())
    means = {kind: np.mean(each.frechet) for kind, each in found.items()}  # type: ignore[union-attr]
    assert means[REAL] < means["gaussian"] < means["independent"]
    assert means[RECONSTRUCTED] < means["gaussian"]
    assert sum(found["gaussian"].shares) == pytest.approx(1)  # type: ignore[union-attr]
    assert list(measure(store, ["digits"], 5)) == []
    assert read(store, trained_model, "mixture", 2) is None


def test_data_without_a_classifier_get_a_sentence_and_pictures(
    open_page: OpenPage, store: RunStore, home: object
) -> None:
    from aecore.datasets.base import Examples
    from aecore.datasets.uploads.base import Uploaded
    from aecore.datasets.uploads.reading import save_upload

    x = np.random.default_rng(0).random((40, 1, 8, 8)).astype(np.float32)
    name = save_upload(Uploaded(Examples(x), "images"), "Forty pictures", home)  # type: ignore[arg-type]
    run = finished_run(store.folder, "Of forty", epochs=1, data=name, latent_size=2)
    page = open_page("generate", network=run.id)
    assert not page.exception
    assert "there is no reference classifier for this data set" in said(page)
    assert len(strips(page)) == 2
    page.selectbox(key="way").set_value("mixture").run()
    assert not page.exception
    page.select_slider(key="hills").set_value(40).run()
    assert "only 28 training codes" in sentences(page)
    assert not page.exception


def test_where_mnist_is_not_it_begins_with_faces(
    open_page: OpenPage, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_DATA", str(home / "nothing"))
    page = open_page("generate")
    assert not page.exception
    assert page.selectbox(key="linked-network").value == "faces"
    assert page.selectbox(key="linked-beside").value == "faces-variational"


def test_a_link_that_makes_no_sense_gets_a_sentence_and_a_page(open_page: OpenPage) -> None:
    page = open_page("generate", network="nobody", beside="nothing", way="?", temperature="hot", draw="-3", hills="7")
    assert not page.exception
    assert "'nobody', is not on this machine" in sentences(page)
    assert len(strips(page)) == 2


def figures(*frechet: float, own: float = 1.0) -> FrechetScore:
    """Figures whose draws lie at these distances."""
    return FrechetScore(100, list(frechet), [own], [0.9], [5.0], [0.5, 0.5], 0.1)


@pytest.mark.parametrize(
    ("plain", "several", "cloudy", "says"),
    [
        ((20, 21), (8, 9), (12, 13), ("Here, yes", "plain one: 8.5 instead of 20.5, which is closer")),
        ((20, 21), (11, 12), (12, 13), ("Here, yes", "11.5 instead of 20.5, which is about as close")),
        ((20, 21), (15, 16), (12, 13), ("Here, yes", "15.5 instead of 20.5, which is still further")),
        ((10, 11), (12, 13), (30, 31), ("Not here", "do not help here: 12.5 instead of 10.5")),
        ((10, 14), (9, 15), (12, 13), ("The figures do not decide", "makes no clear difference")),
    ],
)
def test_the_conclusions_say_what_the_figures_say(
    plain: tuple, several: tuple, cloudy: tuple, says: tuple[str, str]
) -> None:
    found = {
        "gaussian": figures(*plain, own=9.0),
        "mixture": figures(*several),
        "independent": figures(60.0),
        RECONSTRUCTED: figures(5.0),
    }
    sentences = conclusions(found, {"prior": figures(*cloudy, own=4.0), RECONSTRUCTED: figures(7.0)}, figures(2.0))
    assert says[0] in sentences[0]
    assert "real pictures: 2.0" in sentences[0]
    assert "The variational decoder paints less realistically" in sentences[1]
    assert "less harm to the variational one" in sentences[1]
    assert says[1] in sentences[2]


@pytest.mark.parametrize(
    ("mixed", "says"),
    [
        ((5, 6), "has 5.5: closer to real pictures than the plain one."),
        ((10, 11), "has 10.5: further from real pictures than the plain one."),
        ((7, 9), "has 8.0: no clear difference."),
    ],
)
def test_both_networks_are_compared_with_several_components_too(mixed: tuple, says: str) -> None:
    plain = {"gaussian": figures(20, 21), "mixture": figures(8, 9), RECONSTRUCTED: figures(5.0)}
    cloudy = {"prior": figures(12, 13), "mixture": figures(*mixed), RECONSTRUCTED: figures(7.0)}
    assert conclusions(plain, cloudy, figures(2.0))[2].endswith(says)


def test_there_is_no_conclusion_without_figures() -> None:
    assert conclusions({}, {"prior": figures(1.0)}, figures(1.0)) == []


def test_the_way_of_sampling_on_show_is_the_one_that_is_used(open_page: OpenPage) -> None:
    page = open_page("generate", network="digits")
    assert page.selectbox(key="beside-way").value == "prior"
    page.selectbox(key="linked-beside").set_value("digits-linear").run()
    assert not page.exception
    other = page.selectbox(key="beside-way")
    assert other.value == "gaussian"
    assert other.proto.set_value, "a browser that showed the prior is told"
