"""VARIANTS: every kind of autoencoder, one line each. A variant's own file holds its settings and its network."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from aecore.variants.base import Autoencoder, ModelSettings


@dataclass(frozen=True)
class Variant:
    """A line of the table. The file is imported, and torch with it, only when its classes are asked for.

    idea: one sentence for a visitor. formula: what is minimised, or the code, in LaTeX. needs_image: whether it works
    on pictures only.
    """

    model: str
    title: str
    idea: str
    formula: str
    needs_image: bool = False

    @property
    def model_class(self) -> type[Autoencoder]:
        """The network, an `nn.Module`."""
        module, name = self.model.split(":")
        return getattr(import_module(f"aecore.variants.{module}"), name)

    @property
    def settings_class(self) -> type[ModelSettings]:
        """Its settings, named after the network: `Linear` has `LinearSettings`."""
        module, name = self.model.split(":")
        return getattr(import_module(f"aecore.variants.{module}"), f"{name}Settings")

    def build(self, settings: Any, shape: tuple[int, ...], rng: torch.Generator) -> Autoencoder:
        """A new network for examples of this shape, its weights drawn from `rng`. SettingsError if it cannot be built."""
        return self.model_class(settings, shape, rng)  # type: ignore[call-arg]


VARIANTS: dict[str, Variant] = {
    "undercomplete": Variant(
        "undercomplete:Undercomplete", "Undercomplete", "A code smaller than the picture: it must choose what to keep.",
        r"\min_{f, g} \lVert x - g(f(x)) \rVert^2, \quad \dim z < \dim x",
    ),
    "linear": Variant(
        "linear:Linear", "Linear (PCA)", "No curves anywhere: the best it can do is what PCA does.",
        r"\min_{W, V} \lVert x - (V(Wx + b) + c) \rVert^2",
    ),
    "overcomplete": Variant(
        "overcomplete:Overcomplete", "Overcomplete", "A code larger than the picture: it is free to copy, and it does.",
        r"\min_{f, g} \lVert x - g(f(x)) \rVert^2, \quad \dim z \geq \dim x",
    ),
    "sparse-l1": Variant(
        "sparse_l1:SparseL1", "Sparse (L1)", "A wide code in which speaking costs: most units keep silent, and each of the few that speak means something.",
        r"\lVert x - g(z) \rVert^2 + \lambda \sum_j |z_j|, \quad z = f(x)",
    ),
    "sparse-kl": Variant(
        "sparse_kl:SparseKl", "Sparse (KL)", "Each unit is asked to be on only now and then, so each comes to stand for something in particular.",
        r"\lVert x - g(z) \rVert^2 + \beta \sum_j \mathrm{KL}(\rho \,\Vert\, \hat\rho_j), \quad \hat\rho_j = \tfrac{1}{B} \sum_b z_{bj}",
    ),
    "k-sparse": Variant(
        "k_sparse:KSparse", "k-sparse", "Only the loudest few units of a wide code may speak; all the others are set to zero.",
        r"\lVert x - g(z) \rVert^2, \quad z = \mathrm{top}_k(Wx + b)",
    ),
    "dropout": Variant(
        "dropout:Dropout", "Sparse by dropout", "While it learns, half of its code is silenced at random: no unit may rely on another.",
        r"\lVert x - g(\tfrac{m \odot z}{1 - p}) \rVert^2, \quad m_j \sim \mathrm{Bernoulli}(1 - p)",
    ),
    "contractive": Variant(
        "contractive:Contractive", "Contractive", "Nudge a picture a little and its code should hardly move, except where pictures really differ.",
        r"\lVert x - g(z) \rVert^2 + \lambda \lVert \partial z / \partial x \rVert_F^2, \quad z = f(x)",
    ),
    "stacked": Variant(
        "stacked:Stacked", "Stacked", "Small autoencoders on top of each other: each learns alone from the codes below it, then all learn together.",
        r"h_k = f(W_k h_{k-1} + b_k), \quad \min \lVert h_{k-1} - g_k(h_k) \rVert^2 \text{ for } k = 1, 2, \dots, \text{ then } \lVert x - y \rVert^2",
    ),
    "deep": Variant(
        "deep:Deep", "Deep (Boltzmann machines)",
        "The network of 2006 that made depth work: a tower of Boltzmann machines, opened out into an autoencoder and fine-tuned.",
        r"\Delta W_k \propto \langle v h \rangle_{\text{data}} - \langle v h \rangle_{\text{one step later}}, \text{ then } \min \lVert x - y \rVert^2",
    ),
    "convolutional": Variant(
        "convolutional:Convolutional", "Convolutional", "Small filters slide over the picture; what one learns in a corner it knows everywhere.",
        r"z = f(W * x + b), \quad \min \lVert x - g(z) \rVert^2", needs_image=True,
    ),
    "sparse-convolutional": Variant(
        "sparse_convolutional:SparseConvolutional", "Sparse convolutional", "Sliding filters that speak up only where they are sure.",
        r"\lVert x - g(z) \rVert^2 + \lambda \sum_j |z_j|, \quad z = f(W * x + b)", needs_image=True,
    ),
    "variational": Variant(
        "variational:Variational", "Variational",
        "Each code is a little cloud instead of a point, so any place near it decodes to something sensible: it can dream.",
        r"-\mathbb{E}_{q(z|x)}[\log p(x|z)] + \beta\, \mathrm{KL}(q(z|x) \,\Vert\, \mathcal{N}(0, I))",
    ),
}  # fmt: skip
