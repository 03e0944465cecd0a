"""Tours: lessons that lead through the pages, with a narrator, tasks and questions."""

import streamlit as st

from aecore.stores.personal import PersonalError
from ui.app.frame import frame, refuse
from ui.app.services import services
from ui.screens.tours.cards import show_cards
from ui.screens.tours.own import how_to_write, show_faults
from ui.widgets.glossary import term

frame(
    "Tours",
    f"Lessons of about ten minutes, from what an {term('autoencoder')} is, by way of its {term('latent-space')}, to a "
    "film for tonight. Each moves through the pages of this app, sets their controls, points at what it speaks of, and "
    "asks three questions. Leave when you like: your place is kept.",
    see="""
**A lesson** opens a page and a panel beside it. *Next* goes on; where there is something to do, it waits until you have
done it, or until you press *Skip*. The controls are the real ones: try others, the next step sets its own. *Escape*
makes the panel small.

**A question** says at once whether your answer is right, and why. What you chose first counts; you may choose again.

**Your progress** belongs to this browser, and stays when you start again. The address of each step is a link that opens
it, for you and for others. While you are in a [room](/room), its host sees how far you have come since it was opened.
""",
)
me = services.person()
try:
    attempts = services.progress.of(me.tag)
except PersonalError as error:
    refuse(str(error))
    attempts = {}
show_cards(services.shelf.lessons(), attempts, are_numbered=True)

own, faults = services.shelf.own()
if own or (faults and me.is_host):
    st.header("Tours of this server", anchor=False)
    show_cards(own, attempts)
if me.is_host:
    show_faults(faults)
how_to_write()
