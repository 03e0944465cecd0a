"""Profiles: ratings are kept, can be undone, are private unless shared,
and survive a damaged file.
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
def profiles(home: Path) -> Profiles:
    return Profiles(home)


def stars(profiles: Profiles, profile: str) -> dict[int, float]:
    return profiles.taste(profile).stars(small_catalogue())


def test_ratings_survive_a_restart(profiles: Profiles, home: Path) -> None:
    ann = profiles.create("Ann", "owner")
    profiles.rate(ann.id, ALIEN, 4.5)
    profiles.mark(ann.id, MATRIX, "watchlist")
    again = Profiles(home)
    assert [each.name for each in again.of_owner("owner")] == ["Ann"]
    assert stars(again, ann.id) == {1214: 4.5}
    assert again.taste(ann.id).marked("watchlist", small_catalogue()) == {2571}


def test_each_visitor_sees_only_their_own(profiles: Profiles) -> None:
    ann, bob = profiles.create("Ann", "a"), profiles.create("Bob", "b")
    profiles.rate(ann.id, ALIEN, 5)
    assert [each.id for each in profiles.of_owner("a")] == [ann.id]
    assert profiles.of_owner("") == []
    assert stars(profiles, bob.id) == {}
    with pytest.raises(ProfileError, match="no such profile"):
        profiles.taste("guess")
    assert len({ann.id, bob.id}) == 2
    assert len(ann.id) >= 20


@pytest.mark.parametrize("value", [0, 0.4, 5.5, -1, float("nan"), float("inf")])
def test_stars_out_of_scale_are_refused_and_change_nothing(profiles: Profiles, value: float) -> None:
    ann = profiles.create("Ann")
    profiles.rate(ann.id, ALIEN, 3)
    with pytest.raises(RatingsError, match="between 0.5 and 5"):
        profiles.rate(ann.id, ALIEN, value)
    assert stars(profiles, ann.id) == {1214: 3}


def test_marks_and_stars_that_contradict_each_other_do_not_stay_together(profiles: Profiles) -> None:
    ann, catalogue = profiles.create("Ann"), small_catalogue()
    profiles.mark(ann.id, ALIEN, "not for me")
    assert profiles.taste(ann.id).done_with(catalogue) == {1214}
    profiles.mark(ann.id, ALIEN, "watchlist")
    assert profiles.taste(ann.id).done_with(catalogue) == set()
    profiles.rate(ann.id, ALIEN, 4)
    assert not profiles.taste(ann.id).marked("watchlist", catalogue)
    profiles.mark(ann.id, ALIEN, "not seen")
    assert stars(profiles, ann.id) == {}
    assert profiles.taste(ann.id).answered(catalogue) == {1214}
    profiles.mark(ann.id, ALIEN, "not seen", on=False)
    assert profiles.taste(ann.id).entries == ()
    with pytest.raises(RatingsError, match="is no mark"):
        profiles.mark(ann.id, ALIEN, "boring")


def test_everything_can_be_taken_back_step_by_step(profiles: Profiles) -> None:
    ann = profiles.create("Ann")
    steps = [
        lambda: profiles.rate(ann.id, ALIEN, 4),
        lambda: profiles.rate(ann.id, ALIEN, 2),
        lambda: profiles.mark(ann.id, MATRIX, "watchlist"),
        lambda: profiles.keep(
            ann.id, [Entry(ALIEN, 1.0), Entry(Film("Unknown", 2020), 3.0), Entry(MATRIX, 5.0)], "import of a file"
        ),
        lambda: profiles.rate(ann.id, MATRIX, None),
        lambda: profiles.mark(ann.id, ALIEN, "not seen"),
    ]
    before = []
    for step in steps:
        before.append(profiles.taste(ann.id))
        step()
    for taste in reversed(before):
        profiles.undo(ann.id)
        assert profiles.taste(ann.id) == taste
    with pytest.raises(ProfileError, match="nothing to take back"):
        profiles.undo(ann.id)
    history = profiles.history(ann.id)
    assert [each.about for each in history][2] == "import of a file"
    assert all(each.undone for each in history)


def test_an_import_that_names_a_film_twice_is_taken_back_whole(profiles: Profiles) -> None:
    ann = profiles.create("Ann")
    profiles.rate(ann.id, Film("Alien", 1979), 4)
    before = profiles.taste(ann.id)
    profiles.keep(ann.id, [Entry(Film("Alien", 1979, 78748), 2.0), Entry(ALIEN, 1.0)], "import of a file")
    assert stars(profiles, ann.id) == {1214: 1.0}
    profiles.undo(ann.id)
    assert profiles.taste(ann.id) == before


def test_an_import_is_one_action_and_what_changes_nothing_is_none(profiles: Profiles) -> None:
    ann = profiles.create("Ann")
    entries = [Entry(Film(f"Film {place}", 2000, imdb=place + 1), 3.5) for place in range(50)]
    assert profiles.keep(ann.id, entries, "import") == 50
    assert profiles.keep(ann.id, entries, "import") == 0
    assert profiles.undo(ann.id) == "import"
    assert profiles.taste(ann.id).entries == ()


def test_a_film_is_one_film_under_all_its_names(profiles: Profiles) -> None:
    ann = profiles.create("Ann")
    profiles.rate(ann.id, Film("Alien", 1979), 2)
    profiles.rate(ann.id, Film("Alien", 1979, imdb=78748), 3)
    profiles.rate(ann.id, Film("alien!", 1979, movie_id=183), 4)
    profiles.rate(ann.id, Film(imdb=78748, tmdb=348), 5)
    assert [(each.film.imdb, each.film.tmdb, each.stars) for each in profiles.taste(ann.id).entries] == [
        (78748, 348, 5)
    ]
    profiles.rate(ann.id, Film("Alien", 1979, imdb=1), 1)
    assert len(profiles.taste(ann.id).entries) == 2


def test_the_same_number_in_another_data_set_is_another_film(profiles: Profiles) -> None:
    ann = profiles.create("Ann")
    profiles.rate(ann.id, Film("Star Wars", 1977, movie_id=1214), 4)
    profiles.rate(ann.id, ALIEN, 1)
    assert len(profiles.taste(ann.id).entries) == 2
    assert stars(profiles, ann.id) == {1214: 1}


def test_ratings_of_films_unknown_here_come_alive_when_a_model_knows_them(profiles: Profiles) -> None:
    from aecore.recommender.serving.catalogue import Catalogue

    ann = profiles.create("Ann")
    profiles.keep(
        ann.id,
        [Entry(Film("Alien", 1979), 5.0), Entry(Film(imdb=133093), 4.0), Entry(Film("Nobody Knows", 2030), 1.0)],
        "import",
    )
    small = small_catalogue()
    less = Catalogue(small.films.take([0]))
    assert (len(profiles.taste(ann.id).unknown(less)), profiles.taste(ann.id).stars(less)) == (3, {})
    assert stars(profiles, ann.id) == {1214: 5.0, 2571: 4.0}
    assert [each.film.title for each in profiles.taste(ann.id).unknown(small)] == ["Nobody Knows"]


def test_a_deleted_profile_comes_back_whole_without_its_code(profiles: Profiles) -> None:
    ann = profiles.create("Ann", "owner")
    profiles.rate(ann.id, ALIEN, 4)
    code = profiles.share(ann.id)
    profiles.delete(ann.id)
    assert profiles.of_owner("owner") == []
    assert [each.id for each in profiles.of_owner("owner", deleted=True)] == [ann.id]
    for refused in (
        lambda: profiles.taste(ann.id),
        lambda: profiles.rate(ann.id, ALIEN, 1),
        lambda: profiles.shared(code),
    ):
        with pytest.raises(ProfileError):
            refused()
    profiles.restore(ann.id)
    assert stars(profiles, ann.id) == {1214: 4}
    assert profiles.code(ann.id) == ""


def test_a_code_shows_the_taste_without_the_key_to_change_it(profiles: Profiles) -> None:
    ann = profiles.create("Ann")
    profiles.rate(ann.id, ALIEN, 4)
    code = profiles.share(ann.id)
    assert profiles.share(ann.id) == profiles.code(ann.id) == code
    for typed in (code, code.upper(), f" {code.replace('-', ' ')} "):
        shared = profiles.shared(typed)
        assert (shared.name, shared.taste.stars(small_catalogue())) == ("Ann", {1214: 4})
    assert ann.id not in repr(shared)
    profiles.withdraw(ann.id)
    for wrong in (code, "", "aaaaa-aaaaa", "%", code[:-1]):
        with pytest.raises(ProfileError, match="Nobody shares"):
            profiles.shared(wrong)
    assert profiles.share(ann.id) != code


@pytest.mark.parametrize("name", ["", "  ", "\n\t", "\x00"])
def test_a_profile_needs_a_name(profiles: Profiles, name: str) -> None:
    with pytest.raises(ProfileError, match="needs a name"):
        profiles.create(name)


def test_names_and_titles_that_are_sql_or_markup_are_only_text(profiles: Profiles) -> None:
    bad = "'; drop table entries; -- <b>"
    ann = profiles.create(bad)
    profiles.rate(ann.id, Film(bad, 2000), 3)
    assert profiles.rename(ann.id, bad + "x").name == bad + "x"
    assert profiles.taste(ann.id).entries[0].film.title == bad


def test_threads_that_write_at_once_lose_nothing(profiles: Profiles) -> None:
    ann = profiles.create("Ann")

    def rate(part: int) -> None:
        for place in range(15):
            profiles.rate(ann.id, Film(f"Film {part} {place}", 2000), 3)

    threads = [threading.Thread(target=rate, args=(part,)) for part in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(profiles.taste(ann.id).entries) == 90
    assert len(profiles.history(ann.id, 1000)) == 90


WRITER = """
import sys
from pathlib import Path
from aecore.recommender.profiles.film import Film
from aecore.recommender.profiles.store import Profiles
profiles = Profiles(Path(sys.argv[1]))
for place in range(30):
    profiles.rate(sys.argv[2], Film(f"Film {sys.argv[3]} {place}", 2000), 3)
"""


def test_processes_that_open_and_write_at_once_lose_nothing(profiles: Profiles, home: Path) -> None:
    ann = profiles.create("Ann")
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(home), ann.id, str(part)], cwd=Path(__file__).parents[2])
        for part in range(3)
    ]
    assert [each.wait(120) for each in writers] == [0, 0, 0]
    assert len(profiles.taste(ann.id).entries) == 90


@pytest.mark.parametrize("content", [b"this is no database", b"SQLite format 3\0" + b"\x7f" * 5000, bytes(100)])
def test_a_broken_file_is_set_aside_and_the_last_copy_takes_its_place(
    home: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aecore.recommender.profiles.file.BACKUP_SECONDS", 0.0)
    profiles = Profiles(home)
    ann = profiles.create("Ann")
    profiles.rate(ann.id, ALIEN, 4)
    code = profiles.share(ann.id)
    profiles.close()
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
    profiles = Profiles(home)
    profiles.create("Ann")
    profiles.close()
    path = home / "people" / "people.sqlite"
    path.write_bytes(b"nonsense" * 1000)
    with pytest.raises(ProfileError, match="set aside"):
        profiles.create("Bob")
    profiles.create("Bob")
    profiles.close()
    path.unlink()
    with pytest.raises(ProfileError, match="once more|again"):
        profiles.of_owner("x")
    assert profiles.of_owner("x") == []


def test_a_file_of_a_later_version_is_refused_not_changed(home: Path) -> None:
    profiles = Profiles(home)
    profiles.create("Ann")
    profiles.close()
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
    profiles = Profiles(home)
    assert "another app's file" in profiles.notice
    profiles.create("Ann")


@pytest.mark.long
def test_a_writer_who_never_ends_is_reported_in_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = Profiles(home)
    ann = profiles.create("Ann")
    monkeypatch.setattr("aecore.recommender.profiles.file.PATIENCE_SECONDS", 0.1)
    with closing(sqlite3.connect(home / "people" / "people.sqlite", isolation_level=None)) as blocker:
        blocker.execute("begin immediate")
        with pytest.raises(ProfileError, match="Another program has been writing"):
            profiles.rate(ann.id, ALIEN, 3)
    profiles.rate(ann.id, ALIEN, 3)


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
