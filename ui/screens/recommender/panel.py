"""The panel of a recommender's run: state and buttons, training curves, and test metrics beside the baselines."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import streamlit as st

from aecore.files import read_json
from aecore.foreign import in_markdown
from aecore.recommender.evaluation.splits import KNOWN
from aecore.runs.run import NEWER
from aecore.runs.store import Run, RunError
from ui.app.frame import as_letters, refuse
from ui.app.links import MODEL, RUN
from ui.app.services import services
from ui.app.theme import plot
from ui.app.url_state import link_to
from ui.screens.recommender.actions import use_its_settings
from ui.widgets.export_menu import export_recommender
from ui.widgets.kept_epochs import kept_words, validated_words
from ui.widgets.live import live
from ui.widgets.newer_buttons import KEPT, PAUSE, RESUME
from ui.widgets.recommender_figures import (
    NDCG,
    RMSE,
    Record,
    epochs_done,
    loss_terms,
    model_title,
    term_figure,
    watched,
    watched_figure,
)
from ui.widgets.recommender_metrics import INTERVAL, INTERVAL_HEAD, INTERVAL_WORDS, with_intervals
from ui.widgets.run_actions import pause, resume, stop
from ui.widgets.run_metrics import duration
from ui.widgets.run_states import STATES, TICK_SECONDS, Button, expected_start, say_whose, trained_where
from ui.widgets.run_tracking import say_logged
from ui.widgets.run_watch import watch_resting

STOP = Button("Stop", "stop-recommender", "stop", stop, "Ends training here and puts the model as it is to the test.")
WITHDRAW = Button(
    "Take out of the queue", "withdraw", "remove", pause, "It does not begin; continue whenever you like."
)
CONTINUE = Button(
    "Train it again", "continue-recommender", "replay", resume,
    "Starts from the beginning: a recommender keeps no checkpoint.", "primary",
)  # fmt: skip
USE_SETTINGS = Button(
    "Use its settings",
    "use-its-settings",
    "tune",
    use_its_settings,
    "Puts them into the form, to change something and train again.",
    is_for_all=True,
)
NEWEST = 8
LEVELS = {NDCG: {"popularity_NDCG@10": "popularity"}, RMSE: {"bias_RMSE": "biases"}}
ABOUT = {
    NDCG: "Do the first ten recommendations hold what validation users liked? 1 is perfect; higher is better.",
    RMSE: "By how many stars predictions for validation users are off, root mean square; the lower, the better.",
}
COLUMNS = {
    "ndcg": ("NDCG@10", ".3f"),
    INTERVAL: (INTERVAL_HEAD, ""),
    "recall": ("Recall@20", ".3f"),
    "disliked": ("Disliked in 10", ".3f"),
    "rmse": ("RMSE", ".4f"),
    "mae": ("MAE", ".4f"),
}
PER_USER = {"person_rmse": ("RMSE per user", ".4f"), "person_rmse_training": ("the same, training", ".4f")}


def show_recommender(run_id: str) -> None:
    """Shows the run; the panel refreshes until the run ends."""
    try:
        run = services.store.get(run_id)
    except RunError as error:
        refuse(str(error))
        return
    if not run.is_recommender:
        what = "an autoencoder of pictures" if run.is_autoencoder else "a model of words"
        refuse(f"“{run.name}” is not a recommender but {what}; it is on the Train page.")
        link_to("train", "Open it there", (RUN, run_id), icon=":material/open_in_new:")
        return
    is_active = run.status.is_active
    live(_panel, TICK_SECONDS if is_active else None, key=f"recommender-{run_id}")(run_id, is_active)
    if not is_active:
        watch_resting([run])


def ready_to_train() -> None:
    """Shows what the panel is for, and the newest recommenders trained on this machine."""
    st.subheader("Ready to train", anchor=False)
    st.markdown(
        "Press **Train**. While it learns, you see how well it does for users it does not learn "
        "from; then comes the test. After it, you can use the model on the Movies page."
    )
    runs = [run for run in services.store.list() if run.is_recommender and not run.problem][:NEWEST]
    if runs:
        st.markdown("##### Trained here so far")
    for run in runs:
        label, icon, _ = STATES[run.status.state]
        link_to("recommender", f"{in_markdown(run.name)} · {label.lower()}", (RUN, run.id), icon=f":material/{icon}:")


def _panel(run_id: str, was_active: bool) -> None:
    try:
        run = services.store.get(run_id)
    except RunError as error:
        refuse(str(error))
        return
    if run.status.is_active != was_active:
        st.rerun()
    records = services.progress_log(run_id).read()
    _heading(run)
    if not run.status.test and (where := trained_where(run)):
        st.caption(where)
    if run.status.is_active and not records:
        _waiting(run)
    if records:
        _metrics(run, records)
        _curves(run, records)
    if run.status.test:
        _test(run)


def _heading(run: Run) -> None:
    label, icon, colour = STATES.get(run.status.state, (run.status.state, "help", "gray"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(in_markdown(run.name), anchor=False, width="stretch")
        st.badge(label, icon=f":material/{icon}:", color=colour)
    state, choices = run.status.state, []
    if not run.problem:
        choices = [
            (state == "queued", WITHDRAW),
            (state == "training", PAUSE if run.kind == NEWER else STOP),
            (run.status.is_resumable, RESUME if run.kind == NEWER else CONTINUE),
            (run.kind != NEWER, USE_SETTINGS),
        ]
    with st.container(horizontal=True, vertical_alignment="center"):
        for is_possible, button in choices:
            if is_possible:
                button.show(run)
        if run.status.test:
            about = "Rate films there, and this model recommends."
            link_to("movies", "Use it on the Movies page", (MODEL, run.id), icon=":material/movie:", help=about)
            export_recommender(run)
    say_whose(run)
    say_logged(run)
    if run.problem or state == "failed":
        st.error(as_letters(run.status.message or run.problem), icon=":material/error:")
    elif state == "interrupted":
        st.warning(
            f"The training was interrupted. {KEPT}"
            if run.kind == NEWER
            else "The training was interrupted. A recommender keeps no checkpoint, so it has to be trained from the "
            "beginning.",
            icon=":material/info:",
        )
    elif run.status.message:
        st.info(as_letters(run.status.message), icon=":material/info:")


def _waiting(run: Run) -> None:
    place = services.jobs.place_of_run(run.id)
    if place > 0:
        before = f"{place} run{'s start' if place > 1 else ' starts'} before this one."
        st.info(before + expected_start(run.id), icon=":material/groups:")
    elif run.status.state == "queued":
        first = "Next in the queue: it starts as soon as a training process is free."
        st.info(first + expected_start(run.id), icon=":material/groups:")
    else:
        if run.kind != NEWER:  # which says what it does above
            st.info("Reading the ratings, holding out users, training the baselines.", icon=":material/hourglass_top:")
        st.skeleton(height=280)


def _metrics(run: Run, records: list[dict[str, Any]]) -> None:
    last = records[-1]
    if run.status.is_active:
        st.progress(min(1.0, last["share"]))
    with st.container(horizontal=True):
        st.metric(
            "Epoch",
            f"{epochs_done(records)[-1]:.0f}",
            help="Passes over all ratings. The Bayesian model draws all users and films anew in each; a closed form "
            "needs one.",
        )
        kept = _kept(run)
        for name in watched(records):
            value = next(record["validation"][name] for record in reversed(records) if name in record["validation"])
            about = f"Of the last epoch. {ABOUT[name]}" if kept else ABOUT[name]
            st.metric(f"{name}, validation", f"{value:.4f}", help=about)
            if len(kept) == 1 and kept[0]["figure"] == name:
                words = f"Of epoch {kept[0]['epoch']}, whose weights are used."
                st.metric(f"{name}, kept", f"{kept[0]['value']:.4f}", help=words)
        st.metric(
            "Users or ratings per second",
            f"{last['samples_per_second']:,.0f}",
            help="Since the training began, whichever the model goes through.",
        )
        left = last["seconds"] / max(last["share"], 1e-9) * (1 - last["share"])
        st.metric(
            "Time left" if run.status.is_active else "Training time",
            duration(left if run.status.is_active else last["seconds"]),
        )


def _curves(run: Run, records: list[dict[str, Any]]) -> None:
    names, base = watched(records), run.status.baselines or {}
    if len(records) < 2:
        st.caption("This model is solved in one step, so there is no curve.")
        return
    for column, name in zip(st.columns(len(names)) if names else [], names, strict=True):
        with column:
            levels = {label: base[key] for key, label in LEVELS[name].items() if key in base}
            alt = f"{name} of validation users over epochs, with the baseline as a dashed line."
            plot(watched_figure(records, name, levels, _kept(run)), f"watched-{name}", alt, revision=run.id)
            st.caption(ABOUT[name])
    terms = loss_terms(records)
    for column, term in zip(st.columns(len(terms)) if terms else [], terms, strict=True):
        with column:
            alt = f"The {term} over epochs, a term of what training makes small."
            plot(term_figure(records, term), f"term-{term.replace(' ', '-')}", alt, revision=run.id)


def _kept(run: Run) -> list[Record]:
    """The epochs that were kept, from the facts of the run; none while it trains."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return list(read_json(run.folder / "facts.json").get("kept") or ())
    return []


def _test(run: Run) -> None:
    st.markdown("##### The test")
    try:
        facts = read_json(run.folder / "facts.json")
        reports = facts["figures"]
        own = reports[run.settings["model"]]
        reports = {name: {given: with_intervals(row) for given, row in each.items()} for name, each in reports.items()}
        for given, report in own.items():
            columns = {
                key: value
                for key, value in (COLUMNS | PER_USER).items()
                if any(each[given].get(key) is not None for each in reports.values())
            }
            rows = [_row(name, each[given], columns, name == run.settings["model"]) for name, each in reports.items()]
            new = f"Users it has never seen, **{given}** ratings given of each"
            st.markdown("Users it has trained on, ratings hidden" if given == KNOWN else new)
            st.table(rows, border="horizontal", hide_index=True)
            st.caption(f"Protocol: {in_markdown(report['protocol'])}.")
        st.caption(f"{kept_words(run.settings['model'], facts.get('kept'))} {validated_words(facts.get('validation'))}")
        if any(INTERVAL in row for row in reports[run.settings["model"]].values()):
            st.caption(INTERVAL_WORDS)
    except (OSError, ValueError, KeyError, TypeError):
        refuse("The figures of this run cannot be read: its facts.json was changed or is gone. Train it again.")
        return
    seconds, device = facts["seconds"], run.status.device or facts.get("device", "CPU")
    st.caption(in_markdown(f"Trained on {facts['trained_on']}, in {seconds:,.1f} s on {device}."))


def _row(name: str, report: dict[str, Any], columns: dict[str, tuple[str, str]], is_own: bool) -> dict[str, str]:
    title = f"**{model_title(name)}**" if is_own else f"{model_title(name)} (baseline)"
    return {"Model": title} | {
        head: "–" if report.get(key) is None else format(report[key], form) for key, (head, form) in columns.items()
    }
