"""`python -m aecore reconstruct`: reconstructs pictures or arrays with a trained model."""

from __future__ import annotations

from pathlib import Path

from aecore.commands.applying import OUT, add_inputs, model_of, parser_of, read_inputs, write_pictures
from aecore.pretrained.trained_models import encode


def main(arguments: list[str]) -> int:
    """Writes the reconstructions (N, *shape) float32 in [0, 1], and prints their error."""
    parser = parser_of("reconstruct", __doc__)
    add_inputs(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="PATH", help=f"{OUT}, or a folder for a PNG picture of each"
    )
    options = parser.parse_args(arguments)
    model = model_of(options.run)
    inputs = read_inputs(model, options)
    inputs.tell()
    network = model.network()
    from aecore.latent.generation import decoded

    back = decoded(network, encode(network, inputs.x))
    print(write_pictures(options.out, back, inputs.names, options.files))
    what = "pixel" if back.ndim == 4 else "number"
    print(f"Mean squared error per {what}: {float(((back - inputs.x) ** 2).mean(dtype='float64')):.6f}")
    return 0
