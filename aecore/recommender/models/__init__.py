"""MODELS: every recommender, one line each. A model's own file holds its settings and its class."""

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
    """A line of the table. The file is imported only when its class is asked for.

    model: file and class, "ease:Ease". about: one or two sentences for a visitor. source: the paper. predicts_stars: whether its
    scores hold stars; every model has an order.
    """

    model: str
    title: str
    about: str
    source: str
    predicts_stars: bool

    @property
    def model_class(self) -> type[Recommender]:
        """The recommender."""
        module, name = self.model.split(":")
        return getattr(import_module(f"aecore.recommender.models.{module}"), name)

    @property
    def settings_class(self) -> type[Settings]:
        """Its settings."""
        return self.model_class.settings_class


MODELS: dict[str, Entry] = {
    "popularity": Entry(
        "popularity:Popularity", "Popularity", "The same films for everybody: those that most people like.",
        "The baseline of every comparison", False,
    ),
    "item-mean": Entry(
        "item_mean:ItemMean", "Film means", "Everybody is expected to give a film its average, drawn towards the mean of all films where few have rated it.",
        "Koren, Bell & Volinsky 2009, Matrix Factorization Techniques for Recommender Systems, IEEE Computer 42(8)", True,
    ),
    "bias": Entry(
        "bias:Bias", "Person and film biases", "A film's average, shifted by how generous this person is. It knows how strictly you rate, not what you like.",
        "Koren 2010, Factor in the Neighbors, ACM TKDD 4(1), section 2.1", True,
    ),
    "item-knn": Entry(
        "item_knn:ItemKnn", "Film neighbours", "Films are alike if the same people rate them alike; yours are weighed by how alike they are.",
        "Sarwar, Karypis, Konstan & Riedl 2001, Item-Based Collaborative Filtering, WWW; Koren 2010, eq. 3", True,
    ),
    "ease": Entry(
        "ease:Ease", "EASE", "A linear autoencoder without a hidden layer that may not look at the film it predicts. It is solved in one step, not trained.",
        "Steck 2019, Embarrassingly Shallow Autoencoders for Sparse Data, WWW, arXiv:1905.03375", False,
    ),
    "stacked-faithful": Entry(
        "stacked_faithful:StackedFaithful", "The articles' stacked autoencoder", "20 - 10 - 20 units, one person at a time, exactly as the articles train it.",
        "The articles; RMSprop: Hinton 2012, Neural Networks for Machine Learning, lecture 6e", True,
    ),
    "stacked": Entry(
        "stacked:Stacked", "Stacked autoencoder, done right", "The same idea with batches, centred ratings, hidden inputs, and errors of ratings only.",
        "Vincent et al. 2010, Stacked Denoising Autoencoders, JMLR 11", True,
    ),
    "user-autorec": Entry(
        "user_autorec:UserAutoRec", "User-based AutoRec", "One hidden layer between what a person rated and all films.",
        "Sedhain, Menon, Sanner & Xie 2015, AutoRec: Autoencoders Meet Collaborative Filtering, WWW", True,
    ),
    "item-autorec": Entry(
        "item_autorec:ItemAutoRec", "Item-based AutoRec", "One hidden layer between who rated a film and all people.",
        "Sedhain, Menon, Sanner & Xie 2015, AutoRec: Autoencoders Meet Collaborative Filtering, WWW", True,
    ),
    "denoising-items": Entry(
        "denoising_items:DenoisingItems", "Denoising autoencoder of films", "Some of a film's ratings are hidden; it predicts them from the others.",
        "Sedhain et al. 2015, AutoRec, WWW; Vincent et al. 2008, Denoising Autoencoders, ICML", True,
    ),
    "mult-vae": Entry(
        "mult_vae:MultVae", "Mult-VAE", "A variational autoencoder that spreads one chance over all films. It ranks best when somebody has rated only a few.",
        "Liang, Krishnan, Hoffman & Jebara 2018, Variational Autoencoders for Collaborative Filtering, WWW, arXiv:1802.05814", False,
    ),
    "mult-dae": Entry(
        "mult_dae:MultDae", "Mult-DAE", "A denoising autoencoder: some of a person's films are hidden, and it is to find them again.",
        "Liang, Krishnan, Hoffman & Jebara 2018, section 2.4, arXiv:1802.05814", False,
    ),
    "bayesian": Entry(
        "bayesian:Bayesian", "Bayesian linear autoencoder", "Predicts the stars best and says how sure it is: an average of many networks.",
        "Salakhutdinov & Mnih 2008, Bayesian Probabilistic Matrix Factorization using MCMC, ICML; Simm et al. 2017, Macau, arXiv:1509.04610", True,
    ),
    "duo": Entry(
        "hybrid:Hybrid", "Hybrid", "Mult-VAE, two Mult-DAE and EASE say what comes first, the Bayesian model how many stars. The Movies page uses it.",
        "This project; its parts: Liang et al. 2018, Steck 2019, Salakhutdinov & Mnih 2008", True,
    ),
}  # fmt: skip


def load_model(folder: Path) -> Recommender:
    """The model that `Recommender.save` wrote. BrokenFileError if it cannot be read or is of a kind not known here."""
    from aecore.files import BrokenFileError
    from aecore.recommender.models.base import ABOUT, read_about

    name = read_about(folder)["model"]
    if name not in MODELS:
        raise BrokenFileError(f"{folder / ABOUT} is of a model called '{name}'; there are {', '.join(MODELS)}.")
    return MODELS[name].model_class.load(folder)
