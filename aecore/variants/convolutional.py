"""Convolutional autoencoder: small filters slide over the picture, and their responses keep their positions."""

from __future__ import annotations

from dataclasses import dataclass

from aecore.variants.picture_base import ConvolutionalAutoencoder, ConvolutionalBaseSettings


@dataclass(frozen=True)
class ConvolutionalSettings(ConvolutionalBaseSettings):
    """Convolutions, and a code that is dense or made of maps."""


class Convolutional(ConvolutionalAutoencoder):
    """z = f(W * x + b), layer by layer, each halving the picture; y by the mirror image;
    the filters W are shared by all positions.

    Source: Masci, Meier, Cireşan & Schmidhuber 2011, doi:10.1007/978-3-642-21735-7_7, eq. 1-3.
    """
