"""Data sets on screen: cards, sample grids, downloads and uploads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import streamlit as st

from aecore.datasets import DATASETS, DataError, card, is_ready
from aecore.datasets.base import HELD_OUT
from aecore.datasets.idx import files
from aecore.datasets.preview import PLANE, Preview, preview
from aecore.datasets.uploads.base import Choice, UnclearError, shown
from aecore.datasets.uploads.parsers import DATA
from aecore.datasets.uploads.reading import (
    ENDINGS,
    MAX_UPLOAD_BYTES,
    UploadCard,
    Uploaded,
    UploadSettings,
    save_upload,
)  # fmt: skip
from aecore.foreign import in_markdown, in_table
from aecore.paths import home_folder
from aecore.runs.usage import QuotaError
from ui.app.allowance import check_storage
from ui.app.frame import refuse
from ui.app.services import services
from ui.app.theme import plot
from ui.widgets.download_panel import download_panel
from ui.widgets.figures import points_figure
from ui.widgets.forms import word
from ui.widgets.how_long import how_long
from ui.widgets.own_data import ONLY_BY_LINK, delete_button, note_title, offer_to_keep, trash
from ui.widgets.pictures import show_pictures
from ui.widgets.reading import read
from ui.widgets.train_form import open_train_form
from ui.widgets.upload_choices import ask_choices, chosen_choices


def train_on(name: str) -> None:
    """Goes to the Train page with this data set chosen and no run on show."""
    open_train_form(name, st.session_state.get("variant", "undercomplete"), {})


def data_card(name: str) -> None:
    """Description of a built-in or remote data set."""
    about = DATASETS[name]
    with st.container(border=True, key=f"card-{name}"):
        st.subheader(about.title, anchor=False)
        st.markdown(about.about)
        if is_ready(name):
            sample_grid(name)
            if st.button(
                "Train on it",
                key=f"use-{name}",
                icon=":material/play_arrow:",
                help="Opens Train with these data; nothing begins before you press *Train* there.",
            ):
                train_on(name)
        else:
            data_download(name)
        st.caption(f"{how_long(name)}Source: {about.source}  \nLicence: {about.licence}")


def sample_grid(name: str, without: str = "") -> None:
    """Samples and counts of an available data set, of all classes except `without`;
    the first preview of a drawn set takes some seconds.
    """
    try:
        with st.spinner(f"Looking into {in_markdown(card(name).title)}", show_time=True):
            look = preview(name, without=without)
    except DataError as error:
        refuse(str(error))
        return
    if look.x.ndim == 4:
        show_pictures(look.x, look.names, alt=f"Example of {card(name).title}:", width=58)
    elif look.x.shape[1:] == PLANE:
        alt = f"{len(look.x)} training examples as points of a plane."
        plot(
            lambda: points_figure(look.x, look.names, card(name).classes),
            f"points-{name}",
            alt,
            of=(name, without, look.counts),
        )
    else:
        st.dataframe(numbered(look.x), height=240, key=f"rows-{name}")
    st.caption(_counts(look) + (f" Class {in_markdown(without)} is left out." if without else ""))


def numbered(rows: np.ndarray) -> dict[str, np.ndarray]:
    """The columns of a table without names, as "number 1", "number 2" and so on: rows (N, D)."""
    return {f"number {place}": rows[:, place - 1] for place in range(1, rows.shape[1] + 1)}


def data_download(name: str) -> None:
    """Offers the download of a data set, and shows its progress."""
    title, size = DATASETS[name].title, sum(each.size_hint or 0 for each in files(name))

    def offer() -> None:
        st.markdown(f"{title} is not on this machine yet. Downloaded once, it is compared with its checksum and kept.")

    download_panel(("data", name), title, offer, f"From a public mirror, {size / 1e6:.0f} MB.")


def upload_panel() -> None:
    """Takes files, describes how they were read, and stores them on confirmation."""
    megabytes = MAX_UPLOAD_BYTES >> 20
    st.markdown(
        "- **Files**: pictures (PNG, JPEG, GIF, WebP, BMP), a ZIP of pictures (its folders become classes), an `.npy` "
        "or `.npz` array, idx files (the format of MNIST), or a CSV or TSV with a row for each example and numbers in "
        "its columns (one column may name the class; where cells are empty, you choose whether their rows or their "
        f"columns are left out). At most {megabytes} MB in all, at least 3 examples; to learn something useful, "
        "hundreds. Classes are optional; without them, pages that compare classes, or turn one into another, have "
        "nothing to show.\n- **Before anything is kept** you see what was understood (which row is a header, which "
        "columns hold row numbers or the class, which values are black and white, which way up pictures are) and can "
        "change it. Then your data set gets a card below, where you can train on it or delete it. It is split once, "
        f"at random, {100 * HELD_OUT[0]:.0f} % for validation and {100 * HELD_OUT[1]:.0f} % for testing (at least one "
        "example each); all networks get the same parts.\n- **Where they go**: to the computer that runs this app, and "
        f"nowhere else; what you keep stays there until you delete it{ONLY_BY_LINK}."
    )
    files = st.file_uploader("Files", accept_multiple_files=True, key="upload", help=f"Kinds: {', '.join(ENDINGS)}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        size = st.slider(
            "Picture size",
            8,
            64,
            28,
            4,
            key="image_size",
            help="Height and width that your pictures get, in pixels. Begin with 28, in grey: twice the size means "
            "four times as many numbers, colour three times, and each epoch takes longer.",
            width=200,
        )
        fit = st.segmented_control(
            "Not square?",
            ("crop", "pad", "stretch"),
            default="crop",
            required=True,
            format_func=word,
            key="fit",
            help="Crop cuts the edges off, Pad adds white margins, Stretch squeezes it into a square.",
        )
        colour = st.toggle("Colour", key="colour", help="Keep red, green and blue; otherwise pictures become grey.")
    if not files:
        return
    settings = UploadSettings(size, colour, fit)
    key = "-".join(file.file_id for file in files)[:200]
    refusal = ""
    asked: tuple[Choice, ...] = ()
    try:
        try:
            uploaded = read(DATA, files, "data", settings=asdict(settings.replace(**chosen_choices(key))))
        except DataError as error:
            refusal, asked = str(error), _choices_of(error)
            if not chosen_choices(key):
                raise
            uploaded = read(DATA, files, "data", settings=asdict(settings))  # for what else could be chosen
    except DataError as error:
        refuse(refusal)
        ask_choices(_joined(_choices_of(error), asked), key)
        return
    if uploaded is None:
        return
    if refusal:
        refuse(refusal)
    else:
        x = uploaded.examples.x
        st.success(
            f"Understood: {len(x):,} examples of {' × '.join(map(str, x.shape[1:]))} numbers.", icon=":material/check:"
        )
    ask_choices(_joined(uploaded.choices, asked), key)
    if refusal:
        return
    _receipt(uploaded, files[0].name.rsplit(".", 1)[0])


def _choices_of(error: DataError) -> tuple[Choice, ...]:
    return error.choices if isinstance(error, UnclearError) else ()


def _joined(choices: Sequence[Choice], more: Sequence[Choice]) -> list[Choice]:
    """The choices, and those of other settings."""
    return [*choices, *(each for each in more if each.setting not in [known.setting for known in choices])]


def _receipt(uploaded: Uploaded, suggestion: str) -> None:
    x = uploaded.examples.x
    for note in uploaded.notes:
        st.markdown(f"- {in_markdown(note)}")
    if x.ndim == 4:
        show_pictures(x[:24], alt="Uploaded picture", width=58)
    else:
        st.dataframe(
            {in_table(name): x[:50, index] for index, name in enumerate(uploaded.columns)}
            if uploaded.columns
            else numbered(x[:50]),
            height=240,
            key="upload-rows",
        )
    title = st.text_input(
        "Name", value=suggestion[:80], key="upload_name", max_chars=80, help="What to call this data set."
    )
    if st.button("Keep this data set", key="keep", type="primary", icon=":material/save:"):
        try:
            check_storage(uploaded.examples.x.nbytes)
            id = save_upload(uploaded, title, home_folder(), services.owner())
            note_title(services.uploads, id, shown(title, 80))
            st.session_state["kept"] = id
        except (DataError, QuotaError) as error:
            refuse(str(error))
            return
        st.rerun()


def upload_card(each: UploadCard) -> None:
    """One stored upload, with samples and buttons to train on it and delete it."""
    with st.container(border=True, key=f"card-{each.id}"):
        if each.error:
            refuse(each.error)
        else:
            st.subheader(in_markdown(each.title), anchor=False)
            sample_grid(each.id)
            with st.popover("What was done with the files", key=f"notes-{each.id}"):
                st.markdown("\n".join(f"- {in_markdown(note)}" for note in each.notes) or "Nothing had to be changed.")
        with st.container(horizontal=True):
            if not each.error and st.button(
                "Train on it", key=f"use-{each.id}", icon=":material/play_arrow:", type="primary"
            ):
                train_on(each.id)
            delete_button(services.uploads, each.id, each.title)
            offer_to_keep(services.uploads, each.id, each.title)


def deleted_uploads() -> None:
    """The uploads in the trash, each with a button to restore it."""
    trash(services.uploads)


FACTORS = {"position": "place along the spiral"}
"""Factors whose names say too little by themselves."""


def _counts(look: Preview) -> str:
    parts = ", ".join(
        f"{count:,} for {use}" for count, use in zip(look.counts, ("training", "validation", "testing"), strict=True)
    )
    known = ", ".join(FACTORS.get(factor, factor.replace("_", " ")) for factor in look.factors)
    factors = f" Known factors: {known}." if known else ""
    return f"{sum(look.counts):,} examples: {parts}.{factors}"
