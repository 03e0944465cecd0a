"""One training step: eager, or on a CUDA GPU captured once as a graph and replayed with a single launch."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from aecore.training.evaluation import Corrupt

WARM_UP = 3
"""Eager steps before a graph is captured, so that the optimiser's state and the libraries' workspaces exist."""

log = logging.getLogger(__name__)
Step = Callable[[Tensor, float], dict[str, Tensor]]


class Task(Protocol):
    """What a step trains: a network, or the layers of a phase."""

    def parameters(self) -> Iterator[nn.Parameter]:
        """Its weights, as in `nn.Module`."""
        ...

    def loss_terms(self, noisy: Tensor, clean: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """Label -> scalar, already weighted."""
        ...


@dataclass
class PlainStep:
    """Corruption, loss, gradients, update. Called with clean (B, *shape) and the learning rate; returns loss terms."""

    model: Task
    optimizer: torch.optim.Optimizer
    rng: torch.Generator
    corrupt: Corrupt | None
    is_fast: bool = False

    def __call__(self, clean: Tensor, rate: float) -> dict[str, Tensor]:
        """One step."""
        for group in self.optimizer.param_groups:
            if isinstance(group["lr"], Tensor):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        return self.update(clean)

    def update(self, clean: Tensor) -> dict[str, Tensor]:
        """The part that only launches work on the device: it can be captured."""
        noisy = self.corrupt(clean, self.rng) if self.corrupt else clean
        with torch.autocast(self.rng.device.type, torch.bfloat16, enabled=self.is_fast):
            terms = self.model.loss_terms(noisy, clean, self.rng)
        values = list(terms.values())
        (torch.stack(values).sum() if len(values) > 1 else values[0]).backward()
        self.optimizer.step()
        return terms


class GraphedStep:
    """The same, replayed from a CUDA graph for batches of the usual size; the first few and smaller ones are eager.

    Needs an optimiser built with `capturable` and a learning rate on the device. If the step cannot be captured, all
    steps are eager, and the log says so.
    """

    def __init__(self, plain: PlainStep, batch_size: int) -> None:
        self.plain, self.batch_size = plain, batch_size
        self.taken = 0
        self.graph: torch.cuda.CUDAGraph | None = None
        self.stream = torch.cuda.Stream()

    def __call__(self, clean: Tensor, rate: float) -> dict[str, Tensor]:
        """One step."""
        if len(clean) != self.batch_size or self.taken < WARM_UP or self.batch_size == 0:
            return self._take_plainly(clean, rate)
        if self.graph is None and not self._capture(clean):
            self.batch_size = 0  # no batch has this size: eager steps from now on
            return self._take_plainly(clean, rate)
        for group in self.plain.optimizer.param_groups:
            group["lr"].fill_(rate)
        self.clean.copy_(clean)
        self.graph.replay()
        return self.terms

    def _take_plainly(self, clean: Tensor, rate: float) -> dict[str, Tensor]:
        """On a side stream, as capturing requires; new gradients leave those of a graph unchanged."""
        self.taken += 1
        kept = [weight.grad for weight in self.plain.model.parameters()]
        self.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self.stream):
            terms = self.plain(clean, rate)
        torch.cuda.current_stream().wait_stream(self.stream)
        if self.graph is not None:
            for weight, grad in zip(self.plain.model.parameters(), kept, strict=True):
                weight.grad = grad
        return terms

    def _capture(self, clean: Tensor) -> bool:
        try:
            self.clean = clean.clone()
            self.plain.optimizer.zero_grad(set_to_none=True)
            graph = torch.cuda.CUDAGraph()
            graph.register_generator_state(self.plain.rng)
            with torch.cuda.graph(graph):
                terms = self.plain.update(self.clean)
            self.terms = {label: value.detach() for label, value in terms.items()}  # frees the backward graph
            self.graph = graph
        except RuntimeError:
            log.exception("this step cannot be captured as a CUDA graph; it is taken plainly")
            return False
        return True


def make_step(plain: PlainStep, batch_size: int) -> Step:
    """The eager step, or one replayed from a graph where device and optimiser allow it."""
    is_ready = all(
        group.get("capturable") and isinstance(group["lr"], Tensor) for group in plain.optimizer.param_groups
    )
    return GraphedStep(plain, batch_size) if plain.rng.device.type == "cuda" and is_ready else plain


def make_optimizer(name: str, model: nn.Module, learning_rate: float, weight_decay: float) -> torch.optim.Optimizer:
    """The optimiser of that name on the model's device; on CUDA capturable, except plain SGD."""
    on_cuda = next(model.parameters()).device.type == "cuda"
    rate = torch.tensor(learning_rate, device="cuda") if on_cuda and name != "sgd" else learning_rate
    common = {"lr": rate, "weight_decay": weight_decay}
    if name == "sgd":
        return uncompiled(torch.optim.SGD)(model.parameters(), **common, momentum=0.9, fused=True)
    if name == "rmsprop":
        return uncompiled(torch.optim.RMSprop)(model.parameters(), **common, foreach=True, capturable=on_cuda)
    kind = torch.optim.AdamW if name == "adamw" else torch.optim.Adam
    return uncompiled(kind)(model.parameters(), **common, fused=True, capturable=on_cuda)


@cache
def uncompiled(kind: type[torch.optim.Optimizer]) -> Callable[..., torch.optim.Optimizer]:
    """The optimiser without PyTorch's wrappers around its methods.

    They exclude the methods from compilation, but import the compiler at the first call, which takes 1.8 processor
    seconds, as long as many a training. Nothing is compiled here.
    """
    shared = ("add_param_group", "load_state_dict", "state_dict", "zero_grad")
    methods = {name: _unwrapped(getattr(torch.optim.Optimizer, name)) for name in shared}
    return type(kind.__name__, (kind,), {**methods, "step": torch.no_grad()(_unwrapped(kind.step))})


def _unwrapped(method: Any) -> Any:
    return inspect.unwrap(method)
