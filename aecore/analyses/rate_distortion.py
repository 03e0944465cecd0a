"""Rate-distortion of pictures: codes of networks and of PCA in several number formats, and picture files."""

from __future__ import annotations

import copy
import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aecore.analyses.codecs import FORMATS, blank_bytes, cut, from_file, mosaic, to_file
from aecore.metrics.baselines import PcaCode
from aecore.metrics.image_similarity import image_similarity

if TYPE_CHECKING:
    from aecore.variants.base import Autoencoder

SENT = 300
"""Number of test pictures sent, from the first on."""

FITTED_ON = 5000
"""Number of training pictures, from the first on, that set the range of the codes."""

PCA_SIZES = (1, 2, 4, 8, 16, 32, 64, 128)
FORMS = ("float32", "float16", "8-bit", "8-bit, zlib")
"""Number formats of a code: 4, 2 or 1 bytes per number, and the last with an entropy coder over all codes."""

WAYS = ("own file", "without header", "one mosaic")
"""How the bytes of a picture file are counted."""

KEPT = 8
"""Decoded pictures that are shown."""

SMALLEST = 0.01
"""Fewest bytes per picture on the chart, for files that are no larger than a blank picture's."""


@dataclass(frozen=True)
class Compressed:
    """The rate and the distortion of one compressed form, means over the pictures sent. psnr in decibels;
    pictures: (K, C, H, W) uint8, the first ones decoded.

    name: of the method. setting: code size or quality, None where there is none. form: one of FORMS, of WAYS, or "".
    per_picture: bytes that each picture takes. once: bytes sent once, independent of the number of
    pictures. sent: how many were sent.
    """

    name: str
    setting: int | None
    form: str
    per_picture: float
    once: int
    mse: float
    psnr: float
    ssim: float
    sent: int
    pictures: np.ndarray

    @property
    def is_lossless(self) -> bool:
        """Whether every decoded picture equals the original."""
        return self.mse == 0

    def bytes_at(self, count: int) -> float:
        """Bytes per picture if `count` pictures share the bytes sent once."""
        return self.per_picture + self.once / count


@dataclass(frozen=True)
class Codec:
    """A learned encoder and decoder: x (N, *shape) to codes (N, Z) and back.

    decoder_bytes: size of the decoder's weights as float32.
    """

    name: str
    size: int
    encode: Callable[[np.ndarray], np.ndarray]
    decode: Callable[[np.ndarray], np.ndarray]
    decoder_bytes: int


@dataclass(frozen=True)
class Quantiser:
    """Uniform quantisation of each of Z units to 256 levels.

    low: the least level, step: between two levels, both (Z,) float32.
    """

    low: np.ndarray
    step: np.ndarray

    @classmethod
    def between(cls, codes: np.ndarray) -> Quantiser:
        """Levels from the least to the largest value of each unit of the codes (N, Z)."""
        low, high = codes.min(0), codes.max(0)
        return cls(low.astype(np.float32), ((high - low) / 255).astype(np.float32))

    @property
    def bytes(self) -> int:
        """Size of what the receiver needs: both ends of each unit's range as float32."""
        return 8 * len(self.low)

    def levels(self, codes: np.ndarray) -> np.ndarray:
        """(N, Z) -> the nearest level of each, uint8; values outside the range take the first or last level."""
        return np.clip(np.rint((codes - self.low) / np.where(self.step > 0, self.step, 1)), 0, 255).astype(np.uint8)

    def values(self, levels: np.ndarray) -> np.ndarray:
        """(N, Z) uint8 -> the value of each level, float32."""
        return (self.low + levels * self.step).astype(np.float32)


def network_codec(name: str, network: Autoencoder) -> Codec:
    """The network on the CPU as a codec."""
    import torch

    from aecore.pretrained.trained_models import encode

    def decode(codes: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return torch.cat([network.decode(part).float() for part in torch.from_numpy(codes).split(500)]).numpy()

    return Codec(name, network.latent_size, lambda x: encode(network, x), decode, decoder_bytes(network))


def decoder_bytes(network: Autoencoder) -> int:
    """Four bytes for each parameter on which the decoded picture depends,
    weights shared with the encoder included.
    """
    import torch

    own = copy.deepcopy(network).float().requires_grad_(True)
    parameters = list(own.parameters())
    with torch.enable_grad():
        slopes = torch.autograd.grad(own.decode(torch.zeros(1, own.latent_size)).sum(), parameters, allow_unused=True)
    return sum(4 * each.numel() for each, slope in zip(parameters, slopes, strict=True) if slope is not None)


def pca_codec(pca: PcaCode, size: int) -> Codec:
    """The first `size` components of PCA as a codec; the receiver needs them and the mean."""
    part = PcaCode(pca.mean, pca.components[:size])

    def encode(x: np.ndarray) -> np.ndarray:
        return part.encode(x)

    return Codec(
        "PCA",
        size,
        encode,
        lambda codes: codes @ part.components + part.mean,
        4 * (part.components.size + part.mean.size),
    )


def compress_codes(codec: Codec, train: np.ndarray, pictures: np.ndarray) -> list[Compressed]:
    """Pictures (N, C, H, W) uint8 as codes in each of FORMS.

    train: (M, C, H, W) float32 pictures that set the 8-bit levels.
    """
    quantiser = Quantiser.between(codec.encode(train[:FITTED_ON]))
    codes = codec.encode(_floats(pictures)).astype(np.float32)
    levels = quantiser.levels(codes)
    with np.errstate(over="ignore"):  # values too large for half precision become infinite and are clipped
        halves = np.clip(codes.astype(np.float16), *_ends(np.float16)).astype(np.float32)
    squeezed = len(zlib.compress(levels.T.tobytes(), 9)) / len(pictures)  # unit by unit: similar values adjoin
    compressed: list[Compressed] = []
    for form, values, cost, once in (
        ("float32", codes, 4.0 * codec.size, 0),
        ("float16", halves, 2.0 * codec.size, 0),
        ("8-bit", quantiser.values(levels), 1.0 * codec.size, quantiser.bytes),
        ("8-bit, zlib", quantiser.values(levels), squeezed, quantiser.bytes),
    ):
        back = compressed[-1] if form == "8-bit, zlib" else as_shades(codec.decode(values).reshape(pictures.shape))
        compressed.append(_measured((codec.name, codec.size, form), (cost, codec.decoder_bytes + once), pictures, back))
    return compressed


def compress_files(name: str, quality: int | None, pictures: np.ndarray) -> list[Compressed]:
    """Pictures (N, C, H, W) uint8 as files of one of FORMATS, counted in each of WAYS;
    `quality` is one of the format's qualities.
    """
    shape, title = pictures.shape[1:], FORMATS[name].title
    files = [to_file(picture, name, quality) for picture in pictures]
    mean, blank = sum(map(len, files)) / len(files), blank_bytes(shape, name, quality)
    single = _measured(
        (title, quality, WAYS[0]), (mean, 0), pictures, np.stack([from_file(file, shape[0]) for file in files])
    )
    big = to_file(mosaic(pictures), name, quality)
    back = cut(from_file(big, shape[0]), len(pictures), shape)
    return [
        single,
        _measured((title, quality, WAYS[1]), (max(mean - blank, SMALLEST), blank), pictures, single),
        _measured((title, quality, WAYS[2]), (len(big) / len(pictures), 0), pictures, back),
    ]


def raw(pictures: np.ndarray) -> Compressed:
    """Pictures (N, C, H, W) uint8, one byte for each pixel and colour."""
    return _measured(("Raw pixels", None, ""), (float(math.prod(pictures.shape[1:])), 0), pictures, pictures)


def as_shades(x: np.ndarray) -> np.ndarray:
    """Pictures as uint8: every value of [0, 1] rounded to one of 256 shades, as in any file."""
    return (np.clip(x, 0, 1) * 255).round().astype(np.uint8)


def cheapest_as_good(baselines: Sequence[Compressed], psnr: float, count: int) -> Compressed | None:
    """The baseline with the fewest bytes per picture, with `count` sent, among those whose PSNR is no lower;
    None if none is as good.
    """
    return min((each for each in baselines if each.psnr >= psnr), key=lambda each: each.bytes_at(count), default=None)


def break_even(learned: Compressed, baseline: Compressed) -> int | None:
    """The number of pictures from which `learned` takes no more bytes in total than `baseline`; None if never."""
    saved, ahead = baseline.per_picture - learned.per_picture, learned.once - baseline.once
    if saved <= 0:
        return 1 if saved == 0 and ahead <= 0 else None
    return max(1, math.ceil(ahead / saved))


def break_even_with_all(learned: Compressed, baselines: Sequence[Compressed]) -> int | None:
    """The number of pictures from which `learned` takes no more bytes than any baseline whose PSNR is no lower;
    None if it never does, 1 if no baseline is as good.
    """
    numbers = [break_even(learned, each) for each in baselines if each.psnr >= learned.psnr]
    known = [number for number in numbers if number is not None]
    return max(known, default=1) if len(known) == len(numbers) else None


def _measured(
    label: tuple[str, int | None, str], cost: tuple[float, int], pictures: np.ndarray, back: np.ndarray | Compressed
) -> Compressed:
    """back: the decoded pictures, or a compressed form that decodes to the same ones."""
    if isinstance(back, Compressed):
        return Compressed(*label, *cost, back.mse, back.psnr, back.ssim, back.sent, back.pictures)
    found = image_similarity(_floats(pictures), _floats(back))
    return Compressed(
        *label,
        *cost,
        float(found.mse.mean()),
        float(found.psnr.mean()),
        float(np.mean(found.ssim)),
        len(pictures),
        back[:KEPT].copy(),
    )


def _floats(pictures: np.ndarray) -> np.ndarray:
    return pictures.astype(np.float32) / np.float32(255)


def _ends(kind: type) -> tuple[float, float]:
    return float(np.finfo(kind).min), float(np.finfo(kind).max)
