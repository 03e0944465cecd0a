"""Recommender: train one on real ratings, watch it learn, and see how it compares with others,
with the articles and with papers.
"""

import streamlit as st

from ui.app.frame import frame
from ui.app.links import RECOMMENDER_VIEW
from ui.app.links import RECOMMENDER_VIEWS as VIEWS
from ui.screens.recommender.evaluation import evaluation
from ui.screens.recommender.form import recommender_form
from ui.screens.recommender.link import run_on_show
from ui.screens.recommender.panel import ready_to_train, show_recommender
from ui.widgets.run_actions import notice

frame(
    "Recommender: training and evaluation",
    "What the Movies page knows, it learned from ratings. Train a recommender of your own here, from a list of "
    "best-liked films to stacked and variational autoencoders, and see what each is worth.",
    see="""
**Train.** Choose ratings and a recommender, press *Train*. The curves are of *validation people*, whom it does not
learn from; the dashed line is the baseline to beat: popularity for rankings, biases for stars. When training ends, it
is put to a test once.

**New people or known ones?** A test on *new people* holds people out entirely, as on the Movies page, where everybody
is a stranger. A test on *known people* hides some ratings of everybody; on MovieLens 100K these are the official
splits that papers compare themselves on.

**Evaluation.** All models side by side, with the articles' figures and with published ones,
which are marked as such. A figure that nobody has measured yet is said to be just that.
""",
)
notice()

view = st.segmented_control(
    "View",
    VIEWS,
    default=VIEWS[0],
    required=True,
    label_visibility="collapsed",
    help="Train one, or compare them all.",
    **RECOMMENDER_VIEW.bound(),
)
if view == VIEWS[1]:
    evaluation()
else:
    run_id = run_on_show()
    form, result = st.container(key="run-first" if run_id else "form-first").columns([1, 2.3], gap="large")
    with form:
        recommender_form()
    with result:
        if run_id:
            show_recommender(run_id)
        else:
            ready_to_train()
