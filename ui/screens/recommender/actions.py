"""What the buttons of the recommender page do; each is a callback, and a refusal becomes a toast."""

from __future__ import annotations

from aecore.recommender.training.settings import RecommenderSettings
from ui.app.links import RUN
from ui.app.services import board, store, visitor
from ui.screens.recommender.link import fill_form
from ui.widgets.run_actions import told


@told
def train_recommender(settings: RecommenderSettings) -> None:
    """Creates a run, queues it and shows it."""
    board().check_room(visitor())
    run = store().create(settings.to_dict(), settings.describe())
    RUN.write(run.id)
    board().submit(run.id, visitor())


@told
def use_its_settings(run_id: str) -> None:
    """Puts a run's settings into the form."""
    fill_form(store().get(run_id).settings)
