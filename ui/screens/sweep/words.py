"""Sentences about a sweep: how far it is, which run is the best, and what each setting seems to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from aecore.experiment.sweep_results import FEWEST_RANKED, Effect, SweptRun
from aecore.runs.sweeps import SweepRecord
from aecore.settings import Knob
from ui.screens.sweep.axes import said
from ui.widgets.run_states import STATES

TITLES = {"running": "Running", "paused": "Paused", "stopped": "Stopped", "done": "Done"}


def standing(sweep: SweepRecord, runs: Sequence[SweptRun]) -> str:
    """'12 of 20 runs have ended, 5 of them stopped early; 2 train, 1 waits, 5 are still to begin.'"""
    ended = [run for run in runs if run.has_ended]
    halted = sum(run.is_halted for run in runs)
    states = Counter(run.state for run in runs)
    told = f"{len(ended):,} of {len(runs):,} runs have ended"
    if halted:
        told += f", {halted:,} of them stopped early"
    rest = [
        f"{count:,} {words[count > 1]}"
        for count, words in (
            (states["training"] + states["preparing"], ("trains", "train")),
            (states["queued"], ("waits", "wait")),
            (states["paused"], ("is paused", "are paused")),
            (states["interrupted"], ("was cut off", "were cut off")),
            (states["diverged"] + states["failed"], ("failed or diverged", "failed or diverged")),
            (states["deleted"], ("has been deleted", "have been deleted")),
            (states[""], ("has not begun", "have not begun")),
        )
        if count
    ]
    return told + (f"; {', '.join(rest)}." if rest else ".")


def state_of(run: SweptRun) -> str:
    """The state of a run as the table says it."""
    if run.is_halted:
        return "Stopped early"
    if run.state == "stopped":
        return "Stopped by hand"
    return {"": "Not begun", "deleted": "Deleted"}.get(run.state) or STATES.get(run.state, (run.state,))[0]


def point_words(knobs: Mapping[str, Knob], run: SweptRun) -> str:
    """'code size 8, learning rate 0.003'."""
    return ", ".join(
        f"{knobs[name].label[:1].lower()}{knobs[name].label[1:]} {said(value)}" for name, value in run.point.items()
    )


def effect_words(effect: Effect, knob: Knob) -> str:
    """What a setting seems to do, in a sentence or two."""
    count = f"{effect.count:,} run{'s' * (effect.count != 1)}"
    if effect.medians:
        parts = [f"{said(value)} {error:.5f} ({runs:,})" for value, error, runs in effect.medians]
        few = min(runs for _, _, runs in effect.medians) < FEWEST_RANKED
        doubt = " With so few runs of a value, that says little." if few else ""
        return f"**{knob.label}.** Median validation error, with the number of runs: {'; '.join(parts)}.{doubt}"
    if effect.correlation is None:
        return f"**{knob.label}.** {count} with different values are too few to say what it does."
    figure = f"rank correlation with the validation error {effect.correlation:+.2f} in {count}".replace("-", "−")
    if not effect.says_much:
        return (
            f"**{knob.label}.** It says little: {figure}, and an amount of up to {effect.chance:.2f} is what chance "
            "alone would often show."
        )
    way = (
        "Larger values came with larger errors" if effect.correlation > 0 else "Larger values came with smaller errors"
    )
    return f"**{knob.label}.** {way}: {figure}."


EFFECTS_CAPTION = (
    "A rank correlation of +1 or −1 says that the error always rises or always falls with the setting; 0 says nothing "
    "of the kind, but a setting that is best in the middle has about 0 as well. Runs that were stopped early count "
    "with the error that they had then. Where several settings change together, none of this shows which of them did "
    "it."
)
