"""The line of several servers, whatever they want in whatever order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aecore.jobs.line import THERE, Line, Wanted

SERVERS, PEOPLE = ("one", "two", "three"), ("ann", "bob", "cid")
jobs = st.tuples(
    st.sampled_from(SERVERS), st.sampled_from(THERE), st.booleans(), st.sampled_from(PEOPLE), st.integers(0, 4)
)


@given(st.lists(jobs, max_size=14), st.integers(1, 3), st.randoms(use_true_random=False))
def test_all_get_a_turn_no_two_do_the_same_and_no_more_run_than_there_are_slots(asked, slots, chance) -> None:  # type: ignore[no-untyped-def]
    line = Line(THERE)
    wanted: dict[str, dict[int, Wanted]] = {name: {} for name in SERVERS}
    for number, (server, policy, is_short, person, name) in enumerate(asked):
        is_run = policy is THERE[0]
        wanted[server][number] = Wanted(
            number, policy.noun, is_short and not is_run, (person,), f"run-{name}" if is_run else ""
        )
    done: list[int] = []
    running: dict[int, Wanted] = {}
    for _ in range(20 + 20 * len(asked)):
        server = chance.choice(SERVERS)
        mine = wanted[server]
        said = [
            Wanted(each.number, each.noun, each.is_short, each.persons, each.name, each.number in running)
            for each in mine.values()
        ]
        turns = line.report(server, said, slots)
        assert not set(turns.granted) & set(turns.places)
        running |= {number: mine[number] for number in turns.granted}
        assert len(running) <= slots
        names = [each.name for each in running.values() if each.name]
        assert len(names) == len(set(names))
        for number in [each for each in running if each in mine and chance.random() < 0.5]:
            del mine[number], running[number]
            done.append(number)
    for server in SERVERS * (2 * len(asked) + 2):  # to the end, one after the other
        for number in line.report(server, list(wanted[server].values()), slots).granted:
            wanted[server].pop(number)
            running.pop(number, None)
            done.append(number)
    assert sorted(done) == list(range(len(asked)))


@given(st.integers(1, 9), st.sampled_from(THERE[1:]), st.booleans(), st.randoms(use_true_random=False))
def test_with_endless_trainings_an_analysis_begins_within_one_ending(slots, policy, is_short, chance) -> None:  # type: ignore[no-untyped-def]
    line = Line(THERE)
    trainings = {number: Wanted(number, "runs", False, (chance.choice(PEOPLE),)) for number in range(3 * slots)}
    for new in range(1000, 1000 + chance.randrange(3 * slots)):  # a sweep that always has runs waiting
        granted = line.report("one", [*trainings.values()], slots).granted
        del trainings[chance.choice(granted)]
        trainings[new] = Wanted(new, "runs", False, (chance.choice(PEOPLE),))
    granted = line.report("one", [*trainings.values()], slots).granted
    asked = Wanted(7777, policy.noun, is_short, ("dan",))
    assert line.report("two", [asked], slots).granted == ()
    del trainings[chance.choice(granted)]
    line.report("one", [*trainings.values()], slots)
    assert line.report("two", [asked], slots).granted == (7777,)


@given(st.integers(1, 9), st.randoms(use_true_random=False))
def test_with_endless_analyses_a_training_begins_within_two_endings(slots, chance) -> None:  # type: ignore[no-untyped-def]
    line = Line(THERE)
    wanted = {
        number: Wanted(number, chance.choice(THERE[1:]).noun, chance.random() < 0.5, (f"person {number}",))
        for number in range(4 * slots + 4)
    }
    line.report("one", [*wanted.values()], slots)
    asked = Wanted(7777, "runs", False, ("dan",))
    begun = line.report("two", [asked], slots).granted
    for _ in range(2):
        if not begun:
            del wanted[chance.choice(line.report("one", [*wanted.values()], slots).granted)]
            line.report("one", [*wanted.values()], slots)
            begun = line.report("two", [asked], slots).granted
    assert begun == (7777,)
