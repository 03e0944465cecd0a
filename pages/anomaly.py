"""Anomaly detection: the reconstruction error as an anomaly score, and where it fails."""

import streamlit as st

from aecore.analyses.anomaly import suggested_threshold
from aecore.datasets import DataError
from aecore.foreign import in_markdown
from aecore.runs.store import RunError
from ui.app.frame import end_page, frame, refuse
from ui.screens.anomaly.form import choose_network, choose_odd, choose_threshold
from ui.screens.anomaly.pools import NETWORK, normal
from ui.screens.anomaly.view import show_conclusion, show_pictures
from ui.widgets.glossary import term
from ui.widgets.run_actions import notice

frame(
    "Anomaly detection",
    f"An autoencoder reconstructs well what resembles its training data, and badly what it has never seen. So its "
    f"{term('reconstruction-error')} can serve as an {term('anomaly-score')} that separates odd pictures from normal "
    f"ones by a {term('threshold')}. The {term('roc', 'ROC curve')} shows how well that works, the pictures at the end "
    "where it fails.",
    see="""
**In the form** you choose a network and what counts as odd (anomalous). Normal are the test pictures of the data it
learned from.

**The histogram** shows the errors. Where the two distributions overlap, no threshold can tell the pictures apart.

**The threshold** flags every picture with at least this error. The *true positive rate*, or *recall*, is the share of
odd pictures that it catches. The *false positive rate* is the share of normal pictures that raise a false alarm.
*Precision* is the share of flagged pictures that really are odd; it depends on how common these are. Here they are
many: where odd pictures are rare, most alarms may be false.

**The ROC curve** shows what every threshold would do: the true positive rate against the false positive rate. The area
under it, *AUC*, is the probability that an odd picture has a larger error than a normal one: 1 is perfect, 0.5 no
better than chance, the thin diagonal.

**The table** compares the network with scores that need no network. If one of these does as well, the odd pictures can
be told by something simple, and the network was not needed. Beware: odd pictures that are simple, with little ink, may
be reconstructed *better* than normal ones. Try faded pictures, or class 1 of a network that learned MNIST.

**The pictures at the end** have the largest errors (*least ordinary*) and the smallest (*most ordinary*). Normal ones
that raise a false alarm are often unusual themselves: look where their error lies.
""",
    left_out="what you have drawn or photographed",
)
notice()

form, view = st.container(key="form-first").columns([1, 2.6], gap="large")
with form.container(key="page-form"):
    try:
        network = choose_network()
        odd, odd_class = choose_odd(network)
        validation, ordinary = normal(network, "validation", odd_class), normal(network, "test", odd_class)
    except (RunError, DataError) as error:
        refuse(str(error))
        end_page()
    st.caption(in_markdown(f"Normal: {ordinary.about}." + (f" Odd: {odd.about.rstrip('.')}." if odd else "")))

with view:
    if odd is None:
        st.info("Choose in the form what counts as odd.", icon=":material/image:")
        end_page()
    pools = (ordinary, odd)
    suggested = suggested_threshold(validation.values[NETWORK])
    threshold = choose_threshold(suggested, [pool.values[NETWORK] for pool in pools])
    show_conclusion(network, ordinary, odd, validation, threshold)
    show_pictures(network, ordinary, odd, threshold)
