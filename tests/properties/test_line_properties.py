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
