"""Convolutional networks: plain convolutions, poolings and their mirror images, for pictures of any size."""

from __future__ import annotations

import re

from aecore.export.cells import fill
from aecore.export.dense import TERMS, dense_loss
from aecore.export.layers import MODULES, Chain, drawn_for
from aecore.export.network import FORWARD, Network, Words, written_class
from aecore.export.subject import Subject

HELPERS = {
    "Frame": '''
        class Frame(nn.ZeroPad2d):
            """A frame of zeros, so that the kernel has a place for every pixel."""

            def forward(self, x: Tensor) -> Tensor:
                """(B, C, H, W) -> (B, C, H + zeros, W + zeros), channels last in memory: that is quicker."""
                return super().forward(x).contiguous(memory_format=torch.channels_last)
    ''',
    "Crop": '''
        class Crop(nn.Module):
            """Cuts a picture to a height and a width, leaving out `before` rows above and columns to the left."""

            def __init__(self, height: int, width: int, before: int = 0) -> None:
                super().__init__()
                self.height, self.width, self.before = height, width, before

            def forward(self, x: Tensor) -> Tensor:
                """(B, C, H, W) -> (B, C, height, width)."""
                return x[:, :, self.before : self.before + self.height, self.before : self.before + self.width]
    ''',
}
"""Modules that stand before the class where it uses them."""

ENCODE = '''
    def encode(self, x: Tensor) -> Tensor:
        """Pictures (B, $shape) -> codes (B, $size)."""
        return self.encoder(x)
'''

DECODE = '''
    def decode(self, z: Tensor) -> Tensor:
        """Codes -> pictures$range."""
        return $decoded.unflatten(1, SHAPE)
'''

START = '''
    @torch.no_grad()
    def start_at_mean(self, train: Tensor) -> None:
        """Sets the output biases so that an empty code decodes to each colour's mean."""
        mean = train.mean((0, 2, 3))
        $bias.copy_($start)
'''


def convolutional(subject: Subject) -> Network:
    """Convolutions that halve the picture, and their mirror image."""
    model, words = subject.model, Words(subject)
    encoder, decoder = _encoder(subject), _decoder(subject)
    last = decoder.weighted[-1]
    decoder.add("nn.Flatten()")
    start = "torch.logit(mean).clamp(-5, 5)" if words.is_sigmoid else "mean"
    between = ", every pixel between 0 and 1" if words.is_sigmoid else ""
    decode = fill(DECODE, decoded=words.seen("self.decoder(z)"), range=between)
    terms = TERMS["sparse-l1"] if subject.settings.variant == "sparse-convolutional" else ("", "")
    size = "LATENT_SIZE" if model.bottleneck == "dense" else str(model.code_size(subject.shape))
    encode = fill(ENCODE, **words.values, size=size)
    methods = [encode, decode, FORWARD, dense_loss(subject, terms=terms), fill(START, bias=f"{last}.bias", start=start)]
    code = written_class(subject, (encoder, decoder), methods, draws=_in_order(encoder, decoder))
    helpers = [fill(text) for name, text in HELPERS.items() if f"{name}(" in code]
    names = ("sparsity", *(("latent_size",) if model.bottleneck == "dense" else ()))
    layers = tuple(re.sub(r"self\.(\w+)\[(\d+)\]", r"\1.\2", each) for each in (*encoder.weighted, *decoder.weighted))
    return Network("\n\n\n".join([*helpers, code]), names, starts_at_mean=True, layers=layers)


def _encoder(subject: Subject) -> Chain:
    model, chain = subject.model, Chain("encoder")
    channels, kernel = [subject.shape[0], *model.channels], model.kernel_size
    is_dense, is_pooled = model.bottleneck == "dense", model.shrink == "pooling"
    for index, (inputs, outputs) in enumerate(zip(channels, channels[1:], strict=False)):
        is_code = index == len(channels) - 2 and not is_dense
        name = model.code_activation if is_code else model.activation
        chain.add(_frame(kernel))
        chain.weigh(f"nn.Conv2d({inputs}, {outputs}, {kernel}{'' if is_pooled else ', stride=2'})", drawn_for(name))
        chain.add(MODULES[name], "nn.MaxPool2d(2, ceil_mode=True)" if is_pooled else "")
    chain.add("nn.Flatten()")
    if is_dense:
        chain.dense(model.map_sizes(subject.shape)[-1], "LATENT_SIZE", model.code_activation)
    return chain


def _decoder(subject: Subject) -> Chain:
    model, chain = subject.model, Chain("decoder")
    channels, sides = [subject.shape[0], *model.channels], model.sides(subject.shape)
    if model.bottleneck == "dense":
        chain.dense("LATENT_SIZE", model.map_sizes(subject.shape)[-1], model.activation)
    chain.add(f"nn.Unflatten(1, {(channels[-1], *sides[-1])})")
    for index in range(len(channels) - 2, -1, -1):
        _double(chain, subject, (channels[index + 1], channels[index]), sides[index + 1], sides[index])
        chain.add(MODULES[model.activation] if index else "")
    return chain


def _double(
    chain: Chain, subject: Subject, channels: tuple[int, int], small: tuple[int, int], large: tuple[int, int]
) -> None:
    """One doubling from the size `small` to `large`: the mirror image of a halving."""
    model = subject.model
    (inputs, outputs), kernel = channels, model.kernel_size
    if model.shrink == "pooling":
        is_even = large == (2 * small[0], 2 * small[1])
        chain.add("nn.Upsample(scale_factor=2)", "" if is_even else f"Crop{large}", _frame(kernel))
        chain.weigh(f"nn.Conv2d({inputs}, {outputs}, {kernel})", drawn_for("linear"))
        return
    fans = inputs * kernel**2 // 4 + outputs * kernel**2  # as aecore.nn.convolution.Double counts them
    draw = (
        f"bound = math.sqrt(6 / {fans})  # Glorot & Bengio 2010\n"
        "nn.init.uniform_($weight, -bound, bound, generator=rng)"
    )
    chain.weigh(f"nn.ConvTranspose2d({inputs}, {outputs}, {kernel}, stride=2)", draw)
    before = (kernel - 1) // 2
    chain.add(f"Crop({large[0]}, {large[1]}{f', before={before}' if before else ''})")


def _in_order(encoder: Chain, decoder: Chain) -> list[tuple[str, str]]:
    """The run draws each halving's weights and then its mirror image's; those of the dense layers come last."""
    both = zip(encoder.draws, decoder.draws[::-1], strict=True)
    return [each for pair in both for each in pair]


def _frame(kernel: int) -> str:
    """A frame of zeros, so that a kernel of any size, odd or even, yields one output per pixel."""
    before, after = (kernel - 1) // 2, kernel // 2
    return f"Frame({before})" if before == after else f"Frame({(before, after, before, after)})"
