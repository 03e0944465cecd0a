"""What the Map page says about its figures: each case with figures whose conclusion is known."""

from __future__ import annotations

import pytest

from ui.screens.latent.text import Overlap, knn_words, overlap_words


@pytest.mark.parametrize(
    ("code", "on_map", "says"),
    [
        (0.9, 0.902, "about as well"),
        (0.9, 0.895, "about as well"),
        (0.9, 0.85, "The map has lost some"),
        (0.9, 0.95, "better than the code it was made from"),
    ],
)
def test_the_accuracies_on_map_and_in_code_are_compared(code: float, on_map: float, says: str) -> None:
    assert says in knn_words(code, on_map)


A, B, C = ("4", "9", 1, 0.123), ("3", "8", 8, 0.04), ("2", "7", 42, 0.0)


@pytest.mark.parametrize(
    ("found", "pairs", "says"),
    [
        ([], 45, ""),
        ([A], 45, "Measured here: **4 and 9** rank 1 of 45 (12.3 %). So it is among the first 8."),
        ([C], 45, "Measured here: **2 and 7** rank 42 of 45 (0.0 %). So it is not among the first 8."),
        ([A, B], 45, "So all 2 are among the first 8."),
        ([A, B, C], 45, "So 2 of these 3 are among the first 8."),
        ([A, C], 45, "So 1 of these 2 is among the first 8."),
        ([C, C], 45, "So none of these 2 is among the first 8."),
        ([A], 6, "Measured here: **4 and 9** rank 1 of 6 (12.3 %)."),
    ],
)
def test_whether_expected_pairs_overlap_is_computed(found: list[Overlap], pairs: int, says: str) -> None:
    told = overlap_words(found, pairs, 8).replace("\N{NO-BREAK SPACE}", " ")
    assert told.endswith(says) if says else told == ""
