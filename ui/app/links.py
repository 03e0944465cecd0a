"""Parameters of the address that pages hand to one another, or have in common."""

from __future__ import annotations

from ui.app.address import Text
from ui.app.address_choices import Key, Keys, OneOf
from ui.app.url_state import Param

ID_LETTERS = 120
"""More than the longest id of a run, a data set or a model has."""

RUN = Param("run", Text(ID_LETTERS), "")
"""The run on show; the store of runs says whether it is there."""

RUNS = Param("runs", Keys(".", 100, r"[!-~]{1,120}"), ())
"""The runs of a race."""

NETWORK = Param(
    "network",
    Text(ID_LETTERS),
    "",
    "The network of this link, '{asked}', is not on this machine, or cannot be used here. Another one is shown.",
)
NETWORKS = Param(
    "networks", Keys(",", 100, r"[!-~]{1,120}"), (), "The address asks for the networks {asked}, but {why}."
)
"""Several networks, in the order in which they were chosen."""

DATA = Param(
    "data",
    Text(ID_LETTERS),
    "",
    "The data set of this link, '{asked}', is not on this machine, or cannot be used here; {instead}.",
)

GROUPS = Param("groups", Key("[0-9a-f]{16}"), "")
"""Two groups of examples, chosen on the map of the latent space."""

MODEL = Param(
    "model",
    Text(ID_LETTERS),
    "",
    "The recommender of this link, “{asked}”, is not on this machine. The built-in one recommends.",
)
"""Who recommends films: a run, or the built-in recommender."""

RECOMMENDER_VIEWS = ("Train", "Evaluation")
RECOMMENDER_VIEW = Param("view", OneOf(RECOMMENDER_VIEWS), RECOMMENDER_VIEWS[0])
