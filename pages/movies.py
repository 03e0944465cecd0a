"""Movies: rate films, get recommendations and their explanations; import, export and share ratings."""

import streamlit as st

from aecore.files import BrokenFileError
from aecore.recommender.profiles.store import ProfileError
from ui.app.frame import frame, refuse
from ui.screens.movies.cards import SURE
from ui.screens.movies.link import PANELS, VIEW
from ui.screens.movies.panels import keep_visitor, show_panel
from ui.widgets.glossary import term
from ui.widgets.run_actions import notice

frame(
    "Movies",
    f"Rate a few films, and find one for tonight. An {term('autoencoder')} has learned from the ratings of many users "
    f"which films go together ({term('collaborative-filtering')}); yours are all it needs.",
    see=f"""
**First** come films to rate. One click gives stars: the left half of a star is half a star.
By keyboard, 1 to 9 give half a star to four and a half, 0 gives five.
*Not seen* takes a film off this list; *not for me* keeps it from ever being recommended.

**Then** come films for you, the most likely to be liked first, which is not always the one with the most stars. The
stars are the rating that you would probably give; the bar below shows how uncertain that is (*{SURE[0][1]}*: a
standard deviation below {SURE[0][0]:g} stars; *{SURE[1][1]}*: below {SURE[1][0]:g}). Click a film to see
which of your ratings speak for it, and similar films.

**Well-known or hidden gems** sets the balance of popularity and novelty, from films that everybody knows to hidden
gems. In the filters, excluding a genre always wins.

**Your ratings** are kept on the machine that runs this app, under a key in your browser's cookie.
They are not sent anywhere else.
""",
    left_out="your ratings and lists: they belong to this browser",
)


def panels() -> None:
    """Shows the chosen panel, as a fragment, so that actions in it do not rerun the page."""
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
