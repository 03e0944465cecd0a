"""Features: the accuracy of simple classifiers on a model's codes, with few labels or with many."""

from ui.app.frame import frame
from ui.screens.features.form import features_form
from ui.screens.features.panel import show_analysis
from ui.widgets.glossary import term

frame(
    "Features for other algorithms",
    f"An {term('autoencoder')} learns without labels. Do its {term('latent-code', '**codes**')} help an algorithm that "
    "has to tell classes apart? Here a simple classifier learns from codes (a linear one is a "
    f"{term('linear-probe')}), from raw pixels, and from {term('pca', 'PCA')} with as many components as numbers of "
    "the code are active; all are scored on the same test set.",
    see=f"""
**Accuracy** is the share of test examples whose class is predicted correctly. The test set is only a sample, so each
accuracy has a *95 % interval*. Two accuracies are compared by the examples that only one of the two gets right; a
difference that chance alone could explain is called a *tie*; *p* is the probability that chance alone makes one at
least as large. A tie does not prove them equal: more test examples might show a difference.

**The classifier** is logistic regression or a {term("svm", "support vector machine (SVM)")}.

**Why a code can do worse.** It was made for reconstruction: small details that tell two classes apart may be lost,
because they hardly change the error. **Why it can help:** fewer numbers mean fewer weights to learn from few labels.
Try a network with a longer code, or of another kind, under *Network*.

**What labels are worth.** Pictures are cheap, labels are not. The curve shows how far each representation gets with
few labels and with many. It is often said that a good code helps most where labels are few; whether it does here is
said above the curve.

**Confusion matrix.** Each row is a true class, each column a predicted class.
Click a cell to see its examples.

**Time.** Fewer numbers per picture can make a classifier faster to fit and to use; the figures say whether they do
here. The time to train the autoencoder is not included.
""",
)
choice = features_form()
if choice is not None:
    show_analysis(choice)
