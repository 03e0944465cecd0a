"""Translate: a direction in the space of codes, along which faces put on glasses and fours become nines."""

import streamlit as st

from aecore.datasets import DataError
from aecore.latent.code_set import CodeError
from aecore.runs.store import RunError
from ui.app.frame import frame, refuse
from ui.screens.translate.form import translate_form
from ui.screens.translate.view import show_translation
from ui.widgets.run_actions import notice

frame(
    "Translate",
    "Somewhere in the space of codes there is a direction that means *glasses*. "
    "Find it, and every face can put them on.",
    see="""
**The form**: choose a network and what its pictures are to gain or to lose. The codes of pictures without it and of
pictures with it are two clouds; the direction leads from one to the other.

**The slider** adds the same step to the code of every picture. The decoder paints what that gives.

**The judge**, a small classifier that learned from real pictures, says whether it worked,
and what else has changed: a direction is seldom pure.

**The bar** shows how far from all training codes the moved ones lie. In the red the decoder is far from
anything it has learned.
""",
)
notice()

form, view = st.container(key="form-first").columns([1, 2.9], gap="large")
try:
    with form:
        choice = translate_form()
    with view:
        show_translation(choice)
except (CodeError, DataError, RunError) as error:
    refuse(str(error))
