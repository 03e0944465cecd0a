"""A comparison: two to six runs with one data set, one seed and one order of examples,
written as a text that fits into a link.

For instance `digits__epochs_150__batch_size_64__seed_0~linear~undercomplete__latent_size_5`:
the shared settings, then the entries.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from aecore.datasets import DataError, card
from aecore.experiment.setting_text import BETWEEN_PIECES, BETWEEN_SETTINGS, LONGEST_TEXT, piece_of, values_of
from aecore.experiment.settings import RunSettings, parts_of, suggestions
from aecore.settings import Knob, SettingsError
from aecore.training.loop import TrainingSettings
from aecore.variants import VARIANTS

FEWEST, MOST = 2, 6
"""Entries of a comparison."""

SHARED = ("epochs", "batch_size", "seed")
"""The settings that all entries have in common."""


class ComparisonError(ValueError):
    """A comparison that cannot be run; the message says why."""


@dataclass(frozen=True)
class ComparisonEntry:
    """One entry: a variant, and the settings that differ from the defaults for its data."""

    variant: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """The shared settings and the entries."""

    data: str
    epochs: int
    batch_size: int
    seed: int
    entries: tuple[ComparisonEntry, ...]

    @classmethod
    def on(cls, data: str, entries: tuple[ComparisonEntry, ...], **shared: int) -> Comparison:
        """A comparison with the default epochs and batch size for `data`, unless `shared` gives others.

        DataError if there is no such data.
        """
        usual = {name: card(data).suggested.get(name, knob.default) for name, knob in shared_knobs().items()}
        return cls(data, entries=entries, **{**usual, **shared})

    def shared(self) -> dict[str, int]:
        """Name -> value of the shared settings."""
        return {name: getattr(self, name) for name in SHARED}

    def settings(self) -> list[RunSettings]:
        """The settings of each entry's run. ComparisonError that names the entry if one of them cannot be built."""
        if not FEWEST <= len(self.entries) <= MOST:
            raise ComparisonError(f"A race has {FEWEST} to {MOST} entries; this one has {len(self.entries)}.")
        return [self._settings_of(number, entry) for number, entry in enumerate(self.entries, 1)]

    def _settings_of(self, number: int, entry: ComparisonEntry) -> RunSettings:
        try:
            return RunSettings.build(self.data, entry.variant, **{**entry.values, **self.shared()})
        except (SettingsError, DataError) as error:
            raise ComparisonError(f"Entry {number}: {error}") from None

    def with_entry(self, index: int, entry: ComparisonEntry | None) -> Comparison:
        """The same comparison with another entry at `index`, which may be the next free one; None removes it."""
        return replace(self, entries=(*self.entries[:index], *([entry] if entry else []), *self.entries[index + 1 :]))

    def moved_to(self, data: str) -> Comparison:
        """The same entries on other data; an entry whose settings are invalid there takes the defaults."""
        comparison = Comparison.on(data, self.entries, seed=self.seed)
        return replace(
            comparison,
            entries=tuple(
                entry if comparison._accepts(entry) else ComparisonEntry(entry.variant) for entry in self.entries
            ),
        )

    def _accepts(self, entry: ComparisonEntry) -> bool:
        try:
            return bool(self._settings_of(0, entry))
        except ComparisonError:
            return False


def shared_knobs() -> dict[str, Knob]:
    """The knobs of the shared settings."""
    known = {each.name: each for each in TrainingSettings.knobs()}
    return {name: known[name] for name in SHARED}


def entry_knobs(variant: str) -> dict[str, Knob]:
    """The knobs of each entry."""
    return {each.name: each for part in parts_of(variant) for each in part.knobs() if each.name not in SHARED}


def own_defaults(data: str, variant: str) -> dict[str, Any]:
    """The default of each of these knobs."""
    chosen = suggestions(data, variant)
    return {name: chosen.get(name, each.default) for name, each in entry_knobs(variant).items()}


def as_text(comparison: Comparison) -> str:
    """The comparison as text for a link; `from_text` reads it back."""
    entries = [piece_of(entry.variant, entry.values) for entry in comparison.entries]
    return BETWEEN_PIECES.join([piece_of(comparison.data, comparison.shared()), *entries])


def from_text(text: str) -> Comparison:
    """The comparison that a link describes.

    ComparisonError if it describes none; `settings` checks whether its entries can be run.
    """
    if len(text) > LONGEST_TEXT:
        raise ComparisonError(f"It is {len(text):,} letters long; a race takes no more than {LONGEST_TEXT:,}.")
    head, *pieces = text.split(BETWEEN_PIECES)
    if not FEWEST <= len(pieces) <= MOST:
        raise ComparisonError(f"A race has {FEWEST} to {MOST} entries; this one has {len(pieces)}.")
    data, *shared = head.split(BETWEEN_SETTINGS)
    try:
        return Comparison.on(data, tuple(map(_entry, pieces)), **values_of(shared, shared_knobs(), data))
    except (SettingsError, DataError) as error:
        raise ComparisonError(str(error)) from None


def _entry(piece: str) -> ComparisonEntry:
    variant, *settings = piece.split(BETWEEN_SETTINGS)
    if variant not in VARIANTS:
        raise ComparisonError(f"There is no variant '{variant[:40]}'; there are {', '.join(VARIANTS)}.")
    return ComparisonEntry(variant, values_of(settings, entry_knobs(variant), variant))
