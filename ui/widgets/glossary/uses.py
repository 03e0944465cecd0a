"""The glossary's terms about applications of codes, and their metrics."""

from __future__ import annotations

from ui.widgets.glossary.term import Term

MAPS = {
    "t-sne": Term(
        "t-SNE", "A method that draws points of many dimensions on a plane so that near neighbours stay near. Sizes "
        "of groups and distances between them mean little.",
        ("latent", "words"), "", ("tSNE", "neighbour embedding"),
    ),
    "umap": Term(
        "UMAP", "A method for maps like t-SNE. It starts from a graph of nearest neighbours and tends to keep more "
        "of the overall arrangement.",
        ("latent",), "", ("dimension reduction",),
    ),
    "perplexity": Term(
        "Perplexity", "Roughly how many neighbours t-SNE tries to keep close to each point. Small values show fine "
        "structure, large values coarse structure.",
        ("latent",),
    ),
    "trustworthiness": Term(
        "Trustworthiness", "A score from 0 to 1: how far neighbours on the map are neighbours in the latent space "
        "too. At 1 the map invents none.",
        ("latent",), "", ("neighbourhood preservation", "continuity"),
    ),
    "cosine-similarity": Term(
        "Cosine similarity", "How far two lists of numbers point in the same direction: 1 the same direction, 0 at "
        "right angles, −1 opposite. Their lengths do not count.",
        ("words",), r"\frac{a \cdot b}{\lVert a \rVert \lVert b \rVert}", ("cosine",),
    ),
    "k-means": Term(
        "k-means", "A method that sorts points into k groups: each point belongs to the nearest of k centres, and each "
        "centre is moved to the mean of its points, until nothing changes. It knows no classes.",
        ("latent",), "", ("clusters", "clustering"),
    ),
    "interpolation": Term(
        "Interpolation", "Walking from one code to another in small steps and decoding each: one picture turns "
        "gradually into the other.",
        ("latent",), r"z(t) = (1 - t)\, z_a + t\, z_b", ("latent walk",),
    ),
    "latent-direction": Term(
        "Latent direction", "A direction in the latent space along which one property changes, such as glasses. The "
        "simplest is the difference between two mean codes.",
        ("translate",), r"d = \bar z_{\text{with}} - \bar z_{\text{without}}", ("attribute vector", "mean difference"),
    ),
    "out-of-distribution": Term(
        "Out-of-distribution input (OOD)", "An input of a kind that the training data do not contain, such as a shoe "
        "for a network that learned digits.",
        ("train", "anomaly"), "", ("OOD", "novelty"),
    ),
}  # fmt: skip

QUALITY = {
    "psnr": Term(
        "PSNR", "Peak signal-to-noise ratio: the squared error on a logarithmic scale, in decibels. Higher is "
        "better.",
        ("noise", "compression"), r"10 \log_{10} \frac{1}{\mathrm{MSE}}", ("decibel", "dB", "image similarity"),
    ),
    "ssim": Term(
        "SSIM", "Structural similarity: how alike two pictures are in brightness, contrast and structure, window by "
        "window. At 1 they are the same.",
        ("noise", "compression"), "", ("structural similarity", "image similarity"),
    ),
    "frechet-distance": Term(
        "Fréchet distance", "How far the features of generated pictures are from those of real ones, by mean and "
        "covariance. Lower is better.",
        ("generate",), r"\lVert \mu_1 - \mu_2 \rVert^2 + \mathrm{tr}\bigl(C_1 + C_2 - 2 (C_1 C_2)^{1/2}\bigr)",
        ("FID",),
    ),
    "reference-classifier": Term(
        "Reference classifier", "A small classifier trained on real pictures. Its predictions and its features are "
        "used to measure generated and changed pictures.",
        ("generate", "translate"),
    ),
    "rate-distortion": Term(
        "Rate-distortion", "The trade-off between the bytes that a picture takes (rate) and what is lost of it "
        "(distortion).",
        ("compression",), "", ("compression",),
    ),
    "linear-probe": Term(
        "Linear probe", "A simple linear classifier that is trained on codes. Its accuracy says how easily the code "
        "gives away the class.",
        ("features", "race"), "", ("logistic regression", "probe accuracy"),
    ),
    "svm": Term(
        "Support vector machine (SVM)", "A classifier that separates two classes with as wide a gap as it can. With a "
        "kernel the border between them may be curved; without one it is flat.",
        ("features",), "", ("SVM", "kernel SVM", "linear SVM"),
    ),
    "baseline": Term(
        "Baseline", "A simple method whose result a network is compared with: PCA, or always answering with the "
        "average picture. It shows whether the network is worth its effort.",
        ("train", "race", "noise"), "", ("reference",),
    ),
    "pareto-front": Term(
        "Pareto front", "Of several networks, those that no other beats in both respects, for instance cost and error. "
        "It is from these that you choose.",
        ("race",), "", ("Pareto plot", "trade-off"),
    ),
    "knn-accuracy": Term(
        "kNN accuracy", "The share of examples whose class is the most frequent one among the classes of their nearest "
        "neighbours.",
        ("latent",), "", ("k nearest neighbours", "nearest neighbours"),
    ),
    "confusion-matrix": Term(
        "Confusion matrix", "A table with a row for each true class and a column for each predicted class. What lies "
        "off the diagonal is wrong.",
        ("features", "words"),
    ),
    "anomaly-score": Term(
        "Anomaly score", "A number that is meant to be large for unusual examples. For an autoencoder it is the "
        "reconstruction error.",
        ("anomaly",), r"s(x) = \frac{1}{D} \lVert x - g(f(x)) \rVert^2", ("anomaly detection", "outlier"),
    ),
    "threshold": Term(
        "Threshold", "The score from which on an example counts as anomalous. A lower one catches more, and raises "
        "more false alarms.",
        ("anomaly",),
    ),
    "true-positive-rate": Term(
        "True positive rate", "The share of the anomalous examples that are caught. It is the same as recall.",
        ("anomaly",), r"\frac{TP}{TP + FN}", ("TPR", "sensitivity"),
    ),
    "false-positive-rate": Term(
        "False positive rate", "The share of the normal examples that raise a false alarm.",
        ("anomaly",), r"\frac{FP}{FP + TN}", ("FPR", "false alarm"),
    ),
    "precision": Term(
        "Precision", "Of all examples that were flagged, the share that really are what they were flagged as.",
        ("anomaly", "words"), r"\frac{TP}{TP + FP}",
    ),
    "recall": Term(
        "Recall", "Of all examples that should have been found, the share that were found.",
        ("anomaly", "words"), r"\frac{TP}{TP + FN}",
    ),
    "roc": Term(
        "ROC curve and AUC", "The true positive rate against the false positive rate, for every threshold. The area "
        "under the curve (AUC) is the probability that an anomalous example scores higher than a normal one.",
        ("anomaly",), "", ("receiver operating characteristic", "area under the curve"),
    ),
}  # fmt: skip

RECOMMENDING = {
    "collaborative-filtering": Term(
        "Collaborative filtering", "Recommending from ratings alone: who liked what you liked, and what else did "
        "they like?",
        ("movies", "recommender"), "", ("recommender system",),
    ),
    "cold-start": Term(
        "Cold start", "The difficulty of recommending anything for a new user, or a new film, of which no ratings "
        "are known yet.",
        ("movies",), "", ("cold-start items", "new user"),
    ),
    "recall-at-k": Term(
        "Recall@k", "Of the films that a user liked and that were hidden from the recommender, the share found among "
        "its first k recommendations (out of at most k).",
        ("recommender",), "", ("recall at 20",),
    ),
    "ndcg": Term(
        "NDCG", "Like recall@k, but a film counts for more the higher up the list it stands. At 1 the list is in the "
        "best possible order.",
        ("recommender",), r"\mathrm{DCG} = \sum_{i=1}^{k} \frac{[\text{item } i \text{ is liked}]}{\log_2(i + 1)}",
        ("ranking metric",),
    ),
    "rmse": Term(
        "RMSE", "Root of the mean squared error, in the unit of what is predicted, such as stars.",
        ("recommender", "movies"),
        r"\sqrt{\frac{1}{n} \sum_{i=1}^{n} (\hat r_i - r_i)^2}", ("root mean squared error",),
    ),
    "mae": Term(
        "MAE", "Mean absolute error: how far predictions are off on average, in the unit of what is predicted, such as "
        "stars.",
        ("recommender",), r"\frac{1}{n} \sum_{i=1}^{n} |\hat r_i - r_i|", ("mean absolute error",),
    ),
    "hit-rate": Term(
        "Hit rate", "The share of users for whom at least one hidden film is among the first k recommendations. This "
        "app reports recall@k and NDCG instead.",
        (),
    ),
}  # fmt: skip
