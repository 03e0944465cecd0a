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

    idea: one sentence for a visitor. formula: what is minimised, or the code, in LaTeX. how: the formula in words, and
    what to look at. source: the paper. needs_image: whether it works on pictures only.
    """

    model: str
    title: str
    idea: str
    formula: str
    how: str
    source: str
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
        """A new network for examples of this shape, its weights drawn from `rng`.

        SettingsError if it cannot be built.
        """
        return self.model_class(settings, shape, rng)  # type: ignore[call-arg]  # every variant is built from these


VARIANTS: dict[str, Variant] = {
    "undercomplete": Variant(
        "undercomplete:Undercomplete", "Undercomplete", "A code smaller than the picture: it must choose what to keep.",
        r"\min_{f, g} \lVert x - g(f(x)) \rVert^2, \quad \dim z < \dim x",
        "The encoder f turns a picture x into a code z with fewer numbers than the picture has; the decoder g turns "
        "the code back into a picture. Training makes the squared difference small. What does not fit through the "
        "code is lost, so the network keeps what its pictures have in common.",
        "Rumelhart, Hinton & Williams 1986; Hinton & Salakhutdinov 2006",
    ),
    "linear": Variant(
        "linear:Linear", "Linear (PCA)", "No curves anywhere: the best it can do is what PCA does.",
        r"\min_{W, V} \lVert x - (V(Wx + b) + c) \rVert^2",
        "Encoder and decoder only weigh and add, with no bends. The best such network spans the same directions as "
        "principal component analysis, and the chart shows it: the loss sinks to PCA's line and stays there.",
        "Baldi & Hornik 1989",
    ),
    "overcomplete": Variant(
        "overcomplete:Overcomplete", "Overcomplete", "A code larger than the picture: it is free to copy, and it does.",
        r"\min_{f, g} \lVert x - g(f(x)) \rVert^2, \quad \dim z \geq \dim x",
        "The code has as many numbers as the picture, or more. Nothing forces the network to understand anything: it "
        "may pass each pixel through a unit of its own. Look at its cheat meter, and see what changes when its input "
        "is damaged or its code is made to pay.",
        "Goodfellow, Bengio & Courville 2016, chapter 14",
    ),
    "sparse-l1": Variant(
        "sparse_l1:SparseL1", "Sparse (L1)", "A wide code in which speaking costs: "
        "most units keep silent, and each of the few that speak means something.",
        r"\lVert x - g(z) \rVert^2 + \lambda \sum_j |z_j|, \quad z = f(x)",
        "The code is wide, but every number in it costs in proportion to its size, λ for each unit of it. The "
        "cheapest codes are mostly zeros, so each unit learns to speak for one thing only. λ sets the price: look at "
        "how many units are active.",
        "Olshausen & Field 1996; Goodfellow, Bengio & Courville 2016",
    ),
    "sparse-kl": Variant(
        "sparse_kl:SparseKl", "Sparse (KL)",
        "Each unit is asked to be on only now and then, so each comes to stand for something in particular.",
        r"\lVert x - g(z) \rVert^2 + \beta \sum_j \mathrm{KL}(\rho \,\Vert\, \hat\rho_j), "
        r"\quad \hat\rho_j = \tfrac{1}{B} \sum_b z_{bj}",
        "Each unit has an average activation over the pictures of a batch. The penalty is the divergence between "
        "being on with that frequency and being on with the frequency ρ that you ask for. It weighs β, and it is "
        "zero when every unit is on exactly as often as asked.",
        "Lee, Ekanadham & Ng 2008; Ng 2011",
    ),
    "k-sparse": Variant(
        "k_sparse:KSparse", "k-sparse",
        "Only the loudest few units of a wide code may speak; all the others are set to zero.",
        r"\lVert x - g(z) \rVert^2, \quad z = \mathrm{top}_k(Wx + b)",
        "The encoder is linear; of its numbers only the k largest are kept, and the rest are set to zero. No penalty "
        "is needed: sparsity is exact. Units that are never among the k largest would stay dead for good, so this "
        "app lets them take a share in what the living ones leave over.",
        "Makhzani & Frey 2013; revival after Gao et al. 2024",
    ),
    "dropout": Variant(
        "dropout:Dropout", "Sparse by dropout",
        "While it learns, half of its code is silenced at random: no unit may rely on another.",
        r"\lVert x - g(\tfrac{m \odot z}{1 - p}) \rVert^2, \quad m_j \sim \mathrm{Bernoulli}(1 - p)",
        "In each step a random mask m silences each unit of the code with probability p, and the others speak up "
        "to make good for it. A picture has to be described so that any half of the units will do. When it is "
        "used, nobody is silenced.",
        "Srivastava et al. 2014",
    ),
    "contractive": Variant(
        "contractive:Contractive", "Contractive",
        "Nudge a picture a little and its code should hardly move, except where pictures really differ.",
        r"\lVert x - g(z) \rVert^2 + \lambda \lVert \partial z / \partial x \rVert_F^2, \quad z = f(x)",
        "The Jacobian lists how much each number of the code moves when each pixel is nudged. The sum of its squares "
        "is the penalty, weighed by λ. The reconstruction pulls the other way: the code must still tell pictures "
        "apart. What is left is sensitive only to the ways in which pictures really differ; see Sensitivity.",
        "Rifai et al. 2011",
    ),
    "stacked": Variant(
        "stacked:Stacked", "Stacked", "Small autoencoders on top of each other: "
        "each learns alone from the codes below it, then all learn together.",
        r"h_k = f(W_k h_{k-1} + b_k), \quad \min \lVert h_{k-1} - g_k(h_k) \rVert^2 \text{ for } k = 1, 2, "
        r"\dots, \text{ then } \lVert x - y \rVert^2",
        "The first autoencoder learns to reconstruct pictures; then its encoder stands still, and a second one "
        "learns to reconstruct the first one's codes, and so on. At last all encoders and decoders are put on top of "
        "each other and trained as one. With a corruption only the first one's pictures are damaged: a stacked "
        "denoising autoencoder.",
        "Bengio et al. 2007; Vincent et al. 2010",
    ),
    "deep": Variant(
        "deep:Deep", "Deep (Boltzmann machines)",
        "The network of 2006 that made depth work: a tower of Boltzmann machines, "
        "opened out into an autoencoder and fine-tuned.",
        r"\Delta W_k \propto \langle v h \rangle_{\text{data}} - \langle v h \rangle_{\text{one step "
        r"later}}, \text{ then } \min \lVert x - y \rVert^2",
        "A restricted Boltzmann machine learns by comparing what pixels and units do together when they see a "
        "picture (v, h in the data) with what they do one step later, when the machine believes its own "
        "reconstruction. Each machine learns from the codes of the one below. Unrolled, their weights are the start "
        "of a deep autoencoder.",
        "Hinton & Salakhutdinov 2006",
    ),
    "convolutional": Variant(
        "convolutional:Convolutional", "Convolutional",
        "Small filters slide over the picture; what one learns in a corner it knows everywhere.",
        r"z = f(W * x + b), \quad \min \lVert x - g(z) \rVert^2",
        "Instead of weighing all pixels at once, each unit looks through a small window, and the same weights slide "
        "over the whole picture (the star). After each layer the picture is halved, so that later filters see more "
        "of it. Far fewer weights, and no place is special.",
        "Masci et al. 2011",
        needs_image=True,
    ),
    "sparse-convolutional": Variant(
        "sparse_convolutional:SparseConvolutional", "Sparse convolutional",
        "Sliding filters that speak up only where they are sure.",
        r"\lVert x - g(z) \rVert^2 + \lambda \sum_j |z_j|, \quad z = f(W * x + b)",
        "The code is a stack of maps, which say for each filter where in the picture it was found. Each "
        "answer costs λ times its size, so the filters answer only where they are sure, and one stroke is "
        "told by one of them, not by all.",
        "Olshausen & Field 1996, on the network of Masci et al. 2011",
        needs_image=True,
    ),
    "variational": Variant(
        "variational:Variational", "Variational",
        "Each code is a little cloud instead of a point, so any place near it decodes to something "
        "sensible: it can dream.",
        r"-\mathbb{E}_{q(z|x)}[\log p(x|z)] + \beta\, \mathrm{KL}(q(z|x) \,\Vert\, \mathcal{N}(0, I))",
        "The encoder answers with a cloud q: a mean and a spread for each number of the code. A point is drawn from "
        "it and decoded. The first term asks that the picture come back; the second, weighed by β, that clouds lie "
        "close to the standard normal, so that there are no empty places between them. With β = 1, minus their sum "
        "is a lower bound of the log-probability of the picture.",
        "Kingma & Welling 2014; Higgins et al. 2017",
    ),
}  # fmt: skip
