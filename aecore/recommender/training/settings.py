"""RecommenderSettings: all settings of the training of a recommender, with one flat set of names,
like `RunSettings` for an autoencoder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from aecore.recommender.models import MODELS, present_name
from aecore.recommender.models.base import Recommender
from aecore.recommender.ratings.sources import card
from aecore.runs.run import RECOMMENDER
from aecore.settings import Settings, SettingsError, knob, present_names

Device = Literal["auto", "cpu", "cuda"]
TestOn = Literal["new-people", "known-people"]


@dataclass(frozen=True)
class SplitSettings(Settings):
    """Settings of the evaluation split, and the device."""

    test_on: TestOn = knob(
        "new-people",
        "New users: a fifth of the users are never trained on, like a visitor of the Movies page. "
        "Known users: some ratings of every user are hidden and have to be predicted.", label="Test on",
    )  # fmt: skip
    draw: int = knob(
        1,
        "Random seed of the evaluation split. For known users of MovieLens 100K: the official split of that number.",
        label="Split number",
        low=1,
        high=5,
    )
    validation_share: float = knob(
        0.1, "Share of the users, or of the training ratings of known users, that validates the training. "
        "0: everything is trained on, and there is no validation curve.", low=0.0, high=0.5, advanced=True,
    )  # fmt: skip
    device: Device = knob(
        "auto", "Where a network learns; auto takes an NVIDIA GPU if there is one. "
        "Closed forms, and the classroom recipe with its one user at a time, run on the processor.", advanced=True,
    )  # fmt: skip


@dataclass(frozen=True)
class RecommenderSettings:
    """Ratings, a model and its settings, and the evaluation split.

    The names of all settings are distinct, so they can be given flat.
    """

    data: str
    model: str
    own: Settings
    split: SplitSettings

    @classmethod
    def build(cls, data: str, model: str, /, **values: Any) -> RecommenderSettings:
        """Builds settings from flat values. SettingsError for an unknown name or a value out of bounds, RatingsError
        for unknown ratings.
        """
        found = cls._of(data, model, values)
        card(data)
        return found

    @classmethod
    def _of(cls, data: str, model: str, values: dict[str, Any]) -> RecommenderSettings:
        model = present_name(model)
        own, split = parts_of(model)
        knobs = [each for part in (own, split) for each in part.knobs()]
        known, values = {each.name for each in knobs}, present_names(values, knobs)
        if unknown := sorted(set(values) - known):
            raise SettingsError(
                f"There is no setting '{unknown[0]}' for {model}; there are {', '.join(sorted(known))}."
            )
        shares = [
            {each.name: values[each.name] for each in part.knobs() if each.name in values} for part in (own, split)
        ]
        return cls(data, model, own.from_dict(shares[0]), split.from_dict(shares[1]))

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> RecommenderSettings:
        """Settings from a run's folder. SettingsError if something is missing, unknown or out of bounds."""
        found = cls.of_trained(values)
        card(found.data)
        return found

    @classmethod
    def of_trained(cls, values: dict[str, Any]) -> RecommenderSettings:
        """The same of a recommender that is trained, and serves whether or not its ratings are still there."""
        rest = {name: value for name, value in values.items() if name != "kind"}
        for name in ("data", "model"):
            if not isinstance(rest.get(name), str):
                raise SettingsError(f"The settings do not say which {name} to use.")
        return cls._of(rest.pop("data"), rest.pop("model"), rest)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it back."""
        return {
            "kind": RECOMMENDER,
            "data": self.data,
            "model": self.model,
            **self.own.to_dict(),
            **self.split.to_dict(),
        }

    def make(self) -> Recommender:
        """The untrained model."""
        return MODELS[self.model].model_class(self.own)

    def describe(self) -> str:
        """A short name, for instance 'MovieLens 100K · EASE'."""
        return f"{card(self.data).title} · {MODELS[self.model].title}"


def parts_of(model: str) -> tuple[type[Settings], type[SplitSettings]]:
    """The classes of the settings. SettingsError if there is no such model."""
    if model not in MODELS:
        raise SettingsError(f"There is no recommender '{model[:40]}'; choose one of {', '.join(MODELS)}.")
    return MODELS[model].settings_class, SplitSettings
