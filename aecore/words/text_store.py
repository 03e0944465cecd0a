"""Stores of texts: those of this app, the downloaded newsgroups, and the user's own."""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aecore.datasets.base import DataError
from aecore.datasets.uploads.base import shown
from aecore.files import read_json, replacing
from aecore.paths import data_folder
from aecore.stores.content import ContentStore, NotKeptError
from aecore.stores.fingerprint import fingerprint
from aecore.stores.owners import HOST
from aecore.stores.trash import DRAFTS
from aecore.words.bags import words_of
from aecore.words.old_texts import adopt_old_texts
from aecore.words.settings import WordSettings
from aecore.words.texts import Texts, read_lines

MOST_DRAFTS = 8
KEYS, TEXTS, DRAFT = "[0-9a-f]{12}", "texts.json", "draft.json"
FILES = Path(__file__).with_name("presets")
NEWSGROUPS = "newsgroups"
FEW, MANY = 40, 600
"""Up to FEW texts are treated like the eight remarks, more than MANY like the newsgroups,
others like the film remarks.
"""


@dataclass(frozen=True)
class Preset:
    """Built-in texts. settings: their defaults."""

    title: str
    about: str
    settings: dict[str, Any] = field(default_factory=dict)


PRESETS: dict[str, Preset] = {
    "eight": Preset("Eight short remarks", "Four positive and four negative remarks about a film, "
                    "two to four words each. Written for this app."),
    "films": Preset(
        "144 film remarks", "Remarks about the music, acting, pictures, story, humour and suspense of films, "
        "24 of each. Written for this app.",
        {"embedding_size": 16, "word_epochs": 30, "word_rate": 0.01, "least_texts": 2, "most_share": 0.2,
         "hidden_words": 0.3},
    ),
    NEWSGROUPS: Preset(
        "20 newsgroups (four of them)",
        "Messages of 1993 about space, ice hockey, computer graphics and medicine: "
        "K. Lang's 20 newsgroups, as scikit-learn fetches it.",
        {
            "embedding_size": 20, "word_epochs": 20, "word_rate": 0.005, "word_batch": 64, "least_texts": 5,
            "most_share": 0.2, "hidden_words": 0.3,
        },
    ),
}  # fmt: skip


def find_texts(home: Path, key: str) -> Texts:
    """A preset by its name, or stored texts by their key. DataError if they are missing."""
    if key == NEWSGROUPS:
        return _read(newsgroups_file())
    if key in PRESETS:
        rows = (FILES / f"{key}.tsv").read_text(encoding="utf-8")
        return read_lines(rows, PRESETS[key].title)
    store = text_store(home)
    if not store.is_id(key):
        raise DataError(f"There are no texts called '{shown(key, 30)}'. Choose others, or bring your own.")
    texts = _read(store.folder / key / TEXTS)
    entry = store.get(key)
    return replace(texts, title=entry.title) if entry.card else texts


def suggested(key: str, texts: Texts) -> WordSettings:
    """Default settings for these texts; the code is smaller than the vocabulary."""
    if key in PRESETS:
        return WordSettings(**PRESETS[key].settings)
    if len(texts.texts) > FEW:
        return WordSettings(**PRESETS[NEWSGROUPS if len(texts.texts) > MANY else "films"].settings)
    words = {word for text in texts.texts for word in words_of(text)}
    return WordSettings(embedding_size=max(1, min(WordSettings().embedding_size, len(words) - 1)))


def text_store(home: Path) -> ContentStore:
    """The store of the user's own texts: list, rename, delete and restore."""
    store = ContentStore(home, "words", KEYS, in_trash="words-")
    adopt_old_texts(store.folder, home / "trash", TEXTS)
    return store


def keep(home: Path, texts: Texts, owner: str = HOST) -> str:
    """Stores the texts as this owner's and returns their key. OSError if the disk refuses."""
    card = {"title": texts.title, "created": datetime.now(UTC).isoformat(timespec="seconds")}
    text_store(home).put(texts.key, card, {TEXTS: asdict(texts)}, owner)
    return texts.key


def kept(home: Path, ids: Collection[str] | None = None) -> dict[str, str]:
    """Key -> title of all stored texts, or of those of these keys, newest first."""
    found = {}
    for entry in text_store(home).entries(ids):
        try:
            title = _read(entry.folder / TEXTS).title
        except DataError:
            continue
        found[entry.id] = title if entry.card is None else entry.title
    return found


def keep_draft(home: Path, pasted: str, owner: str = HOST) -> str:
    """Stores pasted text unchanged as this owner's, even if it cannot be used yet, and returns its key.

    It is forgotten after `aecore.stores.trash.DRAFT_DAYS`, and a visitor's when they have kept MOST_DRAFTS later ones.
    OSError if the disk refuses.
    """
    content = pasted.encode("utf-8", "replace")
    key = fingerprint(content, digits=12)
    drafts, created = _drafts(home), datetime.now(UTC).isoformat(timespec="microseconds")
    drafts.put(key, {"created": created}, {DRAFT: {"pasted": content.decode()}}, owner)
    if owner != HOST:
        for entry in drafts.entries(drafts.ids(owner))[MOST_DRAFTS:]:
            with suppress(NotKeptError):  # another tab was faster
                drafts.delete(entry.id, owner)
                drafts.discard(entry.id, owner)
    return key


def read_draft(home: Path, key: str) -> str:
    """The pasted text of a key, or ""."""
    drafts = _drafts(home)
    try:
        entry = drafts.get(key)
        return str(read_json(entry.folder / DRAFT)["pasted"])
    except (NotKeptError, OSError, ValueError, KeyError, TypeError):
        before = drafts.folder / f"{key}.txt"  # the path of drafts in earlier versions
        return before.read_text(encoding="utf-8", errors="replace") if drafts.is_id(key) and before.is_file() else ""


def _drafts(home: Path) -> ContentStore:
    return ContentStore(home, f"words/{DRAFTS}", KEYS, in_trash="draft-")


def newsgroups_file() -> Path:
    """The file of the fetched newsgroups."""
    return data_folder() / "20newsgroups" / "texts.json"


def downloaded(name: str, folder: Path) -> list[Path]:
    """The file of the newsgroups, if these are meant; all other texts are of this app, or the user's own."""
    return [folder / newsgroups_file().relative_to(data_folder())] if name == NEWSGROUPS else []


def keep_newsgroups(texts: Texts) -> None:
    """Stores the fetched newsgroups."""
    _write(newsgroups_file(), texts)


def _write(path: Path, texts: Texts) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(asdict(texts)), encoding="utf-8")


def _read(path: Path) -> Texts:
    try:
        values = read_json(path)
        texts = Texts(values["title"], *(tuple(values[name]) for name in ("texts", "labels", "classes", "notes")))
        if len(texts.texts) != len(texts.labels) or not all(0 <= label < len(texts.classes) for label in texts.labels):
            raise ValueError("labels and texts do not go together")
        return texts
    except FileNotFoundError:
        raise DataError("The texts of this link are not on this machine. Choose others, or bring your own.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"The kept texts cannot be read ({error}). Delete them and bring them again.") from error
