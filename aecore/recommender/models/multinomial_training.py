"""Training of Mult-VAE and Mult-DAE: batches of users, Adam on the rows of the films in a batch,
on the device of the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aecore.recommender.models.resident import resident
from aecore.recommender.models.sparse_batches import Batch, FilmRows, cosine, draw_batch, kept_inputs

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from torch import Tensor

    from aecore.recommender.models.multinomial import Multinomial

LIKELIHOOD = "negative log-likelihood"
"""The loss term that every such network has: - x log pi, mean over users."""


class Training:
    """The state of a training: weights, random generators and step count."""

    def __init__(self, model: Multinomial, x: csr_matrix) -> None:
        import torch

        self.model, self.settings, self.x, self.step = model, model.settings, x, 0
        self.ranks = model.ranks
        self.rng = np.random.default_rng(self.settings.seed)
        self.noise = torch.Generator().manual_seed(self.settings.seed)
        arrays = model.start(x.shape[1], self.rng)
        share = np.bincount(x.indices, x.data, x.shape[1]) / x.data.sum()
        arrays["output_bias"] = np.log(share + 0.1 / x.shape[1]).astype(np.float32)
        model.keep(arrays)
        self.rows = FilmRows({name: value for name, value in arrays.items() if name not in model.dense}, model.device)
        self.dense = FilmRows({name: arrays[name] for name in model.dense}, model.device)

    def epoch(self, users: np.ndarray, epoch: int) -> dict[str, float]:
        """Trains on every user once; returns the loss terms, each a mean over the users."""
        parts = np.array_split(self.rng.permutation(users), -(-len(users) // self.settings.batch_size))
        self.ranks.check_batches(len(users), len(parts))
        self.ranks.agree([*self.rows.values.values(), *self.dense.values.values()])
        steps: list[dict[str, Tensor]] = []
        for place, part in enumerate(parts):
            done = (epoch + place / len(parts)) / self.settings.epochs
            steps.append(self._step(draw_batch(self.x, part, self.settings.sampled_films, self.rng), done))
        for rows in (self.rows, self.dense):
            rows.bring_back()
        sizes = [len(part) / len(users) for part in parts]
        return {label: _mean(steps, label, sizes) for label in steps[0]}

    def _step(self, batch: Batch, done: float) -> dict[str, Tensor]:
        """One step of Adam; returns its loss terms on the device, each a mean over the users of the batch.

        Of several processes, each has the mean over its own users, times its share of the users: what is added up is
        the mean over all.
        """
        import torch

        weights = self.rows.leaves(batch.films) | self.dense.leaves(slice(None))
        users = len(batch.starts)
        rows = self.ranks.share(users)
        kept = kept_inputs(batch, self.settings.fewest_given, self.settings.most_given, self.rng)
        own, ratings = batch.of(rows)

        def normal(size: int) -> Tensor:
            return torch.randn((users, size), generator=self.noise)[rows].to(self.model.device)

        code, added = self.model.draw_code(self._hidden(own, kept[ratings], weights), weights, normal)
        logits = torch.addmm(weights["output_bias"], code, weights["output_weights"].T)
        grown = self.model.growth(done)
        terms = {LIKELIHOOD: _negative_log_likelihood(logits, own)} | {
            label: self.model.added_weight * grown * value for label, value in added.items()
        }
        parts = torch.stack(list(terms.values())) * (len(own.starts) / users)
        parts.sum().backward()
        sums = self.ranks.add_up(list(weights.values()), parts.detach())
        for part in (self.rows, self.dense):
            part.step(cosine(self.settings.learning_rate, done))
        self.step += 1
        return dict(zip(terms, sums, strict=True))

    def _hidden(self, batch: Batch, kept: np.ndarray, weights: dict[str, Tensor]) -> Tensor:
        """(B, H): first hidden layer, as a sum of the weight rows of the given films only. kept: see `kept_inputs`."""
        import torch
        from torch.nn.functional import embedding_bag

        shown, columns, starts = (resident(each, self.model.device) for each in (kept, batch.columns, batch.starts))
        total = embedding_bag(columns, weights["input_weights"], starts, mode="sum", per_sample_weights=shown)
        return torch.tanh(total + weights["input_bias"])


def _mean(steps: list[dict[str, Tensor]], label: str, shares: list[float]) -> float:
    """The mean of one term over all steps, weighted by their shares of the users."""
    import torch

    return sum(
        share * value
        for share, value in zip(shares, torch.stack([terms[label] for terms in steps]).tolist(), strict=True)
    )


def _negative_log_likelihood(logits: Tensor, batch: Batch) -> Tensor:
    """- sum of x_i log pi_i, pi = softmax(logits) (Liang et al. 2018, eq. 2), a mean over the users."""
    import torch

    users, columns, x, log_counts = (
        resident(each, str(logits.device)) for each in (batch.users, batch.columns, batch.grades, batch.log_counts)
    )
    whole = torch.logsumexp(logits + log_counts, 1)
    return ((whole[users] - logits[users, columns]) * x).sum() / len(logits)
