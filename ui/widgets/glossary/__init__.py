"""The glossary: every term of the field on the pages, and links to its meaning."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlencode

from ui.components.walking import served
from ui.widgets.glossary.learning import CONVOLUTIONS, TRAINING, VARIATIONAL
from ui.widgets.glossary.networks import KINDS, PARTS
from ui.widgets.glossary.term import Term
from ui.widgets.glossary.uses import MAPS, QUALITY, RECOMMENDING

SUBJECTS: dict[str, dict[str, Term]] = {
    "Parts of an autoencoder": PARTS,
    "Kinds of autoencoders": KINDS,
    "Training": TRAINING,
    "Variational autoencoders": VARIATIONAL,
    "Convolution and pooling": CONVOLUTIONS,
    "Maps and latent space": MAPS,
    "Measuring quality": QUALITY,
    "Recommending films": RECOMMENDING,
}
"""Subject -> its terms by their names in the address."""

TERMS: dict[str, Term] = {name: term for terms in SUBJECTS.values() for name, term in terms.items()}


def term(name: str, words: str = "") -> str:
    """Markdown that links `words`, or else the title in small letters, to a term. KeyError if there is no such term."""
    title = TERMS[name].title
    return f"[{words or title[0].lower() + title[1:]}]({page_address('glossary', term=name)})"


def page_address(page: str, **query: str) -> str:
    """The address of a page of this app, for a link inside a text."""
    path = served("/" if page == "home" else f"/{page}")
    return f"{path}?{urlencode(query)}" if query else path


def found(text: str) -> list[str]:
    """The names of the terms that contain every word of `text`: first the one of that name, then those with all words
    in their names, then those with all of them in their meaning. Case and accents are ignored.
    """
    wanted = _plain(text)
    words = wanted.split()
    called = {name: [_plain(other) for other in (each.title, *each.also)] for name, each in TERMS.items()}
    exact = [name for name, names in called.items() if wanted.strip() in names]
    named = [name for name, names in called.items() if _holds(" ".join(names), words)]
    explained = [name for name, each in TERMS.items() if _holds(_plain(each.meaning), words)]
    return list(dict.fromkeys(exact + named + explained))


def _holds(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)


def _plain(text: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter)
    )
