"""Who rates here: a key in the browser's cookie, the profiles under it,
and what is done to the ratings of the one in use.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import streamlit as st

from aecore.paths import home_folder
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.store import Profile, ProfileError, Profiles, new_key
from aecore.recommender.profiles.taste import Taste
from aecore.recommender.ratings.table import RatingsError
from aecore.recommender.serving.catalogue import Catalogue
from ui.components.film_cards import Action
from ui.screens.movies.link import FILM, WHO

COOKIE, COOKIE_SECONDS = "aecore-films", 400 * 86_400
KEY = re.compile(r"[A-Za-z0-9_-]{22}")
FIRST_NAME = "Me"
_OWNER, _SAID = "films-owner", "films-said"


def profile_store() -> Profiles:
    """The profiles of this machine."""
    return _store_in(home_folder())


@cache
def _store_in(home: Path) -> Profiles:
    return Profiles(home)


def owner() -> str:
    """The key of this browser: from its cookie, or a new one that the cookie keeps.

    Nobody can guess it, and it is in no address.
    """
    if _OWNER not in st.session_state:
        kept = str(st.context.cookies.get(COOKIE, ""))
        st.session_state[_OWNER] = kept if KEY.fullmatch(kept) else new_key()
    return st.session_state[_OWNER]


def cookie() -> tuple[str, str, int]:
    """Name, value and seconds of the cookie that the browser is asked to keep."""
    return COOKIE, owner(), COOKIE_SECONDS


def profiles() -> list[Profile]:
    """The profiles of this browser, oldest first."""
    return profile_store().of_owner(owner())


def profile() -> Profile | None:
    """The profile in use: the one whose place the address names, else the first; None before anything was rated."""
    mine = profiles()
    if not mine:
        return None
    place = WHO.read()
    if place > len(mine):
        WHO.refuse(
            f"there are only {len(mine)} profiles in this browser"
            if len(mine) > 1
            else "there is only one profile in this browser"
        )
        place = 1
    return mine[place - 1]


def use(place: int) -> None:
    """Makes the profile at this place, from 1, the one in use."""
    WHO.put(place, unless=1)


def ensured() -> Profile:
    """The profile in use, made now if there is none yet."""
    return profile() or profile_store().create(FIRST_NAME, owner())


def taste() -> Taste:
    """What the person in use thinks of films."""
    mine = profile()
    return profile_store().taste(mine.id) if mine else Taste()


def last_action() -> str:
    """What Undo would take back; "" for nothing."""
    mine = profile()
    done = profile_store().history(mine.id, 40) if mine else []
    return next((each.about for each in done if not each.undone), "")


def act(action: Action, catalogue: Catalogue) -> None:
    """Does what was done on a card. What cannot be done is said on the next run; nothing is lost by it."""
    try:
        if action.kind == "undo":
            profile_store().undo(ensured().id)
        elif action.kind == "rate":
            profile_store().rate(ensured().id, film_of(action.film, catalogue), action.stars)
        elif action.kind == "mark":
            profile_store().mark(ensured().id, film_of(action.film, catalogue), action.mark, action.on)
        elif action.kind == "open" and action.film >= 0:  # of a film that no model knows there is nothing to be seen
            FILM.write(action.film)
        elif action.kind == "close":
            FILM.clear()
    except (ProfileError, RatingsError) as error:
        say(str(error))
    except KeyError:
        say("This film is no longer on the list; reload the page and try again.")


def say(sentence: str) -> None:
    """Keeps a sentence for the next run."""
    st.session_state[_SAID] = sentence


def said() -> str:
    """The sentence that was kept, once; or what happened to a broken file."""
    return st.session_state.pop(_SAID, "")


def film_of(id: int, catalogue: Catalogue) -> Film:
    """The film with the id of a card: one of the catalogue, or, below zero,
    one of the person's own that no model knows. KeyError if there is none.
    """
    if id >= 0:
        return catalogue.film(id)
    own = {unknown_film_id(each.film): each.film for each in taste().unknown(catalogue)}
    return own[id]


def unknown_film_id(film: Film) -> int:
    """The id of the card of a film that is in no catalogue: below zero, the same whenever it is asked for."""
    from zlib import crc32

    return -1 - crc32(film.key.encode())
