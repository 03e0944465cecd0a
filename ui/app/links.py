"""Parameters of the address that several pages share."""

from __future__ import annotations

from ui.app.address import Text
from ui.app.address_choices import Key, Keys, OneOf
from ui.app.url_state import Param

ID_LETTERS = 120
"""Most letters of an id of a run, a data set or a model."""

RUN = Param("run", Text(ID_LETTERS), "")
"""The run on show; the store of runs checks whether it exists."""

RUNS = Param("runs", Keys(".", 100, r"[!-~]{1,120}"), ())
"""The runs of a comparison."""

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
"""The recommender of films: a run, or the built-in one."""

RECOMMENDER_VIEWS = ("Train", "Evaluation")
RECOMMENDER_VIEW = Param("view", OneOf(RECOMMENDER_VIEWS), RECOMMENDER_VIEWS[0])
