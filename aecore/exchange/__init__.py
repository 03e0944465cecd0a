"""Finished runs in the formats of other programs: Hugging Face-style folders and back, TensorBoard and MLflow."""

from __future__ import annotations

from importlib.util import find_spec

from aecore.runs.run import AUTOENCODER, NEWER, RECOMMENDER
from aecore.runs.status import ENDED as ENDED
from aecore.runs.store import Run

STATUS_FIELDS = ("state", "created", "started", "finished", "seconds", "device", "is_fast", "parameters")
"""Fields of a run's status that go with its folder. Not among them: whose it is."""

_WHY_NOT = {
    "queued": "it waits to be trained. Export it when its training has ended.",
    "preparing": "its training is just beginning. Export it when it has ended.",
    "training": "it is being trained. Stop it, or wait until it has ended.",
    "paused": "it is paused. Continue it to its end first.",
    "interrupted": "its training was interrupted. Continue it to its end first.",
    "diverged": "its training diverged. Continue it with a smaller learning rate, to its end.",
    "failed": "its training failed.",
}


class ExchangeError(ValueError):
    """A run that cannot be written in another format, or read from one; the message says why and what to do."""


class MissingLibraryError(ExchangeError):
    """A library that is not installed; the message says how to install it."""


def check_finished(run: Run) -> None:
    """ExchangeError unless the run has been trained and tested, and can be read."""
    if reason := problem(run):
        raise ExchangeError(reason)


def problem(run: Run) -> str:
    """Why a run cannot be given to another program, in a sentence; empty if it can. Quick, and needs no torch."""
    if run.problem:
        return run.problem
    if run.status.state not in ENDED:
        return f"Run '{run.name}' has not finished: {_WHY_NOT[run.status.state]}"
    return ""


def check_kind(run: Run) -> None:
    """ExchangeError unless there are Hugging Face-style folders of runs of its kind."""
    if reason := _kind_problem(run):
        raise ExchangeError(reason)


def folder_problem(run: Run) -> str:
    """Why there can be no folder of its model, for which the data of an autoencoder have to be known."""
    from aecore.datasets import DataError, card

    if reason := problem(run) or _kind_problem(run):
        return reason
    if run.kind == RECOMMENDER:
        return ""
    try:
        card(str(run.settings.get("data")))
    except DataError as error:
        return str(error)
    return ""


def _kind_problem(run: Run) -> str:
    if run.kind in (AUTOENCODER, RECOMMENDER):
        return ""
    if run.kind == NEWER:
        return (
            f"Run '{run.name}' is a training on newer films, for which there is no such folder yet; recommenders of "
            "the Recommender page have one."
        )
    return (
        f"Run '{run.name}' trains neither an autoencoder of pictures or numbers nor a recommender but a model of the "
        f"kind '{run.kind[:40]}', for which there is no such folder."
    )


TENSORBOARD_WRITER = "tensorboardX"
NO_TENSORBOARD_WRITER = (
    "TensorBoard files are written by the package tensorboardX, which is not installed: `pip install tensorboardX`."
)


def is_installed(package: str) -> bool:
    """Whether a package could be imported; it is not."""
    try:
        return find_spec(package) is not None
    except (ImportError, ValueError):
        return False
