"""Fully connected networks: linear, undercomplete and overcomplete, the sparse ones, and stacks."""

from __future__ import annotations

from aecore.export.cells import fill
from aecore.export.layers import FUNCTIONS, Chain, dense_chain
from aecore.export.network import FORWARD, Network, Words, written_class
from aecore.export.subject import Subject

ENCODE = '''
    def encode(self, x: Tensor) -> Tensor:
        """$What (B, $shape) -> codes (B, LATENT_SIZE)."""
        return self.encoder(x.flatten(1))
'''

DECODE = '''
    def decode(self, z: Tensor) -> Tensor:
        """Codes -> $what$range."""
        return $decoded.unflatten(1, SHAPE)
'''

TIED = '''
    def decoder(self, z: Tensor) -> Tensor:
        """The encoder's weights, turned around."""
        $steps
'''

LOSS = '''
    $precision
    def loss(self, $parameters$rng) -> Tensor:
        """$about"""
        z = self.encode($noisy)
        $change
        $terms
'''

MSE, BCE = "Mean squared error per $unit", "Binary cross-entropy per $unit"

TERMS = {
    "sparse-l1": (
        "sparsity = SPARSITY * z$full.abs().sum(1).mean() / INPUTS  # λ Σ|z|",
        "what the units that speak pay",
    ),
    "sparse-kl": (
        "on = z$full.mean(0).clamp(1e-6, 1 - 1e-6)  # how often each unit is on in this batch\n"
        "divergence = TARGET * torch.log(TARGET / on) + (1 - TARGET) * torch.log((1 - TARGET) / (1 - on))\n"
        "sparsity = SPARSITY * divergence.sum() / INPUTS  # β Σ KL(target || on)",
        "what it costs that units are on more or less often than TARGET",
    ),
}
"""Variant -> the lines that compute its penalty `sparsity`, and its description."""

SILENCE = """
    kept = torch.rand(z.shape, generator=rng, device=z.device) >= DROP_RATE  # the others are silenced
    z = z * kept / (1 - DROP_RATE)
"""

NUMBERS = ("latent_size", "layer_epochs", "rbm_rate", "sparsity", "target", "drop_rate", "contraction")
"""Knobs of dense networks that are constants of the script."""


def dense(subject: Subject) -> Network:
    """The network of any dense variant whose loss is the reconstruction error, a line of TERMS or dropout."""
    variant = subject.settings.variant
    chains, more, decoder = dense_layers(subject)
    is_dropout = variant == "dropout"
    methods = [ENCODE, *decoder, FORWARD, dense_loss(subject, SILENCE if is_dropout else "")]
    return Network(written_class(subject, chains, methods, more), constants(subject), draws=is_dropout)


def constants(subject: Subject) -> tuple[str, ...]:
    """The knobs of the model that are constants of the script."""
    alone = () if subject.is_greedy else ("layer_epochs", "rbm_rate")
    return tuple(name for name in NUMBERS if name not in alone)


def dense_layers(subject: Subject) -> tuple[tuple[Chain, ...], str, list[str]]:
    """The chains, what else the constructor has, and the methods that decode."""
    model = subject.model
    widths, activation = getattr(model, "widths", ()), getattr(model, "activation", "linear")
    sizes = ["INPUTS", *widths, "LATENT_SIZE"]
    encoder = dense_chain("encoder", sizes, activation, getattr(model, "code_activation", "linear"))
    decode = fill(DECODE, decoded=Words(subject).seen("self.decoder(z)"), range=_range(subject), what=subject.what)
    if not getattr(model, "tied", False):
        return (encoder, dense_chain("decoder", sizes[::-1], activation, "linear")), "", [decode]
    backwards = ", ".join(map(str, sizes[-2::-1]))
    biases = "self.bias = nn.Parameter(torch.zeros(INPUTS))  # of the decoder; its weights are the encoder's"
    if widths:
        biases = f"self.biases = nn.ParameterList(torch.zeros(size) for size in ({backwards}))  # of the decoder"
    return (encoder,), biases, [fill(TIED, steps=_tied_steps(encoder, activation)), decode]


def dense_loss(subject: Subject, change: str = "", terms: tuple[str, str] = ("", "")) -> str:
    """The method `loss`. change: what is done to z before it is decoded; terms: the penalty's lines and what it is."""
    words, variant = Words(subject), subject.settings.variant
    lines, what = terms if terms[0] else TERMS.get(variant, ("", ""))
    about = BCE if getattr(subject.model, "loss", "mse") == "bce" else MSE
    if not lines:
        body = f"return {words.reconstruction}"
    else:
        name = lines.splitlines()[-1].split(" = ")[0]
        body = (
            f"reconstruction = {words.reconstruction}\n{fill(lines, full=words.full, noisy=words.noisy)}\n"
            f"return reconstruction + {name}"
        )
    return fill(
        LOSS, **words.values, rng=", rng: torch.Generator" if change else "", change=fill(change) if change else "",
        about=fill(about, unit=words.values["unit"]) + (f", and {what}." if what else "."), terms=body,
    )  # fmt: skip


def decoder_bias(encoder: Chain, index: int = -1) -> str:
    """The bias of one layer of a decoder that has the encoder's weights, by default the last."""
    return "self.bias" if len(encoder.draws) == 1 else f"self.biases[{index}]"


def _range(subject: Subject) -> str:
    if not Words(subject).is_sigmoid:
        return ""
    return ", every pixel between 0 and 1" if subject.is_image else ", every number between 0 and 1"


def _tied_steps(encoder: Chain, activation: str) -> str:
    """One line for each layer, from the code back to the input."""
    lines, function = [], FUNCTIONS[activation]
    for index, layer in enumerate(reversed(encoder.weighted)):
        value = f"{function}(z)" if index and function else "z"
        lines.append(f"z = F.linear({value}, {layer}.weight.t(), {decoder_bias(encoder, index)})")
    lines[-1] = lines[-1].replace("z = ", "return ", 1)
    return "\n".join(lines)
