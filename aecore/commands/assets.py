"""`python -m aecore assets`: trains the built-in models, the reference classifiers and the built-in recommender
again, each by its recipe.
"""

from __future__ import annotations

import argparse

from aecore.pretrained.builtin import ASSETS, make_builtin
from aecore.pretrained.recipes import BUILTIN

REFERENCE_CLASSIFIER = "judge-"
"""Prefix of a reference classifier's name; the rest is its data set."""

RECOMMENDER = "recommender"
"""The built-in recommender: its weights, and all that is made with them."""
SIMILAR, DETAILS, FIGURES = "similar-films", "recommender-details", "recommender-figures"
"""Parts of it that are made without training it: lists of similar films; tags and numbers of ratings; its figures."""


def main(arguments: list[str]) -> int:
    """Trains all of them, or those named."""
    parser = argparse.ArgumentParser("python -m aecore assets", description=__doc__)
    import torch

    from aecore.reference_classifiers.classifiers import REFERENCE_CLASSIFIERS
    from aecore.reference_classifiers.training import make_reference_classifier
    from aecore.training.devices import keep_memory

    known = [*BUILTIN, *(REFERENCE_CLASSIFIER + data for data in REFERENCE_CLASSIFIERS), RECOMMENDER]
    every = [*known, SIMILAR, DETAILS, FIGURES]
    parser.add_argument(
        "names",
        nargs="*",
        choices=[*every, []],
        metavar="NAME",
        help="which models, all unless told: " + ", ".join(known) + f"; or {SIMILAR}, {DETAILS}, {FIGURES}",
    )
    names = parser.parse_args(arguments).names or known

    torch.set_num_threads(1)  # as in the app's workers, for the same numbers
    keep_memory()
    for name in names:
        if name.startswith(REFERENCE_CLASSIFIER):
            facts = make_reference_classifier(name.removeprefix(REFERENCE_CLASSIFIER))
            right = ", ".join(f"{head} {share:.2%}" for head, share in facts["test"].items())
            print(f"{name}: right on {right} of the test pictures, {facts['seconds']} s", flush=True)
            continue
        if name in (RECOMMENDER, FIGURES):
            _make_recommender(is_trained=name == FIGURES)
            continue
        if name == SIMILAR:
            _add_similar()
            continue
        if name == DETAILS:
            _make_details()
            continue
        facts = make_builtin(name)
        print(
            f"{name}: test mse {facts['test']['mse']:.5f}, PCA "
            f"{facts['baselines']['pca_test']:.5f}, {facts['seconds']} s",
            flush=True,
        )
    print(f"{sum(path.stat().st_size for path in ASSETS.rglob('*') if path.is_file()) / 1e6:.2f} MB in {ASSETS}")
    return 0


def _add_similar() -> None:
    from aecore.recommender.serving.loaded import ASSETS as FOLDER
    from aecore.recommender.serving.loaded import PLACES
    from aecore.recommender.training.builtin import add_nearest

    add_nearest()
    print(f"{SIMILAR}: {(FOLDER / PLACES).stat().st_size / 1e6:.2f} MB in {FOLDER / PLACES}", flush=True)


def _make_details() -> None:
    from aecore.recommender.training.details import make_details

    found = make_details()
    print(f"{DETAILS}: tags of {len(found.tags):,} films, and how many of {found.users:,} users rated each", flush=True)


def _make_recommender(is_trained: bool) -> None:
    from aecore.recommender.serving.loaded import ASSETS as FOLDER
    from aecore.recommender.training.builtin import make, measure

    facts = measure() if is_trained else make()
    for name, rows in facts["figures"].items():
        each = ", ".join(f"{row['ndcg']:.3f} / {row['recall']:.3f}" for row in rows.values())
        print(f"{RECOMMENDER}, {name}: NDCG@10 / Recall@20 from {', '.join(rows)} ratings: {each}", flush=True)
    print(f"{sum(path.stat().st_size for path in FOLDER.iterdir()) / 1e6:.2f} MB in {FOLDER}, {facts['seconds']} s")
