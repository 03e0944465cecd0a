"""Dense networks with larger losses or layers of their own: contractive and k-sparse."""

from __future__ import annotations

from aecore.export.cells import fill
from aecore.export.dense import ENCODE, constants, decoder_bias, dense_layers, dense_loss
from aecore.export.layers import Chain
from aecore.export.network import FORWARD, Network, Words, start_at_mean, written_class
from aecore.export.subject import Subject

SLOPES = {
    "relu": "($a > 0).to($a.dtype)",
    "gelu": "(1 + torch.erf($a / math.sqrt(2))) / 2 + $a * torch.exp(-$a.square() / 2) / math.sqrt(2 * math.pi)",
    "silu": "torch.sigmoid($a) * (1 + $a * (1 - torch.sigmoid($a)))",
    "tanh": "1 - torch.tanh($a).square()",
    "sigmoid": "torch.sigmoid($a) * (1 - torch.sigmoid($a))",
    "linear": "torch.ones_like($a)",
}
"""Activation -> its derivative at the weighted sum a."""

JACOBIAN = '''
    def squared_jacobian(self, x: Tensor) -> Tensor:
        """Squared norm of the Jacobian, ||∂z/∂x||_F^2, of each example, (B, ...) -> (B,).

        $rule
        """
        $steps
'''
ONE_LAYER = "By the chain rule ∂z_j/∂x_i = f'(a_j) W_ji, so the squares can be summed over i first (eq. 5)."
MORE_LAYERS = "By the chain rule: the product of all weight matrices, each multiplied by the slopes f'(a) behind it."
CONTRACTION = "contraction = CONTRACTION * self.squared_jacobian($noisy).mean() / INPUTS"

HIGHEST = '''
    def highest(z: Tensor, k: int) -> Tensor:
        """z (B, Z) with all but the k highest numbers of each row set to zero."""
        values, places = z.topk(k, dim=1, sorted=False)
        return z.new_zeros(z.shape).scatter(1, places, values)
'''
K_ENCODE = '''
    def encode(self, x: Tensor) -> Tensor:
        """$What (B, $shape) -> codes (B, LATENT_SIZE), K units active$trained."""
        return highest(self.encoder(x.flatten(1)), $k)
'''
K_LOSS = '''
    $precision
    def loss(self, $parameters) -> Tensor:
        """$about"""
        sums = self.encoder($noisy.flatten(1))
        z = highest(sums, K)
        $terms
'''
REVIVAL = '''
    def revival(self, sums: Tensor, z: Tensor, $clean: Tensor) -> Tensor:
        """Auxiliary loss of the dead units, which would learn nothing: they reconstruct the remaining error.

        Dead: not among the highest for 4,000 examples. Gao et al. 2024, arXiv:2406.04093, appendix A.2.
        """
        self.silent_for += len(z)
        self.silent_for[(z != 0).any(0)] = 0
        is_dead = self.silent_for > 4000
        if not is_dead.any():
            return torch.zeros((), device=z.device)
        some = slice(0, math.ceil(len(z) / 4))  # a quarter of the batch is enough
        own = sums[some].masked_fill(~is_dead, torch.finfo(sums.dtype).min)
        z, $clean = z[some] + highest(own, K).masked_fill(~is_dead, 0), $clean[some]
        return $error / 32
'''
START_CODE = (
    "first = self.encoder[0]\nfirst.bias.copy_(-first.weight @ mean)  # and the code: "
    "what all share needs no unit of its own"
)


def contractive(subject: Subject) -> Network:
    """A code that resists small changes of the input."""
    chains, more, decoder = dense_layers(subject)
    jacobian = fill(
        JACOBIAN, rule=ONE_LAYER if len(chains[0].draws) == 1 else MORE_LAYERS, steps=_jacobian(subject, chains[0])
    )
    loss = dense_loss(subject, terms=(CONTRACTION, "what it costs that the code moves with its input"))
    return Network(
        written_class(subject, chains, [ENCODE, *decoder, FORWARD, loss, jacobian], more), constants(subject)
    )


def k_sparse(subject: Subject) -> Network:
    """A code in which only the k highest units are active."""
    model, words = subject.model, Words(subject)
    chains, more, decoder = dense_layers(subject)
    alpha: float = model.alpha
    k = "K" if alpha == 1 else "K if self.training else min(LATENT_SIZE, round(ALPHA * K))"
    trained = "" if alpha == 1 else "; after training ALPHA * K"
    methods = [fill(K_ENCODE, **words.values, k=k, trained=trained), *decoder, FORWARD]
    about, terms = "The error of what the K highest make of it.", f"return {words.reconstruction}"
    if model.revive:
        about = "The error of what the K highest make of it, and of what dead units make of the rest."
        terms = f"return {words.reconstruction} + self.revival(sums, z.detach(), {words.clean})"
        more += '\nself.register_buffer("silent_for", torch.zeros(LATENT_SIZE))  # examples since last active'
    methods.append(fill(K_LOSS, **words.values, about=about, terms=terms))
    methods += [fill(REVIVAL, **words.values, error=words.reconstruction)] if model.revive else []
    bias = decoder_bias(chains[0]) if model.tied else chains[1].weighted[-1] + ".bias"
    methods.append(start_at_mean(subject, bias, START_CODE))
    code = fill(HIGHEST) + "\n\n\n" + written_class(subject, chains, methods, more)
    return Network(code, ("latent_size", "k", *(("alpha",) if alpha != 1 else ())), starts_at_mean=True)


def _jacobian(subject: Subject, encoder: Chain) -> str:
    """The lines of the Jacobian's squared norm, layer by layer as the run computes it."""
    model, full = subject.model, Words(subject).full
    names = [model.activation] * len(model.widths) + [model.code_activation]
    layers, lines, last = encoder.weighted, [], "x.flatten(1)"
    for number, (layer, name) in enumerate(zip(layers, names, strict=True), 1):
        a = f"a{number}" if len(layers) > 1 else "a"
        lines.append(f"{a} = {layer}({last})")
        exact = f"exact_{a}" if full else a
        lines += [f"{exact} = {a}.float()"] if full else []
        lines.append(f"slope{number if len(layers) > 1 else ''} = {SLOPES[name].replace('$a', exact)}")
        place = int(layer[layer.index("[") + 1 : -1]) + 1
        last = f"self.encoder[{place}]({a})" if name != "linear" else a
    if len(layers) == 1:
        return "\n".join([*lines, f"return slope.square() @ {layers[0]}.weight{full}.square().sum(1)"])
    lines.append(f"jacobian = slope{len(layers)}.unsqueeze(2) * {layers[-1]}.weight  # (B, Z, width)")
    for number in range(len(layers) - 1, 1, -1):
        lines.append(f"jacobian = F.linear(jacobian * slope{number}.unsqueeze(1), {layers[number - 1]}.weight.t())")
    lines += [
        "jacobian = jacobian * slope1.unsqueeze(1)", f"first = {layers[0]}.weight",
        f"return (F.linear(jacobian, first @ first.t()) * jacobian){full}.sum((1, 2))",
    ]  # fmt: skip
    return "\n".join(lines)
