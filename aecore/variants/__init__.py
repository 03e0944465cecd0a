"""VARIANTS: every kind of autoencoder. A variant's own file holds its settings and its network."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from aecore.variants.base import Autoencoder, ModelSettings


@dataclass(frozen=True)
class Variant:
    """A kind of autoencoder. Its file is imported, and torch with it, only when its classes are accessed.

    idea: one sentence for users. formula: the loss, or the code, in LaTeX. how: the formula in words, and
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
        "linear:Linear", "Linear (PCA)",
        "No activation functions: at its best it does what PCA does.",
        r"\min_{W, V} \lVert x - (V(Wx + b) + c) \rVert^2",
        "Encoder and decoder are weighted sums without activation functions. The best such network spans the same "
        "directions as principal component analysis, and the chart shows it: the loss sinks to PCA's line and stays "
        "there.",
        "Baldi & Hornik 1989",
    ),
    "overcomplete": Variant(
        "overcomplete:Overcomplete", "Overcomplete", "A code larger than the picture: it is free to copy, and it does.",
        r"\min_{f, g} \lVert x - g(f(x)) \rVert^2, \quad \dim z \geq \dim x",
        "The code has as many numbers as the picture, or more. Nothing forces the network to understand anything: it "
        "may pass each pixel through a unit of its own. Look at its memorisation check, and see what changes when its "
        "input is corrupted or its code is penalised.",
        "Goodfellow, Bengio & Courville 2016, chapter 14",
    ),
    "sparse-l1": Variant(
        "sparse_l1:SparseL1", "Sparse (L1)", "A wide code in which activity costs: "
        "most units stay at zero, and each of the few active ones means something.",
        r"\lVert x - g(z) \rVert^2 + \lambda \sum_j |z_j|, \quad z = f(x)",
        "The code is wide, but every number in it costs in proportion to its size, λ for each unit of it. The "
        "cheapest codes are mostly zeros, so each unit learns to stand for one thing only. λ sets the price: look at "
        "how many units are active.",
        "Olshausen & Field 1996; Goodfellow, Bengio & Courville 2016",
    ),
    "sparse-kl": Variant(
        "sparse_kl:SparseKl", "Sparse (KL)",
        "Each unit should be active only now and then, so each comes to stand for something in particular.",
        r"\lVert x - g(z) \rVert^2 + \beta \sum_j \mathrm{KL}(\rho \,\Vert\, \hat\rho_j), "
        r"\quad \hat\rho_j = \tfrac{1}{B} \sum_b z_{bj}",
        "Each unit has an average activation over the pictures of a batch. The penalty is the KL divergence between "
        "being active at that rate and being active at the target rate ρ. Its weight is β, and it is zero when every "
        "unit is active exactly as often as its target.",
        "Lee, Ekanadham & Ng 2008; Ng 2011",
    ),
    "k-sparse": Variant(
        "k_sparse:KSparse", "k-sparse",
        "Only the k largest activations of a wide code are kept; all others are set to zero.",
        r"\lVert x - g(z) \rVert^2, \quad z = \mathrm{top}_k(Wx + b)",
        "The encoder is linear; of its numbers only the k largest are kept, and the rest are set to zero. No penalty "
        "is needed: sparsity is exact. Units that are never among the k largest would stay dead, so in this app dead "
        "units learn from the error that the active ones leave.",
        "Makhzani & Frey 2013; revival after Gao et al. 2024",
    ),
    "dropout": Variant(
        "dropout:Dropout", "Sparse by dropout",
        "During training, half of the code is set to zero at random: no unit may rely on another.",
        r"\lVert x - g(\tfrac{m \odot z}{1 - p}) \rVert^2, \quad m_j \sim \mathrm{Bernoulli}(1 - p)",
        "In each step a random mask m sets each unit of the code to zero with probability p, and the others are scaled "
        "up to compensate. So the code has to describe a picture in such a way that any half of the units will do. "
        "After training, all units take part.",
        "Srivastava et al. 2014",
    ),
    "contractive": Variant(
        "contractive:Contractive", "Contractive",
        "When a picture changes a little its code should hardly move, except where pictures really differ.",
        r"\lVert x - g(z) \rVert^2 + \lambda \lVert \partial z / \partial x \rVert_F^2, \quad z = f(x)",
        "The Jacobian lists how much each number of the code moves when each pixel changes a little. The sum of its "
        "squares, weighted by λ, is the penalty. The reconstruction error pulls the other way: the code must still "
        "tell pictures apart. The code that results is sensitive only to the ways in which pictures really differ; see "
        "Sensitivity.",
        "Rifai et al. 2011",
    ),
    "stacked": Variant(
        "stacked:Stacked", "Stacked", "Small autoencoders on top of one another: "
        "each learns alone from the codes below it, then all learn together.",
        r"h_k = f(W_k h_{k-1} + b_k), \quad \min \lVert h_{k-1} - g_k(h_k) \rVert^2 \text{ for } k = 1, 2, "
        r"\dots, \text{ then } \lVert x - y \rVert^2",
        "The first autoencoder learns to reconstruct pictures; then its encoder is frozen, and a second one learns to "
        "reconstruct the first one's codes, and so on. Finally all encoders and decoders are stacked and fine-tuned as "
        "one. With a corruption, only the first one's pictures are corrupted: a stacked denoising autoencoder.",
        "Bengio et al. 2007; Vincent et al. 2010",
    ),
    "deep": Variant(
        "deep:Deep", "Deep (Boltzmann machines)",
        "The network of 2006 that made depth work: a stack of Boltzmann machines, "
        "unrolled into an autoencoder and fine-tuned.",
        r"\Delta W_k \propto \langle v h \rangle_{\text{data}} - \langle v h \rangle_{\text{one step "
        r"later}}, \text{ then } \min \lVert x - y \rVert^2",
        "A restricted Boltzmann machine learns by comparing how pixels and units vary together on a picture "
        "(v, h in the data) with how they do so one step later, on the machine's own reconstruction. Each machine "
        "learns from the codes of the one below. Unrolled, their weights are the initial weights of a deep "
        "autoencoder.",
        "Hinton & Salakhutdinov 2006",
    ),
    "convolutional": Variant(
        "convolutional:Convolutional", "Convolutional",
        "Small kernels slide over the picture; what one learns in a corner it knows everywhere.",
        r"z = f(W * x + b), \quad \min \lVert x - g(z) \rVert^2",
        "Instead of weighting all pixels at once, each unit sees a small window, and the same weights slide over the "
        "whole picture (the star stands for this convolution). Each layer halves the height and width, so that later "
        "kernels see more of the picture. There are far fewer weights, and no place is special.",
        "Masci et al. 2011",
        needs_image=True,
    ),
    "sparse-convolutional": Variant(
        "sparse_convolutional:SparseConvolutional", "Sparse convolutional",
        "Convolutions whose maps are active only where a kernel fits well.",
        r"\lVert x - g(z) \rVert^2 + \lambda \sum_j |z_j|, \quad z = f(W * x + b)",
        "The code is a stack of maps, one for each kernel, which say where in the picture it fits. Each activation "
        "costs λ times its size, so kernels respond only where they fit well, and one stroke activates one of them, "
        "not all.",
        "Olshausen & Field 1996, on the network of Masci et al. 2011",
        needs_image=True,
    ),
    "variational": Variant(
        "variational:Variational", "Variational",
        "Each code is a small cloud instead of a point, so nearby codes decode to something sensible too: it can "
        "generate new pictures.",
        r"-\mathbb{E}_{q(z|x)}[\log p(x|z)] + \beta\, \mathrm{KL}(q(z|x) \,\Vert\, \mathcal{N}(0, I))",
        "The encoder gives a cloud q: a mean and a standard deviation for each number of the code. A point is sampled "
        "from it and decoded. The first term is the reconstruction error; the second, the KL divergence weighted by β, "
        "keeps the clouds close to the standard normal, so that there are no gaps between them. With β = 1, minus "
        "their sum is a lower bound on the log-probability of the picture (the ELBO).",
        "Kingma & Welling 2014; Higgins et al. 2017",
    ),
}  # fmt: skip
