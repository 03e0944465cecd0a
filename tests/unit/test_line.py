"""The line of several servers: people take turns at whichever server they are, and nothing is done twice."""

from __future__ import annotations

import pytest

from aecore.jobs.line import GATHER_SECONDS, QUIET_SECONDS, SILENT_SECONDS, THERE, Line, Turns, Wanted

RUNS, ANALYSES, MAPS = "runs", "analyses", "maps"


class Clock:
    """Time as a test says."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(clock: Clock) -> Line:
    return Line(THERE, now=clock)


def run(number: int, person: str, *, name: str = "", is_running: bool = False) -> Wanted:
    return Wanted(number, RUNS, False, (person,), name, is_running)


def begun(turns: Turns, *waiting: Wanted) -> list[Wanted]:
    """What a server says next that begins all that it may."""
    return [
        Wanted(each.number, each.noun, each.is_short, each.persons, each.name, each.number in turns.granted)
        for each in waiting
    ]


def test_people_take_turns_over_all_servers(line: Line) -> None:
    anns = [run(number, "ann") for number in range(4)]
    assert line.report("one", anns, 1) == Turns((0,), {1: 0, 2: 1, 3: 2}, 1, 1)
    assert line.report("two", [run(0, "bob")], 1) == Turns((), {0: 1}, 2, 0)
    turns = line.report("one", anns, 1)
    assert turns == Turns((0,), {1: 0, 2: 2, 3: 3}, 2, 1), "bob's first comes before ann's third"
    turns = line.report("one", anns[1:], 1)
    assert turns.granted == (1,)
    assert line.report("two", [run(0, "bob")], 1).places == {0: 0}
    line.report("one", anns[2:], 1)
    assert line.report("two", [run(0, "bob")], 1).granted == (0,)


def test_the_same_person_at_two_servers_is_one(line: Line) -> None:
    line.report("one", [run(0, "ann"), run(1, "ann")], 1)
    line.report("two", [run(0, "ann")], 1)
    line.report("three", [run(0, "bob")], 1)
    assert line.report("one", [run(1, "ann")], 1).granted == (1,), "the end of one job gives the next its turn"
    places = [line.report(name, [run(0, who)], 1).places for name, who in (("two", "ann"), ("three", "bob"))]
    assert sorted(each[0] for each in places) == [0, 1]


def test_no_more_run_than_there_are_slots_whatever_they_are(line: Line) -> None:
    wanted = [run(0, "ann"), run(1, "bob"), Wanted(2, ANALYSES, True, ("cid",)), Wanted(3, MAPS, False, ("dan",))]
    turns = line.report("one", wanted, 2)
    assert turns.granted == (0, 2), "an analysis has its turn beside a training, a map waits for that"
    assert line.report("one", begun(turns, *wanted), 3).granted == (0, 1, 2)
    assert line.report("one", begun(turns, *wanted), 9).granted == (0, 1, 2, 3)


def analysis(number: int, person: str = "cid", *, noun: str = ANALYSES, is_short: bool = False) -> Wanted:
    return Wanted(number, noun, is_short, (person,))


@pytest.mark.parametrize(("slots", "share"), [(1, 1), (2, 1), (4, 1), (8, 2), (16, 4)])
def test_among_endless_trainings_analyses_have_a_quarter_of_the_slots_and_one_at_least(
    line: Line, slots: int, share: int
) -> None:
    trainings = {number: run(number, "ann") for number in range(5 * slots)}
    assert len(line.report("one", [*trainings.values()], slots).granted) == slots
    asked = {number: analysis(number, f"person {number}") for number in range(100, 100 + 2 * slots)}
    turns = line.report("one", [*trainings.values(), *asked.values()], slots)
    assert set(turns.granted) <= trainings.keys(), "what trains is not ended for them"
    for endings in range(1, slots + 1):
        del trainings[next(each for each in turns.granted if each in trainings)]
        turns = line.report("one", [*trainings.values(), *asked.values()], slots)
        assert len(set(turns.granted) & asked.keys()) == min(share, endings)
        assert len(turns.granted) == slots


def test_where_one_slot_is_for_all_trainings_and_analyses_take_turns(line: Line) -> None:
    wanted = {number: run(number, "ann") for number in range(3)} | {9 + each: analysis(9 + each) for each in range(3)}
    order = []
    while wanted:
        (now,) = line.report("one", [*wanted.values()], 1).granted
        order.append(wanted.pop(now).noun)
    assert order == [ANALYSES, RUNS] * 3


def test_analyses_and_maps_short_ones_and_long_ones_take_turns_within_their_share(line: Line) -> None:
    sorts = [(noun, is_short) for noun in (ANALYSES, MAPS) for is_short in (True, False)]
    wanted = {each: run(each, "ann") for each in range(30)}
    wanted |= {
        100 + each: analysis(100 + each, noun=sorts[each % 4][0], is_short=sorts[each % 4][1]) for each in range(12)
    }
    line.report("one", [*wanted.values()], 2)
    order = []
    while any(each >= 100 for each in wanted):
        (now,) = (each for each in line.report("one", [*wanted.values()], 2).granted if each >= 100)
        ended = wanted.pop(now)
        order.append((ended.noun, ended.is_short))
    assert [set(order[each : each + 4]) for each in (0, 4, 8)] == [set(sorts)] * 3


def test_where_no_training_waits_analyses_have_every_slot(line: Line) -> None:
    wanted = [analysis(number, f"person {number}") for number in range(3)]
    assert line.report("one", wanted, 3).granted == (0, 1, 2)
    turns = line.report("one", [*wanted[1:], analysis(8), run(9, "ann")], 3)
    assert turns.granted == (1, 2, 9), "what comes back to trainings comes with the first ending"


def test_a_run_that_another_server_trains_has_no_place_until_that_has_ended(line: Line) -> None:
    assert line.report("one", [run(0, "ann", name="abc")], 4).granted == (0,)
    assert line.report("two", [run(7, "ann", name="abc")], 4) == Turns((), {}, 2, 3)
    line.report("one", [], 4)
    assert line.report("two", [run(7, "ann", name="abc")], 4).granted == (7,)


def test_what_is_withdrawn_leaves_its_turn_to_others(line: Line) -> None:
    line.report("one", [run(0, "ann")], 1)
    line.report("two", [run(0, "bob")], 1)
    line.report("one", [], 1)
    assert line.report("two", [run(0, "bob")], 1).granted == (0,)


def test_who_no_longer_waits_for_a_shared_job_does_not_hold_its_place(line: Line) -> None:
    line.report("one", [run(0, "zoe", is_running=True)], 1)
    shared = Wanted(1, ANALYSES, False, ("ann", "bob"))
    first = Wanted(2, ANALYSES, False, ("ann",))
    line.report("one", [run(0, "zoe", is_running=True), shared, first], 1)
    left = Wanted(1, ANALYSES, False, ("bob",))
    turns = line.report("one", [run(0, "zoe", is_running=True), left, first], 1)
    assert sorted(turns.places) == [1, 2]
    assert set(turns.places.values()) == {0, 1}


def test_a_server_holds_no_more_seats_than_the_others_leave_it(line: Line) -> None:
    anns = [run(number, "ann", is_running=True) for number in range(2)]
    assert line.report("one", anns, 2).seats == 2
    assert line.report("two", [run(0, "bob")], 2).seats == 0
    assert line.report("one", anns[1:], 2).seats == 1, "the one without work is given back"
    assert line.report("two", [run(0, "bob")], 2) == Turns((0,), {}, 2, 1)


def test_a_silent_server_gives_its_slots_back_after_no_seat_works_for_it_any_longer(line: Line, clock: Clock) -> None:
    line.report("one", [run(0, "ann", name="abc", is_running=True), run(1, "ann")], 1)
    waiting = [run(0, "bob", name="abc")]
    clock.seconds += SILENT_SECONDS
    assert line.report("two", waiting, 1) == Turns((), {}, 2, 0)
    clock.seconds += 0.1
    assert line.report("two", waiting, 1) == Turns((0,), {}, 1, 1)


def test_what_waits_at_a_silent_server_takes_no_turns_and_has_a_place_again_when_it_speaks(
    line: Line, clock: Clock
) -> None:
    line.report("two", [run(0, "bob", is_running=True)], 1)
    line.report("one", [run(0, "ann")], 1)
    clock.seconds += QUIET_SECONDS + 1
    line.report("two", [run(0, "bob", is_running=True), run(1, "cid")], 1)
    assert line.report("two", [run(1, "cid")], 1).granted == (1,), "ann's is not waited for"
    assert line.report("one", [run(0, "ann")], 1).places == {0: 0}


def test_one_that_leaves_does_so_at_once(line: Line) -> None:
    line.report("one", [run(0, "ann", is_running=True)], 1)
    line.report("two", [run(0, "bob")], 1)
    line.leave("one")
    assert line.report("two", [run(0, "bob")], 1) == Turns((0,), {}, 1, 1)


def test_a_line_that_is_begun_anew_hears_first_what_runs(clock: Clock) -> None:
    line = Line(THERE, is_new=False, now=clock)
    assert line.report("two", [run(0, "bob")], 1).granted == ()
    assert line.report("one", [run(5, "ann", is_running=True)], 1).granted == (5,)
    clock.seconds += GATHER_SECONDS
    assert line.report("two", [run(0, "bob")], 1) == Turns((), {0: 0}, 2, 0)
    line.report("one", [], 1)
    assert line.report("two", [run(0, "bob")], 1).granted == (0,)


def test_more_may_run_than_there_are_slots_where_a_node_has_just_been_lost(line: Line) -> None:
    running = [run(number, "ann", is_running=True) for number in range(3)]
    assert line.report("one", [*running, run(9, "bob")], 1) == Turns((0, 1, 2), {9: 0}, 1, 1)
