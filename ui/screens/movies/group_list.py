"""The list of a film night: films for all who are there, what each would give them, and the vetoes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace

from aecore.files import BrokenFileError
from aecore.recommender import BUILTIN
from aecore.recommender.profiles.taste import Taste
from aecore.recommender.serving.film_night import DISLIKED, GroupPick, Guest, by_least_misery, film_night, shown_stars
from aecore.recommender.serving.night_state import Evening, Veto
from aecore.recommender.serving.recommend import Preferences
from aecore.runs.store import RunError
from ui.components import film_cards as component
from ui.components.film_cards import Action, Against, Card, Person, Screen, Section, Vetoed, film_cards, take_actions
from ui.screens.movies.cards import Cards
from ui.screens.movies.evening import Member, RoomError
from ui.screens.movies.model import Advisor, advisor_of
from ui.screens.movies.posters import poster_key
from ui.screens.movies.visitor import FIRST_NAME, act, said, say, taste
from ui.screens.movies.why import sheet

KEY = "films-night"
SHOWN = 18

VetoAs = Callable[[str, int, str, bool], None]
"""What a veto does: the key of who vetoes, the film, its title, and whether it is against it or taken back."""


def model_of(evening: Evening) -> Advisor:
    """The recommender that the host has chosen; the built-in one if it is gone."""
    with suppress(BrokenFileError, RunError):
        return advisor_of(evening.model)
    return advisor_of(BUILTIN)


def show_group(
    members: Sequence[Member], evening: Evening, vetoes: Sequence[Veto], mine: frozenset[str], veto: VetoAs,
    *, is_host: bool,
) -> None:  # fmt: skip
    """Shows the films. mine: the keys as which this visitor may veto."""
    model, own = model_of(evening), taste()
    picks = _picks(members, evening, vetoes, model)
    if not is_host:
        picks = _as_if_unseen(picks, members, model)
        if evening.rule == "least misery":  # the same films as at the host, by the stars that are shown here
            picks = by_least_misery(picks)
    cards = Cards(model.catalogue, own, model.scores(own.stars(model.catalogue)))
    films = tuple(_card(each, members, cards, mine) for each in picks)
    names = [each.attendee.name for each in members]
    about = (
        "The stars are what each of you would probably give; for somebody with fewer than five ratings they are close "
        "to those of an average user. A veto takes a film off tonight's list for everybody."
    )
    empty = (
        "No film is left. Set fewer filters, choose another rule or from more films, or take vetoes back."
        if is_host
        else "No film is left: the filters of the host and the vetoes of all leave none."
    )
    group = "you" if names == [FIRST_NAME] else ", ".join(names)
    section = Section("night", "group", "Films for tonight", about, films, empty=empty, vetoed=_vetoed(vetoes, mine))

    def done() -> None:
        for action in take_actions(KEY):
            _do(action, model, veto)

    shown = Screen(
        (section,),
        sheet=sheet(model, own, cards),
        said=said(),
        tmdb_key=poster_key(),
        people=(Person("", group, True),),
    )
    film_cards(shown, KEY, on_done=done)


def _picks(members: Sequence[Member], evening: Evening, vetoes: Sequence[Veto], model: Advisor) -> list[GroupPick]:
    catalogue = model.catalogue
    guests = [Guest(each.attendee.name, each.taste.done_with(catalogue), _refused(each, model)) for each in members]
    scores = model.scores(*(each.taste.stars(catalogue) for each in members))
    preferences = _known_here(evening.preferences, catalogue.films.genre_names)
    is_careful = evening.rule == "no dislikes" and evening.seen_by_some and scores.stars is not None
    picks = film_night(
        scores, guests, catalogue, preferences, evening.rule, seen_by_some=evening.seen_by_some,
        vetoed=frozenset(each.film for each in vetoes), count=SHOWN * 2 if is_careful else SHOWN,
    )  # fmt: skip
    if is_careful:  # guests see what is expected of somebody who knows a film; the rule holds for that too
        unseen = _as_if_unseen(picks, members, model)
        picks = [pick for pick, its in zip(picks, unseen, strict=True) if not _is_disliked(its)]
    return picks[:SHOWN]


def _is_disliked(pick: GroupPick) -> bool:
    return any(each is not None and each < DISLIKED for each in pick.stars or ())


def _as_if_unseen(picks: list[GroupPick], members: Sequence[Member], model: Advisor) -> list[GroupPick]:
    """For guests, who are not to learn who has seen a film: everybody has stars, those who have rated it the ones that
    all their other ratings predict.
    """
    gaps = [(pick, who) for pick in picks for who, each in enumerate(pick.stars or ()) if each is None]
    filled: dict[tuple[int, int], float] = {}
    if gaps:
        own = [each.taste.stars(model.catalogue) for each in members]
        without = [{movie: given for movie, given in own[who].items() if movie != pick.movie_id} for pick, who in gaps]
        rows = shown_stars(model.scores(*without).stars)
        filled = {(pick.movie_id, who): float(row[pick.column]) for (pick, who), row in zip(gaps, rows, strict=True)}
    return [
        replace(
            pick,
            stars=pick.stars and tuple(filled.get((pick.movie_id, who), each) for who, each in enumerate(pick.stars)),
            seen_by=(),
        )
        for pick in picks
    ]


def _known_here(preferences: Preferences, genres: Collection[str]) -> Preferences:
    """Without the genres of another recommender, which the host has chosen and which is gone."""
    include, exclude = (
        tuple(each for each in chosen if each in genres) for chosen in (preferences.include, preferences.exclude)
    )
    return replace(preferences, include=include, exclude=exclude)


def _refused(member: Member, model: Advisor) -> frozenset[int]:
    """What the group is never shown: of a guest, everything seen, so that nobody learns what they have rated."""
    its: Taste = member.taste
    return its.done_with(model.catalogue) if member.attendee.is_guest else its.marked("not for me", model.catalogue)


def _card(pick: GroupPick, members: Sequence[Member], cards: Cards, mine: frozenset[str]) -> Card:
    stars = pick.stars or (None,) * len(members)
    who = tuple(
        component.Guest(
            each.attendee.name,
            value,
            each.attendee.name in pick.seen_by,
            each.attendee.key if each.attendee.key in mine else "",
        )
        for each, value in zip(members, stars, strict=True)
    )
    return replace(cards.card(pick.column, guess=False), who=who)


def _vetoed(vetoes: Sequence[Veto], mine: frozenset[str]) -> tuple[Vetoed, ...]:
    """The latest first, before them those that this visitor may take back."""
    found = [
        Vetoed(
            each.film,
            each.title,
            tuple(Against(name, key if key in mine else "") for key, name in zip(each.who, each.names, strict=True)),
        )
        for each in reversed(vetoes)
    ]
    return tuple(sorted(found, key=lambda each: not any(one.key for one in each.who)))


def _do(action: Action, model: Advisor, veto: VetoAs) -> None:
    if action.kind != "veto":
        act(action, model.catalogue)
        return
    try:
        veto(action.who, action.film, str(model.catalogue.film(action.film)) if action.on else "", action.on)
    except RoomError as error:
        say(str(error))
    except KeyError:
        say("This film is no longer on the list; reload the page and try again.")
