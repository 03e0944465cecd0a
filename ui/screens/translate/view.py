"""Pictures before and after a move in the latent space, the reference classifier's predictions,
and their distance from the data.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from aecore.latent.attributes import CLASS, Attribute, side_effects, spoken
from aecore.latent.translation import Moved, Start, head_of
from ui.app.address_choices import OneOf
from ui.screens.translate.form import Choice
from ui.screens.translate.link import FINDERS, ONE, STRENGTH, STRONGEST
from ui.screens.translate.moves import SHOWN, both_ways, moved, start, steps, way
from ui.screens.translate.text import (
    EDGE,
    FAR,
    accuracy_words,
    baselines_words,
    effect_words,
    found_words,
    gauge_words,
    lost_words,
    no_classifier_words,
    side_words,
)
from ui.widgets.live import part_of_page
from ui.widgets.pictures import as_bytes, show_columns, show_pictures
from ui.widgets.wording import PERCENT_COLUMN, percent

STRIP = np.linspace(0, STRONGEST, 7)
BAR = """<div role="meter" aria-label="Distance from the training codes" aria-valuemin="0" aria-valuemax="100"
aria-valuenow="{value:.0f}" class="gauge">
<i style="width:{edge:.1f}%"></i><i style="width:{band:.1f}%"></i><i style="flex:1"></i><b
style="left:{value:.1f}%"></b></div>
<div class="gauge-ends"><span>nearest the training codes</span><span>farthest</span></div>"""
STYLE = """<style>
.gauge { display: flex; position: relative; height: 12px; border-radius: 6px; overflow: visible; margin: 8px 4px 4px;
  max-width: 560px; }
.gauge i { display: block; height: 100%; }
.gauge i:nth-child(1) { background: #009e7388; border-radius: 6px 0 0 6px; }
.gauge i:nth-child(2) { background: #e69f00; }
.gauge i:nth-child(3) { background: #d55e00; border-radius: 0 6px 6px 0; }
.gauge b { position: absolute; top: -5px; width: 4px; height: 22px; margin-left: -2px; background: currentColor;
  border-radius: 2px; }
.gauge-ends { display: flex; justify-content: space-between; max-width: 560px; margin: 0 4px; font-size: 14px; }
.st-key-changed [data-testid="stDataFrame"] { max-width: 640px; }
</style>"""
WAYS_COLUMNS = {
    "AUC": st.column_config.NumberColumn(
        format="%.3f", help="How well it separates held-out codes: 1 is perfect, 0.5 is chance."
    ),
    "Probability before": st.column_config.NumberColumn(
        format=PERCENT_COLUMN, help="Mean probability of the property, by the reference classifier, before the move."
    ),
    "Probability after": st.column_config.NumberColumn(
        format=PERCENT_COLUMN, help="The same after a move of strength 1."
    ),
    "Side effects": st.column_config.NumberColumn(
        format=PERCENT_COLUMN, help="How many of its other predictions change, on average, at strength 1."
    ),
}
COLUMNS = {
    "By the move": st.column_config.ProgressColumn(
        format="%.1f\N{NO-BREAK SPACE}%%", min_value=0, max_value=100,
        help="Share of the pictures for which the reference classifier predicts something else after the move than "
        "before it."
    ),
    "By the reconstruction alone": st.column_config.ProgressColumn(
        format="%.1f\N{NO-BREAK SPACE}%%", min_value=0, max_value=100,
        help="The same for the picture and its plain reconstruction: what the network loses anyway, "
        "whatever its code is moved along.",
    ),
}  # fmt: skip


def show_translation(choice: Choice) -> None:
    """Slider, pictures, predictions and figures. CodeError, in a sentence, if no direction can be found."""
    way(choice)
    begun = start(choice)
    st.html(STYLE)
    part_of_page(_answer, key="translation")(choice, begun)


def _answer(choice: Choice, begun: Start) -> None:
    found, each = way(choice), choice.attribute
    strength = st.slider(
        f"Strength: {'towards ' + each.having if choice.is_adding else 'away from ' + each.having}", 0.0, STRONGEST,
        1.0, 0.05, **STRENGTH.bound(), help="0 leaves the code as it is. "
        "1 is the distance between the means of the two groups, measured along the direction.",
    )  # fmt: skip
    before, after = moved(choice, begun, 0.0), moved(choice, begun, strength)
    _pictures(each, choice.trained_model.data, begun, before, after)
    left, right = st.columns(2, gap="large")
    with left:
        _effect(choice, before, after)
    with right:
        _gauge(before, after)
    _strip(choice, begun)
    if after.odds:
        _side_effects(choice, begun, before, after)
    st.subheader("How good is the direction?", anchor=False)
    st.markdown(found_words(found, choice.finder))
    _both_ways(choice, begun)
    groups, parts = (
        "two thirds of each group and tested on the last third",
        "training pictures and tested on test pictures",
    )
    st.caption(
        f"The same step is added to every code; at strength 1 its length is {found.length:.3g}. Distances are "
        f"Euclidean, in the latent space. The direction was found on {groups if choice.groups else parts}. *Side "
        "effects* is the share of the other predictions that change at strength 1."
    )


def _pictures(each: Attribute, data: str, begun: Start, before: Moved, after: Moved) -> None:
    head, answer = head_of(each, after.odds), each.answer
    captions = [percent(row[answer], 0) for row in after.odds[head][:SHOWN]] if head else []
    show_columns(
        [begun.x[:SHOWN], before.x[:SHOWN], after.x[:SHOWN]], captions, alt="Picture, reconstruction, moved", width=108
    )
    said = (
        f" Below: the reference classifier's probability of *{each.having}* after the move. It learned from original "
        f"pictures, and can be wrong about blurred ones. {accuracy_words(data, head)}"
        if head
        else ""
    )
    st.caption(
        "From top to bottom: a test picture, its reconstruction, and the reconstruction after its "
        f"code has been moved.{said}"
    )


def _effect(choice: Choice, before: Moved, after: Moved) -> None:
    head, answer = head_of(choice.attribute, after.odds), choice.attribute.answer
    if head:
        was, now = (each.odds[head][:, answer] for each in (before, after))
        st.markdown(effect_words(choice.attribute, was, now, choice.is_adding))
    elif not after.odds:
        st.markdown(no_classifier_words(choice.trained_model.data))
    else:
        st.markdown("The reference classifier does not predict this property. The table shows what else changes.")


def _gauge(before: Moved, after: Moved) -> None:
    value = 100 * float(np.median(after.percentiles))
    st.html(BAR.format(value=value, edge=100 * EDGE, band=100 * (FAR - EDGE)))
    st.markdown(gauge_words(after.percentiles, before.percentiles))


def _strip(choice: Choice, begun: Start) -> None:
    count = min(SHOWN, len(begun.x))
    st.subheader("Step by step", anchor=False)
    place = st.segmented_control(
        "Picture",
        list(range(1, count + 1)),
        default=1,
        required=True,
        help="Which of the pictures above is moved step by step.",
        **ONE.among(OneOf(range(1, count + 1)), 1).bound(),
    )
    found = steps(choice, begun, min(place, count) - 1, STRIP)
    head, answer = head_of(choice.attribute, found.odds), choice.attribute.answer
    odds = found.odds[head][:, answer] if head else [None] * len(STRIP)
    captions = [
        f"{strength:.2g}" + (f" · {percent(odd, 0)}" if odd is not None else "")
        for strength, odd in zip(STRIP, odds, strict=True)
    ]
    show_pictures(_large(found.x), captions, alt="Strength", width=112, per_row=8)
    far = [strength for strength, each in zip(STRIP, found.percentiles, strict=True) if each > FAR]
    left = "It stays near the data."
    if far:
        begin = f"At strength {far[0]:.2g}" if far[0] == STRONGEST else f"From strength {far[0]:.2g} on"
        left = (
            f"{begin}, the code of this picture is further from the training codes than {percent(FAR)} of the test "
            "codes are."
        )
    chance = f", and the reference classifier's probability of *{choice.attribute.having}*" if head else ""
    st.caption(f"Under each picture: the strength{chance}. {left}")


def _both_ways(choice: Choice, begun: Start) -> None:
    """Mean difference and linear separator side by side, at strength 1."""
    found = both_ways(choice, begun)
    if any(each.after is None for each in found.values()):
        return
    rows = [
        {
            "Direction": FINDERS[name],
            "AUC": each.auc,
            "Probability before": _hundred(each.before),
            "Probability after": _hundred(each.after),
            "Side effects": _hundred(each.side_effects),
        }
        for name, each in found.items()
    ]
    with st.container(key="both-ways"):
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="ways", column_config=WAYS_COLUMNS, placeholder="–")
    if sentence := baselines_words(found["mean"], found["logistic"], choice.is_adding):
        st.markdown(sentence)


def _hundred(share: float | None) -> float | None:
    """A share in per cent."""
    return None if share is None else 100 * share


def _large(x: np.ndarray) -> np.ndarray:
    magnify = max(1, 28 // x.shape[2])
    return as_bytes(x).repeat(magnify, axis=2).repeat(magnify, axis=3)


def _side_effects(choice: Choice, begun: Start, before: Moved, after: Moved) -> None:
    head = head_of(choice.attribute, after.odds)
    changed = side_effects(before.odds, after.odds, head)
    if not changed:
        return
    lost = side_effects(begun.odds, before.odds, head)
    st.subheader("What else changes", anchor=False)
    st.markdown(" ".join(filter(None, [side_words(changed), lost_words(lost)])))
    ordered = sorted(changed, key=lambda name: -changed[name])
    rows = [
        {
            "Prediction": _title(name),
            "By the move": 100 * changed[name],
            "By the reconstruction alone": 100 * lost[name],
        }
        for name in ordered
    ]
    with st.container(key="changed"):
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="side-effects", column_config=COLUMNS, height="content")
    st.caption(
        f"Over {len(begun.x)} test pictures. {accuracy_words(choice.trained_model.data)} It learned from original "
        "pictures; of moved ones it can be wrong more often. Nothing told the autoencoder which properties there are, "
        "so nothing keeps one apart from another along a direction."
    )


def _title(head: str) -> str:
    return "Class" if head == CLASS else spoken(head).capitalize()
