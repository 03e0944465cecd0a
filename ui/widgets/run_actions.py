"""Actions on runs as callbacks of buttons; a refusal becomes a toast that stays until it is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import streamlit as st

from aecore.datasets import DataError, card
from aecore.jobs.queue import QueueFull
from aecore.runs.run import RECOMMENDER
from aecore.runs.store import RunError
from aecore.settings import SettingsError
from aecore.stores.content import NotKeptError
from ui.app.allowance import check_resume, check_room
from ui.app.frame import as_letters
from ui.app.links import RUN
from ui.app.services import services
from ui.widgets.deleted import note_deleted

if TYPE_CHECKING:
    from aecore.experiment.settings import RunSettings


_NEWS = "notice-news"
"""Session key."""


def told(action: Callable[..., None]) -> Callable[..., None]:
    """Decorator that shows a refusal as a notice; other errors are raised."""

    @wraps(action)
    def wrapper(*arguments: Any) -> None:
        try:
            action(*arguments)
        except (RunError, QueueFull, SettingsError, DataError, NotKeptError) as error:
            st.session_state["notice"] = str(error)
        except OSError as error:
            st.session_state["notice"] = f"The disk refused: {error.strerror or error}. Free some space and try again."

    return wrapper


def notice() -> None:
    """Shows the refusal of the last action, or what it says, once."""
    if message := st.session_state.pop("notice", None):
        st.toast(as_letters(message), icon=":material/block:", duration="long")
    if news := st.session_state.pop(_NEWS, None):
        st.toast(news[0], icon=news[1])


def say(news: str, icon: str) -> None:
    """Keeps a sentence, in Markdown, for `notice`: a callback of a part of a page can show nothing by itself."""
    st.session_state[_NEWS] = news, icon


def has_notice() -> bool:
    """Whether `notice` has something to show."""
    return "notice" in st.session_state or _NEWS in st.session_state


def choose(run_id: str) -> None:
    """Selects this run on the Train page."""
    st.session_state["run"] = run_id
    RUN.write(run_id)


@told
def train(settings: RunSettings) -> None:
    """Creates a run and queues it."""
    check_room(networks=[settings])
    run = services.store.create(settings.to_dict(), settings.describe(card(settings.data).shape))
    choose(run.id)
    services.jobs.train(run.id, services.visitor())


@told
def pause(run_id: str) -> None:
    """Pauses a run with a checkpoint, which frees its worker."""
    services.jobs.pause(run_id)


@told
def stop(run_id: str) -> None:
    """Stops the training and measures the model."""
    services.jobs.stop(run_id)


@told
def resume(run_id: str) -> None:
    """Resumes a run from its last checkpoint."""
    check_resume()
    services.jobs.train(run_id, services.visitor())


@told
def go_back(run_id: str) -> None:
    """Continues a diverged run from its last healthy checkpoint with a tenth of the learning rate."""
    check_resume()
    rate = _settings(run_id).training.learning_rate
    services.store.change_settings(run_id, learning_rate=max(rate / 10, 1e-6))
    services.jobs.train(run_id, services.visitor())


@told
def restart(run_id: str) -> None:
    """Starts a new run from the same random start."""
    old = services.store.get(run_id)
    from aecore.recommender.training.settings import RecommenderSettings

    check_room(
        networks=[_settings(run_id)] if old.is_autoencoder else [],
        recommender=RecommenderSettings.from_dict(old.settings) if old.kind == RECOMMENDER else None,
    )
    run = services.store.create(old.settings, old.name, restarted_from=old.id)
    choose(run.id)
    services.jobs.train(run.id, services.visitor())


@told
def random_twin(run_id: str) -> None:
    """Queues the same network from a random start, for as many epochs as all phases of this run take together,
    and shows both on the Race page.
    """
    from aecore.training.loop import TrainingSettings

    check_room(networks=[_settings(run_id)])
    source = services.store.get(run_id)
    layers = len(source.settings["widths"]) + 1
    most = {each.name: each.high for each in TrainingSettings.knobs()}["epochs"]
    epochs = min(source.settings["epochs"] + layers * source.settings["layer_epochs"], most)
    run = services.store.create(
        {**source.settings, "start": "random", "epochs": epochs}, f"{source.name}, random start"
    )
    services.jobs.train(run.id, services.visitor())
    st.session_state["twins"] = (run_id, run.id)


@told
def use_settings(run_id: str) -> None:
    """Fills the form with a run's settings."""
    settings = _settings(run_id)
    st.session_state["form_wanted"] = (settings.data, settings.variant, settings.flat())


@told
def rename(run_id: str, name: str) -> None:
    """Gives a run another name."""
    services.store.rename(run_id, name)


@told
def delete(run_ids: tuple[str, ...]) -> None:
    """Moves runs to the trash. One that refuses does not hold up the others; its sentence is shown."""
    deleted, refused = [], []
    for run_id in run_ids:
        try:
            services.store.delete(run_id)
            deleted.append(run_id)
        except RunError as error:
            refused.append(error)
    note_deleted("runs", deleted)
    if st.session_state.get("run") in deleted:
        del st.session_state["run"]
    if len(refused) > 1:
        raise RunError(f"{refused[0]} {len(refused) - 1:,} more could not be deleted either.")
    if refused:
        raise refused[0]


@told
def restore(run_id: str) -> None:
    """Restores a run from the trash."""
    services.store.restore(run_id)


@told
def discard(run_ids: tuple[str, ...]) -> None:
    """Removes deleted runs for good."""
    for run_id in run_ids:
        services.store.discard(run_id)


def _settings(run_id: str) -> RunSettings:
    from aecore.experiment.settings import RunSettings  # needs torch, unlike pages that only show runs

    return RunSettings.from_dict(services.store.get(run_id).settings)
