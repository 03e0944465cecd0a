"""Sentences of the Translate page, computed from the figures beside them."""

from __future__ import annotations

import numpy as np

from aecore.datasets import card
from aecore.latent.attributes import Attribute
from aecore.latent.directions import NEIGHBOURS, Direction
from aecore.latent.translation import Effect
from ui.widgets.wording import percent

EDGE, FAR = 0.95, 0.995
"""Shares of the test codes beyond which a moved code is at the edge, or off the data."""
LITTLE = 0.1
"""Predictions that change for a smaller share of the pictures are not mentioned."""
SAME = 0.02
"""A smaller change of the share of nearer test codes is none."""


def found_words(way: Direction, finder: str) -> str:
    """How the direction was found, and how well it separates held-out codes."""
    how = (
        "from one mean to the other"
        if finder == "mean"
        else "at right angles to the boundary that logistic regression finds"
    )
    grade = (
        "almost perfectly"
        if way.auc > 0.98
        else "well"
        if way.auc > 0.9
        else "only in part"
        if way.auc > 0.7
        else "hardly at all"
    )
    return (
        f"**The direction** leads {how}; it was found on {way.used[0]:,} codes without and {way.used[1]:,} with it. "
        f"On {way.held_out[0]:,} and {way.held_out[1]:,} codes that were not used it tells them apart **{grade}**: "
        f"AUC {way.auc:.3f} (the chance that a code with it lies further along the direction than one without; 0.5 is "
        f"guessing). Halfway between the two means it puts {percent(way.accuracy)} on the right side (the mean of both "
        "groups' rates)."
    )


def gauge_words(percentiles: np.ndarray, begin: np.ndarray) -> str:
    """Distance of the moved codes from the training codes; percentiles (N,), and those before the move."""
    middle, before = float(np.median(percentiles)), float(np.median(begin))
    if middle > FAR:
        conclusion = "**Off the data.** The decoder has never seen codes like these; what it paints is a guess."
    elif middle > EDGE:
        conclusion = "**At the edge of the data.** Few codes of pictures lie so far out."
    else:
        conclusion = (
            f"**Among the data.** The typical moved code lies no farther out than {percent(EDGE, 0)} of the codes of "
            "test pictures reach."
        )
    if abs(middle - before) < SAME:
        return (
            f"{conclusion} After the move the typical code is about as far from its nearest training codes as before."
        )
    return (
        f"{conclusion} {percent(middle, 0)} of the test codes lie nearer to their {NEIGHBOURS} nearest training codes "
        f"than the typical moved code does; before the move it was {percent(before, 0)}."
    )


def effect_words(attribute: Attribute, before: np.ndarray, after: np.ndarray, is_adding: bool) -> str:
    """Effect on the reference classifier's probabilities (N,) of the attribute itself."""
    was, now, count = float(before.mean()), float(after.mean()), len(after)
    gain = now - was if is_adding else was - now
    done = int(((after > 0.5) == is_adding).sum())
    grade = "the move works" if gain > 0.6 else "the move works in part" if gain > 0.25 else "the move hardly works"
    return (
        f"**{attribute.having.capitalize()}**, says the reference classifier: {percent(was, 0)} before, "
        f"**{percent(now, 0)}** after the move. These are its mean probabilities over {count} test pictures with "
        f"*{attribute.without if is_adding else attribute.having}*, decoded before and after it. After the move, "
        f"{done} of them are {'above' if is_adding else 'below'} {percent(0.5, 0)}. So on average {grade}"
        f"{'.' if done == count else '; the other pictures may need more strength.'}"
    )


def side_words(changed: dict[str, float]) -> str:
    """The strongest side effects."""
    from aecore.latent.attributes import spoken

    strong = sorted(((share, name) for name, share in changed.items() if share >= LITTLE), reverse=True)[:3]
    if not strong:
        return (
            "Hardly anything else changes: none of the reference classifier's other predictions changes for a tenth of "
            "the pictures."
        )
    listed = [f"{spoken(name)} ({percent(share)} of the pictures)" for share, name in strong]
    joined = f"{', '.join(listed[:-1])} and {listed[-1]}" if len(listed) > 1 else listed[0]
    return f"The move changes something else, too: the reference classifier's prediction of {joined}."


def lost_words(lost: dict[str, float]) -> str:
    """What the network's plain reconstructions change already, or "" if it is little."""
    from aecore.latent.attributes import spoken

    name = max(lost, key=lost.__getitem__, default="")
    if not name or lost[name] < LITTLE:
        return ""
    return (
        f"That compares with the reconstruction before the move. Reconstruction alone changes the prediction of "
        f"{spoken(name)} for {percent(lost[name])} of the pictures: the network does not keep every detail, and what "
        "it loses is lost before anything is moved."
    )


def baselines_words(mean: Effect, separator: Effect, is_adding: bool) -> str:
    """A conclusion on the two ways of finding a direction, or ""."""

    def does(each: Effect) -> float:
        return ((each.after or 0) - (each.before or 0)) * (1 if is_adding else -1)

    def spoils(each: Effect) -> float:
        return each.side_effects or 0

    lesson = (
        "The linear separator tells the groups apart better, though: what separates best need not change best. To "
        "separate, it turns away from directions in which both groups scatter; the mean difference goes straight from "
        "the middle of one to the middle of the other."
    )
    lesson = lesson if separator.auc > mean.auc else ""
    if does(mean) > does(separator) and spoils(mean) < spoils(separator):
        return f"Here, at strength 1, the mean difference does more and changes less of the rest. {lesson}".strip()
    if does(separator) > does(mean) and spoils(separator) < spoils(mean):
        return "Here, at strength 1, the linear separator does more and changes less of the rest."
    if does(mean) == does(separator) or spoils(mean) == spoils(separator):
        return ""
    more, less = ("mean difference", "linear separator")[:: 1 if does(mean) > does(separator) else -1]
    return f"Here, at strength 1, the {more} does more, and the {less} changes less of the rest."


def no_classifier_words(data: str) -> str:
    """Why there are no predictions."""
    return (
        f"There is no reference classifier for {card(data).title}, so what else changes is not measured. "
        "Look at the pictures."
    )


def accuracy_words(data: str, head: str = "") -> str:
    """How often the reference classifier is right on original test pictures: of one of its predictions, or of all."""
    from aecore.reference_classifiers.classifiers import reference_classifier

    found = reference_classifier(data).facts
    rates, count = found["test"], f"{found['test_pictures']:,} original test pictures"
    if head:
        return f"On {count} it is right about this for {percent(rates[head])}."
    least, most = min(rates.values()), max(rates.values())
    share = percent(least) if least == most else f"{percent(least)} to {percent(most)}, depending on the property"
    return f"On {count} the reference classifier is right for {share}."
