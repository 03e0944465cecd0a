"""Features: what a code is worth to somebody else, who has to learn from it with few labels or with many."""

from ui.app.frame import frame
from ui.screens.features.form import features_form
from ui.screens.features.panel import show_analysis

frame(
    "Features for other algorithms",
    "An autoencoder learns without labels. Is its **code** of use to an algorithm that has to tell classes apart? "
    "Here a simple classifier learns from codes, from raw pixels, and from PCA with as many numbers as the code; "
    "then all three meet the same test.",
    see="""
**Accuracy** is the share of test examples whose class is recognised. The test set is only a sample, so each accuracy
has a *95 % interval*. Two accuracies are compared by the examples that only one of the two recognises; what chance
alone may do is called a *tie*.

**What labels are worth.** Pictures are cheap, labels are not. The curve shows how far each representation gets with
few labels and with many. It is often said that a good code helps most where labels are few; whether it does here is
said above the curve.

**What was taken for what.** Each row of the board is a class, each column what its examples were taken for.
Click a cell and see them.

**Time.** A classifier that gets 25 numbers instead of 784 learns faster and answers faster.
What it took to train the autoencoder is not in these seconds.
""",
)
choice = features_form()
if choice is not None:
    show_analysis(choice)
