"""The map through the epochs of a run, also of one that is still training: points move as the network learns."""

from __future__ import annotations

import streamlit as st

from aecore.datasets import DataError
from aecore.jobs.queue import Job, Request
from aecore.latent.atlas import mosaic_of, write_atlas
from aecore.latent.epochs import WAYS, Moment, atlas_slot, examples_of, moments, read_moment
from aecore.pretrained.trained_models import TrainedModel
from aecore.runs.snapshots import read_snapshot
from aecore.runs.status import ACTIVE
from aecore.runs.store import Run, RunError
from ui.app.address_choices import OneOf
from ui.app.frame import refuse
from ui.app.services import services
from ui.components.latent_map import Atlas, Cloud, latent_map
from ui.screens.latent.colours import coloured_groups
from ui.screens.latent.link import EPOCH_STEP, EPOCHS_WAY
from ui.widgets.analysis_progress import show_progress, submit
from ui.widgets.live import live
from ui.widgets.source_pictures import dataset

TICK_SECONDS = 1.0


def epochs_panel(found: TrainedModel) -> None:
    """The map of a finished run through its epochs; a sentence for a built-in model, which has no snapshots."""
    if found.folder is None:
        st.info(
            "Built-in models come without snapshots of their training. Train a network of your own, "
            "and its map can be followed here.",
            icon=":material/movie:",
        )
        return
    follow_run(found.id)


def follow_run(run_id: str) -> None:
    """The map of a run at any epoch; while it trains, that of the newest snapshot."""
    try:
        is_training = services.store.get(run_id).status.state in ACTIVE
    except RunError as error:
        refuse(str(error))
        return
    way = st.segmented_control(
        "Map by", tuple(WAYS), default="pca", required=True, format_func=WAYS.__getitem__, **EPOCHS_WAY.bound(),
        help="PCA is quick and keeps distances; t-SNE keeps neighbours. "
        "Each map is turned onto the one before, so that points move only as far as they must.",
    )  # fmt: skip
    request: Request = ("epochs", run_id, way)
    job = services.jobs.find(request)
    is_active = is_training or (job is not None and job.is_active)
    live(_panel, TICK_SECONDS if is_active else None, key=f"epochs-{run_id}")(run_id, way, request, is_training)


def _panel(run_id: str, way: str, request: Request, was_training: bool) -> None:
    run = services.store.get(run_id)
    is_training = run.status.state in ACTIVE
    every = moments(services.store, run, way)
    drawn = [each for each in every if read_moment(services.store, each) is not None]
    job = services.jobs.find(request)
    if is_training != was_training or _has_just_ended(request, job):
        st.rerun()
    if not every:
        wait = (
            "The first codes will be here in a moment."
            if is_training
            else "The snapshots of this run hold no codes; train it again to follow its map."
        )
        st.info(wait, icon=":material/hourglass_top:")
        return
    is_busy = job is not None and job.is_active
    if len(drawn) < len(every) and not is_busy:
        if job is None or (is_training and job.state == "done") or (job.state == "done" and not drawn):
            submit(request)
            st.session_state["epochs-followed"] = request
            if not is_training:
                st.rerun()
        else:
            show_progress(request, job, begin="Draw the rest", price="Some of these snapshots have no map yet.")
    elif is_busy and not is_training:
        show_progress(request, job, begin="", price="")
    if not drawn:
        st.info("The map of the first snapshot is being drawn.", icon=":material/hourglass_top:")
        return
    _show(run, _choose(drawn, is_training))


def _has_just_ended(request: Request, job: Job | None) -> bool:
    """Whether the job that this visitor saw running has just ended; True only once."""
    if st.session_state.get("epochs-followed") == request and job is not None and not job.is_active:
        del st.session_state["epochs-followed"]
        return True
    return False


def _choose(drawn: list[Moment], is_training: bool) -> Moment:
    if is_training or len(drawn) == 1:
        st.markdown(f"**Epoch {_epoch(drawn[-1])}**" + (" · training" if is_training else ""))
        return drawn[-1]
    steps = [each.step for each in drawn]
    names = {each.step: _epoch(each) for each in drawn}
    chosen = st.select_slider(
        "Epoch", steps, format_func=names.__getitem__, help="Drag, and watch the classes come apart.",
        **EPOCH_STEP.among(OneOf(steps), steps[-1]).held("value"),
    )  # fmt: skip
    return drawn[steps.index(chosen)]


def _epoch(moment: Moment) -> str:
    return f"{moment.epoch:,.0f}" if moment.epoch >= 100 else f"{moment.epoch:.3g}"


def _show(run: Run, moment: Moment) -> None:
    data = dataset(run.settings["data"])
    snapshot = read_snapshot(run.folder, moment.step)
    if snapshot is None:
        return
    shown = examples_of(data, snapshot.crowd.shape[1])
    if len(shown) != len(snapshot.crowd):
        raise DataError("The data of this run have changed since it was trained; train it again.")
    atlas = None
    if data.is_image:
        path = atlas_slot(services.store, moment).beside(".webp")
        if not path.exists():
            write_atlas(shown.x, path)
        mosaic = mosaic_of(shown.x.shape)
        atlas = Atlas(
            f"/latent-map/{moment.codes_key}/atlas.webp", mosaic.columns, mosaic.width, mosaic.height, mosaic.count
        )
    colours = coloured_groups(shown.labels, data.classes, len(shown))
    latent_map(
        Cloud(
            moment.codes_key, len(shown), 2, f"/latent-map/{moment.codes_key}/{moment.map_key}/positions.bin",
            colours.levels, colours.palette,
            legend=colours.legend, names=data.classes, labels=shown.labels, atlas=atlas, height=560,
        ),
        key="epochs-map",
    )  # fmt: skip
    st.caption(
        f"The codes of {len(shown):,} test examples at {len(moments(services.store, run, 'pca'))} moments of the "
        "training. Each map is brought to the same size, "
        "so it does not show that codes spread while a network learns."
    )
