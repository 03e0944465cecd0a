"""The Friends panel: profiles of this browser, sharing codes, and the film night for a group."""

from __future__ import annotations

import streamlit as st

from aecore.foreign import in_markdown
from aecore.recommender.profiles.store import Profile
from ui.screens.movies.evening import hosted, told, visited
from ui.screens.movies.guest import entrance, guest_panel, say_if_over
from ui.screens.movies.link import NIGHT, THERE
from ui.screens.movies.night import night_panel
from ui.screens.movies.visitor import FIRST_NAME, owner, profile, profile_store, profiles, use

_NEW, _NAME = "friends-new", "friends-name"


def friends_panel() -> None:
    """Shows profiles, the sharing code and the film night; to a guest of a night, that alone."""
    guest_of, own, invited = visited(), hosted(), NIGHT.read()
    if invited and invited in (each.code for each in (guest_of, own) if each):
        NIGHT.clear()
    elif invited:
        entrance(invited)
        return
    if guest_of:
        guest_panel(guest_of)
        return
    say_if_over()
    mine, now = profiles(), profile()
    left, right = st.container(key="run-first").columns([1, 2.6], gap="large")
    with left:
        _who(mine, now)
        _share(now)
        entrance(is_host=bool(own and own.is_open))
    with right:
        night_panel()


def _who(mine: list[Profile], now: Profile | None) -> None:
    st.subheader("Who is rating", anchor=False)
    st.caption("Each user of this browser can have a profile of their own. Nobody else sees these profiles.")
    if now is not None:
        place = 1 + [each.id for each in mine].index(now.id)
        st.session_state["friends-who"] = place
        names = {number: each.name for number, each in enumerate(mine, 1)}
        words = "Ratings and recommendations are this user's."
        st.selectbox(
            "Profile in use", tuple(names), format_func=names.__getitem__, key="friends-who", on_change=_use, help=words
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Another user",
            key=_NEW,
            placeholder="Name",
            max_chars=60,
            width=220,
            help="Begins a profile without ratings, and switches to it.",
        )
        st.button("Add", key="friends-add", on_click=_add, icon=":material/person_add:")
    if now is not None:
        with st.expander("Rename or remove"):
            st.text_input(
                "Name",
                value=now.name,
                key=f"{_NAME}-{now.id[:6]}",
                max_chars=60,
                help="What friends see beside your taste.",
            )
            with st.container(horizontal=True):
                st.button("Rename", key="friends-rename", on_click=_rename, args=(now,), icon=":material/edit:")
                st.button(
                    "Remove this profile", key="friends-remove", on_click=_remove, args=(now,), icon=":material/delete:"
                )
    removed = profile_store().of_owner(owner(), deleted=True)
    if removed:
        # Not in the part that folds: the way back is in sight as soon as a profile is gone.
        with st.container(horizontal=True):
            for each in removed:
                st.button(
                    f"Restore {in_markdown(each.name)}",
                    key=f"friends-restore-{each.id[:6]}",
                    on_click=_restore,
                    args=(each.id,),
                    icon=":material/undo:",
                    type="tertiary",
                )


def _share(now: Profile | None) -> None:
    st.subheader("Share a taste", anchor=False)
    if now is None:
        st.caption("Rate a film first; then you can give friends a code.")
        return
    st.caption(
        "A friend who has the code can invite you to a film night here, and sees your name and what would suit you. "
        "They cannot change anything."
    )
    code = profile_store().code(now.id)
    if not code:
        st.button(
            f"Make a code for {in_markdown(now.name)}",
            key="friends-share",
            on_click=_share_it,
            args=(now.id,),
            icon=":material/key:",
        )
        return
    st.code(code, language=None)
    st.button(
        "Withdraw the code",
        key="friends-withdraw",
        on_click=_withdraw,
        args=(now.id,),
        icon=":material/block:",
        help="It stops working at once.",
    )


@told
def _use() -> None:
    use(st.session_state["friends-who"])


@told
def _add() -> None:
    name = st.session_state[_NEW]
    if not profiles():
        profile_store().create(FIRST_NAME, owner())
    profile_store().create(name, owner())
    st.session_state[_NEW] = ""
    count = len(profiles())
    use(count)
    if THERE.name in st.session_state:
        st.session_state[THERE.name] = [*(st.session_state[THERE.name] or ()), str(count)]


@told
def _rename(now: Profile) -> None:
    profile_store().rename(now.id, st.session_state[f"{_NAME}-{now.id[:6]}"])


@told
def _remove(now: Profile) -> None:
    profile_store().delete(now.id)
    use(1)
    st.session_state.pop(THERE.name, None)


@told
def _restore(id: str) -> None:
    profile_store().restore(id)


@told
def _share_it(id: str) -> None:
    profile_store().share(id)


@told
def _withdraw(id: str) -> None:
    profile_store().withdraw(id)
