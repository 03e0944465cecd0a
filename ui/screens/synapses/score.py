"""How well the toy network does, and how many other settings of its synapses do as well."""

from __future__ import annotations

import streamlit as st

from aecore.worked_examples.toy_network import come_back, patterns
from aecore.worked_examples.toy_solutions import is_countable, signs, solutions
from ui.components.synapse_network.view import ToyView
from ui.screens.synapses import actions as act


def show_score(view: ToyView) -> None:
    """Likes that are reconstructed, solutions found and left to find, and a hint."""
    network, singles = view.applied, patterns(view.network.inputs)
    back = int(come_back(network, singles).sum())
    st.subheader("How many solutions are there?", anchor=False)
    st.markdown(f"**{back} of {network.inputs}** single likes are reconstructed (by the highest output).")
    if not is_countable(network.inputs, network.hidden):
        st.caption(
            f"This network has {2 * network.w1.size} synapses, and so 2 to the power of {2 * network.w1.size} "
            "settings: too many to try. With 4 inputs and 2 hidden nodes there are 65,536, and all are tried."
        )
    elif network.b1.any() or network.b2.any():
        st.caption("Solutions are counted without biases. Choose “No biases” to count.")
    else:
        every = solutions(network.inputs, network.hidden)
        tried = f"{2 ** (2 * network.w1.size):,}"
        st.markdown(
            f"Of all **{tried}** ways to set these synapses to +1 or −1, **{len(every)}** reconstruct every single "
            "like."
        )
        if len(every):
            found = act.found_here(view)
            st.progress(found / len(every), f"You found {found} of {len(every)}")
            step = act.next_hint(view)
            st.button(
                "Hint: flip one synapse", key="toy-hint", on_click=act.give_hint,
                disabled=step is None, icon=":material/lightbulb:",
                help="Flips one synapse on the shortest way to a solution that you have not found yet.",
            )  # fmt: skip
            if signs(network) is None:
                st.caption(
                    "Some weights are neither +1 nor −1, so this does not count as a solution. A hint changes them."
                )
            elif back == network.inputs:
                st.caption("This is a solution. Flip on and look for another." if step else "You found them all.")
            st.caption(
                f"The nearest solution you have not found is {step[1]} flip{'s' * (step[1] > 1)} away."
                if step
                else "There are no others left to find."
            )
        else:
            st.caption(
                f"{network.hidden} hidden node with weights of ±1 has only two codes, "
                f"but {network.inputs} likes need {network.inputs} different ones."
            )
