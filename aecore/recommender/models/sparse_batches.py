"""Batches of sparse ratings, and a lazy Adam that updates only the films of a batch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aecore.recommender.models.resident import bring_back, put_rows, resident

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from torch import Tensor

BETAS, TINY = (0.9, 0.999), 1e-8
"""Of Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1)."""


@dataclass(frozen=True)
class Batch:
    """B users, n ratings, U films: all that these users rated, and a sample of the others.

    films: (U,) their columns, or slice(None) for all. users, columns: (n,) int64, index in the batch and in `films`.
    starts: (B,) index of each user's first rating. grades: (n,). log_counts: (U,) or (1,) float32, log of the number
    of films that each represents in the sum of the softmax.
    """

    films: np.ndarray | slice
    users: np.ndarray
    columns: np.ndarray
    starts: np.ndarray
    grades: np.ndarray
    log_counts: np.ndarray

    def of(self, users: slice) -> tuple[Batch, slice]:
        """Some of the users, one after the other, with the films of the whole batch; and where their ratings are."""
        ends = np.append(self.starts, len(self.grades))
        own = slice(int(ends[users.start]), int(ends[users.stop]))
        starts = self.starts[users] - own.start
        part = Batch(
            self.films, self.users[own] - users.start, self.columns[own], starts, self.grades[own], self.log_counts
        )
        return part, own


def draw_batch(x: csr_matrix, part: np.ndarray, sampled: int, rng: np.random.Generator) -> Batch:
    """The batch of the users `part` of x.

    `sampled` of the films that none of them rated represent all of these, so that the sum over films is unbiased.
    """
    counts = np.diff(x.indptr)[part]
    ends = np.cumsum(counts)
    starts = ends - counts
    picks = np.arange(ends[-1]) + np.repeat(x.indptr[part] - starts, counts)
    users = np.repeat(np.arange(len(part)), counts)
    is_own = np.zeros(x.shape[1], bool)
    is_own[x.indices[picks]] = True
    own, others = np.flatnonzero(is_own), np.flatnonzero(~is_own)
    if len(others) <= sampled:
        return Batch(
            slice(None), users, x.indices[picks].astype(np.int64), starts, x.data[picks], np.zeros(1, np.float32)
        )
    chosen = rng.choice(others, sampled, replace=False, shuffle=False)
    log_counts = np.zeros(len(own) + sampled, np.float32)
    log_counts[len(own) :] = math.log(len(others) / sampled)
    place = np.cumsum(is_own) - 1
    return Batch(np.concatenate([own, chosen]), users, place[x.indices[picks]], starts, x.data[picks], log_counts)


def kept_inputs(batch: Batch, fewest: int, most: int, rng: np.random.Generator) -> np.ndarray:
    """(n,) float32: the grades of the ratings given to the network,
    each user's scaled to length 1; the others are 0.

    The number kept is sampled for every user, log-uniform between `fewest` and `most`: the network must serve users
    with five ratings and users with a hundred.
    """
    counts = np.diff(np.append(batch.starts, len(batch.grades)))
    share = np.exp(rng.uniform(math.log(fewest), math.log(max(fewest, most)), len(counts))) / counts
    kept = np.where(rng.random(len(batch.grades)) < share[batch.users], batch.grades, 0)
    lengths = np.sqrt(np.add.reduceat(kept**2, batch.starts))
    return (kept / np.maximum(lengths, 1e-12)[batch.users]).astype(np.float32)


def cosine(rate: float, done: float) -> float:
    """The learning rate when the share `done` of a training is over: cosine decay to 0."""
    return rate * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


class FilmRows:
    """Arrays with one row per film on a device, and a lazy Adam that reads and writes only the rows of a step.

    Other rows keep their moments, as in the lazy Adam for sparse embeddings.
    """

    def __init__(self, arrays: dict[str, np.ndarray], device: str = "cpu") -> None:
        import torch

        self.arrays, self.device = arrays, device
        self.values = {name: resident(array, device) for name, array in arrays.items()}
        self.moments = {name: (torch.zeros_like(value), torch.zeros_like(value)) for name, value in self.values.items()}
        self.steps = 0
        self.films: Tensor | slice = slice(None)
        self.current: dict[str, Tensor] = {}

    def leaves(self, films: np.ndarray | slice) -> dict[str, Tensor]:
        """The rows `films` of every array as leaf tensors that require gradients."""
        self.films = films if isinstance(films, slice) else resident(films, self.device)
        self.current = {name: self._rows(value).detach().requires_grad_() for name, value in self.values.items()}
        return self.current

    def step(self, rate: float) -> None:
        """One step of Adam along the gradients of the leaves."""
        import torch

        self.steps += 1
        size = rate * math.sqrt(1 - BETAS[1] ** self.steps) / (1 - BETAS[0] ** self.steps)
        with torch.no_grad():
            for name, leaf in self.current.items():
                first, second = (self._rows(moment) for moment in self.moments[name])
                first.lerp_(leaf.grad, 1 - BETAS[0])
                second.mul_(BETAS[1]).addcmul_(leaf.grad, leaf.grad, value=1 - BETAS[1])
                leaf.addcdiv_(first, second.sqrt().add_(TINY), value=-size)
                if not isinstance(self.films, slice):
                    for whole, fresh in zip(
                        (self.values[name], *self.moments[name]), (leaf, first, second), strict=True
                    ):
                        put_rows(whole, self.films, fresh)

    def _rows(self, whole: Tensor) -> Tensor:
        return whole if isinstance(self.films, slice) else whole.index_select(0, self.films)

    def bring_back(self) -> None:
        """Copies the trained values into the arrays, unless they share memory."""
        bring_back((self.values[name], array) for name, array in self.arrays.items())
