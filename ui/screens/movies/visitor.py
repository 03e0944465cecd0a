"""The user: a key in the browser's cookie, the profiles under it,
and changes to the profile in use.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

import streamlit as st

from aecore.paths import home_folder
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.store import Profile, ProfileError, Profiles, new_key
from aecore.recommender.profiles.taste import Taste
from aecore.recommender.ratings.table import RatingsError
from aecore.recommender.serving.catalogue import Catalogue
from aecore.recommender.serving.nights import FilmNights
from aecore.rooms.file import RoomError
from aecore.runs.usage import QuotaError
from aecore.stores.fingerprint import fingerprint
from ui.app.identity import films_key_from, own_films_key
from ui.app.services import services
from ui.components.film_cards import Action
from ui.screens.movies.link import FILM, WHO

FIRST_NAME = "Me"
_OWNER, _SAID = "films-owner", "films-said"


def profile_store() -> Profiles:
    """The store of all profiles of this machine."""
    return _store_in(home_folder())


@cache
def _store_in(home: Path) -> Profiles:
    return Profiles(home, _check_disk)


def _check_disk(new_bytes: int) -> None:
    try:
        services.check_disk(new_bytes)
    except QuotaError as error:
        raise ProfileError(str(error)) from None


def owner() -> str:
    """The key of this browser: from its cookies, which no script reads; for a browser that keeps no cookies, a new one
    until the page is closed.

    It cannot be guessed, and is in no address. A key that does not follow from the signed cookie is of an earlier
    version, and counts if something is kept under it: somebody who makes keys up has no others than their own.
    """
    if _OWNER not in st.session_state:
        cookies = st.context.cookies.to_dict()
        given, own = films_key_from(cookies), own_films_key(cookies)
        st.session_state[_OWNER] = (given if given == own or _is_known(given) else own) or given or new_key()
    return st.session_state[_OWNER]


def _is_known(key: str) -> bool:
    """Whether profiles, or seats at a film night, are kept under a key."""
    if not key:
        return False
    of_owner, tag = profile_store().of_owner, key_of(key)
    return bool(of_owner(key) or of_owner(key, deleted=True) or nights().visited_by(tag) or nights().hosted_by(tag))


def nights() -> FilmNights:
    """The film nights of this machine."""
    return _nights_in(home_folder())


@cache
def _nights_in(home: Path) -> FilmNights:
    return FilmNights(home)


def me() -> str:
    """The tag of this browser in film nights; its key cannot be told from it."""
    return key_of(owner())


def key_of(secret: str) -> str:
    """A tag of what others may not know."""
    return fingerprint(secret.encode(), digits=12)


def is_kept() -> bool:
    """Whether this browser will know its profiles again, once the page has been closed; true where no browser asks."""
    return bool(films_key_from(st.context.cookies.to_dict())) or not st.context.headers.to_dict()


def profiles() -> list[Profile]:
    """The profiles of this browser, oldest first."""
    return profile_store().of_owner(owner())


def profile() -> Profile | None:
    """The profile in use: the one whose number is in the address, else the first; None before the first rating."""
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
    """Switches to the profile of this number, from 1."""
    WHO.put(place, unless=1)


def use_key(key: str) -> None:
    """Switches to the profile whose number a chip of the cards names; to no other."""
    if key.isdecimal() and len(key) <= 3 and 1 <= int(key) <= len(profiles()):
        use(int(key))


def ensured() -> Profile:
    """The profile in use, created if there is none yet."""
    return profile() or profile_store().create(FIRST_NAME, owner())


def taste() -> Taste:
    """The taste of the profile in use."""
    mine = profile()
    return profile_store().taste(mine.id) if mine else Taste()


def last_action() -> str:
    """The action that Undo would revert, as a sentence; "" for none."""
    mine = profile()
    done = profile_store().history(mine.id, 40) if mine else []
    return next((each.about for each in done if not each.undone), "")


def act(action: Action, catalogue: Catalogue) -> None:
    """Applies an action on a card. An error is shown on the next run and changes nothing."""
    try:
        if action.kind == "person":
            use_key(action.who)
        elif action.kind == "undo":
            profile_store().undo(ensured().id)
        elif action.kind == "rate":
            profile_store().rate(ensured().id, film_of(action.film, catalogue), action.stars)
        elif action.kind == "mark":
            profile_store().mark(ensured().id, film_of(action.film, catalogue), action.mark, action.on)
        elif action.kind == "open" and action.film >= 0:  # a film that no model knows has no sheet
            FILM.write(action.film)
        elif action.kind == "close":
            FILM.clear()
    except (ProfileError, RatingsError) as error:
        say(str(error))
    except KeyError:
        say("This film is no longer on the list; reload the page and try again.")
    if action.kind in ("undo", "rate", "mark"):
        tell_others()


def tell_others() -> None:
    """Lets everybody in this visitor's film nights look at the list again, after what was rated or marked here."""
    with suppress(RoomError):  # what was said is kept; the others see it a little later
        nights().touch(me())


def say(sentence: str) -> None:
    """Keeps a sentence for the next run."""
    st.session_state[_SAID] = sentence


def said() -> str:
    """The sentence that was kept, once; "" if there is none."""
    return st.session_state.pop(_SAID, "")


def film_of(id: int, catalogue: Catalogue) -> Film:
    """The film with the id of a card: from the catalogue or, below zero,
    one of the user's films that the model does not know. KeyError if there is none.
    """
    if id >= 0:
        return catalogue.film(id)
    own = {unknown_film_id(each.film): each.film for each in taste().unknown(catalogue)}
    return own[id]


def unknown_film_id(film: Film) -> int:
    """The card id of a film that is not in the catalogue: negative and stable."""
    from zlib import crc32

    return -1 - crc32(film.key.encode())
