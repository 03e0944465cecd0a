"""Generate: codes that nobody has sent, decoded; and a judge's measure of how real the pictures look."""

import streamlit as st

from aecore.datasets import DataError
from aecore.latent.code_set import CodeError
from aecore.runs.store import RunError
from ui.app.frame import frame, refuse
from ui.screens.generate.analysis import show_analysis
from ui.screens.generate.form import generate_form
from ui.screens.generate.view import show_generated
from ui.widgets.run_actions import notice

frame(
    "Generate",
    "A decoder turns any code into a picture, even a code that no picture ever had. "
    "So make some up, and see what it paints.",
    see="""
**The form**: choose a network and where its codes come from. *Mean and covariance* takes the cloud of all training
codes for one tilted hill and draws from it. *Each number by itself* forgets how the numbers go together. A
variational autoencoder has a *prior*: a hill that was agreed on before training.

**The pictures** are decoded from these codes. Below each is the training picture that is most like it, found among
all of them: a network that only remembers would show the same picture twice.

**How real do they look?** A judge, a small classifier that learned from real pictures, looks at them. The *Fréchet
distance* says how far what it notices in made-up pictures is from what it notices in real ones. Real pictures,
compared with other real ones, show how small it can get.
""",
)
notice()

form, view = st.container(key="form-first").columns([1, 2.9], gap="large")
try:
    with form:
        choice = generate_form()
    with view:
        show_generated(choice)
        show_analysis(choice)
except (CodeError, DataError, RunError) as error:
    refuse(str(error))
