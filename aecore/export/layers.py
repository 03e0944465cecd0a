"""Layers as text: an nn.Sequential written out, and the draws of its first weights in the order of the run."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field
from itertools import groupby

MODULES = {
    "relu": "nn.ReLU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
    "linear": "",
}
FUNCTIONS = {
    "relu": "F.relu",
    "gelu": "F.gelu",
    "silu": "F.silu",
    "tanh": "torch.tanh",
    "sigmoid": "torch.sigmoid",
    "linear": "",
}
RECTIFIERS = ("relu", "gelu", "silu")

HE = 'nn.init.kaiming_uniform_($weight, nonlinearity="relu", generator=rng)  # He et al. 2015'
GLOROT = "nn.init.xavier_uniform_($weight, generator=rng)  # Glorot & Bengio 2010"
GLOROT_SIGMOID = "nn.init.xavier_uniform_($weight, gain=4, generator=rng)  # Glorot & Bengio 2010; sigmoid"


@dataclass
class Chain:
    """The text of one nn.Sequential.

    name: the attribute that holds it. draws: (layer, how its first weights are drawn).
    """

    name: str
    modules: list[str] = field(default_factory=list)
    draws: list[tuple[str, str]] = field(default_factory=list)

    def add(self, *modules: str) -> None:
        """Adds modules without weights; an empty text adds none."""
        self.modules += filter(None, modules)

    def weigh(self, module: str, draw: str) -> None:
        """Adds a module and how its weights are drawn."""
        self.draws.append((f"self.{self.name}[{len(self.modules)}]", draw))
        self.modules.append(module)

    def dense(self, inputs: object, outputs: object, activation: str) -> None:
        """Adds a fully connected layer and its activation."""
        self.weigh(f"nn.Linear({inputs}, {outputs})", drawn_for(activation))
        self.add(MODULES[activation])

    def __str__(self) -> str:
        body = "".join(f"    {module},\n" for module in self.modules)
        return f"self.{self.name} = nn.Sequential(\n{body})"

    @property
    def weighted(self) -> list[str]:
        """The layers that have weights, as the class calls them."""
        return [layer for layer, _ in self.draws]


def drawn_for(activation: str) -> str:
    """How the weights in front of this activation are drawn."""
    if activation in RECTIFIERS:
        return HE
    return GLOROT_SIGMOID if activation == "sigmoid" else GLOROT


def dense_chain(name: str, sizes: list[object], hidden: str, last: str) -> Chain:
    """Dense layers through `sizes`, the activation `hidden` between them and `last` after the final one."""
    chain = Chain(name)
    for index, (inputs, outputs) in enumerate(zip(sizes, sizes[1:], strict=False)):
        chain.dense(inputs, outputs, last if index == len(sizes) - 2 else hidden)
    return chain


def first_weights(draws: list[tuple[str, str]]) -> str:
    """The draws of all layers in this order, neighbours of one kind together; biases start at zero."""
    lines = []
    for draw, group in groupby(draws, key=lambda each: each[1]):
        layers = [layer for layer, _ in group]
        if len(layers) > 1:
            lines += [
                f"for layer in ({', '.join(layers)}):",
                textwrap.indent(draw.replace("$weight", "layer.weight"), "    "),
            ]
        else:
            lines.append(draw.replace("$weight", f"{layers[0]}.weight"))
    lines += [
        "for name, weight in self.named_parameters():",
        '    if name.endswith("bias"):',
        "        nn.init.zeros_(weight)",
    ]
    return "\n".join(_folded(line) for line in lines)


def _folded(line: str, width: int = 112) -> str:
    """A `for` over many layers, one of them a line."""
    if len(line) <= width or not line.startswith("for "):
        return line
    return re.sub(r"\((.*)\)", lambda found: "(\n    " + found[1].replace(", ", ",\n    ") + ",\n)", line)
