"""Race: a comparison of two to six networks, trained side by side from one form."""

import streamlit as st

from ui.app.frame import frame, refuse
from ui.screens.race.form import comparison_presets, race_form
from ui.screens.race.link import race_of_address, recall, runs_of_address
from ui.screens.race.panel import show_board
from ui.screens.race.picker import run_picker, start_here
from ui.widgets.glossary import term
from ui.widgets.run_actions import notice
from ui.widgets.wording import AS_MANY

frame(
    "Race",
    f"Train two to six {term('autoencoder', 'autoencoders')} **side by side**: on the same examples, in the same "
    f"order, from the same {term('random-seed')} (or the same three seeds). Then compare the "
    f"{term('reconstruction-error')} of each with what it cost: seconds of training, parameters, numbers in the code.",
    see=f"""
**The form** is the comparison. A preset asks a question; change its entries, add some, remove some. The *Settings* of
an entry are its hidden layers, the size and activation function of its code, its learning rate, and what its kind has
besides; the learning rate is the size of each step: if it is too small, training is slow, if too large, the error jumps
about. All entries share the data, the epochs, the batch size and the random seed: every network sees the same
examples in the same order. The seed makes a race repeatable; networks of different shapes still start from different
weights. So differences come mainly from the networks, but one can also lose by chance, or because it needs more epochs
or another learning rate: see whether its curve still falls, and try three seeds. A *linear* network is trained like
the others, and on the training examples its squared error can be no smaller than that of PCA (principal component
analysis), the best linear compression. So a network that beats PCA by a clear margin owes that to its nonlinearity: to
nonlinear hidden layers, or to output units that keep pixels between 0 and 1. One with hidden layers also has more
parameters. Each entry keeps its number, colour and symbol in all charts.

**The table.** *Error per pixel* is the mean squared error on test examples; until a run has ended it is in italics and
measured on validation examples. Pixels run from 0 to 1, so that an error of 0.01 means being off by 0.1 (root mean
square). *Error per example* is the same, summed over the pixels. *Against PCA* says how many per cent larger (+) or
smaller (−) it is than the error of PCA with as many components as {AS_MANY}; PCA is fitted to the same training
examples and measured on the same test examples. *Probe accuracy* asks how much the code reveals of the classes,
although the network was never told about them: logistic regression learns to predict the class from the codes of at
most 5,000 training examples, its penalty is chosen on at most 5,000 validation examples, and it is scored on all test
examples: with a few hundred of these, a difference of one or two percentage points may be chance. *Seconds* were spent
training; runs that train at the same time share the machine. *Parameters* are all weights and biases; the *code size*
is how many numbers a code has, which is what there is to store of each picture. Bold marks the best of the runs that
have ended. The lowest error need not be the best network: a variational one, say, gives up some accuracy so that new
pictures can be drawn from its codes.

**The {term("pareto-front", "Pareto")} plot** shows quality against cost.
Cost is the seconds, the parameters or the size of the code, as you choose above it. Choose from the networks on the
dashed line: for each of the others there is one on it that is better in one of the two and no worse in the other.
""",
)
notice()
recall()
race = race_of_address()
runs, problems = runs_of_address()
for sentence in problems:
    refuse(sentence)

with st.container(key="page-form-presets"):
    comparison_presets(race)
form, result = st.container(key="run-first" if runs else "form-first").columns([1, 2.3], gap="large")
with form.container(key="page-form"):
    race_form(race)
with result:
    if runs:
        with st.container(key="race-result"):
            show_board(runs)
    else:
        start_here(race)
    run_picker(runs, race.data)
