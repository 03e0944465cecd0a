"""The form of the Words page: the texts, and the settings of the embeddings."""

from __future__ import annotations

import streamlit as st

from aecore.datasets import DataError
from aecore.foreign import in_markdown
from aecore.settings import SettingsError
from aecore.words.settings import WordSettings
from aecore.words.text_store import NEWSGROUPS, PRESETS, find_texts, kept, newsgroups_file, suggested
from aecore.words.texts import Texts
from ui.app.echo import fill
from ui.app.frame import refuse
from ui.app.services import services
from ui.screens.words.link import IN_NUMBERS, OWN, TEXT, TEXTS, WORD, go, let_go, put, take
from ui.screens.words.own import bring_own
from ui.widgets.analysis_progress import show_progress
from ui.widgets.forms import as_state, ask, in_form_words
from ui.widgets.live import live
from ui.widgets.own_data import damaged, delete_button, offer_to_keep, trash

TICK_SECONDS = 0.5
FETCH = ("newsgroups",)


def choose_texts() -> tuple[str, Texts] | None:
    """The chosen texts and their key; None, with instructions on screen, if there are none."""
    home = services.store.folder.parent
    if "words-settle" in st.session_state:  # texts have just been added
        settle(st.session_state.pop("words-settle"))
    brought = kept(home, services.texts.ids())
    names = {key: preset.title for key, preset in PRESETS.items()} | brought | {OWN: "Bring your own texts …"}
    linked = TEXTS.read()
    key = take(TEXTS, tuple(names), TEXTS.default)
    if linked not in names:
        st.session_state[key] = None
    st.selectbox(
        "Texts", tuple(names), format_func=names.get, key=key, on_change=_new_texts, placeholder="Choose texts",
        help="Short texts, each with a label that says what kind it is. Your own are kept on this machine.",
    )  # fmt: skip
    chosen = st.session_state[key]
    try:
        if chosen is None:
            raise DataError(
                f"The texts of this link ('{linked[:20]}') are not on this machine. Choose others, or bring your own."
            )
        if chosen == OWN:
            bring_own(home)
            return None
        if chosen == NEWSGROUPS and not newsgroups_file().exists():
            st.markdown(PRESETS[NEWSGROUPS].about)
            _fetch_panel()
            return None
        texts = find_texts(home, chosen)
    except DataError as error:
        refuse(str(error))
        return None
    _about(chosen, texts, is_brought=chosen in brought)
    return chosen, texts


def ask_settings(key: str, texts: Texts) -> WordSettings | None:
    """The settings; None, with a sentence on screen, if they are invalid."""
    usual = suggested(key, texts)
    try:
        values = {
            each.name: ask(each, getattr(usual, each.name))
            for each in WordSettings.knobs()
            if each.name in ("embedding_size", "word_epochs")
        }
        with st.expander("More settings", icon=":material/tune:", key="words-more"):
            values |= {
                each.name: ask(each, getattr(usual, each.name))
                for each in WordSettings.knobs()
                if each.name not in values
            }
        return WordSettings(**values)
    except SettingsError as error:
        refuse(in_form_words(str(error), WordSettings.knobs()))
        return None


def _about(key: str, texts: Texts, *, is_brought: bool) -> None:
    counted = ", ".join(f"{count:,} {name}" for name, count in zip(texts.classes, texts.counts(), strict=True))
    about = PRESETS[key].about if key in PRESETS else "Your own texts, kept on this machine."
    about = "" if services.texts.is_anothers(key) else f"{about}  \n"
    st.caption(f"{about}{len(texts.texts):,} texts: {in_markdown(counted)}.")
    for note in texts.notes:
        st.caption(in_markdown(note))
    if is_brought:
        delete_button(
            services.texts,
            key,
            texts.title,
            label="Delete these texts",
            then=lambda _: go(TEXTS, TEXTS.default),
        )
        offer_to_keep(services.texts, key, texts.title)


def show_deleted_texts() -> None:
    """Damaged texts, with a button to delete them, and those in the trash, with one to restore them."""
    texts = services.texts
    damaged(texts, kept(services.store.folder.parent, texts.ids()), "texts")
    trash(texts, then=lambda key: go(TEXTS, key))


def _new_texts() -> None:
    """Resets the settings for other texts, and forgets choices that belonged to the old ones."""
    put(TEXTS)
    settle(st.session_state["words-texts"])


def settle(key: str) -> None:
    """Sets the form to the defaults for these texts."""
    for param in (WORD, TEXT, IN_NUMBERS):
        let_go(param)
    try:
        texts = find_texts(services.store.folder.parent, key)
    except DataError:
        return
    usual = suggested(key, texts)
    fill({each.name: as_state(each, getattr(usual, each.name)) for each in WordSettings.knobs()})


def _fetch_panel() -> None:
    """Offers the download; refreshes itself while it runs."""
    active = _is_fetching()
    live(_fetch, TICK_SECONDS if active else None, key="words-fetch")(active)


def _fetch(was_active: bool) -> None:
    if was_active != _is_fetching() or newsgroups_file().exists():
        st.rerun()
    show_progress(
        FETCH,
        services.jobs.find(FETCH),
        begin="Fetch them",
        price="They are downloaded once (about 14 MB), checked, and kept.",
    )


def _is_fetching() -> bool:
    job = services.jobs.find(FETCH)
    return job is not None and job.is_active
