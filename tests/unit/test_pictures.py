"""Pictures: what is drawn is what the arrays hold."""

import base64
import io

import numpy as np
from PIL import Image

from ui.app.theme import NEGATIVE, POSITIVE, ZERO
from ui.components.data_uri import data_uri
from ui.widgets.pictures import diverging


def pixels(uri: str) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))))


def test_a_grey_picture_survives_its_address() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (1, 5, 7), dtype=np.uint8)
    assert (pixels(data_uri(picture)) == picture[0]).all()


def test_a_colour_picture_keeps_its_channels_in_order() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (3, 5, 7), dtype=np.uint8)
    assert (pixels(data_uri(picture)) == np.moveaxis(picture, 0, 2)).all()


def test_weights_are_white_at_zero_and_take_the_end_colours_at_their_largest() -> None:
    drawn = diverging(np.array([[[[0.0, 2.0, -2.0]]]]))
    assert [tuple(drawn[0, :, 0, i]) for i in range(3)] == [ZERO, POSITIVE, NEGATIVE]


def test_filters_that_are_all_zero_are_all_white() -> None:
    assert (diverging(np.zeros((2, 1, 4, 4))) == np.array(ZERO).reshape(1, 3, 1, 1)).all()
