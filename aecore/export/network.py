"""Common parts of every exported network: one class with plain layers, `encode`, `decode`, `forward` and `loss`."""

from __future__ import annotations

import inspect
import textwrap
from dataclasses import dataclass

from aecore.export.cells import fill, wrapped
from aecore.export.layers import Chain, first_weights
from aecore.export.subject import Subject
from aecore.variants import VARIANTS

CLASS = '''
    class Autoencoder(nn.Module):
        """$doc"""

        def __init__(self, rng: torch.Generator) -> None:
            super().__init__()
            $chains
            $more

            # First weights, drawn layer by layer from `rng`; biases start at zero.
            $first_weights

        $methods
'''

FORWARD = '''
    def forward(self, x: Tensor) -> Tensor:
        """Reconstructions of $what."""
        return self.decode(self.encode(x))
'''

TO_LOGITS = '''
    @torch.no_grad()
    def start_at_mean(self, train: Tensor) -> None:
        """Sets the output biases so that a zero code decodes to the mean of the training $what."""
        mean = train.flatten(1).mean(0)
        $bias.copy_($start)
        $more
'''


BFLOAT16 = "@torch.autocast(DEVICE, torch.bfloat16)  # matrices are multiplied in bfloat16; weights stay float32"
"""Stands before a loss that the run computed in bfloat16."""


@dataclass(frozen=True)
class Network:
    """The text of a model. constants: knobs that appear as constants; helpers: functions that stand before the class.

    draws: whether its loss draws random numbers; starts_at_mean: whether it has `start_at_mean`. layers: names of its
    layers with weights, encoder first, where these are not those of the run.
    """

    code: str
    constants: tuple[str, ...]
    draws: bool = False
    starts_at_mean: bool = False
    layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """The names that vary in the text of a network: noisy and clean are one name where nothing is corrupted."""

    subject: Subject

    @property
    def noisy(self) -> str:
        """The input of the network."""
        return "noisy" if self.subject.is_corrupted else "x"

    @property
    def clean(self) -> str:
        """The target of its output."""
        return "clean" if self.subject.is_corrupted else "x"

    @property
    def full(self) -> str:
        """Turns bfloat16 numbers into float32 ones, where the run worked in bfloat16."""
        return ".float()" if self.subject.is_fast else ""

    @property
    def values(self) -> dict[str, str]:
        """For `fill`."""
        both = self.subject.is_corrupted
        return {
            "noisy": self.noisy, "clean": self.clean, "full": self.full, "what": self.subject.what,
            "What": self.subject.what.capitalize(), "precision": BFLOAT16 if self.subject.is_fast else "",
            "parameters": "noisy: Tensor, clean: Tensor" if both else "x: Tensor",
            "shape": ", ".join(map(str, self.subject.shape)),
            "unit": "pixel" if self.subject.is_image else "number",
        }  # fmt: skip

    @property
    def is_sigmoid(self) -> bool:
        """Whether the output unit is a sigmoid."""
        return self.subject.model.output == "sigmoid"

    def seen(self, logits: str) -> str:
        """The output unit applied to the decoder's last sums."""
        return f"torch.sigmoid({logits}{self.full})" if self.is_sigmoid else f"{logits}{self.full}"

    @property
    def reconstruction(self) -> str:
        """The run's own reconstruction error, for a code z."""
        if getattr(self.subject.model, "loss", "mse") == "bce":
            return f"F.binary_cross_entropy_with_logits(self.decoder(z){self.full}, {self.clean}.flatten(1))"
        return f"F.mse_loss(self.decode(z), {self.clean})"


def written_class(
    subject: Subject,
    chains: tuple[Chain, ...],
    methods: list[str],
    more: str = "",
    draws: list[tuple[str, str]] | None = None,
) -> str:
    """The class.

    more: what its constructor has beside the chains; draws: the order of the first weights,
    if not that of the chains.
    """
    words = Words(subject)
    model = VARIANTS[subject.settings.variant].model_class
    about = wrapped(inspect.cleandoc(model.__doc__ or ""))
    return fill(
        CLASS,
        doc=textwrap.indent(about, "    ").lstrip() + ("\n    " if "\n" in about else ""),
        chains="\n".join(map(str, chains)),
        more=more,
        first_weights=first_weights(draws or [each for chain in chains for each in chain.draws]),
        methods="\n\n".join(fill(method, **words.values) for method in methods),
    )


def start_at_mean(subject: Subject, bias: str, more: str = "") -> str:
    """The method that sets the output biases by the training data."""
    start = "torch.logit(mean).clamp(-5, 5)" if Words(subject).is_sigmoid else "mean"
    return fill(TO_LOGITS, bias=bias, start=start, more=more, what=subject.what)
