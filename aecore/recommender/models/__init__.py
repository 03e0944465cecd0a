"""MODELS: the table of recommenders. Each model's file holds its settings and its class."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aecore.recommender.models.base import Recommender
    from aecore.settings import Settings


@dataclass(frozen=True)
class Entry:
    """An entry of the table. The file is imported only when its class is needed.

    model: file and class, "ease:Ease". about: one or two sentences for the reader. source: the paper.
    predicts_stars: whether its scores include stars; every model ranks. formula: LaTeX; explanation: its symbols,
    and how it works.
    """

    model: str
    title: str
    about: str
    source: str
    predicts_stars: bool
    formula: str
    explanation: str

    @property
    def model_class(self) -> type[Recommender]:
        """The class of the recommender."""
        module, name = self.model.split(":")
        return getattr(import_module(f"aecore.recommender.models.{module}"), name)

    @property
    def settings_class(self) -> type[Settings]:
        """The class of its settings."""
        return self.model_class.settings_class


RESIDUALS = (
    "The network is fed what is left of the stars after the biases, and learns from given ratings alone: "
    "an empty place is no rating of zero."
)
GRADES = (
    "A row $x$ is a user, with a place for each film: 1 for five stars, less for fewer, 0 for two or fewer and for "
    "films without a rating."
)

MODELS: dict[str, Entry] = {
    "popularity": Entry(
        "popularity:Popularity", "Popularity", "The same films for every user: those that most users like.",
        "The baseline of every comparison", False,
        formula=r"s_j = \#\{i : r_{ij} \ge 4\}",
        explanation="Films in the order of how many users gave them four stars or more. It is the same for every user.",
    ),
    "item-mean": Entry(
        "item_mean:ItemMean", "Item mean", "The predicted stars are the film's average for every user, "
        "drawn towards the mean of all films where few users have rated it.",
        "Koren, Bell & Volinsky 2009, Matrix Factorization Techniques for Recommender Systems, IEEE Computer",
        True, formula=r"\hat r_j = \frac{\sum_i r_{ij} + \lambda\mu}{n_j + \lambda}",
        explanation="The mean of the film's $n_j$ ratings. $\\lambda$ ratings of the overall mean $\\mu$ are added, so "
        "that a single five makes no film the best of all.",
    ),
    "bias": Entry(
        "bias:Bias", "User and item biases", "A film's average, shifted by how generous this user is. "
        "It knows how strictly you rate, not what you like.",
        "Koren 2010, Factor in the Neighbors: Scalable and Accurate Collaborative Filtering, ACM TKDD", True,
        formula=r"\hat r_{ij} = \mu + a_i + b_j",
        explanation="The overall mean, plus how generous user $i$ is, plus how much better than most film $j$ is.",
    ),
    "item-knn": Entry(
        "item_knn:ItemKnn", "Item k-NN",
        "Films are similar if the same users rate them alike; yours are weighted by how similar they are.",
        "Sarwar, Karypis, Konstan & Riedl 2001, Item-Based Collaborative Filtering Recommendation Algorithms, WWW; "
        "Koren 2010, Factor in the Neighbors, ACM TKDD", True,
        formula=r"\hat r_{ij} = b_{ij} + \frac{\sum_{k \in N(j)} w_{jk}\,(r_{ik} - b_{ik})}{\sum_{k "
        r"\in N(j)} |w_{jk}| + \kappa}",
        explanation="For every film you rated: was it better or worse than the biases $b$ expected? "
        "Films that the same users rate alike count most.",
    ),
    "ease": Entry(
        "ease:Ease", "EASE", "A linear autoencoder without a hidden layer that may not look at the film it predicts. "
        "It is solved in one step, not trained.",
        "Steck 2019, Embarrassingly Shallow Autoencoders for Sparse Data, WWW", False,
        formula=r"B = I - P\,\mathrm{diag}(P)^{-1}, \quad P = (X^\top X + \lambda I)^{-1}, \quad s = xB",
        explanation="Every film is a weighted sum of the others. The diagonal of $B$ is zero, "
        "so that no film votes for itself. One matrix inversion is all.",
    ),
    "stacked-faithful": Entry(
        "stacked_faithful:StackedFaithful", "Stacked autoencoder, the classroom recipe",
        "20 - 10 - 20 units, one user at a time, exactly as introductory tutorials train it.",
        "Introductory tutorials; RMSprop: Hinton 2012, Neural Networks for Machine Learning, a lecture", True,
        formula=r"\hat x = W_4\,\sigma(W_3\,\sigma(W_2\,\sigma(W_1 x)))",
        explanation="Films, 20, 10, 20 and films again. Fed with the stars themselves, zero where there are none; one "
        "user per step, RMSprop, weight decay 0.5.",
    ),
    "stacked": Entry(
        "stacked:Stacked", "Stacked autoencoder, done right",
        "The same idea with batches, centred ratings, hidden inputs, and errors of ratings only.",
        "Vincent et al. 2010, Stacked Denoising Autoencoders, JMLR", True,
        formula=r"\hat x = W_4\,f(W_3\,f(W_2\,f(W_1 \tilde x)))",
        explanation=f"The same shape. {RESIDUALS} Some of what is fed is hidden at random.",
    ),
    "user-autorec": Entry(
        "user_autorec:UserAutoRec", "User-based AutoRec", "One hidden layer between what a user rated and all films.",
        "Sedhain, Menon, Sanner & Xie 2015, AutoRec: Autoencoders Meet Collaborative Filtering, WWW", True,
        formula=r"\min_\theta \sum_i \lVert r_i - h(r_i; \theta) \rVert_{\mathcal O}^2 + "
        r"\tfrac{\lambda}{2}\lVert\theta\rVert^2",
        explanation=f"A row is a user. {RESIDUALS} The set $\\mathcal O$ holds the given ratings.",
    ),
    "item-autorec": Entry(
        "item_autorec:ItemAutoRec", "Item-based AutoRec", "One hidden layer between who rated a film and all users.",
        "Sedhain, Menon, Sanner & Xie 2015, AutoRec: Autoencoders Meet Collaborative Filtering, WWW", True,
        formula=r"\min_\theta \sum_j \lVert r^{(j)} - h(r^{(j)}; \theta) \rVert_{\mathcal O}^2 + "
        r"\tfrac{\lambda}{2}\lVert\theta\rVert^2",
        explanation=f"A row is a film, its numbers are what users gave it. {RESIDUALS}",
    ),
    "denoising-items": Entry(
        "denoising_items:DenoisingItems", "Item-based denoising autoencoder",
        "Some of a film's ratings are hidden; it predicts them from the others.",
        "Sedhain et al. 2015, AutoRec, WWW; Vincent et al. 2008, Denoising Autoencoders, ICML", True,
        formula=r"\min_\theta \sum_j \lVert r^{(j)} - h(\tilde r^{(j)}; \theta) \rVert_{\mathcal O}^2",
        explanation=f"A row is a film. {RESIDUALS} In every step some ratings are hidden, "
        "and the network has to predict these as well.",
    ),
    "mult-vae": Entry(
        "mult_vae:MultVae", "Mult-VAE", "A variational autoencoder that shares out 100\u00a0% among all films: "
        "the larger a film's share, the earlier it is recommended.",
        "Liang, Krishnan, Hoffman & Jebara 2018, Variational Autoencoders for Collaborative "
        "Filtering, WWW", False,
        formula=r"-\sum_j x_j \log \pi_j(z) + \beta\,\mathrm{KL}\big(q(z \mid x)\,\Vert\,\mathcal N(0, I)\big)",
        explanation=f"{GRADES} $\\pi$ shares out 100\u00a0% among all films (a softmax); most should go to films that "
        "the user likes. The code $z$ is drawn at random around its mean, and held near a standard normal.",
    ),
    "mult-dae": Entry(
        "mult_dae:MultDae", "Mult-DAE",
        "A denoising autoencoder: some of a user's films are hidden, and it learns to find them.",
        "Liang, Krishnan, Hoffman & Jebara 2018, Variational Autoencoders for Collaborative Filtering, WWW", False,
        formula=r"-\sum_j x_j \log \pi_j, \quad \pi = \mathrm{softmax}(W \tanh(V \tilde x + a) + b)",
        explanation=f"{GRADES} $\\pi$ shares out 100\u00a0% among all films. Some of the user's films are hidden from "
        "the input, $\\tilde x$, and have to be found again.",
    ),
    "bayesian": Entry(
        "bayesian:Bayesian", "Bayesian linear autoencoder",
        "Predicts the stars best and says how sure it is: an average of many networks.",
        "Salakhutdinov & Mnih 2008, Bayesian Probabilistic Matrix Factorization using MCMC, ICML; "
        "Simm et al. 2017, Macau: Scalable Bayesian Factorization with High-Dimensional Side Information Using MCMC, "
        "MLSP", True,
        formula=r"r_{ij} \sim \mathcal N(\mu + a_i + b_j + u_i^\top v_j,\ \alpha^{-1}), "
        r"\quad u_i \sim \mathcal N(m + B^\top x_i,\ \Lambda^{-1})",
        explanation="Nothing is fitted to a point: everything is drawn from what the ratings leave possible, many "
        "times over. The stars are the mean of the draws, and how far these lie apart is how unsure the model is.",
    ),
    "hybrid": Entry(
        "hybrid:Hybrid", "Hybrid", "Mult-VAE, two Mult-DAE and EASE say what comes first, "
        "the Bayesian model how many stars; what it expects to be disliked moves down. The Movies page uses it.",
        "This project; its parts: Liang et al. 2018, Steck 2019, Salakhutdinov & Mnih 2008", True,
        formula=r"s = \sum_k \log\pi_k + v\, x^\top B + w \log\max\big(P(\hat r \ge 4) - \lambda P(\hat r \le 2), "
        r"0.02\big), \quad "
        r"\hat r = \hat r_{\mathrm{Bayes}}",
        explanation="A Mult-VAE and Mult-DAEs from different first weights, and EASE (B), say together "
        "what comes first; the Bayesian linear autoencoder says how many stars it will get, and what it expects to be "
        "disliked moves down. Trained one after the other.",
    ),
}  # fmt: skip


FORMER_NAMES = {"duo": "hybrid"}
"""Name in runs, links and commands of earlier versions -> present name."""


def present_name(name: str) -> str:
    """The key of a recommender in MODELS, also from a former name."""
    return FORMER_NAMES.get(name, name)


def load_model(folder: Path) -> Recommender:
    """Loads the model that `Recommender.save` wrote. BrokenFileError if it cannot be read or its kind is unknown."""
    from aecore.files import BrokenFileError
    from aecore.recommender.models.base import ABOUT, read_about

    name = read_about(folder)["model"]
    if name not in MODELS:
        raise BrokenFileError(f"{folder / ABOUT} is of a model called '{name}'; there are {', '.join(MODELS)}.")
    return MODELS[name].model_class.load(folder)
