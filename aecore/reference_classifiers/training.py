"""Training of reference classifiers: cross-entropy of every head on the training pictures;
accuracies on validation and test pictures are stored with the weights.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from torch.nn import functional as F

from aecore.datasets import Dataset, Examples, load
from aecore.reference_classifiers.classifiers import (
    CLASS,
    FOLDER,
    REFERENCE_CLASSIFIERS,
    Recipe,
    ReferenceClassifier,
    ReferenceNetwork,
    build,
    facts_file,
    weights_file,
)

ABOVE = ("less", "more")
"""Classes of a factor that is measured: at most the training median, or more than it."""


def make_reference_classifier(name: str) -> dict[str, Any]:
    """Trains the reference classifier of a data set by its recipe and writes it into the package; returns its facts.

    Weights are stored as float16.
    """
    data, recipe = load(name), REFERENCE_CLASSIFIERS[name]
    heads = {head: answers(data, head) for head in recipe.heads}
    network = build(name, heads)
    before = time.process_time()
    train(network, recipe, data)
    seconds = time.process_time() - before
    weights = {key: value.numpy().astype(np.float16) for key, value in network.state_dict().items()}
    network.load_state_dict({key: torch.from_numpy(value.astype(np.float32)) for key, value in weights.items()})
    found = ReferenceClassifier(name, heads, {}, network)
    facts = {
        "recipe": asdict(recipe), "heads": heads, "validation": accuracies(found, data, data.validation),
        "test": accuracies(found, data, data.test),
        "test_pictures": len(data.test), "seconds": round(seconds, 1), "torch": torch.__version__,
    }  # fmt: skip
    FOLDER.mkdir(parents=True, exist_ok=True)
    save_file(weights, weights_file(name))
    facts_file(name).write_text(json.dumps(facts, indent=1) + "\n")
    return facts


def train(network: ReferenceNetwork, recipe: Recipe, data: Dataset) -> None:
    """AdamW along a one-cycle schedule, all heads at once. The mean of their cross-entropies is minimised."""
    x = torch.from_numpy(data.train.x)
    wanted = {head: torch.from_numpy(targets(data, data.train, head)) for head in recipe.heads}
    rng = torch.Generator().manual_seed(recipe.seed)
    steps = recipe.epochs * -(-len(x) // recipe.batch_size)
    optimiser = torch.optim.AdamW(network.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.learning_rate, total_steps=steps)
    network.train()
    for _ in range(recipe.epochs):
        for rows in torch.randperm(len(x), generator=rng).split(recipe.batch_size):
            scores = network(x[rows])
            loss = torch.stack([F.cross_entropy(scores[head], wanted[head][rows]) for head in recipe.heads]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    network.eval()


def answers(data: Dataset, head: str) -> tuple[str, ...]:
    """Names of the classes of a head."""
    return data.classes if head == CLASS else data.factor_values.get(head, ABOVE)


def targets(data: Dataset, part: Examples, head: str) -> np.ndarray:
    """The true classes for a part of the data: (N,) int64."""
    if head == CLASS:
        assert part.labels is not None
        return part.labels
    values = part.factors[head]
    return values if head in data.factor_values else (values > np.median(data.train.factors[head])).astype(np.int64)


def accuracies(
    found: ReferenceClassifier, data: Dataset, part: Examples, rows: Sequence[int] | slice = slice(None)
) -> dict[str, float]:
    """Head -> accuracy on the pictures."""
    return {
        head: float((odds.argmax(1) == targets(data, part, head)[rows]).mean())
        for head, odds in found.predictions(part.x[rows]).items()
    }
