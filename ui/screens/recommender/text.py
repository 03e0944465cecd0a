"""How each recommender computes, as a formula and in words, for whoever wants to know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class How:
    """formula: LaTeX. words: what its letters are, and what happens."""

    formula: str
    words: str


RESIDUALS = "The network is fed what is left of the stars after the biases, and learns from given ratings alone: an empty place is no rating of zero."

HOW: dict[str, How] = {
    "popularity": How(r"s_j = \#\{i : r_{ij} \ge 4\}", "Films in the order of how many people gave them four stars or more. Who asks makes no difference."),
    "item-mean": How(
        r"\hat r_j = \frac{\sum_i r_{ij} + \lambda\mu}{n_j + \lambda}",
        "The mean of the film's $n_j$ ratings. $\\lambda$ ratings of the overall mean $\\mu$ are added, so that a single five makes no film the best of all.",
    ),
    "bias": How(r"\hat r_{ij} = \mu + a_i + b_j", "The overall mean, plus how generous person $i$ is, plus how much better than most film $j$ is."),
    "item-knn": How(
        r"\hat r_{ij} = b_{ij} + \frac{\sum_{k \in N(j)} w_{jk}\,(r_{ik} - b_{ik})}{\sum_{k \in N(j)} |w_{jk}| + \kappa}",
        "For every film you rated: was it better or worse than the biases $b$ expected? Films that the same people rate alike count most.",
    ),
    "ease": How(
        r"B = I - P\,\mathrm{diag}(P)^{-1}, \quad P = (X^\top X + \lambda I)^{-1}, \quad s = xB",
        "Every film is a weighted sum of the others. The diagonal of $B$ is zero, so that no film votes for itself. One matrix inversion is all.",
    ),
    "stacked-faithful": How(
        r"\hat x = W_4\,\sigma(W_3\,\sigma(W_2\,\sigma(W_1 x)))",
        "Films, 20, 10, 20 and films again. Fed with the stars themselves, zero where there are none; one person a step, RMSprop, weight decay 0.5.",
    ),
    "stacked": How(r"\hat x = W_4\,f(W_3\,f(W_2\,f(W_1 \tilde x)))", f"The same shape. {RESIDUALS} Some of what is fed is hidden at random."),
    "user-autorec": How(
        r"\min_\theta \sum_i \lVert r_i - h(r_i; \theta) \rVert_{\mathcal O}^2 + \tfrac{\lambda}{2}\lVert\theta\rVert^2",
        f"A row is a person. {RESIDUALS} The set $\\mathcal O$ holds the given ratings.",
    ),
    "item-autorec": How(
        r"\min_\theta \sum_j \lVert r^{(j)} - h(r^{(j)}; \theta) \rVert_{\mathcal O}^2 + \tfrac{\lambda}{2}\lVert\theta\rVert^2",
        f"A row is a film, its numbers are what people gave it. {RESIDUALS}",
    ),
    "denoising-items": How(
        r"\min_\theta \sum_j \lVert r^{(j)} - h(\tilde r^{(j)}; \theta) \rVert_{\mathcal O}^2",
        f"A row is a film. {RESIDUALS} In every step some ratings are hidden, and the network has to predict these as well.",
    ),
    "mult-vae": How(
        r"-\sum_j x_j \log \pi_j(z) + \beta\,\mathrm{KL}\big(q(z \mid x)\,\Vert\,\mathcal N(0, I)\big)",
        "$\\pi$ is one chance spread over all films (a softmax). It should lie on films a person likes; the code $z$ is drawn, and held near a normal.",
    ),
    "mult-dae": How(
        r"-\sum_j x_j \log \pi_j, \quad \pi = \mathrm{softmax}(W \tanh(V \tilde x + a) + b)",
        "One chance spread over all films. A part of the films is hidden from the input, $\\tilde x$, and has to be found again.",
    ),
    "bayesian": How(
        r"r_{ij} \sim \mathcal N(\mu + a_i + b_j + u_i^\top v_j,\ \alpha^{-1}), \quad u_i \sim \mathcal N(m + B^\top x_i,\ \Lambda^{-1})",
        "Nothing is fitted to a point: everything is drawn from what the ratings leave possible, many times over. The stars are the mean of the draws, and "
        "how far these lie apart is how unsure the model is.",
    ),
    "duo": How(
        r"s = \sum_k \log\pi_k, \quad \hat r = \hat r_{\mathrm{Bayes}}",
        "Several networks, a Mult-VAE and Mult-DAEs from different first weights, say together what comes first; the Bayesian linear autoencoder says how many "
        "stars it will get. Trained one after the other.",
    ),
}  # fmt: skip
