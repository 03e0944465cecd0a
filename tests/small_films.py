"""A few real films, and export files of other sites, written by hand in the documented formats."""

from __future__ import annotations

import io
import zipfile

import numpy as np

from aecore.recommender.ratings.films import Films
from aecore.recommender.serving.catalogue import Catalogue

TITLES = [
    (1, "Toy Story (1995)", "Adventure|Animation|Comedy", 114709, 862),
    (32, "Twelve Monkeys (a.k.a. 12 Monkeys) (1995)", "Mystery|Sci-Fi|Thriller", 114746, 63),
    (47, "Seven (a.k.a. Se7en) (1995)", "Mystery|Thriller", 114369, 807),
    (260, "Star Wars: Episode IV - A New Hope (1977)", "Action|Adventure|Sci-Fi", 76759, 11),
    (293, "Léon: The Professional (a.k.a. The Professional) (Léon) (1994)", "Action|Crime|Drama|Thriller", 110413, 101),
    (858, "Godfather, The (1972)", "Crime|Drama", 68646, 238),
    (1214, "Alien (1979)", "Horror|Sci-Fi", 78748, 348),
    (1221, "Godfather: Part II, The (1974)", "Crime|Drama", 71562, 240),
    (1200, "Aliens (1986)", "Action|Adventure|Horror|Sci-Fi", 90605, 679),
    (2571, "Matrix, The (1999)", "Action|Sci-Fi|Thriller", 133093, 603),
    (4973, "Amelie (Fabuleux destin d'Amélie Poulain, Le) (2001)", "Comedy|Romance", 211915, 194),
    (6365, "Matrix Reloaded, The (2003)", "Action|Adventure|Sci-Fi|Thriller", 234215, 604),
    (60069, "WALL·E (2008)", "Adventure|Animation|Children|Romance|Sci-Fi", 910970, 10681),
    (838, "Emma (1996)", "Comedy|Drama|Romance", 116191, 3573),
    (26958, "Emma (1996)", "Romance", 118308, 12254),
]


def small_films() -> Films:
    """The films above."""
    movies, titles, genres, imdb, tmdb = zip(*TITLES, strict=True)
    return Films.of(
        movies,
        titles,
        [each.split("|") for each in genres],
        dict(zip(movies, zip(imdb, tmdb, strict=True), strict=True)),
    )


def small_catalogue() -> Catalogue:
    """The films above, in descending popularity, except that the two called Emma are equally popular."""
    popularity = np.linspace(1, 0.1, len(TITLES))
    popularity[-1] = popularity[-2]
    return Catalogue(small_films(), popularity)


LETTERBOXD_RATINGS = """Date,Name,Year,Letterboxd URI,Rating
2021-03-04,The Matrix,1999,https://boxd.it/a,4.5
2021-03-05,Amélie,2001,https://boxd.it/b,4
2021-03-06,"WALL·E",2008,https://boxd.it/c,3.5
2021-03-07,Se7en,1995,https://boxd.it/d,5
2021-03-08,"A Film, Nobody Knows",2011,https://boxd.it/e,2
2021-03-09,Alien,1979,https://boxd.it/f,
"""
LETTERBOXD_WATCHED = """Date,Name,Year,Letterboxd URI
2021-03-04,The Matrix,1999,https://boxd.it/a
2021-03-11,Toy Story,1995,https://boxd.it/g
"""
LETTERBOXD_WATCHLIST = """Date,Name,Year,Letterboxd URI
2021-04-01,The Godfather,1972,https://boxd.it/h
"""
LETTERBOXD_DIARY = """Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date
2021-03-04,The Matrix,1999,https://boxd.it/1,3,,,2021-03-01
2021-05-04,The Matrix,1999,https://boxd.it/2,4.5,Yes,"cinema, again",2021-05-03
"""
LETTERBOXD_REVIEWS = """Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date
2021-03-04,The Matrix,1999,https://boxd.it/1,4.5,,"Two lines,
and a ""quote"".",,2021-03-01
2021-03-04,Alien,1979,https://boxd.it/2,5,,Short,,2021-03-02
"""
LETTERBOXD_LIST = """Letterboxd list export v7
Date,Name,Tags,URL,Description
2021-01-01,Tonight,,https://boxd.it/list,"for
friends"

Position,Name,Year,URL,Description
1,Alien,1979,https://boxd.it/f,
2,Toy Story,1995,https://boxd.it/g,"with, a comma"
"""
IMDB_RATINGS = """Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors
tt0133093,9,2020-01-02,The Matrix,The Matrix,https://www.imdb.com/title/tt0133093/,Movie,8.7,136,1999,"Action, Sci-Fi",1900000,1999-03-31,"Lana Wachowski, Lilly Wachowski"
tt0903747,10,2020-01-03,Breaking Bad,Breaking Bad,https://www.imdb.com/title/tt0903747/,TV Series,9.5,45,2008,Drama,2000000,2008-01-20,
tt0959621,8,2020-01-03,Breaking Bad: Pilot,Pilot,https://www.imdb.com/title/tt0959621/,TV Episode,9.0,58,2008,Drama,40000,2008-01-20,Vince Gilligan
tt0078748,11,2020-01-04,Alien,Alien,https://www.imdb.com/title/tt0078748/,Movie,8.5,117,1979,Horror,900000,1979-05-25,Ridley Scott
tt9999999,7,2020-01-04,Not Known,Not Known,https://www.imdb.com/title/tt9999999/,Movie,5.5,90,2021,Drama,10,2021-05-25,Nobody
"""  # noqa: E501
IMDB_WATCHLIST = """Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors,Your Rating,Date Rated
1,tt0068646,2020-01-01,2020-01-01,,The Godfather,The Godfather,https://www.imdb.com/title/tt0068646/,Movie,9.2,175,1972,Crime,1,1972-03-14,Francis Ford Coppola,,
2,tt0078748,2020-01-01,2020-01-01,,Alien,Alien,https://www.imdb.com/title/tt0078748/,Movie,8.5,117,1979,Horror,1,1979-05-25,Ridley Scott,8,2020-02-02
"""  # noqa: E501
IMDB_OLD = (
    "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num "
    "Votes,Release Date,Directors\n"
) + (
    "tt0078748,8,2016-01-01,Alien,http://www.imdb.com/title/tt0078748/,movie,8.5,117,1979,horror,1,"
    "1979-05-25,Ridley Scott\n"
    "tt0903747,9,2016-01-01,Breaking "
    "Bad,http://www.imdb.com/title/tt0903747/,tvSeries,9.5,45,2008,drama,1,2008-01-20,\n"
)
MOVIELENS_SITE = """movie_id,imdb_id,tmdb_id,rating,average_rating,title
2571,0133093,603,4.5,4.15,The Matrix (1999)
1214,0078748,348,0.5,4.0,Alien (1979)
"""
MOVIELENS_CSV = "userId,movieId,rating,timestamp\n7,2571,4.5,964982703\n7,1214,3.0,964981247\n"
MOVIELENS_DAT = "1::2571::5::978300760\n1::1214::3::978302109\n"
MOVIELENS_MOVIES_DAT = (
    "1214::Alien (1979)::Horror|Sci-Fi\n2571::Matrix, The (1999)::Action|Sci-Fi\n4973::Am\xe9lie (2001)::Comedy\n"
)
U_DATA = "196\t50\t3\t881250949\n196\t183\t5\t891717742\n"
U_ITEM = (
    "50|Star Wars (1977)|01-Jan-1977||http://us.imdb.com/M/title-exact?Star%20Wars%20(1977)|0|1|1\n"
    "183|Alien (1979)|01-Jan-1979||http://us.imdb.com/|0|1\n"
)
TRAKT = """[
 {"rated_at": "2022-01-02T10:00:00.000Z", "rating": 8, "type": "movie",
  "movie": {"title": "The Matrix", "year": 1999,
   "ids": {"trakt": 1, "slug": "the-matrix-1999", "imdb": "tt0133093", "tmdb": 603}}},
 {"rated_at": "2022-01-03T10:00:00.000Z", "rating": 7, "type": "movie",
  "movie": {"title": "Alien", "year": 1979, "ids": {"trakt": 2, "slug": "alien-1979", "imdb": null, "tmdb": 348}}},
 {"rated_at": "2022-01-03T10:00:00.000Z", "rating": 9, "type": "show",
  "show": {"title": "A Show", "year": 2010, "ids": {"trakt": 3}}}
]"""


def zipped_paths(files: dict[str, str | bytes]) -> bytes:
    """A ZIP from path -> content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return out.getvalue()


def letterboxd_zip() -> bytes:
    """A complete export of Letterboxd."""
    return zipped_paths(
        {
            "profile.csv": "Date Joined,Username,Email Address\n2020-01-01,somebody,secret@example.org\n",
            "ratings.csv": LETTERBOXD_RATINGS, "watched.csv": LETTERBOXD_WATCHED,
            "watchlist.csv": LETTERBOXD_WATCHLIST, "diary.csv": LETTERBOXD_DIARY, "reviews.csv": LETTERBOXD_REVIEWS,
            "likes/films.csv": LETTERBOXD_WATCHED, "lists/tonight.csv": LETTERBOXD_LIST,
            "deleted/ratings.csv": "Date,Name,Year,Letterboxd URI,Rating\n2019-01-01,Aliens,1986,https://boxd.it/z,1\n",
            "orphaned/diary.csv": LETTERBOXD_DIARY,
        }
    )  # fmt: skip
