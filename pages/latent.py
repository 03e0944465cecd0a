"""Map: the codes as points, an inspector of them, and their neighbourhood preservation."""

import streamlit as st

from aecore.datasets import DataError
from aecore.latent.code_set import CodeError
from aecore.runs.store import RunError
from aecore.settings import SettingsError
from ui.app.frame import end_page, frame, refuse
from ui.screens.latent.codes import codes_of, map_now, preservation_of
from ui.screens.latent.colours import CLUSTER, ask_clusters, ask_colour, coloured
from ui.screens.latent.epochs import epochs_panel, follow_run
from ui.screens.latent.form import ask_network, latent_form, training_run
from ui.screens.latent.inspector import inspector, search
from ui.screens.latent.link import PANEL, PANELS
from ui.screens.latent.own_example import own_marks, own_panel
from ui.screens.latent.perplexities import perplexities
from ui.screens.latent.preservation import preservation_panel
from ui.screens.latent.progress import follow, request_of
from ui.screens.latent.view import show_chosen, show_groups, show_map
from ui.screens.latent.walk import walk_panel
from ui.widgets.glossary import term
from ui.widgets.live import part_of_page
from ui.widgets.run_actions import notice

frame(
    "Map of the latent space",
    f"The encoder turns every example into a {term('latent-code')}: a point in the {term('latent-space')}, which has "
    f"as many dimensions as the code has numbers. Here is a map of that space, by {term('t-sne', 't-SNE')}, "
    f"{term('umap', 'UMAP')} or {term('pca', 'PCA')}: what the network finds alike lies close together, "
    "as far as a map can show it.",
    see="""
**The map** has one point for each example. Hover to see it, click to look at it closely, drag to move the map.
Zoom in with the wheel until the points turn into pictures. On a t-SNE or UMAP map the axes mean nothing, only nearness
does; its first picture is the map by PCA, from which it starts.
Use the lasso or the box to choose many at once. The legend gives the number of points of each colour; click a name to
hide or show it. The network has never seen the classes: where one forms an island, its codes are alike by themselves.
One class in several islands may be drawn in several styles, or torn apart by the map:
*Kept*, under *Colour by*, shows where.

**Beside the map** is the chosen example: the input, its reconstruction, its code as bars, and the examples whose
*codes* are nearest. The neighbours are those in the latent space itself, not on the map.

**Neighbourhood preservation** measures how far the map can be trusted. A flat map of a latent space with more
than two dimensions has to distort something; the figures say how much.

**Below the map**, *Walk* decodes codes that no example has, *Five perplexities* repeats t-SNE with other settings,
*Your own point* encodes a picture of yours, and *Through the epochs* shows how the map formed during training.
""",
    left_out="what you have drawn, which points you have circled, or how far the map is zoomed and turned",
)
notice()

MORE = "More views of these codes."

form, view = st.container(key="form-first").columns([1.34, 3.56], gap="medium")
form = form.container(key="page-form")
with form:
    name = ask_network()
if training_run(name):
    with view:
        follow_run(name)
    end_page()
try:
    with form:
        choice = latent_form(name)
        found = codes_of(choice.trained_model, choice.part, choice.most)
        drawn, preservation = map_now(found, choice.request), preservation_of(found, choice.request)
        by = ask_colour(found, preservation)
        clusters = ask_clusters(found) if by == CLUSTER else 0
except (RunError, DataError, CodeError, SettingsError) as error:
    with view:
        refuse(str(error))
    end_page()


def explore() -> None:
    """The interactive part: map, inspector, and their settings."""
    middle, right = st.container(key="map-first").columns([2.75, 1], gap="medium")
    with right:
        search(found)
        inspector(found, choice.trained_model, preservation, drawn.members)
    with middle:
        answer = show_map(
            found,
            choice.request,
            drawn,
            coloured(found, drawn.members, by, preservation, clusters),
            own_marks(found, choice.request, drawn),
        )
        show_chosen(found, choice.request, drawn, answer)
        show_groups(found)
    panel = st.segmented_control(
        "More",
        PANELS,
        default=PANELS[0],
        label_visibility="collapsed",
        required=True,
        help=MORE,
        **PANEL.bound(),
    )
    if panel == "Preservation":
        preservation_panel(found, choice.request, drawn, preservation)
    elif panel == "Walk":
        walk_panel(found, choice.trained_model, drawn)
    elif panel == "Five perplexities":
        perplexities(choice)
    elif panel == "Your own point":
        own_panel(found, choice.trained_model)
    else:
        epochs_panel(choice.trained_model)


with view:
    with st.container():  # a container of its own: when the map is done, what is below keeps its place and its state
        follow(request_of(choice), is_drawn=drawn.is_done, is_measured=preservation is not None)
    part_of_page(explore)()
