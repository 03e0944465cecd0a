"""An analysis on screen: its progress while it runs, and its results so far."""

from __future__ import annotations

import streamlit as st

from aecore.analyses.feature_results import ALL, Results, results_of
from aecore.datasets import card
from aecore.foreign import in_markdown
from aecore.jobs.queue import Request
from aecore.probing.probes import Probe
from ui.app.frame import refuse
from ui.app.services import services
from ui.app.theme import plot
from ui.screens.features.confusions import show_confusions
from ui.screens.features.figures import curve_figure
from ui.screens.features.form import Choice
from ui.screens.features.text import (
    conclusions,
    few_labels_words,
    label_lesson,
    pca_words,
    percent,
    seconds_words,
    titles,
)
from ui.widgets.analysis_progress import show_progress, submit
from ui.widgets.live import live

TICK_SECONDS = 0.5
AT_ONCE = 1_000
"""Most labels for which a comparison takes seconds, and starts automatically."""


def show_analysis(choice: Choice) -> None:
    """Shows the results and starts the missing fits; the panel refreshes itself until they are done."""
    request = ("features", choice.trained_model.id, choice.classifier, choice.labelled)
    is_quick = 0 < choice.labelled <= AT_ONCE
    if (
        is_quick
        and services.jobs.begins(request, services.tab())
        and not results_of(services.store, choice.trained_model).is_complete(choice.classifier, choice.labelled)
    ):
        submit(request)
    live(_panel, TICK_SECONDS if _is_active(request) else None, key="-".join(map(str, request)))(
        choice, request, _is_active(request)
    )


def _panel(choice: Choice, request: Request, was_active: bool) -> None:
    if _is_active(request) != was_active:
        st.rerun()
    if "notice" in st.session_state:
        refuse(st.session_state.pop("notice"), icon=":material/groups:")
    results = results_of(services.store, choice.trained_model)
    known = [
        size
        for size in results.sizes(choice.classifier, choice.labelled)
        if len(results.at(choice.classifier, size)) == len(results.representations)
    ]
    with st.container(key="features-top"):  # always present, so that what is below keeps its place
        if not results.is_complete(choice.classifier, choice.labelled):
            show_progress(request, services.jobs.find(request), begin="Compare", price=_price(choice, results, known))
    with st.container(key="features-found"):
        if known:
            _found(choice, results, known[-1])
        elif was_active:
            st.caption("The accuracies from codes, raw data and PCA will appear here, those with few labels first.")
            st.skeleton(height=320)


def _is_active(request: Request) -> bool:
    job = services.jobs.find(request)
    return job is not None and job.is_active


def _price(choice: Choice, results: Results, known: list[int]) -> str:
    """An estimate of how long it will take."""
    wanted = "all" if choice.labelled == ALL else f"{choice.labelled:,}"
    if not known:
        return f"Comparing up to **{wanted}** labelled examples may take minutes; it goes from few labels to many."
    seconds = sum(probe.seconds + 2 * probe.test_seconds for probe in results.at(choice.classifier, known[-1]).values())
    grows = (
        "with the square of their number" if choice.classifier == "kernel-svm" else "a little faster than their number"
    )
    return f"Up to **{wanted}** labels: {known[-1]:,} took {seconds:,.1f} s, and the time grows {grows}."


def _found(choice: Choice, results: Results, size: int) -> None:
    is_image = card(choice.trained_model.data).is_image
    things, raw = ("pictures", "raw pixels") if is_image else ("rows", "raw numbers")
    probes = results.at(choice.classifier, size)
    _scores(probes, is_image, things)
    if said := pca_words(probes["code"].size, probes.get("pca"), results, things):
        st.caption(said)
    lessons = (lesson(results, choice.classifier, size, raw) for lesson in (label_lesson, few_labels_words))
    st.markdown("\n\n".join(filter(None, [*conclusions(probes, raw, things), *lessons])))
    with st.container(key="form-first"):
        left, right = st.columns(2, gap="large")
    with left:
        st.subheader("What labels are worth", anchor=False)
        figure = curve_figure(results, choice.classifier, choice.labelled, titles(is_image))
        plot(
            figure,
            "features-curve",
            "Test accuracy over the number of labelled examples. " + _curve_words(results, choice),
        )
        st.caption(_how_measured(probes, results, things, choice.trained_model.settings.get("leave_out", "")))
    with right:
        show_confusions(choice, results, probes, things)


def _scores(probes: dict[str, Probe], is_image: bool, things: str) -> None:
    first = probes["code"]
    st.subheader(f"{first.count:,} test {things}, {first.labelled:,} labels", anchor=False)
    names = titles(is_image)
    for column, (name, probe) in zip(st.columns(len(probes)), probes.items(), strict=True):
        low, high = probe.interval
        with column.container(border=True, height="stretch"):
            st.metric(
                names[name], percent(probe.accuracy), help=f"Share of the {probe.count:,} test {things} whose class "
                f"was recognised. With other test {things} it would likely lie between {percent(low)} and "
                f"{percent(high)} (95 % interval)."
            )  # fmt: skip
            st.caption(
                f"95 % interval {percent(low)} to {percent(high)}  \n{probe.size:,} "
                f"number{'s' if probe.size != 1 else ''} · fitted in {seconds_words(probe.seconds)} · tested in "
                f"{seconds_words(probe.test_seconds)}"
            )


def _how_measured(probes: dict[str, Probe], results: Results, things: str, left_out: str) -> str:
    code, seen = probes["code"], f"all {results.total:,} training {things}"
    without = f"all but those of class {in_markdown(left_out)}"
    if "pca" not in probes:
        seen = f"The autoencoder has seen {f'the training {things}, {without},' if left_out else f'{seen},'} but"
    elif left_out:
        seen = f"PCA has seen {seen}, the autoencoder {without}; both saw"
    else:
        seen = f"Autoencoder and PCA have seen {seen}, but"
    return (
        f"{seen} no label. The labelled ones were drawn once, from each class in proportion to its size, and "
        f"are the same for {'all three' if 'pca' in probes else 'both'}. A penalty keeps the classifier from fitting "
        f"them too closely; {code.chosen_on:,} validation {things} choose its strength. Only then comes the test. "
        "Every representation is first shifted to mean zero and scaled to the same average length. Bars on the chart: "
        "95 % intervals (Wilson). Ties: McNemar's exact test at 5 %. Times are those of one processor thread; fitting "
        "includes every penalty tried."
    )


def _curve_words(results: Results, choice: Choice) -> str:
    sizes = results.sizes(choice.classifier, choice.labelled)
    return "; ".join(
        f"{size:,} labels: "
        + ", ".join(f"{name} {percent(probe.accuracy)}" for name, probe in results.at(choice.classifier, size).items())
        for size in sizes
    )
