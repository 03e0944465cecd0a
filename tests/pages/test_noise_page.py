"""The noise lab: corruptions, networks that denoise, and invalid links and uploads."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aecore.corruption import CORRUPTIONS
from aecore.corruption.chain import CorruptionStep, apply
from aecore.datasets import load
from aecore.metrics.image_similarity import image_similarity
from aecore.runs.store import RunStore
from tests.e2e.finished import finished_run
from tests.pages.conftest import OpenPage, button, sentences


def test_the_table_tells_what_the_network_reaches_on_the_pictures_in_view(open_page: OpenPage, store: RunStore) -> None:
    run = finished_run(store.folder, "Denoiser", epochs=2, corruption="masking", noise_level=0.5)
    page = open_page("noise", data="digits", networks=run.id, damage="masking_0.5", pictures="In order", number="4")
    assert not page.exception
    clean = load("digits").test.x[3:19]
    noisy = apply(clean, [CorruptionStep("masking", 0.5)], 0)
    table = page.dataframe[0].value
    assert table["PSNR, dB"].iloc[0] == pytest.approx(image_similarity(clean, noisy).psnr.mean())
    assert table["SSIM"].iloc[0] == pytest.approx(image_similarity(clean, noisy).ssim.mean())
    assert table["Learned to undo"].iloc[1] == "Masking 0.5"
    assert table["MSE"].iloc[1] != table["MSE"].iloc[0]


@pytest.mark.parametrize("kind", ["Random", "One class", "In order", "Hardest", "Your own", "Camera", "Drawing"])
def test_pictures_of_every_kind(kind: str, open_page: OpenPage) -> None:
    page = open_page("noise", data="digits", pictures=kind)
    assert not page.exception
    if kind == "Drawing":
        assert "still empty" in sentences(page)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_every_corruption_can_be_applied(name: str, open_page: OpenPage) -> None:
    page = open_page("noise", data="digits", damage=f"{name}_0.4")
    assert not page.exception
    assert page.selectbox(key="damage-kind-0").value == name
    assert page.slider(key="damage-level-0").value == 0.4


def test_a_corruption_is_added_changed_and_removed_and_stands_in_the_address(open_page: OpenPage) -> None:
    page = open_page("noise", data="digits", damage="gaussian_0.5")
    page.button(key="add-damage").click().run()
    assert page.query_params["damage"] == "gaussian_0.5~blur_0.3"
    page.slider(key="damage-level-1").set_value(0.8).run()
    page.selectbox(key="damage-kind-0").set_value("speckle").run()
    assert page.query_params["damage"] == "speckle_0.5~blur_0.8"
    page.button(key="damage-out-0").click().run()
    assert page.query_params["damage"] == "blur_0.8"
    assert not page.exception


def test_a_link_that_makes_no_sense_gets_a_sentence_and_a_page(open_page: OpenPage) -> None:
    page = open_page("noise", data="digits", damage="hammer_0.5", networks="nobody", pictures="?", seed="x", number="0")
    assert not page.exception
    assert "'hammer', which there is not" in sentences(page)
    assert page.multiselect(key="networks-chosen").value == []
    assert open_page("noise", data="digits", networks="").multiselect(key="networks-chosen").value == []


def test_answers_are_fed_back_until_they_settle(open_page: OpenPage) -> None:
    page = open_page("noise", data="digits", again="true", differences="true")
    assert not page.exception
    assert any("settled" in each.value or "still moves" in each.value for each in page.caption)


def picture(colour: object, size: tuple[int, int] = (40, 30), kind: str = "PNG", mode: str = "RGB") -> bytes:
    image, file = Image.new(mode, size, colour), io.BytesIO()  # type: ignore[arg-type]
    image.paste(0 if mode != "RGBA" else (0, 0, 0, 255), (10, 5, 14, 25))  # type: ignore[arg-type]
    image.save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("photo.png", picture("white"), ""),
        ("clear.png", picture((255, 255, 255, 0), mode="RGBA"), ""),
        ("moving.gif", picture("white", kind="GIF"), ""),
        ("one.png", picture("white", (1, 1)), "all about the same grey"),
        ("grey.png", Image.new("L", (50, 50), 128).tobytes(), "not a PNG, JPEG, GIF, WebP or BMP image"),
        ("half.png", picture("white", (400, 400))[:150], "damaged or truncated"),
        ("empty.png", b"", "is empty"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.endswith((".png", ".gif")) else "",
)
def test_uploads_of_all_kinds_are_shown_or_refused_in_a_sentence(
    name: str, content: bytes, says: str, open_page: OpenPage
) -> None:
    page = open_page("noise", data="digits", pictures="Your own")
    page.file_uploader(key="own-pictures").set_value([(name, content, "image/png")]).run()
    assert not page.exception
    if says:
        assert says in sentences(page)
    else:
        assert len(page.dataframe) == 1
        assert np.isfinite(page.dataframe[0].value["MSE"]).all()


def test_without_networks_the_corruption_is_still_shown(open_page: OpenPage) -> None:
    page = open_page("noise", data="digits", networks="")
    assert not page.exception
    assert len(page.dataframe[0].value) == 1
    assert button(page, "Add a corruption")


def test_networks_that_know_mnist_take_drawings_where_mnist_is_not(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AECORE_DATA", str(tmp_path))
    page = open_page("noise", data="mnist")
    assert not page.exception
    assert page.selectbox(key="data").value == "mnist"
    assert page.selectbox(key="pictures").options == ["Drawing", "Camera", "Your own"]
    assert any("not on this machine" in each.value for each in page.caption)
    page.selectbox(key="pictures").set_value("Your own").run()
    page.file_uploader(key="own-pictures").set_value([("one.png", picture("white"), "image/png")]).run()
    assert not page.exception
    table = page.dataframe[0].value
    assert "Convolutional, gaussian 0.5" in list(table.iloc[:, 0])
    assert np.isfinite(table["MSE"]).all()
    page = open_page("noise", data="mnist", pictures="Random")
    assert not page.exception


def test_a_seed_beyond_all_numbers_gets_a_sentence_and_not_an_error(open_page: OpenPage) -> None:
    """A number that a float cannot hold used to end the page with an OverflowError of the widget."""
    page = open_page("noise", data="digits", seed="1e400")
    assert not page.exception
    assert page.number_input(key="seed").value == 0
    assert (
        "The address asks for seed=1e400, but seed must be a whole number from 0 to 9,999; 0 is used instead."
        in sentences(page)
    )
    page.number_input(key="seed").set_value(3).run()
    page.run()
    assert "seed=1e400" not in sentences(page)


def test_networks_of_a_link_that_are_gone_are_named(open_page: OpenPage) -> None:
    assert "'nobody' is not on this machine" in sentences(open_page("noise", data="digits", networks="digits,nobody"))
