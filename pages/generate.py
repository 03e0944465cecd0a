"""Generate: sampled codes, decoded, and the Fréchet distance of the pictures from real ones."""

import streamlit as st

from aecore.datasets import DataError
from aecore.latent.code_set import CodeError
from aecore.runs.store import RunError
from ui.app.frame import frame, refuse
from ui.screens.generate.analysis import show_analysis
from ui.screens.generate.form import generate_form
from ui.screens.generate.view import show_generated
from ui.widgets.glossary import term
from ui.widgets.run_actions import notice

frame(
    "Generate",
    f"A {term('decoder')} turns any {term('latent-code')} into a picture, even a code that no picture ever had. "
    f"Sample new codes, and see what it paints. A {term('vae')} is made for this: training draws its codes towards a "
    f"{term('prior')}.",
    see="""
**In the form** you choose a network and the distribution of its codes. *Mean and covariance* fits one normal
distribution to all training codes and samples from it. *Each number by itself* ignores how the numbers vary
together. A variational autoencoder has a *prior*: a distribution that was fixed before training. Nothing in the
training of a plain autoencoder decides where its codes lie, so their distribution has to be estimated from the
training codes. They may lie in several clouds: try *Gaussian mixture*.

**The pictures** are decoded from these codes. Below each is the most similar training picture: a network that has
only memorised would show the same picture twice. A label such as *9 · 93\N{NO-BREAK SPACE}%* is the class that the
reference classifier sees in the upper picture, and how probable it finds it. Probable does not mean real: the
classifier must always choose one of its classes.

**How real do they look?** A *reference classifier*, a small network trained on real pictures, computes features of
each picture. The *Fréchet distance* says how far the features of generated pictures are from those of real ones. Real
pictures, compared with other real ones, show how small it can get.

**The table** adds the distance to the network's own reconstructions (*Own*), how sure the classifier is
(*Confidence*), whether it is sure and sees all classes (*Score*), and how near the training pictures are
(*Nearest*: a copy has 0).
""",
)
notice()

form, view = st.container(key="form-first").columns([1, 2.9], gap="large")
try:
    with form.container(key="page-form"):
        choice = generate_form()
    with view:
        show_generated(choice)
        show_analysis(choice)
except (CodeError, DataError, RunError) as error:
    refuse(str(error))
