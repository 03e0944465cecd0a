"""The Fréchet distances on screen: the progress of the analysis, its figures so far,
a chart and a conclusion.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from aecore.foreign import in_table
from aecore.jobs.queue import Request
from aecore.latent.attributes import CLASS, spoken
from aecore.latent.generation import (
    COMPARED,
    REAL,
    RECONSTRUCTED,
    REPEATS,
    FrechetScore,
    kinds,
    main_head,
    read,
)
from aecore.latent.sampling import WAYS
from ui.app.frame import refuse
from ui.app.services import services
from ui.app.theme import plot
from ui.screens.generate.figures import distance_figure, shares_figure
from ui.screens.generate.form import Choice, Chosen
from ui.screens.generate.text import CLAIM, NO_REFERENCE_CLASSIFIER, conclusions
from ui.widgets.analysis_progress import show_progress, submit
from ui.widgets.live import live
from ui.widgets.wording import percent

TICK_SECONDS = 0.5
TITLES = {RECONSTRUCTED: "Reconstructions (no sampling)", **{name: way.title for name, way in WAYS.items()}}
COLUMNS = {
    "Fréchet": st.column_config.NumberColumn(
        width="small",
        format="%.1f",
        help="Fréchet distance between the reference classifier's features of these and of real test pictures. "
        "0: no difference in mean and covariance.",
    ),
    "±": st.column_config.NumberColumn(
        width="small", format="%.1f", help="Standard deviation over the samples of a row."
    ),
    "Own": st.column_config.NumberColumn(
        width="small",
        format="%.1f",
        help="Fréchet distance to the network's own reconstructions: what the sampling misses, "
        "without what the decoder cannot paint.",
    ),
    "Confidence": st.column_config.NumberColumn(
        width="small",
        format="%.1f\N{NO-BREAK SPACE}%%",
        help="Mean probability that the reference classifier gives to its own predictions.",
    ),
    "Score": st.column_config.NumberColumn(
        width="small",
        format="%.2f",
        help="Inception score with this classifier: from 1 to the number of classes. Higher is better: the predictions "
        "are confident, and all classes appear.",
    ),
    "Nearest": st.column_config.NumberColumn(
        width="small",
        format="%.3f",
        help=f"Median distance of {COMPARED} pictures to their nearest training picture (root mean squared "
        "difference per pixel). A copy: 0.",
    ),
}


def show_analysis(choice: Choice) -> None:
    """Shows the results and starts the missing ones; refreshes itself until they are done."""
    from aecore.reference_classifiers.classifiers import has_reference_classifier

    st.subheader("How real do they look?", anchor=False)
    if not has_reference_classifier(choice.first.trained_model.data):
        st.markdown(NO_REFERENCE_CLASSIFIER)
        return
    names = tuple(dict.fromkeys((choice.first.trained_model.id, choice.second.trained_model.id)))
    request: Request = ("generation", names, choice.components)
    if services.jobs.begins(request, services.tab()) and not _is_complete(choice):
        submit(request)
    live(
        _panel,
        TICK_SECONDS if _is_active(request) else None,
        key=f"generation-{'-'.join(names)}-{choice.components}",
    )(choice, request, _is_active(request))


def _panel(choice: Choice, request: Request, was_active: bool) -> None:
    if _is_active(request) != was_active:
        st.rerun()
    if "notice" in st.session_state:
        refuse(st.session_state.pop("notice"), icon=":material/groups:")
    with st.container(key="generation-top"):
        if not _is_complete(choice):
            show_progress(
                request,
                services.jobs.find(request),
                begin="Measure",
                price="Thousands of pictures of each kind are classified: this takes a minute or less.",
            )
    with st.container(key="generation-found"):
        found = {chosen.trained_model.id: _known(chosen, choice.components) for chosen in (choice.first, choice.second)}
        floor = read(services.store, choice.first.trained_model, REAL)
        if floor and any(found.values()):
            _found(choice, found, floor)
        elif was_active:
            st.skeleton(height=320)


def _found(choice: Choice, found: dict[str, dict[str, FrechetScore]], floor: FrechetScore) -> None:
    chosen = {each.trained_model.id: each for each in (choice.first, choice.second)}
    st.markdown(CLAIM)
    for sentence in _conclusions(chosen, found, floor):
        st.markdown(sentence)
    titled = {chosen[name].title: known for name, known in found.items()}
    plot(
        distance_figure(titled, TITLES, floor),
        "generation-distances",
        "Fréchet distance to real pictures of every way of sampling, for both networks.",
    )
    st.dataframe(
        pd.DataFrame(_table(titled, floor)),
        hide_index=True,
        key="generation-table",
        column_config=COLUMNS,
        placeholder="–",
    )
    st.caption(_how_measured(choice, floor))
    _shares(choice, found, floor)


def _conclusions(
    chosen: dict[str, Chosen], found: dict[str, dict[str, FrechetScore]], floor: FrechetScore
) -> list[str]:
    plain = [name for name, each in chosen.items() if each.trained_model.settings["variant"] != "variational"]
    cloudy = [name for name, each in chosen.items() if each.trained_model.settings["variant"] == "variational"]
    if len(plain) != 1 or len(cloudy) != 1:
        return ["Choose a plain and a variational autoencoder to see here whether the claim holds for them."]
    return conclusions(found[plain[0]], found[cloudy[0]], floor)


def _table(titled: dict[str, dict[str, FrechetScore]], floor: FrechetScore) -> list[dict[str, object]]:
    rows = [_row("Real training pictures", "", floor)]
    return rows + [_row(title, TITLES[kind], each) for title, known in titled.items() for kind, each in known.items()]


def _row(title: str, kind: str, each: FrechetScore) -> dict[str, object]:
    return {
        "Pictures of": in_table(title),
        "How": kind,
        "Fréchet": float(np.mean(each.frechet)),
        "±": float(np.std(each.frechet)),
        "Own": float(np.mean(each.own)) if each.own else None,
        "Confidence": 100 * float(np.mean(each.sureness)),
        "Score": float(np.mean(each.score)),
        "Nearest": each.distance,
    }


def _how_measured(choice: Choice, floor: FrechetScore) -> str:
    from aecore.reference_classifiers.classifiers import reference_classifier

    facts = reference_classifier(choice.first.trained_model.data).facts
    worst = min(facts["test"].values())
    right = f"{percent(worst)}{' or more' if len(facts['test']) > 1 else ''}"
    return (
        f"The reference classifier is a small convolutional network of this project; it is right on {right} of "
        f"{facts['test_pictures']:,} test pictures. Every row compares {floor.count:,} pictures with the same "
        f"{floor.count:,} test pictures, and is the mean of {REPEATS} samples at scale 1. "
        "The Fréchet distance (Heusel et al. 2017) grows when there are fewer pictures, so only rows of the same "
        "data can be compared. Real training pictures give its floor: they differ from test pictures by chance, "
        "and because the classifier has learned from them."
    )


def _shares(choice: Choice, found: dict[str, dict[str, FrechetScore]], floor: FrechetScore) -> None:
    from aecore.reference_classifiers.classifiers import reference_classifier

    shown = {"real": floor}
    for chosen in (choice.first, choice.second):
        if each := found[chosen.trained_model.id].get(chosen.way):
            shown[f"{len(shown)} {chosen.title}, {WAYS[chosen.way].title}"] = each
    who = reference_classifier(choice.first.trained_model.data)
    head = main_head(who)
    what = "classes" if head == CLASS else f"{spoken(head)}s"
    st.markdown(
        f"**Which {what} the classifier predicts**, and how often. Good samples show each as often as real pictures do."
    )
    plot(
        shares_figure(shown, who.heads[head]),
        "generation-shares",
        "How often the reference classifier predicts each class for real and for generated pictures.",
    )


def _known(chosen: Chosen, components: int) -> dict[str, FrechetScore]:
    found = {
        kind: read(services.store, chosen.trained_model, kind, components)
        for kind in kinds(chosen.trained_model)
        if kind != REAL
    }
    return {kind: each for kind, each in found.items() if each}


def _is_complete(choice: Choice) -> bool:
    return all(
        read(services.store, each.trained_model, kind, choice.components) is not None
        for each in (choice.first, choice.second)
        for kind in kinds(each.trained_model)
    )


def _is_active(request: Request) -> bool:
    job = services.jobs.find(request)
    return job is not None and job.is_active
