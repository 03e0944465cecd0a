"""Translate: a latent direction, along which faces put on glasses and fours become nines."""

import streamlit as st

from aecore.datasets import DataError
from aecore.latent.code_set import CodeError
from aecore.runs.store import RunError
from ui.app.frame import frame, refuse
from ui.screens.translate.form import translate_form
from ui.screens.translate.text import EDGE, FAR
from ui.screens.translate.view import show_translation
from ui.widgets.glossary import term
from ui.widgets.run_actions import notice

frame(
    "Translate",
    f"The encoder turns a picture into its {term('latent-code')}, a short list of numbers, and the decoder paints a "
    f"picture from any such list; all lists together are the {term('latent-space')}. In it there is a "
    f"{term('latent-direction', 'direction')} that means *glasses*: moved far enough along it, most faces put them on.",
    see=f"""
Translation, here, is from one kind of picture into another: without glasses into with glasses, say.

**In the form** you choose a network and the property that its pictures should gain or lose. The codes of pictures
without it and of pictures with it are two clouds; the latent direction leads from one to the other. Which picture has
it is known from how the data were drawn or labelled; the autoencoder was never told.

**The slider** adds the same step to the code of every picture, and the decoder paints the result. That works as far as
the step from without to with is nearly the same for all pictures; a picture whose code starts further from the other
group needs a longer one.

**The reference classifier**, a small network trained on the original pictures, predicts whether the moved
ones have the property, and what else has changed: a direction can change other things, too.

**The bar** shows how far the moved codes lie from the training codes nearest to them: green up to where
{100 * EDGE:g} % of the test codes lie, orange up to {100 * FAR:g} %, red beyond. There the decoder is far from
anything it has learned. The mark is the median of the moved codes.

**Try this.** Raise the strength where a figure is low, and watch the bar: the further out the codes are, the stranger
the pictures. Start from pictures *With*, and see glasses come off. Compare the two ways of finding a direction in the
last table.

**Next** you can choose two groups of your own with the lasso on the Map. Networks that learned from your own pictures
have their classes to choose from; without a reference classifier the pictures are shown, and nothing is predicted.
""",
)
notice()

form, view = st.container(key="form-first").columns([1, 2.9], gap="large")
try:
    with form.container(key="page-form"):
        choice = translate_form()
    with view:
        show_translation(choice)
except (CodeError, DataError, RunError) as error:
    refuse(str(error))
