"""Callbacks of the buttons of the Recommender page; an error becomes a toast."""

from __future__ import annotations

from aecore.recommender.training.settings import RecommenderSettings
from ui.app.allowance import check_room
from ui.app.links import RUN
from ui.app.services import services
from ui.screens.recommender.link import fill_form
from ui.widgets.run_actions import told


@told
def train_recommender(settings: RecommenderSettings) -> None:
    """Creates, queues and shows a run."""
    check_room(recommender=settings)
    run = services.store.create(settings.to_dict(), settings.describe())
    RUN.write(run.id)
    services.jobs.train(run.id, services.visitor())


@told
def use_its_settings(run_id: str) -> None:
    """Copies a run's settings into the form."""
    fill_form(services.store.get(run_id).settings)
