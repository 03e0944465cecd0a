"""Anomaly detection: what a network brings back badly is odd to it. How far does that go?"""

import streamlit as st

from aecore.analyses.anomaly import suggested_threshold
from aecore.datasets import DataError
from aecore.runs.store import RunError
from ui.app.frame import frame, refuse
from ui.screens.anomaly.form import choose_network, choose_odd, choose_threshold
from ui.screens.anomaly.pools import NETWORK, normal
from ui.screens.anomaly.view import show_pictures, show_verdict
from ui.widgets.run_actions import notice

frame(
    "Anomaly detection",
    "A network brings back well what it has learned, and badly what it has never seen. So the error of its "
    "reconstruction can tell the odd from the normal. See how well that works, and where it fails.",
    see="""
**In the form** you choose a network and what is to be odd. Normal are the test pictures of the data it learned from.

**The histogram** shows how large the errors are. Where the two hills overlap, no threshold can tell the pictures apart.

**The ROC curve** shows what every threshold would do: the share of odd pictures caught against the share of
normal ones that raise a false alarm. The area under it, *AUC*, is the chance that an odd picture has a larger
error than a normal one.

**The table** holds the network against scores that need no network. And beware: odd pictures that are simple, with
little ink, may come back *better* than normal ones. Try faded pictures, or class 1 of a network that learned MNIST.
""",
    left_out="what you have drawn or photographed",
)
notice()

form, view = st.container(key="form-first").columns([1, 2.6], gap="large")
with form:
    try:
        network = choose_network()
        odd, odd_class = choose_odd(network)
        validation, ordinary = normal(network, "validation", odd_class), normal(network, "test", odd_class)
    except (RunError, DataError) as error:
        refuse(str(error))
        st.stop()
    st.caption(f"Normal: {ordinary.about}." + (f" Odd: {odd.about.rstrip('.')}." if odd else ""))

with view:
    if odd is None:
        st.info("Choose in the form what is to be odd.", icon=":material/image:")
        st.stop()
    pools = (ordinary, odd)
    suggested = suggested_threshold(validation.values[NETWORK])
    threshold = choose_threshold(suggested, [pool.values[NETWORK] for pool in pools])
    show_verdict(ordinary, odd, validation, threshold)
    show_pictures(network, ordinary, odd, threshold)
