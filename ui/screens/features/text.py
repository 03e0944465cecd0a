"""Sentences of the Features page, computed from the results."""

from __future__ import annotations

from aecore.analyses.feature_results import Results
from aecore.probing.probes import Probe, compare
from ui.widgets.wording import percent


def titles(is_image: bool) -> dict[str, str]:
    """The title of each representation."""
    return {"code": "Code", "pixels": "Raw pixels" if is_image else "Raw numbers", "pca": "PCA"}


def conclusions(probes: dict[str, Probe], raw: str, things: str) -> list[str]:
    """The code against each of the others; insignificant differences are ties. things: "pictures" or "rows"."""
    return [
        _conclusion(probes["code"], probes[name], called, things)
        for name, called in (("pixels", raw), ("pca", "PCA"))
        if {"code", name} <= probes.keys()
    ]


def _conclusion(code: Probe, other: Probe, called: str, things: str) -> str:
    found = compare(code, other)
    if found.only_first == found.only_second == 0:
        return f"**Code and {called}: a tie.** Both recognise exactly the same test {things}."
    counts = (
        f"{_count(found.only_first, things)} recognised only from the code, {found.only_second:,} only from {called}"
    )
    if found.is_tie:
        return (
            f"**Code and {called}: a tie.** {counts}; chance alone makes such a difference in {_often(found.p_value)}."
        )
    word = "better" if found.only_first > found.only_second else "worse"
    return (
        f"**The code does {word} than {called}.** {counts}: more than chance explains "
        f"(p\N{NO-BREAK SPACE}{_p(found.p_value)})."
    )


def pca_words(numbers: int, pca: Probe | None, results: Results, things: str) -> str:
    """How many components PCA has where that is not simply the length of the code, and why; else an empty text.

    numbers: of the code.
    """
    one = "a picture" if things == "pictures" else "a row"
    inputs = "pixels" if things == "pictures" else "numbers"
    if pca is None:
        return (
            f"PCA is not compared here: with as many components as the code has active numbers it would lose nothing "
            f"of {one}, and be the same {inputs}, rotated."
        )
    active = f"On average {results.components:,} of the code's {numbers:,} numbers are active for {one}"
    if pca.size < results.components:
        return f"PCA can have no more than {pca.size:,} components here: there are no more training {things}."
    return f"{active}, so PCA has {pca.size:,} components." if pca.size < numbers else ""


def label_lesson(results: Results, classifier: str, size: int, raw: str) -> str:
    """Which representation needs fewer labels, or an empty text: the other has not got so far with as few."""
    for thrifty, rich, names in (("code", "pixels", ("the code", raw)), ("pixels", "code", (raw, "the code"))):
        goal = results.at(classifier, size).get(rich)
        for fewer in results.sizes(classifier, size)[:-1]:
            reached, then = (results.at(classifier, fewer).get(name) for name in (thrifty, rich))
            if goal and then and then.accuracy >= goal.accuracy:
                break
            if goal and reached and reached.accuracy >= goal.accuracy:
                return (
                    f"**{names[0].capitalize()} need{'s' if names[0] == 'the code' else ''} fewer labels:** with "
                    f"{fewer:,}, {percent(reached.accuracy)} are right. From {names[1]}, {size:,} labels give "
                    f"{percent(goal.accuracy)}."
                )
    return ""


def few_labels_words(results: Results, classifier: str, size: int, raw: str) -> str:
    """Whether the code helps where labels are fewest, beside `size` labels; empty where these are the fewest."""
    fewest = min(results.sizes(classifier, size), default=size)
    probes = results.at(classifier, fewest)
    if fewest >= size or not {"code", "pixels"} <= probes.keys():
        return ""
    code, pixels = probes["code"], probes["pixels"]
    found = compare(code, pixels)
    word = "helps" if found.only_first > found.only_second else "does harm"
    outcome = "makes no clear difference" if found.is_tie else word
    return (
        f"**With the fewest labels, {fewest:,}, the code {outcome}:** the accuracy is {percent(code.accuracy)} from "
        f"the code, {percent(pixels.accuracy)} from {raw}."
    )


def cell_words(probe: Probe, cell: tuple[int, int], classes: tuple[str, ...]) -> str:
    """For instance "4 predicted as 9: 12 of 982"."""
    row, column = cell
    count, total = int(probe.confusion[row, column]), int(probe.confusion[row].sum())
    deed = "recognised" if row == column else f"taken for {classes[column]}"
    return f"{classes[row]} {deed}: {count:,} of {total:,}"


def others_words(missed: dict[str, int], count: int, names: dict[str, str]) -> str:
    """How many of the `count` examples of a cell the other representations classify correctly;
    missed: representation -> how many it does not.
    """
    called = {"code": "the code", "pixels": names["pixels"].lower(), "pca": "PCA"}
    right = {called[name]: count - number for name, number in missed.items()}
    if count == 1:
        deeds = [f"from {name} it is {'recognised' if known else 'not'}" for name, known in right.items()]
        return f"F{'; '.join(deeds)[1:]}."
    return (
        f"Of these {count:,}, "
        f"{' and '.join(f'{known:,} {_are(known)} recognised from {name}' for name, known in right.items())}."
    )


def seconds_words(value: float) -> str:
    """A duration in words."""
    if value < 1e-3:
        return "under 1 ms"
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:,.1f} s"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _count(number: int, things: str) -> str:
    return f"{number:,} test {things if number != 1 else things.removesuffix('s')} {_are(number)}"


def _often(p_value: float) -> str:
    return f"{round(100 * p_value)} of 100 comparisons" if p_value < 0.995 else "nearly every comparison"


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"=\N{NO-BREAK SPACE}{value:.3f}"
