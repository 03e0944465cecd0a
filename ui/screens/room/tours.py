"""How far those in a room are with the tours: its host sees all of them, everybody else what the host sees of them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qs

import streamlit as st

from aecore.foreign import in_markdown, in_table
from aecore.rooms.archive import TourRow
from aecore.rooms.state import Member, Room
from aecore.stores.personal import PersonalError
from aecore.tours.schema import Tour
from aecore.tours.standing import Standing, standings
from ui.app.services import services
from ui.app.tour import TOUR
from ui.app.url_state import link_to
from ui.screens.room.actions import me
from ui.widgets.wording import WHOLE_PERCENT_COLUMN

Standings = dict[str, dict[str, Standing]]
"""Tag of a person -> id of a tour -> where they stand."""


def all_tours() -> list[Tour]:
    """The lessons of the app and the tours of its home."""
    return [*services.shelf.lessons(), *services.shelf.own()[0]]


def present_members(room: Room) -> list[Member]:
    """Those who are in the room, without its host."""
    members = services.rooms.members(room.code)
    return [each for each in members if each.person != room.host and not (each.is_away or each.is_removed)]


def standings_of(room: Room, people: Iterable[str]) -> Standings:
    """Where each of these people stands; what they did before the room was opened, or after its end, is left out."""
    tours = all_tours()
    return {
        person: standings(attempts, tours, room.opened, room.ends)
        for person, attempts in services.progress.of_all(people).items()
    }


def tour_rows(room: Room) -> list[TourRow]:
    """The rows of tours.csv in a copy of the room."""
    found = standings_of(room, [each.person for each in present_members(room)])
    return [
        (
            person, each.tour.title, str(each.step), str(len(each.tour.steps)), str(each.answered), str(each.right),
            str(len(each.tour.questions)), _finished(each),
        )
        for person, theirs in found.items()
        for each in theirs.values()
    ]  # fmt: skip


def _finished(standing: Standing) -> str:
    return "yes" if standing.is_finished else "earlier" if standing.was_finished else "no"


def tour_choice(room: Room) -> None:
    """The control of the host: which tour the table is about; at first the one that they lead or have last been at."""
    tours = all_tours()
    titles = {each.id: each.title for each in tours}
    first = led_tour(room)
    st.selectbox(
        "Tour", list(titles), index=list(titles).index(first) if first in titles else 0, key="room-tour",
        format_func=lambda id: in_markdown(titles.get(id, id)), width=420,
        help="At first the tour to which you lead, or else the one at which you have last been yourself.",
    )  # fmt: skip


def led_tour(room: Room) -> str:
    """The id of the tour at which the host is, or else has been last; "" if they have never begun one."""
    led = parse_qs(room.place.query).get(TOUR.name, [""])[-1].partition(".")[0]
    if led:
        return led
    try:
        attempts = services.progress.of(room.host)
    except PersonalError:
        return ""
    seen = {id: max(each.seen for each in theirs) for id, theirs in attempts.items() if theirs}
    return max(seen, key=lambda id: seen[id], default="")


def show_standings(room: Room) -> None:
    """For the host, the table of all members; for a member, their own line of it."""
    since = time.strftime("%H:%M", time.localtime(room.opened))
    if room.host != me():
        _own_standing(room, since)
        return
    members, chosen = present_members(room), str(st.session_state.get("room-tour") or "")
    tour = next((each for each in all_tours() if each.id == chosen), None)
    if tour is None or not members:
        st.caption("Nobody has joined yet." if tour else "There is no such tour.")
        return
    found = standings_of(room, [each.person for each in members])
    st.markdown(in_markdown(summary(tour, found, len(members))))
    _table(tour, members, found)
    st.caption(
        f"Since the room was opened at {since}. “Finished earlier” is a tour that somebody had finished before and has "
        "opened again since. Nobody but you sees this."
    )


def summary(tour: Tour, found: Standings, count: int) -> str:
    """How many of `count` people have finished a tour, are at it, and have not begun, in a sentence."""
    theirs = [each[tour.id] for each in found.values() if tour.id in each]
    finished = sum(each.is_finished for each in theirs)
    at_it = len(theirs) - finished
    words = [f"{finished} of {count} {'has' if finished == 1 else 'have'} finished “{tour.title}”"]
    words += [f"{at_it} {'is' if at_it == 1 else 'are'} at it"] if at_it else []
    rest = count - len(theirs)
    words += [f"{rest} {'has' if rest == 1 else 'have'} not begun"] if rest else []
    return f"{', '.join(words)}."


def _table(tour: Tour, members: Sequence[Member], found: Standings) -> None:
    rows = [(each, found.get(each.person, {})) for each in members]
    own = [theirs.get(tour.id) for _, theirs in rows]
    st.dataframe(
        {
            "Who": [in_table(each.name) for each, _ in rows],
            "Done": [100 * each.share if each else 0.0 for each in own],
            "Where": [each.place if each else "Not begun" for each in own],
            "Right": [_right(each) for each in own],
            "Finished in this room": [_others(theirs) for _, theirs in rows],
        },
        hide_index=True,
        key="room-standings",
        column_config={
            "Done": st.column_config.ProgressColumn(format=WHOLE_PERCENT_COLUMN, min_value=0, max_value=100),
            "Right": st.column_config.TextColumn(help="Questions answered right at the first try, of those answered."),
            "Finished in this room": st.column_config.TextColumn(help="All tours that they have finished since then."),
        },
    )


def _right(standing: Standing | None) -> str:
    return f"{standing.right} of {standing.answered}" if standing and standing.answered else ""


def _others(theirs: dict[str, Standing]) -> str:
    return in_table("; ".join(each.tour.title for each in theirs.values() if each.is_finished))


def _own_standing(room: Room, since: str) -> None:
    theirs = standings_of(room, [me()]).get(me(), {})
    st.markdown(
        f"The host of this room sees how far you have come with the tours since the room was opened at {since}, and "
        "how many questions you have answered right at the first try. Others do not."
    )
    for each in theirs.values():
        score = f", {_right(each)} right at the first try" if each.answered else ""
        st.markdown(f"**{in_markdown(each.tour.title)}**: {each.place}{score}.")
    if not theirs:
        st.caption("You have begun none since then.")
    link_to("tours", "All tours", icon=":material/tour:")
