"""The address of the Train page, as other pages make it, says everything that is not usual."""

import pytest

from aecore.experiment.presets import PRESETS
from aecore.experiment.settings import RunSettings, parts_of, suggestions
from ui.widgets.forms import param_of
from ui.widgets.train_form import form_address


def read_back(data: str, variant: str, values: dict[str, object]) -> RunSettings:
    """The settings that a page would take from the address, where what it does not say is usual."""
    pairs = form_address(data, variant, values)
    texts = {param.name: param.kind.written(value) for param, value in pairs}
    usual, found = suggestions(data, variant), {}
    for each in (each for part in parts_of(variant) for each in part.knobs()):
        if each.name in texts:
            value = param_of(each, usual.get(each.name, each.default)).kind.read(texts[each.name])
            found[each.name] = [int(part) for part in value.split(",") if part.strip()] if each.kind is tuple else value
    return RunSettings.build(data, variant, **found)


@pytest.mark.parametrize(
    "name", [name for name, preset in PRESETS.items() if preset.data in ("digits", "faces", "shapes")]
)
def test_the_settings_of_a_preset_come_back_from_the_address(name: str) -> None:
    preset = PRESETS[name]
    whole = RunSettings.build(preset.data, preset.variant, **preset.values)
    assert read_back(preset.data, preset.variant, whole.flat()) == whole


def test_what_is_usual_is_not_in_the_address() -> None:
    assert [param.name for param, _ in form_address("digits", "undercomplete", {})] == ["data", "variant"]
    names = [param.name for param, _ in form_address("digits", "k-sparse", {"leave_out": "5", "k": 3})]
    assert sorted(names) == ["data", "k", "leave_out", "variant"]
