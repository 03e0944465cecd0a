"""A restricted Boltzmann machine of visible and hidden units,
trained by contrastive divergence.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

MIXING = 30
"""Gibbs steps of the fantasy particles per call."""


class Rbm(nn.Module):
    """Binary visible units v (values in [0, 1] count as probabilities);
    hidden units h binary, or Gaussian with variance 1.

    The weights are those of a `Linear` layer W (H, V) with its biases c (H,), and visible biases b (V,), shared with
    the network that is later unrolled from it. Source: Hinton 2002, "Training products of experts by minimizing
    contrastive divergence", doi:10.1162/089976602760128018; as a layer of a deep autoencoder: Hinton & Salakhutdinov
    2006, doi:10.1126/science.1127647.
    """

    def __init__(self, layer: nn.Linear, visible_bias: nn.Parameter, *, is_gaussian: bool = False) -> None:
        super().__init__()
        self.layer, self.visible_bias, self.is_gaussian = layer, visible_bias, is_gaussian
        self._particles: Tensor | None = None

    def hidden(self, v: Tensor) -> Tensor:
        """E[h | v], (B, V) -> (B, H): probabilities, or means where h is Gaussian."""
        sums = self.layer(v)
        return sums if self.is_gaussian else torch.sigmoid(sums)

    def visible(self, h: Tensor) -> Tensor:
        """E[v | h], (B, H) -> (B, V)."""
        return torch.sigmoid(F.linear(h, self.layer.weight.t(), self.visible_bias))

    def sample_hidden(self, v: Tensor, rng: torch.Generator) -> Tensor:
        """h drawn from p(h | v), (B, V) -> (B, H)."""
        expected = self.hidden(v)
        if self.is_gaussian:
            return expected + torch.randn(expected.shape, generator=rng, device=v.device, dtype=expected.dtype)
        return (torch.rand(expected.shape, generator=rng, device=v.device) < expected).to(v.dtype)

    def free_energy(self, v: Tensor) -> Tensor:
        """-log sum_h exp(-E(v, h)) up to a constant, (B, V) -> (B,): low where v is probable."""
        sums = self.layer(v).float()
        of_hidden = sums.square() / 2 if self.is_gaussian else F.softplus(sums)
        return -(v.float() @ self.visible_bias.float()) - of_hidden.sum(1)

    def loss_terms(self, noisy: Tensor, clean: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """The squared error per unit of v after one step down and up,
        with the gradient of contrastive divergence, CD-1.

        The value is for monitoring, the gradient is for training: d(F(v0) - F(v1)) with v1 held fixed is
        <v h> under the data minus <v h> after one step, Hinton's rule. (noisy is not used: see Greedy.)
        """
        v = clean.flatten(1)
        with torch.no_grad():
            fantasy = self.visible(self.sample_hidden(v, rng)).to(v.dtype)
            error = F.mse_loss(fantasy, v)
        divergence = (self.free_energy(v) - self.free_energy(fantasy)).mean()
        return {"reconstruction": error + (divergence - divergence.detach())}

    def forward(self, x: Tensor) -> Tensor:
        """x (B, ...) through the hidden units' expectations and back, in its own shape."""
        return self.visible(self.hidden(x.flatten(1))).view_as(x)

    def examine(self, x: Tensor, rng: torch.Generator) -> tuple[dict[str, Tensor], Tensor]:
        """The loss terms of x and its reconstruction."""
        return self.loss_terms(x, x, rng), self(x)

    @torch.no_grad()
    def fantasies(self, count: int, rng: torch.Generator, steps: int = MIXING) -> Tensor:
        """Particles of a persistent Gibbs chain: E[v], (count, V)."""
        if self._particles is None or len(self._particles) != count:
            bias = self.visible_bias
            self._particles = (torch.rand(count, len(bias), generator=rng, device=bias.device) < 0.5).to(bias.dtype)
        v = expected = self._particles
        for _ in range(steps):
            expected = self.visible(self.sample_hidden(v, rng))
            v = (torch.rand(expected.shape, generator=rng, device=v.device) < expected).to(v.dtype)
        self._particles = v
        return expected
