"""A stranger on the Movies page: whatever they press, another's profiles stay as they are, and stay unseen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from aecore.recommender import load
from aecore.recommender.profiles.store import Profiles
from tests.pages.conftest import OpenPage
from ui.app.identity import FILMS_COOKIE
from ui.screens.movies import visitor
from ui.screens.movies.link import PANELS

ANN, BOB = "a" * 22, "b" * 22


@pytest.fixture
def profiles(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Profiles]:
    """Profiles of Ann and of Bob, who opens the pages; each has two, and one in the trash."""
    made = Profiles(home)
    catalogue = load().catalogue
    for owner, name in ((ANN, "Ann"), (BOB, "Bob")):
        for index, title in enumerate(("The Matrix 1999", "Alien 1979", "Titanic 1997")):
            profile = made.create(f"{name} {index}", owner)
            film = catalogue.film(int(catalogue.films.movie_ids[catalogue.search(title, 1)[0]]))
            made.rate(profile.id, film, 4.0)
            made.share(profile.id)
        made.delete(profile.id)
    monkeypatch.setattr("ui.screens.movies.visitor.new_key", lambda: BOB)
    yield made
    made.close()


def of(profiles: Profiles, owner: str) -> list[object]:
    """All there is of an owner."""
    mine = profiles.of_owner(owner)
    about = [(each, profiles.taste(each.id), profiles.code(each.id), profiles.history(each.id)) for each in mine]
    return [about, profiles.of_owner(owner, deleted=True)]


def said(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.button, page.selectbox, page.text_input, page.dataframe, page.code)
    return " ".join(str(each.proto) for kind in kinds for each in kind)


@pytest.mark.parametrize("panel", PANELS)
def test_no_button_of_a_stranger_changes_or_shows_anothers_profiles(
    panel: str, open_page: OpenPage, profiles: Profiles
) -> None:
    before = of(profiles, ANN)
    page = open_page("movies", view=panel, who="2")
    assert not page.exception
    for key in sorted(str(each.key) for each in page.button if not each.disabled):
        opened = open_page("movies", view=panel)
        if any(each.key == key for each in opened.button):
            opened.button(key=key).click().run()
            assert not opened.exception, key
            assert "Ann" not in said(opened), key
            assert of(profiles, ANN) == before, key


def test_a_stranger_reaches_no_profile_beyond_their_own(open_page: OpenPage, profiles: Profiles) -> None:
    page = open_page("movies", view="Friends", who="3")
    assert any("only 2 profiles in this browser" in each.value for each in page.warning)
    assert "Bob 1" in said(page)
    assert "Ann" not in said(page)


def test_a_browser_without_the_key_is_told_before_it_rates(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not open_page("movies").warning, "no browser asks here"
    asked, key = {"host": "a"}, {FILMS_COOKIE: ANN}
    for cookies, headers, kept in (({}, asked, False), (key, asked, True), ({}, {}, True)):
        context = SimpleNamespace(cookies=SimpleNamespace(to_dict=cookies.copy))
        context.headers = SimpleNamespace(to_dict=headers.copy)
        with monkeypatch.context() as patch:
            patch.setattr(visitor, "st", SimpleNamespace(context=context))
            assert visitor.is_kept() is kept
    monkeypatch.setattr(visitor, "is_kept", lambda: False)
    assert "Reload the page" in open_page("movies").warning[0].value
