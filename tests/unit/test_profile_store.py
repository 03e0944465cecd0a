"""People: what somebody rated stays, can be taken back, is seen by nobody else unless shared,
and survives what may happen to a file.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from aecore.recommender.profiles.file import ProfileFile
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.store import ProfileError, Profiles
from aecore.recommender.profiles.taste import Entry
from aecore.recommender.ratings.table import RatingsError
from tests.small_films import small_catalogue

ALIEN, MATRIX = Film("Alien", 1979, 78748, 348, 1214), Film("The Matrix", 1999, 133093, 603, 2571)


@pytest.fixture
def people(home: Path) -> Profiles:
    return Profiles(home)


def stars(people: Profiles, profile: str) -> dict[int, float]:
    return people.taste(profile).stars(small_catalogue())


def test_ratings_survive_a_restart(people: Profiles, home: Path) -> None:
    ann = people.create("Ann", "owner")
    people.rate(ann.id, ALIEN, 4.5)
    people.mark(ann.id, MATRIX, "watchlist")
    again = Profiles(home)
    assert [each.name for each in again.of_owner("owner")] == ["Ann"]
    assert stars(again, ann.id) == {1214: 4.5}
    assert again.taste(ann.id).marked("watchlist", small_catalogue()) == {2571}


def test_each_visitor_sees_only_their_own(people: Profiles) -> None:
    ann, bob = people.create("Ann", "a"), people.create("Bob", "b")
    people.rate(ann.id, ALIEN, 5)
    assert [each.id for each in people.of_owner("a")] == [ann.id]
    assert people.of_owner("") == []
    assert stars(people, bob.id) == {}
    with pytest.raises(ProfileError, match="no such profile"):
        people.taste("guess")
    assert len({ann.id, bob.id}) == 2
    assert len(ann.id) >= 20


@pytest.mark.parametrize("value", [0, 0.4, 5.5, -1, float("nan"), float("inf")])
def test_stars_out_of_scale_are_refused_and_change_nothing(people: Profiles, value: float) -> None:
    ann = people.create("Ann")
    people.rate(ann.id, ALIEN, 3)
    with pytest.raises(RatingsError, match="between 0.5 and 5"):
        people.rate(ann.id, ALIEN, value)
    assert stars(people, ann.id) == {1214: 3}


def test_marks_and_stars_that_contradict_each_other_do_not_stay_together(people: Profiles) -> None:
    ann, catalogue = people.create("Ann"), small_catalogue()
    people.mark(ann.id, ALIEN, "not for me")
    assert people.taste(ann.id).done_with(catalogue) == {1214}
    people.mark(ann.id, ALIEN, "watchlist")
    assert people.taste(ann.id).done_with(catalogue) == set()
    people.rate(ann.id, ALIEN, 4)
    assert not people.taste(ann.id).marked("watchlist", catalogue)
    people.mark(ann.id, ALIEN, "not seen")
    assert stars(people, ann.id) == {}
    assert people.taste(ann.id).answered(catalogue) == {1214}
    people.mark(ann.id, ALIEN, "not seen", on=False)
    assert people.taste(ann.id).entries == ()
    with pytest.raises(RatingsError, match="is no mark"):
        people.mark(ann.id, ALIEN, "boring")


def test_everything_can_be_taken_back_step_by_step(people: Profiles) -> None:
    ann = people.create("Ann")
    steps = [
        lambda: people.rate(ann.id, ALIEN, 4),
        lambda: people.rate(ann.id, ALIEN, 2),
        lambda: people.mark(ann.id, MATRIX, "watchlist"),
        lambda: people.keep(
            ann.id, [Entry(ALIEN, 1.0), Entry(Film("Unknown", 2020), 3.0), Entry(MATRIX, 5.0)], "import of a file"
        ),
        lambda: people.rate(ann.id, MATRIX, None),
        lambda: people.mark(ann.id, ALIEN, "not seen"),
    ]
    before = []
    for step in steps:
        before.append(people.taste(ann.id))
        step()
    for taste in reversed(before):
        people.undo(ann.id)
        assert people.taste(ann.id) == taste
    with pytest.raises(ProfileError, match="nothing to take back"):
        people.undo(ann.id)
    history = people.history(ann.id)
    assert [each.about for each in history][2] == "import of a file"
    assert all(each.undone for each in history)


def test_an_import_that_names_a_film_twice_is_taken_back_whole(people: Profiles) -> None:
    ann = people.create("Ann")
    people.rate(ann.id, Film("Alien", 1979), 4)
    before = people.taste(ann.id)
    people.keep(ann.id, [Entry(Film("Alien", 1979, 78748), 2.0), Entry(ALIEN, 1.0)], "import of a file")
    assert stars(people, ann.id) == {1214: 1.0}
    people.undo(ann.id)
    assert people.taste(ann.id) == before


def test_an_import_is_one_action_and_what_changes_nothing_is_none(people: Profiles) -> None:
    ann = people.create("Ann")
    entries = [Entry(Film(f"Film {place}", 2000, imdb=place + 1), 3.5) for place in range(50)]
    assert people.keep(ann.id, entries, "import") == 50
    assert people.keep(ann.id, entries, "import") == 0
    assert people.undo(ann.id) == "import"
    assert people.taste(ann.id).entries == ()


def test_a_film_is_one_film_under_all_its_names(people: Profiles) -> None:
    ann = people.create("Ann")
    people.rate(ann.id, Film("Alien", 1979), 2)
    people.rate(ann.id, Film("Alien", 1979, imdb=78748), 3)
    people.rate(ann.id, Film("alien!", 1979, movie_id=183), 4)
    people.rate(ann.id, Film(imdb=78748, tmdb=348), 5)
    assert [(each.film.imdb, each.film.tmdb, each.stars) for each in people.taste(ann.id).entries] == [(78748, 348, 5)]
    people.rate(ann.id, Film("Alien", 1979, imdb=1), 1)
    assert len(people.taste(ann.id).entries) == 2


def test_the_same_number_in_another_data_set_is_another_film(people: Profiles) -> None:
    ann = people.create("Ann")
    people.rate(ann.id, Film("Star Wars", 1977, movie_id=1214), 4)
    people.rate(ann.id, ALIEN, 1)
    assert len(people.taste(ann.id).entries) == 2
    assert stars(people, ann.id) == {1214: 1}


def test_ratings_of_films_unknown_here_come_alive_when_a_model_knows_them(people: Profiles) -> None:
    from aecore.recommender.serving.catalogue import Catalogue

    ann = people.create("Ann")
    people.keep(
        ann.id,
        [Entry(Film("Alien", 1979), 5.0), Entry(Film(imdb=133093), 4.0), Entry(Film("Nobody Knows", 2030), 1.0)],
        "import",
    )
    small = small_catalogue()
    less = Catalogue(small.films.take([0]))
    assert (len(people.taste(ann.id).unknown(less)), people.taste(ann.id).stars(less)) == (3, {})
    assert stars(people, ann.id) == {1214: 5.0, 2571: 4.0}
    assert [each.film.title for each in people.taste(ann.id).unknown(small)] == ["Nobody Knows"]


def test_a_deleted_profile_comes_back_whole_without_its_code(people: Profiles) -> None:
    ann = people.create("Ann", "owner")
    people.rate(ann.id, ALIEN, 4)
    code = people.share(ann.id)
    people.delete(ann.id)
    assert people.of_owner("owner") == []
    assert [each.id for each in people.of_owner("owner", deleted=True)] == [ann.id]
    for refused in (lambda: people.taste(ann.id), lambda: people.rate(ann.id, ALIEN, 1), lambda: people.shared(code)):
        with pytest.raises(ProfileError):
            refused()
    people.restore(ann.id)
    assert stars(people, ann.id) == {1214: 4}
    assert people.code(ann.id) == ""


def test_a_code_shows_the_taste_without_the_key_to_change_it(people: Profiles) -> None:
    ann = people.create("Ann")
    people.rate(ann.id, ALIEN, 4)
    code = people.share(ann.id)
    assert people.share(ann.id) == people.code(ann.id) == code
    for typed in (code, code.upper(), f" {code.replace('-', ' ')} "):
        shared = people.shared(typed)
        assert (shared.name, shared.taste.stars(small_catalogue())) == ("Ann", {1214: 4})
    assert ann.id not in repr(shared)
    people.withdraw(ann.id)
    for wrong in (code, "", "aaaaa-aaaaa", "%", code[:-1]):
        with pytest.raises(ProfileError, match="Nobody shares"):
            people.shared(wrong)
    assert people.share(ann.id) != code


@pytest.mark.parametrize("name", ["", "  ", "\n\t", "\x00"])
def test_a_profile_needs_a_name(people: Profiles, name: str) -> None:
    with pytest.raises(ProfileError, match="needs a name"):
        people.create(name)


def test_names_and_titles_that_are_sql_or_markup_are_only_text(people: Profiles) -> None:
    bad = "'; drop table entries; -- <b>"
    ann = people.create(bad)
    people.rate(ann.id, Film(bad, 2000), 3)
    assert people.rename(ann.id, bad + "x").name == bad + "x"
    assert people.taste(ann.id).entries[0].film.title == bad


def test_threads_that_write_at_once_lose_nothing(people: Profiles) -> None:
    ann = people.create("Ann")

    def rate(part: int) -> None:
        for place in range(15):
            people.rate(ann.id, Film(f"Film {part} {place}", 2000), 3)

    threads = [threading.Thread(target=rate, args=(part,)) for part in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(people.taste(ann.id).entries) == 90
    assert len(people.history(ann.id, 1000)) == 90


WRITER = """
import sys
from pathlib import Path
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.store import Profiles
people = Profiles(Path(sys.argv[1]))
for place in range(30):
    people.rate(sys.argv[2], Film(f"Film {sys.argv[3]} {place}", 2000), 3)
"""


def test_processes_that_open_and_write_at_once_lose_nothing(people: Profiles, home: Path) -> None:
    ann = people.create("Ann")
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(home), ann.id, str(part)], cwd=Path(__file__).parents[2])
        for part in range(3)
    ]
    assert [each.wait(120) for each in writers] == [0, 0, 0]
    assert len(people.taste(ann.id).entries) == 90


@pytest.mark.parametrize("content", [b"this is no database", b"SQLite format 3\0" + b"\x7f" * 5000, bytes(100)])
def test_a_broken_file_is_set_aside_and_the_last_copy_takes_its_place(
    home: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aecore.recommender.profiles.file.BACKUP_SECONDS", 0.0)
    people = Profiles(home)
    ann = people.create("Ann")
    people.rate(ann.id, ALIEN, 4)
    code = people.share(ann.id)
    people.close()
    path = home / "people" / "people.sqlite"
    path.write_bytes(content)
    again = Profiles(home)
    assert "set aside as people-broken-" in again.notice
    assert "the copy of" in again.notice
    assert stars(again, ann.id) == {1214: 4}
    with pytest.raises(ProfileError):
        again.shared(code)
    assert [each.read_bytes() for each in path.parent.glob("people-broken-*.sqlite")] == [content]
    assert Profiles(home).notice == ""


def test_a_file_that_breaks_or_goes_while_the_app_runs_is_noticed_at_the_next_step(home: Path) -> None:
    people = Profiles(home)
    people.create("Ann")
    people.close()
    path = home / "people" / "people.sqlite"
    path.write_bytes(b"nonsense" * 1000)
    with pytest.raises(ProfileError, match="set aside"):
        people.create("Bob")
    people.create("Bob")
    people.close()
    path.unlink()
    with pytest.raises(ProfileError, match="once more|again"):
        people.of_owner("x")
    assert people.of_owner("x") == []


def test_a_file_of_a_later_version_is_refused_not_changed(home: Path) -> None:
    people = Profiles(home)
    people.create("Ann")
    people.close()
    path = home / "people" / "people.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma user_version = 99")
    with pytest.raises(ProfileError, match="later version"):
        Profiles(home)
    assert not list(path.parent.glob("people-broken-*"))


def test_another_apps_file_is_set_aside(home: Path) -> None:
    folder = home / "people"
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "people.sqlite")) as connection:
        connection.execute("create table recipes (cake text)")
    people = Profiles(home)
    assert "another app's file" in people.notice
    people.create("Ann")


def test_a_writer_who_never_ends_is_reported_in_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = Profiles(home)
    ann = people.create("Ann")
    monkeypatch.setattr("aecore.recommender.profiles.file.PATIENCE_SECONDS", 0.1)
    with closing(sqlite3.connect(home / "people" / "people.sqlite", isolation_level=None)) as blocker:
        blocker.execute("begin immediate")
        with pytest.raises(ProfileError, match="Another program has been writing"):
            people.rate(ann.id, ALIEN, 3)
    people.rate(ann.id, ALIEN, 3)


def test_a_home_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "people").write_text("a file where the folder should be")
    with pytest.raises(ProfileError, match="cannot be used"):
        Profiles(tmp_path)


def test_copies_of_seven_days_are_kept(home: Path) -> None:
    file = ProfileFile(home / "people")
    for day in range(10, 20):
        (home / "people" / f"backup-2000-01-{day}.sqlite").write_bytes(b"")
    with file.writing() as connection:
        connection.execute("insert into profiles values ('a', '', 'Ann', 0, null)")
    ProfileFile(home / "people")
    assert len(list((home / "people").glob("backup-*.sqlite"))) == 7
