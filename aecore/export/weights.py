"""The export's last part: saves the script's weights, and reads those of the run."""

from __future__ import annotations

import re

import torch

from aecore.export.cells import Cell, fill
from aecore.export.network import Network
from aecore.export.subject import Subject
from aecore.variants import VARIANTS

WEIGHTS_FILE = "weights.safetensors"
"""Name of the file of the run's weights, in its folder and beside the script."""

_CODE = '''
    learned = {name: tensor.cpu().numpy() for name, tensor in model.state_dict().items()}
    np.savez("weights.npz", **learned)  # a name and an array each; np.load reads them


    def read_weights(path: Path) -> dict[str, Tensor]:
        """The model's tensors in a safetensors file: the header's length, a header in JSON, and numbers as float32."""
        content = path.read_bytes()
        start = 8 + int.from_bytes(content[:8], "little")
        found = {}
        for name, about in json.loads(content[8:start]).items():
            if name != "__metadata__":
                begin, end = (start + place for place in about["data_offsets"])
                numbers = np.frombuffer(content[begin:end], "<f4").reshape(about["shape"])
                found[$name] = torch.from_numpy(numbers.copy())
        return {name: found[name] for name in model.state_dict()}


    $renamed
    run_weights = Path("$file")
    if run_weights.exists():
        model.load_state_dict(read_weights(run_weights))
        run_error = mean_squared_error(test, test)
        print(f"test error per $unit with the run\'s own weights: {run_error:.7f}")
'''
_NAMES = "RENAMED = {\n$pairs\n}  # the run calls its layers otherwise\n"


def weights_cell(subject: Subject, names: dict[str, str]) -> Cell:
    """The cell that saves and reads weights. names: tensors of the run that have another name in the script."""
    pairs = "\n".join(f'    "{ours}": "{theirs}",' for ours, theirs in names.items())
    code = fill(
        _CODE, file=WEIGHTS_FILE, unit="pixel" if subject.is_image else "number",
        name="RENAMED.get(name, name)" if names else "name",
        renamed=fill(_NAMES, pairs=pairs) if names else "",
    )  # fmt: skip
    prose = (
        f"What has been learned here goes into weights.npz. If {WEIGHTS_FILE} lies beside this script, as in the ZIP "
        "of the export, the network is tested once more, with the weights that the run ended with."
    )
    return Cell("Weights", prose, code)


def renamed(subject: Subject, network: Network) -> dict[str, str]:
    """Name of a tensor in the run -> in the script, where they differ."""
    settings = subject.settings
    model = VARIANTS[settings.variant].build(settings.model, subject.shape, torch.Generator().manual_seed(0))
    names = list(model.state_dict())
    biases = [name for name in names if name.startswith("decoder.biases.")]
    found = {name: name.removeprefix("decoder.") if len(biases) > 1 else "bias" for name in biases}
    layers = sorted({name.rpartition(".")[0] for name in names if name.endswith(".weight")}, key=_place)
    for ours, theirs in zip(layers, network.layers, strict=False):
        found |= {f"{ours}.{kind}": f"{theirs}.{kind}" for kind in ("weight", "bias")}
    return found


def _place(layer: str) -> tuple[bool, int]:
    """The encoder's layers first, each part in its order."""
    number = re.search(r"\d+", layer)
    return layer.startswith("decoder"), int(number[0]) if number else 0
