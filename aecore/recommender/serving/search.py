"""Search-as-you-type: finds films by prefixes of words, tolerates typing errors, and ranks ties by popularity."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from aecore.recommender.profiles.film import plain_title
from aecore.recommender.ratings.films import Films, plain

_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_SAME = [{f"{place}", word, roman} for place, (word, roman) in enumerate(zip(_NUMBERS, _ROMAN, strict=True), 1)]
_ALSO = {name: names - {name} for names in _SAME for name in names}
"""Numeral -> its other spellings: "Rocky 2" is Rocky II, "12 Monkeys" is Twelve Monkeys."""

_ARTICLES = frozenset(("the", "a", "an"))
_JOINTS = re.compile(r"(?<=\w)[-.·:/](?=\w)")

# Quality of a match, 1 if exact: as a prefix, per error, in another title, as the year; and bonuses of a title.
_BEGINNING, _ERROR, _OTHER_NAME, _YEAR = 0.93, 0.15, 0.92, 0.9
_WHOLE_TITLE, _FIRST_WORD, _FAME = 0.2, 0.08, 0.3
_MISSING_WORD = 0.6
_INITIALS = 0.9
_FEW, _FAMOUS = 3, 0.02
"""Typing errors are considered if fewer than `_FEW` films match and none of them is well known."""
_MOST_WORDS, _MOST_LETTERS = 12, 40


class Search:
    """A search index of films. popularity: (F,), None if unknown."""

    def __init__(self, films: Films, popularity: np.ndarray | None = None) -> None:
        self._count = len(films)
        known = np.zeros(self._count) if popularity is None else np.asarray(popularity, np.float64)
        fame = np.log1p(known / max(known[known > 0].mean(), 1e-12)) if (known > 0).any() else known
        self._fame = (
            (_FAME * fame / max(fame.max(), 1e-12)).astype(np.float32) if self._count else np.zeros(0, np.float32)
        )
        self._index(films)
        self._begin_cache: dict[int, tuple[list[str], np.ndarray]] = {}

    def __call__(self, query: str, count: int = 10) -> np.ndarray:
        """Columns of at most `count` films, best match first; none for a query without letters or digits.

        Any text is allowed.
        """
        words = plain(query[:400]).split()[:_MOST_WORDS]
        words = [each[:_MOST_LETTERS] for each in words]
        if not words or not self._count:
            return np.zeros(0, np.int64)
        needed = [each for each in words if each not in _ARTICLES] or words
        scores, found = self._scores(needed, errors=False)
        full = found == len(needed)
        if full.sum() < _FEW and not (self._fame[full] > _FAMOUS).any():
            wider, found = self._scores(needed, errors=True)
            scores, full = np.maximum(wider, scores), found == len(needed)
        if len(needed) == 1 and (called := self._initials.get(needed[0])):
            scores[called], full[called] = np.maximum(scores[called], _INITIALS), True
        if not full.any():
            full = found >= max(1, len(needed) - 1)
            if named := [each for each in needed if not each.isdigit()]:  # a year alone finds no film
                full &= self._scores(named, errors=True)[1] > 0
            scores = scores - _MISSING_WORD
        return self._ranked(needed, scores, full, count)

    def _ranked(self, words: list[str], scores: np.ndarray, full: np.ndarray, count: int) -> np.ndarray:
        columns = np.flatnonzero(full)
        letters = sum(map(len, words))
        covered = np.minimum(1, letters / self._letters[columns])
        covered[np.isin(columns, self._titled("".join(words)))] = 1
        covered[np.isin(columns, self._initials.get("".join(words), ()))] = 1
        begins = np.isin(self._first_token[columns], self._tokens_from(words[0]))
        final = scores[columns] / len(words) + _WHOLE_TITLE * covered**2 + _FIRST_WORD * begins + self._fame[columns]
        if len(columns) > count:
            best = np.argpartition(-final, count - 1)
            best = best[final[best] >= final[best[count - 1]]]
            columns, final = columns[best], final[best]
        return columns[np.lexsort((columns, -final))][:count]

    def _scores(self, words: list[str], errors: bool) -> tuple[np.ndarray, np.ndarray]:
        """(F,) sum of the match qualities of the words in each film, and (F,) number of words found."""
        total, found = np.zeros(self._count, np.float32), np.zeros(self._count, np.int16)
        for place, word in enumerate(words):
            one = np.zeros(self._count, np.float32)
            tokens = self._tokens_from(word)
            quality = np.where(self._lengths[tokens] == len(word), 1, _BEGINNING).astype(np.float32)
            self._raise(one, tokens, quality)
            if place == 0:
                self._joined(one, "".join(words), len(words))
            if errors:
                self._raise(one, *self._misspelt(word, is_last=place == len(words) - 1))
            total += one
            found += one > 0
        if len(words) > 1:
            whole = self._titles_from("".join(words))
            total[whole] = np.maximum(total[whole], _BEGINNING * len(words))
            found[whole] = len(words)
        return total, found

    def _joined(self, one: np.ndarray, letters: str, count: int) -> None:
        """Matches a word with titles without their spaces: "starwars" is a prefix of "star wars", "hp7" is "HP 7"."""
        if count == 1:
            whole = self._titles_from(letters) if len(letters) > _FEW else self._titled(letters)
            one[whole] = np.maximum(one[whole], _BEGINNING)

    def _raise(self, one: np.ndarray, tokens: np.ndarray, quality: np.ndarray) -> None:
        """Raises the films with any of these tokens to the quality of their best one."""
        starts, sizes = self._starts[tokens], self._starts[tokens + 1] - self._starts[tokens]
        total = int(sizes.sum())
        if not total:
            return
        places = np.arange(total) + np.repeat(starts - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
        np.maximum.at(one, self._films[places], self._weights[places] * np.repeat(quality, sizes))

    def _tokens_from(self, word: str) -> np.ndarray:
        """The tokens with this prefix."""
        first, last = np.searchsorted(self._tokens, [word, word + "\U0010ffff"])
        return np.arange(first, last)

    def _titles_from(self, letters: str) -> np.ndarray:
        """The films with a title that, without spaces, begins with these letters."""
        first, last = np.searchsorted(self._whole, [letters, letters + "\U0010ffff"])
        return self._whole_film[first:last]

    def _titled(self, letters: str) -> np.ndarray:
        """The films with a title that, without spaces, equals these letters."""
        first, last = np.searchsorted(self._whole, letters, "left"), np.searchsorted(self._whole, letters, "right")
        return self._whole_film[first:last]

    def _misspelt(self, word: str, is_last: bool) -> tuple[np.ndarray, np.ndarray]:
        """Tokens that equal the word, or the last word as a prefix, up to one error, or two in a long word; and their
        quality.
        """
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import cdist

        most = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
        if not most:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        near = np.flatnonzero(np.abs(self._lengths - len(word)) <= most)
        errors = cdist(
            [word], [self._token_list[each] for each in near], scorer=OSA.distance, score_cutoff=most, dtype=np.uint8
        )[0]
        tokens, quality = near[errors <= most], 1 - _ERROR * errors[errors <= most]
        if is_last:
            begins, which = self._beginnings(len(word))
            errors = cdist([word], begins, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)[0]
            hit = errors[which] <= most
            longer = np.flatnonzero(hit)
            tokens = np.concatenate([tokens, longer])
            quality = np.concatenate([quality, _BEGINNING - _ERROR * errors[which][hit]])
        return tokens, quality.astype(np.float32)

    def _beginnings(self, size: int) -> tuple[list[str], np.ndarray]:
        """The distinct prefixes of this size, and the index of each token's prefix among them."""
        if size not in self._begin_cache:
            cut = self._tokens.astype(f"<U{size}")
            is_new = np.append(True, cut[1:] != cut[:-1])
            self._begin_cache[size] = cut[is_new].tolist(), np.cumsum(is_new) - 1
        return self._begin_cache[size]

    def _index(self, films: Films) -> None:
        """Builds the index: sorted tokens, and for each the films that have it, with its weight there."""
        table: dict[str, dict[int, float]] = {}
        self._initials: dict[str, list[int]] = {}
        firsts, letters = [], []
        whole: list[tuple[str, int]] = []
        for column, title in enumerate(films.titles):
            bare = plain_title(title)
            words = bare.split()
            firsts.append(words[0] if words else "")
            letters.append(max(1, len(bare.replace(" ", ""))))
            whole += [(plain_title(each).replace(" ", ""), column) for each in (title, *films.alternatives[column])]
            for short in {_initials_of(part) for part in (title, title.partition(":")[0])} - {""}:
                self._initials.setdefault(short, []).append(column)
            for word, weight in _words(title, films.alternatives[column], int(films.years[column])):
                of_word = table.setdefault(word, {})
                of_word[column] = max(of_word.get(column, 0.0), weight)
        self._token_list = sorted(table)
        self._tokens = np.array(self._token_list, dtype=str)
        self._lengths = np.array([len(each) for each in self._token_list], np.int64)
        self._starts = np.concatenate([[0], np.cumsum([len(table[each]) for each in self._token_list])]).astype(
            np.int64
        )
        self._films = np.fromiter(
            (column for each in self._token_list for column in table[each]), np.int64, self._starts[-1]
        )
        self._weights = np.fromiter(
            (weight for each in self._token_list for weight in table[each].values()), np.float32, self._starts[-1]
        )
        place = {each: number for number, each in enumerate(self._token_list)}
        self._first_token = np.array([place.get(each, -1) for each in firsts], np.int64)
        self._letters = np.array(letters, np.float64)
        whole.sort()
        self._whole = np.array([each for each, _ in whole], dtype=str)
        self._whole_film = np.array([column for _, column in whole], np.int64)


def _initials_of(title: str) -> str:
    """The first letters of a title's words without its article, as people write "ncfom"; "" if they are few."""
    initials = "".join(word[0] for word in plain_title(title).split())
    return initials if len(initials) > _FEW else ""


def _words(title: str, alternatives: Iterable[str], year: int) -> Iterable[tuple[str, float]]:
    """Yields every word by which a film can be found, with its weight: from title, other titles and year."""
    for name, weight in ((title, 1.0), *((each, _OTHER_NAME) for each in alternatives)):
        words = plain(name).split() or name.casefold().split()
        initials = "".join(each for each in words if len(each) == 1)
        joined = [*plain(_JOINTS.sub("", name)).split(), *([initials] if len(initials) > 1 else [])]
        for word in words:
            yield word[:_MOST_LETTERS], weight
            for other in _ALSO.get(word, ()):
                yield other, weight * _BEGINNING
        for word in set(joined) - set(words):
            yield word[:_MOST_LETTERS], weight * _BEGINNING
    if year:
        yield str(year), _YEAR
