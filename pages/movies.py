"""Movies: rate films, get recommendations, and see why; ratings come in from elsewhere, go out again,
and are shared with friends.
"""

import streamlit as st

from aecore.files import BrokenFileError
from aecore.recommender.profiles.store import ProfileError
from ui.app.frame import frame, refuse
from ui.screens.movies.link import PANELS, VIEW
from ui.screens.movies.panels import keep_visitor, show_panel
from ui.widgets.run_actions import notice

frame(
    "Movies",
    "Rate a few films, and find one for tonight. An *autoencoder* has learned what goes with what from the ratings "
    "of many people; yours are all it needs.",
    see="""
**First** come films to rate. One click gives stars: the left half of a star is half a star.
By keyboard, 1 to 9 give half a star to four and a half, 0 gives five.
*Not seen* takes a film off this list; *not for me* keeps it from ever being recommended.

**Then** come films for you, the best first. The stars are what you would probably give; the bar below says how far
off that may be. Click a film to see which of your ratings speak for it, and films like it.

**The dial** goes from films that everybody knows to hidden gems. In the filters, leaving a genre out always wins.

**Your ratings** are kept on the machine that runs this page, under a key in your browser's cookie.
They are sent nowhere.
""",
    left_out="your ratings and lists: they belong to this browser",
)


def panels() -> None:
    """The panel that was chosen; everything in it answers without a new page."""
    notice()
    panel = st.segmented_control(
        "View",
        PANELS,
        default=PANELS[0],
        label_visibility="collapsed",
        required=True,
        help="What to show.",
        **VIEW.bound(),
    )
    try:
        show_panel(panel)
    except (BrokenFileError, ProfileError) as error:
        refuse(str(error))


st.fragment(panels)()
keep_visitor()
