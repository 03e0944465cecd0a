"""Reads and writes the address: parameters with a name, a kind and a default."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from ui.app.address import Kind, Refused
from ui.app.address_choices import OneOf
from ui.app.echo import note_written, settle_address
from ui.app.places import page_file
from ui.app.refusals import LONGEST_REASON, QUOTED, forget_when_changed, keep, quoted, say
from ui.app.session import table_of

LIKE_AN_ID = re.compile("(?<![0-9a-z])(?:[0-9a-z]{10}|[0-9a-z]{12})(?![0-9a-z])")
_RESET = "address-reset"
"""Session key: parameters whose widgets return to their defaults when they are drawn next."""


@dataclass(frozen=True)
class Param:
    """A parameter of the address.

    default: the value if the address does not name it, or is invalid. sentence: the refusal of an invalid text,
    with {name}, {asked} (the text, cut short), {why} and {instead} in it.
    """

    name: str
    kind: Kind
    default: Any = None
    sentence: str = "The address asks for {name}={asked}, but {why}; {instead}."

    def among(self, kind: Kind, default: Any) -> Param:
        """The same parameter with a narrower kind and another default."""
        return replace(self, kind=kind, default=default)

    @property
    def is_there(self) -> bool:
        """Whether the address names it."""
        settle_address(st.query_params)
        return self.name in st.query_params

    @property
    def text(self) -> str:
        """The raw text under this name, "" for none: to be quoted or compared only."""
        return (_texts(self.name) or [""])[-1]

    def read(self) -> Any:
        """The value in the address, else the default.

        It never raises: an invalid text becomes a refusal, which the frame shows.
        """
        value = self.asked()
        return self.default if value is None else value

    def asked(self) -> Any:
        """The value in the address; None if there is none or it is invalid, which becomes a refusal."""
        texts = _texts(self.name)
        try:
            return self.kind.read(texts) if texts else None
        except Refused as error:
            self.refuse(str(error))
            return None

    def write(self, value: Any) -> None:
        """Writes a value into the address."""
        texts, before = self.kind.written(value), _texts(self.name)
        if texts != before:
            st.query_params[self.name] = texts[0] if len(texts) == 1 else texts
            note_written(self.name, before, texts)

    def clear(self) -> None:
        """Removes it from the address."""
        if before := _texts(self.name):
            del st.query_params[self.name]
            note_written(self.name, before, [])

    def put(self, value: Any, *, unless: Any = None) -> None:
        """Writes a value, or clears the parameter where the value is `unless`."""
        if value == unless:
            self.clear()
        else:
            self.write(value)

    def forget(self) -> None:
        """Removes it from the address, and resets a widget that shows it to its default."""
        st.session_state.pop(f"held-{self.name}-last", None)
        if self.name in st.session_state:  # only the widget itself may change this value
            table_of(_RESET)[self.name] = True
        else:
            self.clear()

    def bound(self) -> dict[str, Any]:
        """Key and binding of a widget that shows the value and keeps it in the address by itself;
        to be called where the widget is made.

        A hand-written address may say `?data=mnist` as well as `?data=MNIST`, which is how the widget writes it. An
        invalid text is removed from the address, and the page rerun, before the widget sees it: some texts would
        break it.
        """
        if table_of(_RESET).pop(self.name, False):
            st.session_state[self.name] = self.default
        texts = _texts(self.name)
        if not texts or self.name in st.session_state:
            forget_when_changed(self.name)
            return {"key": self.name, "bind": "query-params"}
        try:
            value = self.kind.read(texts)
        except Refused as error:
            if keep(self.name, self._sentence(texts[-1], str(error)), self.default):
                del st.query_params[self.name]
                st.rerun()
        else:
            if isinstance(self.kind, OneOf) and self.kind.written(value) != texts:
                st.session_state[self.name] = value
        return {"key": self.name, "bind": "query-params"}

    def held(self, default: str = "default") -> dict[str, Any]:
        """Key, default and callback of a widget in a part that refreshes itself; to be called where it is made.

        Its value is its default as well: a slow browser may make it only when later refreshes have replaced the
        message that carried the value. A bound widget cannot have it so, since what is at its default is taken out of
        the address.

        default: the name of the argument by which the widget takes its default.
        """
        key, wanted = f"held-{self.name}", self.asked()
        if wanted is None:
            wanted = self._last()
            if not self.is_there:  # what is refused stays, as does the sentence about it
                self.put(wanted, unless=self.default)
        if st.session_state.get(key) != wanted:  # setting an equal value again would undo a click in transit
            st.session_state[key] = wanted
        return {"key": key, default: wanted, "on_change": self._take_held, "args": (key,)}

    def _last(self) -> Any:
        """What a visitor chose last with a held widget, if it is still among the choices; else the default."""
        try:
            return self.kind.read(self.kind.written(st.session_state[f"held-{self.name}-last"]))
        except (KeyError, Refused):
            return self.default

    def _take_held(self, key: str) -> None:
        chosen = st.session_state.get(key)
        if chosen is not None:
            self.put(chosen, unless=self.default)
            st.session_state.pop(f"{key}-last", None)
            if chosen != self.default:
                st.session_state[f"{key}-last"] = chosen

    def refuse(self, why: str) -> None:
        """Refuses the value of the address, for instance because something no longer exists."""
        say(self.name, self._sentence(self.text, why))

    def _sentence(self, asked: str, why: str) -> str:
        reason = quoted(f"{self.name} {why}" if why.startswith("must ") else why, LONGEST_REASON)
        return self.sentence.format(name=self.name, asked=quoted(asked), why=reason, instead=self._instead())

    def _instead(self) -> str:
        text = ", ".join(self.kind.written(self.default)) if self.default is not None else ""
        return f"{text} is used instead" if 0 < len(text) <= QUOTED else "this part of it is ignored"


@dataclass(frozen=True)
class Together:
    """Parameters that are valid only together.

    parse: texts by name -> value, ValueError with a reason; written: value -> texts by name.
    """

    names: tuple[str, ...]
    parse: Callable[[dict[str, str]], Any]
    written: Callable[[Any], dict[str, str]]
    default: Any
    sentence: str

    @property
    def is_there(self) -> bool:
        """Whether the address names any of them."""
        return bool(self._there())

    @property
    def text(self) -> str:
        """The raw texts in one, to be compared only."""
        return urlencode(sorted(self._there().items()))

    def read(self) -> Any:
        """The value of the address, else the default; an invalid one becomes a refusal."""
        try:
            return self.parse(self._there())
        except ValueError as error:
            say(self.names[0], self.sentence.format(why=quoted(str(error), LONGEST_REASON)))
            return self.default

    def write(self, value: Any) -> None:
        """Writes the value into the address if it differs; all other parameters stay."""
        wanted = self.written(value)
        before = self._there()
        if wanted != before:
            others = {name: _texts(name) for name in st.query_params if name not in self.names}
            st.query_params.from_dict({**others, **wanted})
            for name in self.names:
                note_written(name, *([each[name]] if name in each else [] for each in (before, wanted)))

    def _there(self) -> dict[str, str]:
        settle_address(query := st.query_params)
        return {name: texts[-1] for name in self.names if (texts := query.get_all(name))}


Pair = tuple[Param, Any]
"""A parameter and its value."""


def link_to(page: str, label: str, *values: Pair, **options: Any) -> None:
    """A link to another page with these values in its address; options as for `st.page_link`."""
    st.page_link(page_file(page), label=label, query_params=query_of(*values), **options)


def go_to(page: str, *values: Pair) -> None:
    """Goes to another page with these values in its address, and none of this page's."""
    st.switch_page(page_file(page), query_params=query_of(*values))


Query = Mapping[str, Sequence[str]]
"""Texts by the names of their parameters."""


def link_to_query(page: str, label: str, query: Query, **options: Any) -> None:
    """A link to another page with these texts in its address; options as for `st.page_link`."""
    st.page_link(page_file(page), label=label, query_params=_listed(query), **options)


def go_to_query(page: str, query: Query) -> None:
    """Goes to another page with these texts in its address, and none of this page's."""
    st.switch_page(page_file(page), query_params=_listed(query))


def _listed(query: Query) -> dict[str, list[str]]:
    return {name: list(texts) for name, texts in query.items()}


def address_query() -> str:
    """The current query of the address, encoded."""
    return urlencode({name: _texts(name) for name in st.query_params}, doseq=True)


def is_bare(but: str) -> bool:
    """Whether the address asks for nothing, as when a page is opened from the menu, but perhaps for this."""
    return set(st.query_params) <= {"present", "hide", but}


def linked_ids() -> frozenset[str]:
    """Whatever in the address could be the id of a run or of texts, or the digits in that of an upload."""
    return frozenset(id for name in st.query_params for text in _texts(name) for id in LIKE_AN_ID.findall(text))


def _texts(name: str) -> list[str]:
    settle_address(st.query_params)
    return st.query_params.get_all(name)


def query_of(*values: Pair) -> dict[str, list[str]]:
    """These values as texts of an address."""
    return {param.name: param.kind.written(value) for param, value in values}
