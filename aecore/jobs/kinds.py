"""STUDIES: what is found out about trained models, in a process of its own, with its progress told step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Step:
    """How far a study is: a share from 0 to 1, and what it is doing."""

    share: float
    doing: str


STUDIES: dict[str, str] = {
    "features": "analyses.features:study",
    "generation": "latent.generation:measure",
    "packings": "analyses.compression:measure",
    "newsgroups": "words.newsgroups:fetch",
    "sweep": "analyses.noise_sweep:sweep",
    "epochs": "latent.epochs:follow",
    "map": "latent.maps:draw",
    "perplexities": "latent.maps:compare",
    "words": "words.study:study",
}
"""Kind -> function (store, *arguments) -> Iterator[Step]; its arguments are texts and numbers, and it keeps what it finds."""


def begin(kind: str, store: Any, arguments: list[Any]) -> Iterator[Step]:
    """The study of that kind; its module is imported only now. KeyError if there is none."""
    module, name = STUDIES[kind].split(":")
    function: Callable[..., Iterator[Step]] = getattr(import_module(f"aecore.{module}"), name)
    return function(store, *arguments)
