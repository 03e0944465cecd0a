"""Confusion matrix: the predictions of one representation,
and the test examples in the chosen cell.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from aecore.analyses.feature_results import Results, unseen_examples
from aecore.datasets import DataError
from aecore.pretrained.trained_models import TrainedModel
from aecore.probing.probes import Probe
from ui.app.frame import refuse
from ui.app.services import services
from ui.app.theme import plot
from ui.screens.features.form import Choice
from ui.screens.features.link import CELL, OF, put, take
from ui.screens.features.text import cell_words, others_words, titles
from ui.widgets.confusion import MOST_CLASSES, confusion_figure
from ui.widgets.pictures import show_pictures

MOST_SHOWN = 40
BOARD = "features-board"


def show_confusions(choice: Choice, results: Results, probes: dict[str, Probe], things: str) -> None:
    """Chooses a representation and a cell, and shows both."""
    st.subheader("Confusion matrix", anchor=False)
    names = titles(things == "pictures")
    if (asked := OF.asked()) and asked not in probes:
        if f"features-{OF.name}" in st.session_state:  # chosen for another network
            OF.clear()
        else:
            OF.refuse(f"{names[asked]} is not compared with this network")
    key = take(OF, tuple(probes), OF.default, OF.default)
    name = st.segmented_control(
        "Recognised from", tuple(probes), required=True, format_func=names.get, key=key,
        default=st.session_state[key], on_change=put,
        args=(OF, key, tuple(probes)), persist_state="session", help="Which classifier's predictions are shown.",
    )  # fmt: skip
    probe, classes = probes[name], results.classes
    cells = _cells(probe)
    most_frequent, context = next(iter(cells)), f"{choice.trained_model.id}-{choice.classifier}-{probe.labelled}-{name}"
    key = take(CELL, tuple(cells), most_frequent, most_frequent, context=context)
    cell = cells[st.session_state[key]]
    if len(classes) <= MOST_CLASSES:
        _board(probe, classes, cell)
    st.selectbox(
        "Look at", tuple(cells), format_func=lambda text: cell_words(probe, cells[text], classes), key=key,
        index=list(cells).index(st.session_state[key]),
        on_change=put, args=(CELL, key, tuple(cells)), persist_state="session",
        help="Confusions, the most frequent first, then correct predictions. You can also click a cell of the matrix.",
    )  # fmt: skip
    _examples(choice.trained_model, results, probes, name, cell, things)


def _cells(probe: Probe) -> dict[str, tuple[int, int]]:
    """Text in the address -> (row, column): confusions, the most frequent first, then correct predictions."""
    found = [(int(row), int(column)) for row, column in np.argwhere(probe.confusion)]
    found.sort(key=lambda cell: (cell[0] == cell[1], -probe.confusion[cell] if cell[0] != cell[1] else cell[0], cell))
    return {f"{row}.{column}": (row, column) for row, column in found}


def _board(probe: Probe, classes: tuple[str, ...], cell: tuple[int, int]) -> None:
    says = [cell_words(probe, (row, column), classes) for row in range(len(classes)) for column in range(len(classes))]
    figure = confusion_figure(probe.confusion, classes, cell, says)
    errors = ", ".join(cell_words(probe, each, classes) for each in list(_cells(probe).values())[:10])
    plot(
        figure,
        BOARD,
        f"Confusion matrix, rows the true class, columns the predicted class. {errors}.",
        on_click=_take_click,
    )
    st.caption(
        "Click a cell to see what is in it. Green is right, orange is wrong; "
        "the stronger, the larger the share of its row."
    )


def _take_click(cell: str) -> None:
    CELL.write(cell)


def _examples(
    trained_model: TrainedModel,
    results: Results,
    probes: dict[str, Probe],
    name: str,
    cell: tuple[int, int],
    things: str,
) -> None:
    try:
        x, labels = _test(trained_model, results.test)
    except DataError as error:
        refuse(str(error))
        return
    found = _in_cell(probes[name], labels, cell)
    shown = found[:MOST_SHOWN]
    if x.ndim == 4:
        words = cell_words(probes[name], cell, results.classes)
        show_pictures(x[shown], [str(index) for index in shown], alt=f"{words}, test picture", width=58)
    else:
        st.dataframe(x[shown], key="features-rows")
    st.caption(_below(found, probes, name, things))


def _in_cell(probe: Probe, labels: np.ndarray, cell: tuple[int, int]) -> np.ndarray:
    """Indices of the test examples with that class and that prediction."""
    found = labels.copy()
    found[probe.wrong] = probe.taken_for
    return np.flatnonzero((labels == cell[0]) & (found == cell[1]))


def _below(found: np.ndarray, probes: dict[str, Probe], name: str, things: str) -> str:
    missed = {other: len(np.intersect1d(found, probe.wrong)) for other, probe in probes.items() if other != name}
    first = (
        f"The first {MOST_SHOWN} of {len(found):,}, by their place in the test set."
        if len(found) > MOST_SHOWN
        else "Numbers are places in the test set."
    )
    return f"{first} {others_words(missed, len(found), titles(things == 'pictures'))}"


@st.cache_resource(max_entries=4, show_spinner="Fetching the test set")
def _test(_trained_model: TrainedModel, test: str) -> tuple[np.ndarray, np.ndarray]:
    return unseen_examples(services.store, _trained_model, Results(test=test))
