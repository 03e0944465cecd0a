"""Forms: what a knob becomes without a browser."""

from aecore.settings import parse
from aecore.training.loop import TrainingSettings
from aecore.variants import VARIANTS
from ui.screens.train.form import network_strip
from ui.widgets.forms import as_state, as_text, round_numbers, word


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


def test_choices_are_written_as_words() -> None:
    assert word("mse") == "Squared error"
    assert word("crop") == "Crop"
