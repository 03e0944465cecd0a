"""Training, step by step: an autoencoder learns a small table of ratings, with every intermediate number."""

import streamlit as st

from aecore.worked_examples.toy_training import ORDERS, average_error
from ui.app.frame import frame, refuse
from ui.app.theme import plot
from ui.components.training_pair import training_pair
from ui.components.training_steps import moment_in, training_steps
from ui.components.training_steps.lesson import COMPARED, LAST_EPOCH, Lesson, course_of
from ui.screens.steps.figures import courses_figure
from ui.screens.steps.form import PLAYER, ask_lesson, ask_table, moved, place
from ui.screens.steps.link import AFTER, BOTH, CURVES, EPOCHS, LENGTHS, OVER
from ui.widgets.glossary import term
from ui.widgets.lesson_links import lesson_links
from ui.widgets.live import part_of_page

frame(
    "Training, step by step",
    f"Viewers have rated films. An autoencoder encodes each row of six ratings as a few numbers, the "
    f"{term('latent-code')}, and decodes them into a {term('reconstruction')} of the row. At first it is poor; then "
    f"the network **learns from its error**, by {term('backpropagation')} and {term('sgd')}. Step through it, "
    "forwards and backwards: every number is there.",
    see="""
**The table** is yours to edit: change ratings, add and delete rows. Stars are divided by 5,
because a sigmoid only gives numbers between 0 and 1.

**The network** has an input node for each film, a few hidden nodes, whose values are the latent code, and an output
node for each film. With fewer hidden nodes than films, the hidden layer is the *bottleneck*. From left to hidden is the
*encoder*, from hidden to right the *decoder*. In the list of steps *W* are the weights, *σ* is the sigmoid and *z* the
code. The number on a synapse is its weight: blue and solid above zero, black and dashed below, thick when large. Each
*b* is a bias, which a node adds to its sum.

**The error** of a reconstruction y is usually written as the distance d(x, y) = ‖x − y‖. Training here minimises
E = ½ Σ (y − x)², half the square of that distance: it is smallest where d is smallest, and its gradient by y is
y − x. *Backpropagation* carries it from right to left, from the output to every weight: the gradient of a weight says
how much E would grow if this weight grew a little. Changing the weights after each row is
*stochastic gradient descent* (SGD), also called online learning.

**Missing ratings** enter as 0 and are left out of the error: the network is not blamed for what it predicts for
unrated films. These predictions are its recommendations. The error counts only ratings that it has learned from;
whether the predictions are good, only held-back ratings could tell, as on the Recommender page.
""",
)


@part_of_page
def player(lesson: Lesson) -> None:
    """The player; its steps do not rerun the page."""
    reported = moment_in(PLAYER)
    _, returns = place(reported)
    training_steps(lesson, moved(reported), returns, key=PLAYER)


def compare(lesson: Lesson) -> None:
    """Online and batch learning from the same start."""
    left, right = st.columns(2)
    common = {"persist_state": "session"}
    epochs = left.select_slider(
        "Epochs",
        LENGTHS,
        value=COMPARED,
        help="How many epochs both learn, in the curves and below.",
        **EPOCHS.bound(),
        **common,
    )
    over = right.segmented_control(
        "Curve over", CURVES, default=CURVES[0], required=True, **OVER.bound(), **common,
        help="In one epoch, online learning changes the weights once for every row, batch learning once in all.",
    )  # fmt: skip
    shown = st.slider(
        "Weights after epoch",
        0,
        LAST_EPOCH,
        50,
        help="The networks below are drawn as they were after this epoch, or after the last one that they learned.",
        **AFTER.bound(),
        **common,
    )
    shown = min(shown, epochs)
    courses = [
        course_of(Lesson(lesson.kind, lesson.text, lesson.hidden, lesson.rate, order, lesson.seed), epochs)
        for order in ORDERS
    ]
    ends = " and ".join(
        f"{course.errors[-1]:.4f} ({course.order}, {len(course.errors) - 1} updates)" for course in courses
    )
    alt = f"Error of the table over {over}; after {epochs} epochs it is {ends}."
    plot(courses_figure(courses, over=over, marked_epoch=shown), "courses", alt, revision=f"{over} {epochs}")
    st.caption(
        f"Error of the table, E added over all rows: {courses[0].errors[0]:.4f} at the start; "
        f"after {epochs} epochs {ends}. A perfect copy has 0. Answering every viewer with each film's average rating, "
        f"which needs no code, has {average_error(lesson.table.ratings):.4f}."
    )
    training_pair(
        {
            (
                f"{each.order.capitalize()}: after {shown} epochs the table's error is {each.epoch_errors[shown]:.4f}"
            ): each.weights[shown]
            for each in courses
        },
        key="training-pair",
    )


def table_and_lesson() -> None:
    """All between the head of the page and its end, which what is chosen here does not change."""
    with st.container(key="page-form"), st.container(key="form-first"):
        left, right = st.columns([1.9, 1], gap="medium")
        with left:
            kind, text, remarks = ask_table()
        with right:
            lesson = ask_lesson(kind, text)
    for remark in remarks:
        refuse(remark, icon=":material/info:")
    if not lesson.table.names:
        place()
        refuse(
            "The table is empty: there is nothing to learn from. Add a row below its head, or fill it with an example.",
            icon=":material/table_rows:",
        )
    else:
        scale = "Stars are divided by 5 on the way in." if kind == "stars" else "Yes enters as 1, no as 0."
        st.caption(f"Missing ratings are left out of the error, so the network does not learn from them. {scale}")
        player(lesson)
        st.header("Online and batch, side by side", anchor=False)
        st.markdown(
            "Both start from the same random weights. **Online** (stochastic gradient descent), the weights change "
            "after every row, so later rows meet a network that has just learned. In **batch** learning all rows meet "
            "the same weights: their gradients are summed and used once, at the same learning rate."
        )
        if st.toggle(
            "Show both", value=True, persist_state="session", help="Draws the curves and both networks.", **BOTH.bound()
        ):
            with st.container(key="steps-compared"):
                compare(lesson)


part_of_page(table_and_lesson)()
lesson_links("steps")
