"""`python -m aecore encode`: encodes pictures or arrays with a trained model."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from aecore.commands.applying import OUT, add_inputs, model_of, parser_of, read_inputs, write_array
from aecore.pretrained.trained_models import encoder_of


def main(arguments: list[str]) -> int:
    """Writes (N, Z) float32; an .npz also holds names and labels."""
    parser = parser_of("encode", __doc__)
    add_inputs(parser)
    about = f"{OUT}; an .npz holds names and labels"
    parser.add_argument("--out", type=Path, required=True, metavar="PATH", help=about)
    options = parser.parse_args(arguments)
    model = model_of(options.run)
    inputs = read_inputs(model, options)
    inputs.tell()
    codes = encoder_of(model)[0](inputs.x).astype(np.float32)
    labels = {} if inputs.labels is None else {"labels": inputs.labels}
    print(write_array(options.out, codes=codes, names=np.array(inputs.names), **labels))
    return 0
