"""A stack of Boltzmann machines as code: each models the codes of the layers below it."""

from __future__ import annotations

from aecore.export.cells import fill
from aecore.export.network import Words
from aecore.export.subject import Subject
from aecore.export.training import has_rates
from aecore.variants.deep import GAUSSIAN_SHARE, WEIGHT_DECAY

MACHINE = '''
    class BoltzmannMachine(nn.Module):
        """A restricted Boltzmann machine: visible units v and hidden units h that explain each other. Hinton 2002.

        Its weights are those of one layer of the network. h is binary, or Gaussian with variance 1.
        """

        def __init__(self, layer: nn.Linear, visible_bias: nn.Parameter, is_gaussian: bool) -> None:
            super().__init__()
            self.layer, self.visible_bias, self.is_gaussian = layer, visible_bias, is_gaussian

        def sample_hidden(self, v: Tensor) -> Tensor:
            """h drawn from p(h | v)."""
            sums = self.layer(v)
            if self.is_gaussian:
                return sums + torch.randn(sums.shape, generator=rng, device=v.device, dtype=sums.dtype)
            return (torch.rand(sums.shape, generator=rng, device=v.device) < torch.sigmoid(sums)).to(v.dtype)

        def visible(self, h: Tensor) -> Tensor:
            """E[v | h]."""
            return torch.sigmoid(F.linear(h, self.layer.weight.t(), self.visible_bias))

        def free_energy(self, v: Tensor) -> Tensor:
            """-log Σ_h exp(-E(v, h)) up to a constant: low where the machine expects v."""
            sums = self.layer(v)$full
            of_hidden = sums.square() / 2 if self.is_gaussian else F.softplus(sums)
            return -(v$full @ self.visible_bias$full) - of_hidden.sum(1)

        $precision
        def loss(self, x: Tensor) -> Tensor:
            """The squared error after one step down and up, but with the slope of contrastive divergence (CD-1).

            The slope of F(v) - F(fantasy), with the fantasy held fixed, is Hinton's rule: <v h> under the data minus
            <v h> one step later.
            """
            v = x.flatten(1)
            with torch.no_grad():
                fantasy = self.visible(self.sample_hidden(v)).to(v.dtype)
                error = F.mse_loss(fantasy, v)
            divergence = (self.free_energy(v) - self.free_energy(fantasy)).mean()
            return error + (divergence - divergence.detach())
'''

DEEP = """
    up, down = model.encoder[2 * k], model.decoder[2 * (LAYERS - 1 - k)]
    is_gaussian = $is_gaussian
    machine = BoltzmannMachine(up, down.bias, is_gaussian)
    rate = RBM_RATE$share
    optimizer = torch.optim.SGD(machine.parameters(), lr=rate, weight_decay=$decay, momentum=0.9, fused=True)
    fit(f"machine {k + 1}", LAYER_EPOCHS, examples, machine.loss, optimizer$flag)
"""


def machines(subject: Subject) -> tuple[str, str, str]:
    """Code before all layers, for each layer, and after each layer is trained."""
    is_linear = subject.model.code_activation == "linear"
    layer = fill(
        DEEP, decay=WEIGHT_DECAY, flag=", is_scheduled=False" if has_rates(subject) else "",
        is_gaussian="k == LAYERS - 1" if is_linear else "False  # the code has sigmoid units too",
        share=f" * ({GAUSSIAN_SHARE} if is_gaussian else 1)" if is_linear else "",
    )  # fmt: skip
    unrolled = "down.weight.copy_(up.weight.t())  # the way back begins with the same weights, turned around"
    return fill(MACHINE, **Words(subject).values), layer, unrolled
