"""Recommender: train a model on real ratings, follow its training, and compare its metrics with other models
and published figures.
"""

import streamlit as st

from aecore.recommender.models.base import MEASURED_EPOCHS
from ui.app.frame import frame
from ui.app.links import RECOMMENDER_VIEW
from ui.app.links import RECOMMENDER_VIEWS as VIEWS
from ui.screens.recommender.evaluation import evaluation
from ui.screens.recommender.form import recommender_form
from ui.screens.recommender.link import run_on_show
from ui.screens.recommender.panel import ready_to_train, show_recommender
from ui.widgets.glossary import term
from ui.widgets.run_actions import notice

frame(
    "Recommender: training and evaluation",
    f"The Movies page recommends by {term('collaborative-filtering')}. Train a recommender of your own here, from a "
    f"list of best-liked films to {term('stacked', 'stacked')} and {term('vae', 'variational')} autoencoders, and see "
    f"how well each does by {term('recall-at-k', 'recall')} and {term('ndcg', 'NDCG')}.",
    see=f"""
**Train.** Choose ratings and a recommender, press *Train*. The curves show how it does for *validation users*,
from whom it does not learn; an epoch is one pass over the ratings. The dashed line is the baseline to beat. For
rankings it is *popularity*, the films that most users like. For stars it is *biases*: how well a film is liked, and how
generous a user is. A network keeps the weights of the epoch that did best for the validation users: of at most
{MEASURED_EPOCHS} that are measured, spread evenly over the training; a star on the curve marks it. These weights are
tested once, and they are what the Movies page uses. Closed forms have no epochs to choose from.

**New users or known ones?** An evaluation on *new users* holds users out entirely, as on the Movies page, where every
visitor is new. An evaluation on *known users* hides some ratings of each; on MovieLens 100K these are the official
splits that papers report.

**Evaluation.** All models side by side, with published figures, which are marked as such.
Figures that have not been measured yet are marked too. *Protocol*, below a table, says how its figures were measured.

**Which measure?** NDCG and recall ask whether films that a user liked come first. {term("rmse", "RMSE")} and
{term("mae", "MAE")} ask how far predicted stars are from actual ones; RMSE punishes large misses more. A model can be
good at one and poor at the other. *Recall@20* is the share of a user's liked films among the first twenty, *NDCG@10*
looks at the first ten, where the first places count most. Liked means four stars or more. Beside the NDCG of every
test, and that of the validation users when a training has ended, stands its 95 % interval, by a bootstrap over these
users: how much the figure depends on who happens to be among them. The curves of a training have none.
""",
    left_out="a file with ratings that you have not kept yet",
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
    with form.container(key="page-form"):
        recommender_form()
    with result:
        if run_id:
            show_recommender(run_id)
        else:
            ready_to_train()
