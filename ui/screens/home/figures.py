"""The sentences below the picture of the Home page: the network's layers, and its error beside two baselines."""

from __future__ import annotations

from ui.screens.home.models import HomeModel
from ui.widgets.glossary import term


def about(model: HomeModel) -> str:
    """The layers, the training, and the error on the test set beside PCA's and the average picture's, in Markdown."""
    facts, layers = model.facts, " → ".join(f"{size:,}" for size in model.sizes)
    test, base = facts["test"], facts["baselines"]
    return (
        f"Numbers in each {term('layer')}: {layers}. Trained for {facts['settings']['epochs']} "
        f"{term('epoch', 'epochs')} ({facts['seconds']:.0f} s). {term('mse', 'Mean squared error')} per pixel on the "
        f"whole {term('test-set', 'test set')}: {test['mse']:.4f}. For comparison: {base['pca_test']:.4f} with "
        f"{term('pca', 'PCA')}, the best linear method, and a code of the same size; {base['mean_test']:.4f} if the "
        "average picture is the answer to every picture."
    )
