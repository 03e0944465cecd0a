"""Importers: each real format of each site is read as documented, and the import report accounts for every row."""

from __future__ import annotations

from pathlib import Path

import pytest

from aecore.datasets.uploads.base import Choice
from aecore.recommender.profiles.import_report import ImportReport, import_report_of
from aecore.recommender.profiles.importers import ImportProblem, Meaning, Parsed, SeveralUsersError, read
from aecore.recommender.profiles.taste import Entry, Taste
from tests import small_films as samples


def parsed(text: str | bytes, name: str = "file.bin", **how: object) -> Parsed:
    return read([(name, text if isinstance(text, bytes) else text.encode())], **how)  # type: ignore[arg-type]


def import_report(text: str | bytes, name: str = "file.bin", taste: Taste | None = None, **how: object) -> ImportReport:
    return import_report_of(parsed(text, name, **how), samples.small_catalogue(), taste)


def candidates(result: ImportReport, place: int) -> tuple[int, ...]:
    return result.catalogue.candidates(result.unmatched[place].film)


def found(result: ImportReport) -> dict[str, float | None]:
    films = samples.small_films()
    return {films.title(each.column): each.line.stars for each in (*result.matched, *result.guessed)}


def test_letterboxd_ratings_are_joined_by_title_and_year() -> None:
    result = import_report(samples.LETTERBOXD_RATINGS)
    assert result.source == "Letterboxd"
    assert [samples.small_films().title(each.column) for each in result.matched] == [
        "The Matrix (1999)",
        "WALL·E (2008)",
        "Alien (1979)",
    ]
    assert {samples.small_films().title(each.column) for each in result.guessed} == {"Amelie (2001)", "Seven (1995)"}
    assert [(line.film.title, line.film.year, line.stars) for line in result.unmatched] == [
        ("A Film, Nobody Knows", 2011, 2.0)
    ]
    assert not result.skipped
    assert result.notes == ("file.bin: 1 film without a rating, counted as seen.",)
    assert found(result)["Alien (1979)"] is None


def test_a_letterboxd_zip_is_read_whole_without_what_is_private_deleted_or_twice() -> None:
    result = import_report(samples.letterboxd_zip(), "letterboxd-somebody.zip")
    assert found(result) == {
        "The Matrix (1999)": 4.5, "WALL·E (2008)": 3.5, "Amelie (2001)": 4, "Seven (1995)": 5,
        "Alien (1979)": None, "Toy Story (1995)": None, "The Godfather (1972)": None,
    }  # fmt: skip
    marks = {
        samples.small_films().title(each.column): set(each.line.marks) for each in result.matched if each.line.marks
    }
    assert marks == {"Alien (1979)": {"seen"}, "Toy Story (1995)": {"seen"}, "The Godfather (1972)": {"watchlist"}}
    assert "secret" not in repr(result)
    assert not result.problems


def test_a_diary_counts_the_latest_rating_and_names_the_other() -> None:
    result = import_report(samples.LETTERBOXD_DIARY)
    assert found(result) == {"The Matrix (1999)": 4.5}
    assert [str(each) for each in result.skipped] == [
        "file.bin, row 2 (The Matrix): the same film as file.bin, row 3, whose rating counts."
    ]


def test_a_diary_entry_counts_from_the_day_the_film_was_watched_not_the_day_it_was_written_down() -> None:
    rows = (
        "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
        "2024-05-09,Alien,1979,https://boxd.it/1,4,,,2024-01-02\n"
        "2024-03-01,Alien,1979,https://boxd.it/1,2,,,2024-02-28\n"
    )
    result = import_report(rows)
    assert found(result) == {"Alien (1979)": 2}  # watched later, though written down earlier


def test_a_review_may_hold_line_breaks_and_a_row_is_counted_as_a_spreadsheet_does() -> None:
    result = parsed(samples.LETTERBOXD_REVIEWS)
    assert [(line.row, line.film.title, line.stars) for line in result.lines] == [
        (2, "The Matrix", 4.5),
        (3, "Alien", 5.0),
    ]


def test_a_letterboxd_list_begins_after_its_own_header() -> None:
    result = parsed(samples.LETTERBOXD_LIST, meaning=Meaning(lists="watch"))
    assert [(line.film.title, line.film.year, set(line.marks)) for line in result.lines] == [
        ("Alien", 1979, {"watchlist"}),
        ("Toy Story", 1995, {"watchlist"}),
    ]


def test_imdb_ratings_are_halved_series_left_out_and_ids_joined() -> None:
    result = import_report(samples.IMDB_RATINGS)
    assert result.source == "IMDb"
    assert found(result) == {"The Matrix (1999)": 4.5}
    assert [each.reason for each in result.skipped] == [
        "a series, not a film",
        "an episode of a series, not a film",
        "'11' is no rating from 1 to 10",
    ]
    assert [line.film.imdb for line in result.unmatched] == [9999999]


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        (samples.IMDB_WATCHLIST, {"The Godfather (1972)": None, "Alien (1979)": 4.0}),
        (samples.IMDB_OLD, {"Alien (1979)": 4.0}),
    ],
)
def test_imdb_lists_and_older_files(text: str, stars: dict[str, float | None]) -> None:
    assert found(import_report(text, "WATCHLIST.csv")) == stars


@pytest.mark.parametrize("name", ["ratings.csv", "movielens-ratings.csv", "anything"])
def test_a_file_is_known_by_its_content_not_by_its_name(name: str) -> None:
    assert import_report(samples.MOVIELENS_SITE, name).source == "MovieLens"
    assert import_report(samples.IMDB_RATINGS, name).source == "IMDb"
    assert import_report(samples.TRAKT, name).source == "Trakt"


def test_the_movielens_site_and_data_set_say_the_same() -> None:
    assert found(import_report(samples.MOVIELENS_SITE)) == {"The Matrix (1999)": 4.5, "Alien (1979)": 0.5}
    assert found(import_report(samples.MOVIELENS_CSV)) == {"The Matrix (1999)": 4.5, "Alien (1979)": 3.0}
    assert found(import_report(samples.MOVIELENS_DAT)) == {"The Matrix (1999)": 5.0, "Alien (1979)": 3.0}


def test_latin_1_files_of_a_data_set_give_their_titles() -> None:
    ratings = samples.MOVIELENS_DAT + "1::4973::4::978302109\n"
    result = read([("ratings.dat", ratings.encode()), ("movies.dat", samples.MOVIELENS_MOVIES_DAT.encode("latin-1"))])
    assert [str(line.film) for line in result.lines] == ["The Matrix (1999)", "Alien (1979)", "Amélie (2001)"]


def test_numbers_of_movielens_100k_are_never_taken_for_those_of_other_editions() -> None:
    with pytest.raises(ImportProblem, match=r"u\.data numbers its films as MovieLens 100K does.*u\.item"):
        parsed(samples.U_DATA, "u.data")
    result = import_report_of(
        read([("u.data", samples.U_DATA.encode()), ("u.item", samples.U_ITEM.encode())]), samples.small_catalogue()
    )
    assert found(result) == {"Star Wars: Episode IV - A New Hope (1977)": 3.0, "Alien (1979)": 5.0}


def test_of_a_data_set_of_many_one_user_is_chosen() -> None:
    text = samples.MOVIELENS_CSV + "9,2571,1.0,964982703\n"
    with pytest.raises(SeveralUsersError, match="2 users, numbers 7 to 9") as refused:
        parsed(text)
    assert refused.value.users == (7, 9)
    assert found(import_report(text, user=9)) == {"The Matrix (1999)": 1.0}
    with pytest.raises(ImportProblem, match="no ratings of user 8"):
        parsed(text, user=8)


@pytest.mark.parametrize("path", ["ratings-movies.json", "somebody/ratings/ratings-movies.json"])
def test_trakt_is_read_from_json_or_zip(path: str) -> None:
    for content in (
        samples.TRAKT,
        samples.zipped_paths({path: samples.TRAKT, "user-profile.json": '{"email": "secret"}'}),
    ):
        result = import_report(content)
        assert found(result) == {"The Matrix (1999)": 4.0, "Alien (1979)": 3.5}
        assert [each.reason for each in result.skipped] == ["a series, not a film"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_and_line_ending(encoding: str, ends: str) -> None:
    data = samples.LETTERBOXD_RATINGS.replace("\n", ends).encode(encoding)
    assert [line.film.title for line in parsed(data).lines][:3] == ["The Matrix", "Amélie", "WALL·E"]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_saved_again_by_a_spreadsheet(separator: str) -> None:
    text = "\n".join(
        separator.join(row)
        for row in (["Title", "Year", "Rating", "imdbID"], ["The Matrix", "1999.0", "4,5", "133093"])
    )
    assert found(import_report(text)) == {"The Matrix (1999)": 4.5}


@pytest.mark.parametrize(
    ("title", "year", "film", "guess"),
    [
        ("The Matrix", 1999, "The Matrix (1999)", False), ("Matrix, The", 1999, "The Matrix (1999)", False),
        ("the matrix", 1999, "The Matrix (1999)", False), ("The Matrix", 2000, "The Matrix (1999)", True),
        ("The Matrix", 1998, "The Matrix (1999)", True), ("The Matrix!", 1999, "The Matrix (1999)", True),
        ("12 Monkeys", 1995, "Twelve Monkeys (1995)", True), ("Se7en", 1995, "Seven (1995)", True),
        ("Wall-E", 2008, "WALL·E (2008)", True),
        ("The Godfather Part 2", 1974, "The Godfather: Part II (1974)", True),
        ("Star Wars", 1977, "Star Wars: Episode IV - A New Hope (1977)", True),
        ("Le Fabuleux Destin d'Amélie Poulain", 2001, "Amelie (2001)", True),
        ("Léon", 1994, "Léon: The Professional (1994)", True), ("The Matrix", 2003, None, False),
        ("The Matrix", 2010, None, False), ("Emma", 1996, None, False), ("Heat", 1995, None, False),
    ],
)  # fmt: skip
def test_titles_are_matched_guessed_or_left_to_the_user(title: str, year: int, film: str | None, guess: bool) -> None:
    result = import_report(f'Title,Year,Rating\n"{title}",{year},4\n')
    assert [samples.small_films().title(each.column) for each in (*result.matched, *result.guessed)] == (
        [film] if film else []
    )
    assert len(result.guessed) == guess
    assert all(each.guess for each in result.guessed)
    assert len(result.unmatched) == (film is None)


def test_the_candidates_of_a_title_that_several_films_have_are_all_of_them() -> None:
    result = import_report("Title,Year,Rating\nEmma,1996,4\nThe Matricks,1999,5\n")
    films = samples.small_films()
    assert {films.imdb[each] for each in candidates(result, 0)} >= {116191, 118308}
    assert films.title(candidates(result, 1)[0]) == "The Matrix (1999)"


def test_what_was_rated_before_stays_unless_the_user_says_otherwise() -> None:
    catalogue = samples.small_catalogue()
    mine = Taste((Entry(catalogue.film(2571), 2.0), Entry(catalogue.film(1214), 5.0)))
    result = import_report(
        samples.IMDB_WATCHLIST + "3,tt0133093,,,,The Matrix,,,Movie,,,1999,,,,,9,2020-02-02\n",
        "watchlist.csv",
        taste=mine,
    )
    assert [(each.mine, each.theirs) for each in result.conflicts()] == [(5.0, 4.0), (2.0, 4.5)]
    assert [(each.film.title, each.stars) for each in result.entries("mine")] == [("The Godfather", None)]
    assert {each.film.title: each.stars for each in result.entries("theirs")} == {
        "The Godfather": None,
        "Alien": 4.0,
        "The Matrix": 4.5,
    }


def test_unknown_films_are_kept_and_picked_ones_go_to_their_film() -> None:
    result = import_report("Title,Year,Rating\nEmma,1996,4\nUnheard Of,2031,3\nSe7en,1995,5\n")
    film = candidates(result, 0)[0]
    kept = result.entries(picked={0: film}, refused=[0])
    titles = {(str(each.film), each.film.imdb, each.stars) for each in kept}
    assert titles == {
        ("Emma (1996)", int(samples.small_films().imdb[film]), 4.0),
        ("Unheard Of (2031)", 0, 3.0),
        ("Se7en (1995)", 0, 5.0),
    }


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("101", "'101' is no rating"),
        ("0.2", "'0.2' is no rating"),
        ("-3", "no rating"),
        ("nan", "no rating"),
        ("=1+1", "no rating"),
        ("1e1", "no rating"),
    ],
)
def test_ratings_out_of_scale_are_named_by_row_and_left_out(cell: str, reason: str) -> None:
    result = import_report(f"Title,Year,Rating\nAlien,1979,{cell}\nThe Matrix,1999,4\n")
    assert found(result) == {"The Matrix (1999)": 4.0}
    assert reason in str(result.skipped[0])
    assert str(result.skipped[0]).startswith("file.bin, row 2 (Alien)")


def test_ratings_between_half_stars_are_rounded_and_that_is_said() -> None:
    result = parsed("Title,Year,Rating\nAlien,1979,3.7\n")
    assert result.lines[0].stars == 3.5
    assert result.notes == ("file.bin: 1 rating between two half stars rounded.",)


# Files that are ambiguous (tests/data/cases, and the same kinds)


CASES = Path(__file__).parents[1] / "data" / "cases"


def case(path: str, **how: object) -> Parsed:
    return parsed((CASES / path).read_bytes(), Path(path).name, **how)


def lines_of(result: Parsed) -> set[tuple[str, float | None, str]]:
    return {(line.film.title, line.stars, " ".join(line.marks)) for line in result.lines}


def test_of_a_whole_trakt_export_only_the_watchlist_is_to_be_watched() -> None:
    result = case("01-trakt-whole-export/trakt-export.zip")
    assert lines_of(result) == {
        ("Heat", 4.5, ""), ("Grease", 2.0, ""), ("Fargo", None, "seen"), ("Alien", None, "watchlist"),
    }  # fmt: skip
    told = " ".join(result.notes)
    assert "collection-movies.json in trakt-export.zip: 1 film left out: owning a film" in told
    assert "hidden-recommendations.json in trakt-export.zip: 1 film left out: hidden" in told


def test_ratings_out_of_ten_are_known_from_all_of_them_and_can_be_said_to_be_others() -> None:
    result = case("02-ratings-out-of-ten/my-ratings.csv")
    stars = {line.film.title: line.stars for line in result.lines}
    assert stars == {"Heat": 4.5, "Fargo": 5, "Titanic": 2, "Grease": 1.5, "Jaws": 4, "Godzilla": 1}
    assert result.choices[0].taken == "10"
    assert {line.stars for line in case("02-ratings-out-of-ten/my-ratings.csv", meaning=Meaning("100")).lines} == {0.5}
    small = parsed("Title,Year,Rating\nAlien,1979,4\nHeat,1995,2\n", meaning=Meaning("10"))
    assert [line.stars for line in small.lines] == [2, 1]
    assert [line.stars for line in parsed("Title,Year,Rating\nAlien,1979,90\nHeat,1995,40\n").lines] == [4.5, 2]


def test_a_diary_entry_without_stars_was_seen_and_the_later_watch_counts() -> None:
    result = import_report_of(case("03-letterboxd-unrated-diary/diary.csv"), samples.small_catalogue())
    lines = {
        line.film.title: (line.stars, set(line.marks))
        for line in (*(m.line for m in result.matched), *result.unmatched)
    }
    assert lines == {"Heat": (4.5, set()), "Fargo": (None, {"seen"}), "Jaws": (None, {"seen"})}


@pytest.mark.parametrize(
    ("name", "lists", "mark"),
    [
        ("watchlist.csv", "", "watchlist"), ("my-watched-films.csv", "", "seen"), ("films.csv", "", None),
        ("films.csv", "watch", "watchlist"), ("films.csv", "seen", "seen"), ("watchlist.csv", "seen", "seen"),
        ("watched.csv", "out", None), ("watched.csv", "each", "seen"), ("unwatched.csv", "", None),
        ("not-seen.csv", "", None), ("Never watched (7).csv", "", None), ("yet to be seen.csv", "", None),
        ("foreseen.csv", "", None), ("MyWatchlist2.csv", "", "watchlist"), ("films to watch.csv", "", "watchlist"),
        ("watched-from-my-watchlist.csv", "", None), ("SEEN_2024.csv", "", "seen"),
    ],
)  # fmt: skip
def test_a_list_without_ratings_is_what_the_user_or_its_name_says_and_else_left_out(
    name: str, lists: str, mark: str | None
) -> None:
    result = parsed("Title,Year\nAlien,1979\n", name, meaning=Meaning(lists=lists))
    assert [set(line.marks) for line in result.lines] == ([{mark}] if mark else [])
    assert ("left out" in result.notes[0]) == (mark is None)
    taken = {"watchlist": "watch", None: "out"}.get(mark, mark)
    assert result.choices == (Choice("lists", ("each", "out", "watch", "seen"), str(taken)),)


def test_of_several_lists_each_goes_by_its_name_until_all_are_said_to_be_the_same() -> None:
    content = samples.zipped_paths(dict.fromkeys(("watched.csv", "watchlist.csv"), "Title,Year\nAlien,1979\n"))
    for lists, marks in (("", ["seen", "watchlist"]), ("each", ["seen", "watchlist"]), ("seen", ["seen", "seen"])):
        result = parsed(content, meaning=Meaning(lists=lists))
        assert [next(iter(line.marks)) for line in result.lines] == marks
        assert [each.taken for each in result.choices] == [lists or "each"]


TMDB = (
    "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated\n"
    "348,tt0078748,movie,Alien,1979-05-25,,,8.2,4,2024-01-02\n"
    "1399,tt0944947,tv,Game of Thrones,2011-04-17,,,8.5,9,2024-01-03\n"
    "1399,tt0944947,season,Game of Thrones,2011-04-17,1,,8.3,9,2024-01-03\n"
    "603,tt0133093,movie,The Matrix,1999-03-31,,,8.2,7,2024-01-04\n"
)


def test_an_export_of_tmdb_gives_the_users_own_ratings_not_everybodys_and_films_alone() -> None:
    result = parsed(TMDB)
    assert [(line.film.title, line.film.year, line.film.tmdb, line.stars, line.when) for line in result.lines] == [
        ("Alien", 1979, 348, 2.0, 1704153600.0), ("The Matrix", 1999, 603, 3.5, 1704326400.0),
    ]  # fmt: skip
    assert [each.reason for each in result.skipped] == ["a series, not a film", "a season of a series, not a film"]
    assert "file.bin: ratings were read from 'Your Rating', not from 'Rating'." in result.notes
    assert "file.bin: ratings go to 10, as is usual for its column; 10 became 5 stars." in result.notes
    assert result.choices == (Choice("ratings_to", ("each", "5", "10", "100"), "10"),)
    assert [line.stars for line in parsed(TMDB.replace(",7,", ",5,"), meaning=Meaning("5")).lines] == [4, 5]
    assert [line.stars for line in parsed(TMDB.replace(",7,", ",70,")).lines] == [3.5]  # 4 of 100 is too low


def test_what_a_column_of_kinds_calls_neither_film_nor_series_is_left_out_where_it_calls_others_films() -> None:
    rows = "Title,Year,Type,Rating\nAlien,1979,{},4\nHeat,1995,{},3\n"
    result = parsed(rows.format("Movie", "Stand-up"))
    assert [line.film.title for line in result.lines] == ["Alien"]
    assert result.skipped[0].reason == "of the kind 'Stand-up', not a film"
    assert len(parsed(rows.format("Blu-ray", "DVD")).lines) == 2
    assert len(parsed(rows.format("TV Movie", "Short")).lines) == 2


def test_ratings_of_several_files_are_on_scales_of_their_own() -> None:
    files = [(f"{top}.csv", f"Title,Year,Rating\nAlien,1979,{top}\n".encode()) for top in (5, 10)]
    for scale in ("", "each"):
        result = read(files, meaning=Meaning(scale))
        assert [line.stars for line in result.lines] == [5, 5]
        assert [each.taken for each in result.choices] == ["each"]
    assert [line.stars for line in read(files, meaning=Meaning("10")).lines] == [2.5, 5]
