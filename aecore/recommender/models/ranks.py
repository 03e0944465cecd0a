"""Ranks: the processes that train one network together, each on its share of the rows of every batch.

Before each step their gradients are added up in one message (data-parallel training), so that all take the step that
one process would take on the whole batch. What is drawn at random is drawn by each for the whole batch, and cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from aecore.settings import SettingsError

if TYPE_CHECKING:
    from torch import Tensor


class RanksError(RuntimeError):
    """The other processes cannot be reached; those who started them know why."""


class Ranks:
    """This process among those that train together; by itself unless told otherwise.

    rank: from 0. count: how many there are; if more than one, the process group of torch.distributed has been joined.
    """

    def __init__(self, rank: int = 0, count: int = 1) -> None:
        self.rank, self.count = rank, count
        self._buffer: Tensor | None = None

    def share(self, rows: int) -> slice:
        """Which rows of a batch of so many are this process's."""
        return slice(rows * self.rank // self.count, rows * (self.rank + 1) // self.count)

    def check_batches(self, rows: int, batches: int) -> None:
        """SettingsError if the smallest of so many batches of all rows would leave a process without a row."""
        if rows // batches < self.count:
            raise SettingsError(
                f"Each of {self.count} processes needs a user in every step, and a step would have only "
                f"{rows // batches}. Set a larger batch_size, or train with fewer processes."
            )

    def add_up(self, leaves: Sequence[Tensor], figures: Tensor) -> Tensor:
        """Replaces the gradients of the leaves by their sums over all processes; returns those of the figures, (n,)."""
        if self.count == 1:
            return figures
        import torch.distributed

        parts = [*(leaf.grad for leaf in leaves), figures]
        flat = self._flattened(parts)
        _said(lambda: torch.distributed.all_reduce(flat))
        for leaf, summed in zip(leaves, flat.split([each.numel() for each in parts]), strict=False):
            leaf.grad = summed.view_as(leaf)
        return flat[-len(figures) :].clone()

    def agree(self, tensors: Sequence[Tensor]) -> None:
        """Gives all processes the values of the first: processors of different kinds round differently."""
        if self.count == 1:
            return
        import torch

        flat = self._flattened([each.detach() for each in tensors])
        _said(lambda: torch.distributed.broadcast(flat, 0))
        if self.rank:
            with torch.no_grad():
                for each, first in zip(tensors, flat.split([each.numel() for each in tensors]), strict=True):
                    each.copy_(first.view_as(each))

    def _flattened(self, parts: Sequence[Tensor]) -> Tensor:
        """(n,) all values one after the other, in memory that the next call uses again."""
        import torch

        size = sum(each.numel() for each in parts)
        if self._buffer is None or self._buffer.numel() < size:
            self._buffer = torch.empty(size, dtype=parts[0].dtype)
        return torch.cat([each.reshape(-1) for each in parts], out=self._buffer[:size])


ALONE = Ranks()


def _said(send: Callable[[], object]) -> None:
    try:
        send()
    except RuntimeError as error:  # Gloo has no other: a connection was closed, or nothing came for too long
        raise RanksError(str(error)) from error
