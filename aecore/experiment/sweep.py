"""A sweep: the same network trained with many settings, either every combination of some values (grid search) or
settings drawn at random (random search), written as a text that fits into a link.

For instance `digits__runs_20__seed_0~undercomplete__epochs_50~latent_size__2__4__8~learning_rate__0.0005..0.05`:
the data and how to search, the variant and what is the same for all runs, then each setting that is searched.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from aecore.datasets import DataError, card
from aecore.experiment.halving import Halving
from aecore.experiment.setting_text import (
    BETWEEN_PIECES,
    BETWEEN_SETTINGS,
    LONGEST_TEXT,
    piece_of,
    values_of,
)
from aecore.experiment.settings import RunSettings, parts_of
from aecore.experiment.sweep_searches import Search, SweepError, Values, check_search, search_of, searchable
from aecore.runs.sweeps import PlannedRun
from aecore.settings import Knob, SettingsError
from aecore.variants import VARIANTS

MOST = 200
"""Runs of a sweep."""

DRAWS = 50
"""Draws for each run until a random search gives up looking for settings that it has not drawn yet."""


@dataclass(frozen=True)
class Sweep:
    """A search over the settings of one variant on one data set.

    fixed: values that all runs have, other than the defaults for the data. searched: what is tried of each searched
    setting. runs: how many settings are drawn at random; 0 for a grid, which tries every combination. halving: how
    runs that fall behind are stopped early; None for never.
    """

    data: str
    variant: str
    fixed: dict[str, Any] = field(default_factory=dict)
    searched: dict[str, Search] = field(default_factory=dict)
    runs: int = 0
    seed: int = 0
    halving: Halving | None = None

    @property
    def is_grid(self) -> bool:
        """Whether every combination is tried."""
        return self.runs == 0

    def points(self) -> list[dict[str, Any]]:
        """The searched settings of each run, no two alike, the same for the same sweep. SweepError if there are none,
        or too many, and if one of the searches is of nothing.
        """
        return [point for point, _ in self._runs()]

    def settings(self) -> list[RunSettings]:
        """The settings of each run, in the order of `points`. SweepError that names what cannot be trained."""
        found = [settings for _, settings in self._runs()]
        if self.halving:
            self._check_halving(self.halving, found)
        return found

    def _runs(self) -> list[tuple[dict[str, Any], RunSettings]]:
        self._check()
        found: dict[str, tuple[dict[str, Any], RunSettings]] = {}
        for point in self._grid() if self.is_grid else self._drawn(found):
            settings = self._built(point)
            found.setdefault(_essence(settings), (point, settings))
        runs = list(found.values())
        if len(runs) < self.runs:
            raise SweepError(
                f"runs is {self.runs}, but only {len(runs)} different settings were found in this search. "
                "Ask for fewer runs, or search more values."
            )
        if self.is_grid and self.halving:  # who comes first is compared with nobody: no end of the grid should be
            random.Random(self.seed).shuffle(runs)
        return runs

    def _grid(self) -> Iterator[dict[str, Any]]:
        for values in product(*(search.values for search in self.searched.values() if isinstance(search, Values))):
            yield dict(zip(self.searched, values, strict=True))

    def _drawn(self, found: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Points drawn at random until enough different ones are `found`."""
        rng = random.Random(self.seed)
        for _ in range(DRAWS * self.runs):
            if len(found) == self.runs:
                return
            yield {name: search.draw(rng) for name, search in self.searched.items()}

    def _built(self, point: dict[str, Any]) -> RunSettings:
        try:
            return RunSettings.build(self.data, self.variant, **{**self.fixed, **point})
        except (SettingsError, DataError) as error:
            raise SweepError(f"With {point_text(point)}: {error}") from None

    def _check(self) -> None:
        if self.variant not in VARIANTS:
            raise SweepError(f"There is no variant '{self.variant[:40]}'; there are {', '.join(VARIANTS)}.")
        try:
            card(self.data)
        except DataError as error:
            raise SweepError(str(error)) from None
        if not self.searched:
            raise SweepError("A sweep needs at least one setting to search.")
        knobs = searchable(self.variant)
        for name, search in self.searched.items():
            if name not in knobs:
                raise SweepError(f"'{name[:40]}' cannot be searched for {self.variant}; there are {', '.join(knobs)}.")
            if name in self.fixed:
                raise SweepError(f"{name} is searched, so it cannot be {self.fixed[name]} for all runs as well.")
            check_search(knobs[name], search, is_grid=self.is_grid)
        if self.is_grid:
            count = math.prod(len(each.values) for each in self.searched.values() if isinstance(each, Values))
            if count > MOST:
                raise SweepError(
                    f"This grid has {count:,} combinations; a sweep has at most {MOST} runs. Search fewer settings or "
                    "values, or draw some of them at random."
                )
        elif not 1 <= self.runs <= MOST:
            raise SweepError(f"runs is {self.runs:,}; a sweep has 1 to {MOST} runs.")

    def _check_halving(self, halving: Halving, runs: list[RunSettings]) -> None:
        if "epochs" in self.searched:
            raise SweepError(
                "Early stopping compares runs of equal length after the same number of epochs, so epochs cannot be "
                "searched with it. Leave epochs out of the search, or stop no runs early."
            )
        if any(each.flat().get("start") == "greedy" for each in runs):
            raise SweepError(
                "Early stopping compares runs after the same number of epochs; a network that is trained layer by "
                "layer spends them on one layer after another. Set start to random, or stop no runs early."
            )
        epochs = runs[0].training.epochs
        if not halving.rungs(epochs):
            raise SweepError(
                f"The first check of early stopping comes after {halving.first} epochs, but each run has only "
                f"{epochs}. Check earlier, or train for more epochs."
            )


def as_text(sweep: Sweep) -> str:
    """The sweep as text for a link; `from_text` reads it back."""
    head: dict[str, Any] = {"runs": sweep.runs, "seed": sweep.seed}
    if sweep.halving:
        head["halving"] = halving_numbers(sweep)
    searched = [BETWEEN_SETTINGS.join([name, search.text()]) for name, search in sweep.searched.items()]
    return BETWEEN_PIECES.join([piece_of(sweep.data, head), piece_of(sweep.variant, sweep.fixed), *searched])


def from_text(text: str) -> Sweep:
    """The sweep that a link describes. SweepError if it describes none; `settings` checks whether it can be run."""
    if len(text) > LONGEST_TEXT:
        raise SweepError(f"It is {len(text):,} letters long; a sweep takes no more than {LONGEST_TEXT:,}.")
    head, _, rest = text.partition(BETWEEN_PIECES)
    one, *pieces = rest.split(BETWEEN_PIECES)
    (data, *given), (variant, *fixed) = head.split(BETWEEN_SETTINGS), one.split(BETWEEN_SETTINGS)
    if variant not in VARIANTS:
        raise SweepError(f"There is no variant '{variant[:40]}'; there are {', '.join(VARIANTS)}.")
    known = {each.name: each for part in parts_of(variant) for each in part.knobs()}
    try:
        card(data)
        asked = values_of(given, HEAD, data)
        halving = Halving.of(asked.pop("halving")) if "halving" in asked else None
        searched = dict(search_of(*piece.split(BETWEEN_SETTINGS), variant=variant) for piece in pieces)
        return Sweep(data, variant, values_of(fixed, known, variant), searched, halving=halving, **asked)
    except (SettingsError, DataError) as error:
        raise SweepError(str(error)) from None


def plan(sweep: Sweep) -> list[PlannedRun]:
    """The runs of a sweep as its record keeps them, each with a name. SweepError as `Sweep.settings` says."""
    title = f"{card(sweep.data).title} · {VARIANTS[sweep.variant].title}" if sweep.settings() else ""
    return [
        PlannedRun(f"{title} · {labelled(sweep.variant, point)}", point, settings.to_dict())
        for point, settings in zip(sweep.points(), sweep.settings(), strict=True)
    ]


def sweep_name(sweep: Sweep) -> str:
    """For instance 'Digits · Undercomplete · code size, learning rate · 20 runs at random'."""
    knobs = searchable(sweep.variant)
    names = ", ".join(_lower(knobs[name].label) for name in sweep.searched)
    how = "every combination" if sweep.is_grid else f"{sweep.runs} at random"
    return f"{card(sweep.data).title} · {VARIANTS[sweep.variant].title} · {names} · {how}"


def halving_numbers(sweep: Sweep) -> tuple[int, ...]:
    """Early stopping as a record keeps it."""
    return (sweep.halving.keep_one_in, sweep.halving.first) if sweep.halving else ()


def point_text(point: dict[str, Any]) -> str:
    """'latent_size 8, learning_rate 0.003': the searched settings of a run in one line."""
    return ", ".join(f"{name} {_said(value)}" for name, value in point.items())


def labelled(variant: str, point: dict[str, Any]) -> str:
    """The same with the labels of a form: 'code size 8, learning rate 0.003'."""
    knobs = searchable(variant)
    return ", ".join(f"{_lower(knobs[name].label)} {_said(value)}" for name, value in point.items())


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _said(value: Any) -> str:
    if isinstance(value, tuple | list):
        return "-".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)


def _essence(settings: RunSettings) -> str:
    """The same for settings that train the same network: a noise level without a corruption does nothing."""
    flat = settings.flat()
    if flat["corruption"] == "none":
        del flat["noise_level"]
    return json.dumps(flat, sort_keys=True)


HEAD = {
    "runs": Knob("runs", int, 0, "", "Runs", 0, MOST),
    "seed": Knob("seed", int, 0, "", "Seed", 0, 2**31 - 1),
    "halving": Knob("halving", tuple, (), "", "Early stopping", 1, 2000),
}
"""What a link says of the search itself."""
