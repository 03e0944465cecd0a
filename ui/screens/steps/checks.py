"""What the page Training, step by step asks at its end."""

from __future__ import annotations

from aecore.tours.schema import Choice, Question
from ui.components.training_steps.lesson import Lesson
from ui.components.training_steps.ratings_table import FILMS, PRESETS

LESSON = Lesson("stars", next(iter(PRESETS["stars"].values())))
ROWS, EPOCHS = len(LESSON.table.names), 2

CHECKS = {
    "epoch": Question(
        f"A table has {ROWS} viewers and {len(FILMS)} films, and learning is online. How often have the weights "
        f"changed when {EPOCHS} epochs are over?",
        (
            Choice(
                f"{EPOCHS} times, once an epoch",
                "That would be batch learning, which meets all rows before it changes anything. Online, each row "
                "changes the weights at once.",
            ),
            Choice(
                f"{ROWS * EPOCHS} times, once for each row of each epoch",
                "An epoch is over when every row has had its turn, and online learning moves the weights after each "
                "of them.",
            ),
            Choice(
                f"{ROWS * len(FILMS) * EPOCHS} times, once for each place of the table",
                "The ratings of a row go in together and give one error, which moves all weights at once. It is rows "
                "that are counted, not single ratings.",
            ),
        ),
        right=1,
    ),
    "way": Question(
        "Backpropagation has found the gradient of a weight: it is above zero. What does the update do with it?",
        (
            Choice(
                "It makes the weight smaller",
                "A gradient above zero says that the error grows if the weight grows. So the weight goes the other "
                "way, by the learning rate times the gradient.",
            ),
            Choice(
                "It makes the weight larger",
                "That would follow the gradient uphill, and the error would grow. To descend is to go against it.",
            ),
            Choice(
                "That depends on whether the weight itself is above zero",
                "It does not. The gradient says which way the error falls from where the weight is now, wherever that "
                "may be.",
            ),
        ),
        right=0,
    ),
    "back": Question(
        "The error is measured at the outputs. How do the weights of the encoder, which touch no output, get their "
        "share of it?",
        (
            Choice(
                "They do not: only the decoder learns from the error",
                "Then the encoder would stay as random as it was at the start. But what it puts into the code changes "
                "every output, so the error depends on its weights as well.",
            ),
            Choice(
                "They have an error of their own: how far the code is from the right one",
                "Nobody knows a right code, so nothing can be compared with it. The only error is that of the "
                "reconstruction.",
            ),
            Choice(
                "It is passed back to them through the decoder",
                "A hidden node is to blame as far as its value has moved the outputs, which its synapses to them say. "
                "Its blame is then shared out among the weights that made its value.",
            ),
        ),
        right=2,
    ),
}
