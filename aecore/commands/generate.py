"""`python -m aecore generate`: decodes pictures from sampled codes."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from aecore.commands.applying import OUT, model_of, parser_of, write_pictures
from aecore.latent.sampling import DEFAULT_COMPONENTS, WAYS, sampler, ways_for

MOST = 100_000


def main(arguments: list[str]) -> int:
    """Writes (N, *shape) float32 in [0, 1]; the same seed gives the same pictures."""
    parser = parser_of("generate", __doc__)
    parser.add_argument("--count", type=_count, default=16, help="how many (default 16)")
    ways = "; ".join(f"{name}: {way.title}" for name, way in WAYS.items())
    parser.add_argument(
        "--way", choices=tuple(WAYS), help=f"how codes are drawn. {ways}. Unless told, the prior of a variational "
        "autoencoder, and mean and covariance of the training codes of any other",
    )  # fmt: skip
    parser.add_argument("--components", type=int, choices=range(2, 51), default=DEFAULT_COMPONENTS, metavar="COUNT",
                        help=f"of the mixture (default {DEFAULT_COMPONENTS})")  # fmt: skip
    parser.add_argument("--scale", type=float, default=1.0, help="factor of the spread, 0 to 3 (default 1)")
    parser.add_argument(  # its name in commands of earlier versions
        "--temperature", dest="scale", type=float, default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    parser.add_argument("--seed", type=int, default=0, help="the start of the random draw (default 0)")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="PATH", help=f"{OUT}, or a folder for a PNG picture of each"
    )
    options = parser.parse_args(arguments)
    if not 0 <= options.scale <= 3:
        parser.error("--scale must lie between 0 and 3")
    if options.seed < 0:
        parser.error("--seed must be 0 or more")
    from aecore.latent.code_set import CodeError, training_codes
    from aecore.latent.generation import decoded

    model = model_of(options.run)
    possible = ways_for(model.settings["variant"])
    way = options.way or ("prior" if "prior" in possible else "gaussian")
    if way not in possible:
        raise CodeError(
            f"Only a variational autoencoder has a prior; choose --way {', '.join(each for each in possible)}."
        )
    codes = training_codes(model)
    rng = np.random.default_rng(options.seed)
    z = sampler(way, codes, options.components).draw(options.count, rng, options.scale)
    print(write_pictures(options.out, decoded(model.network(), z), [f"{place:05d}" for place in range(options.count)]))
    return 0


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {MOST:,}")
    return int(text)
