"""What a Hugging Face-style folder holds of a recommender: the parts that serve it, and its config.json."""

from __future__ import annotations

from typing import Any

from aecore import __version__
from aecore.exchange import STATUS_FIELDS, ExchangeError
from aecore.files import BrokenFileError
from aecore.recommender.models import MODELS
from aecore.recommender.models.base import ABOUT, WEIGHTS, read_weights
from aecore.recommender.serving.details import DETAILS
from aecore.recommender.serving.loaded import FACTS, FILMS, PLACES
from aecore.recommender.training.settings import RecommenderSettings
from aecore.runs.store import Run

PARTS = (WEIGHTS, ABOUT, FILMS, FACTS, PLACES)
"""Files of the run's folder that are never missing from a trained recommender."""

ROW_PER_USER = "fingerprints"
"""An array with a number for each user of the training, which item-based networks have."""


def parts_of(run: Run) -> dict[str, bytes]:
    """Name -> content of the files that serve the recommender. ExchangeError if one is missing or cannot be read."""
    found = {}
    for name in (*PARTS, DETAILS):
        path = run.folder / name
        try:
            if name in PARTS or path.exists():
                found[name] = path.read_bytes()
        except OSError as error:
            raise ExchangeError(
                f"{name} of run '{run.name}' cannot be read ({error.strerror or error}). Train it again."
            ) from None
    return found


def config(run: Run) -> dict[str, Any]:
    """What config.json says. SettingsError if the settings cannot be understood, ExchangeError as `sizes`."""
    films, users = sizes(run)
    settings = RecommenderSettings.of_trained(run.settings)
    return {
        "architectures": [MODELS[settings.model].model_class.__name__],
        "aecore_version": __version__,
        "run": run.id,
        "name": run.name,
        "films": films,
        **({"users": users} if users else {}),
        "settings": run.settings,
        "training": {name: getattr(run.status, name) for name in STATUS_FIELDS},
        "test": run.status.test,
        "baselines": run.status.baselines,
    }


def sizes(run: Run) -> tuple[int, int]:
    """How many films the model knows, and for how many users of its training it holds weights; 0 for none.

    ExchangeError if the weights cannot be read.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(run.folder / WEIGHTS, framework="np") as file:
            users = file.get_slice(ROW_PER_USER).get_shape()[0] if ROW_PER_USER in file.keys() else 0  # noqa: SIM118
        return len(read_weights(run.folder / WEIGHTS, ("movie_ids",))["movie_ids"]), users
    except (OSError, SafetensorError, BrokenFileError) as error:
        raise ExchangeError(f"The weights of run '{run.name}' cannot be read ({error}). Train it again.") from None
