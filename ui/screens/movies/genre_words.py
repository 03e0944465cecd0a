"""What films of one or several genres are called."""

from __future__ import annotations

from collections.abc import Collection

NOUNS = {
    "Comedy": ("comedy", "comedies"),
    "Drama": ("drama", "dramas"),
    "Thriller": ("thriller", "thrillers"),
    "Western": ("western", "westerns"),
    "Musical": ("musical", "musicals"),
    "Documentary": ("documentary", "documentaries"),
}
"""Genres that name a film, one and several; the first that a film has is its noun."""
FILM = ("film", "films")
ADJECTIVES = {
    "Romance": "romantic",
    "Crime": "crime",
    "Sci-Fi": "science-fiction",
    "Horror": "horror",
    "War": "war",
    "Animation": "animated",
    "Children": "children's",
    "Action": "action",
    "Adventure": "adventure",
    "Fantasy": "fantasy",
    "Mystery": "mystery",
    "Film-Noir": "noir",
}
MOST = 2


def films_of_genres(genres: Collection[str], count: int = 2) -> str:
    """['Romance', 'Comedy'] -> 'romantic comedies', or for one film 'romantic comedy'; '' for no genre that is known
    here. At most two genres are told.
    """
    noun = next((name for name in NOUNS if name in genres), "")
    before = [word for name, word in ADJECTIVES.items() if name in genres][: MOST - bool(noun)]
    return " ".join([*before, (NOUNS[noun] if noun else FILM)[count != 1]]) if noun or before else ""
