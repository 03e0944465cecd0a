"""What films of one or several genres are called."""

from __future__ import annotations

from collections.abc import Collection

NOUNS = {
    "Comedy": "comedies",
    "Drama": "dramas",
    "Thriller": "thrillers",
    "Western": "westerns",
    "Musical": "musicals",
    "Documentary": "documentaries",
}
"""Genres that name a film; the first that a film has is its noun."""
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


def films_of_genres(genres: Collection[str]) -> str:
    """['Romance', 'Comedy'] -> 'romantic comedies'; '' for no genre that is known here. At most two genres are told."""
    noun = next((name for name in NOUNS if name in genres), "")
    before = [word for name, word in ADJECTIVES.items() if name in genres][: MOST - bool(noun)]
    return " ".join([*before, NOUNS[noun] if noun else "films"]) if noun or before else ""
