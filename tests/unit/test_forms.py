"""Forms: what a knob becomes without a browser."""

import pytest

from aecore.experiment.settings import RunSettings, parts_of
from aecore.settings import SettingsError, parse
from aecore.training.loop import TrainingSettings
from aecore.variants import VARIANTS
from ui.screens.train.form import network_strip
from ui.widgets.forms import as_state, as_text, in_form_words, round_numbers, word


def test_round_numbers_lie_within_the_bounds_in_order() -> None:
    numbers = round_numbers(1e-6, 100.0, float)
    assert numbers == sorted(numbers)
    assert (numbers[0], numbers[-1]) == (1e-6, 100.0)
    assert 0.005 in numbers


def test_whole_round_numbers_are_whole_and_know_the_powers_of_two() -> None:
    numbers = round_numbers(1, 4096, int)
    assert {1, 10, 64, 128, 4096} <= set(numbers)
    assert all(type(number) is int for number in numbers)


def test_every_default_can_be_typed_as_its_widget_shows_it() -> None:
    for part in (TrainingSettings, *(variant.settings_class for variant in VARIANTS.values())):
        for each in part.knobs():
            state = as_state(each, each.default)
            assert parse(each, str(state)) == each.default, each.name


def test_layers_are_written_as_people_type_them() -> None:
    assert as_text((512, 128)) == "512, 128"
    assert as_text(()) == ""


def test_the_network_strip_says_every_layer_size_from_input_to_output() -> None:
    strip = network_strip([784, 128, 25])
    assert "Layers: 784 to 128 to 25 to 128 to 784" in strip
    assert strip.count("border-radius") == 5
    assert [strip.count(f"<br>{word}<") for word in ("input", "code", "output", "")] == [1, 1, 1, 2]


def test_choices_are_written_as_words() -> None:
    assert word("mse") == "Squared error"
    assert word("crop") == "Crop"


@pytest.mark.parametrize(
    ("variant", "values", "words"),
    [
        ("undercomplete", {"widths": [8] * 9}, "Hidden layers: 9 layers are listed; at most 8 are allowed."),
        ("undercomplete", {"widths": [0]}, "Hidden layers is 0; it must lie between 1 and 8192."),
        ("undercomplete", {"latent_size": 64}, "Code size is 64, but an example has only 64 inputs"),
        ("k-sparse", {"latent_size": 9, "k": 10}, "Units kept (k) is 10, but the code has only 9 units to choose from; "
         "choose Units kept (k) up to 9."),
        ("undercomplete", {"loss": "bce", "output": "linear"}, "Loss is “Cross-entropy”, which needs probabilities: "
         "set Output to “Sigmoid”, or Loss to “Squared error”."),
        ("undercomplete", {"optimiser": "sgdx"}, "Optimiser is 'sgdx'; it must be one of"),
        ("stacked", {"widths": []}, "Hidden layers: none is listed"),
        ("undercomplete", {"leave_out": "12"}, "Leave out a class is '12', but 'digits' has no such class"),
    ],
)  # fmt: skip
def test_a_refusal_names_settings_and_choices_as_the_form_does(
    variant: str, values: dict[str, object], words: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        RunSettings.build("digits", variant, **values).check_shape((1, 8, 8))
    knobs = [each for part in parts_of(variant) for each in part.knobs()]
    assert in_form_words(str(refused.value), knobs).startswith(words)
