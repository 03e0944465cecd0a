"""RunSettings: flat names, defaults for the data, presets, hand-edited junk and refusals that depend on the data."""

from __future__ import annotations

import json
import math
from typing import Any, get_args

import numpy as np
import pytest

from aecore.corruption import CORRUPTIONS
from aecore.datasets import DATASETS, card, names
from aecore.experiment.presets import PRESETS
from aecore.experiment.settings import CorruptionName, RunSettings, parts_of, suggestions
from aecore.settings import SettingsError
from aecore.variants import VARIANTS

PAIRS = [
    (data, variant)
    for data, about in DATASETS.items()
    for variant in VARIANTS
    if about.is_image or not VARIANTS[variant].needs_image
]


@pytest.fixture
def table(home: Any) -> str:
    """The name of an uploaded table of 12 columns."""
    from aecore.datasets.uploads.reading import read_upload, save_upload

    rows = np.random.default_rng(0).random((40, 12))
    text = (
        ",".join(f"c{index}" for index in range(12))
        + "\n"
        + "\n".join(",".join(f"{value:.4f}" for value in row) for row in rows)
    )
    save_upload(read_upload([("sensors.csv", text.encode())]), "sensors", home)
    return next(name for name in names() if name.startswith("upload-"))


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_name_belongs_to_one_part_only(variant: str) -> None:
    flat = [each.name for part in parts_of(variant) for each in part.knobs()]
    assert len(flat) == len(set(flat))
    assert not {"data", "variant", "name", "resume", "json", "threads", "preset"} & set(
        flat
    )  # taken by the run file and the command line


def test_every_corruption_of_the_table_can_be_chosen_and_no_other() -> None:
    assert get_args(CorruptionName) == ("none", *CORRUPTIONS)


@pytest.mark.parametrize(("data", "variant"), PAIRS)
def test_every_variant_can_be_built_for_every_data_set_without_setting_anything(data: str, variant: str) -> None:
    settings = RunSettings.build(data, variant)
    expected = suggestions(data, variant)
    assert expected.keys() <= settings.flat().keys()
    assert {
        name: tuple(settings.flat()[name]) if isinstance(value, tuple) else settings.flat()[name]
        for name, value in expected.items()
    } == expected


def test_the_users_settings_override_the_datas_defaults() -> None:
    assert RunSettings.build("digits", "undercomplete").training.epochs == card("digits").suggested["epochs"]
    assert RunSettings.build("digits", "undercomplete", epochs=7).training.epochs == 7


@pytest.mark.parametrize("data", DATASETS)
def test_the_plain_variant_takes_all_defaults_of_the_data_and_a_wide_one_keeps_its_width(data: str) -> None:
    assert suggestions(data, "undercomplete") == dict(card(data).suggested)
    inputs = math.prod(card(data).shape)
    assert suggestions(data, "sparse-l1")["latent_size"] == min(1000, 4 * inputs)
    assert "widths" not in suggestions(data, "sparse-l1")


@pytest.mark.parametrize("variant", [name for name, variant in VARIANTS.items() if not variant.needs_image])
def test_a_table_can_be_trained_on_without_setting_anything(variant: str, table: str) -> None:
    assert RunSettings.build(table, variant).model.code_size((12,)) >= 1


@pytest.mark.parametrize("variant", [name for name, variant in VARIANTS.items() if variant.needs_image])
def test_a_variant_for_pictures_is_refused_on_a_table(variant: str, table: str) -> None:
    with pytest.raises(SettingsError, match=f"The {variant} variant needs pictures"):
        RunSettings.build(table, variant)


def test_keeping_more_units_than_there_are_is_refused() -> None:
    with pytest.raises(SettingsError, match="k is 65, but the code has only 64 units"):
        RunSettings.build("digits", "k-sparse", latent_size=64, k=65)
    assert RunSettings.build("digits", "k-sparse", latent_size=64, k=64).flat()["k"] == 64


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"kernel_size": 9}, "kernel_size is 9, larger than the pictures of 8 x 8 pixels"),
        ({"channels": []}, "channels: 0 convolutions are listed"),
        ({"channels": [4] * 4}, "8 x 8 pixels can be halved only 3 times"),
        ({"loss": "bce", "output": "linear"}, "loss is 'bce', which needs probabilities"),
    ],
)  # fmt: skip
def test_convolutions_that_do_not_fit_the_picture_are_refused(values: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        RunSettings.build("digits", "convolutional", **values)


def test_a_coin_toss_with_a_linear_output_is_refused() -> None:
    with pytest.raises(SettingsError, match="likelihood is 'bernoulli', which needs probabilities"):
        RunSettings.build("digits", "variational", output="linear")
    RunSettings.build("digits", "variational", output="linear", likelihood="gaussian")


@pytest.mark.parametrize(
    ("bottleneck", "path"), [("dense", "784-3136-1568-12-1568-3136-784"), ("maps", "784-3136-1568-3136-784")]
)
def test_the_name_of_a_convolutional_run_tells_the_numbers_in_its_maps(bottleneck: str, path: str) -> None:
    settings = RunSettings.build("shapes", "convolutional", bottleneck=bottleneck)
    assert settings.describe((1, 28, 28)) == f"Shapes · Convolutional {path}"


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_builds_and_keeps_its_word(name: str) -> None:
    preset = PRESETS[name]
    settings = preset.build()
    assert (settings.data, settings.variant) == (preset.data, preset.variant)
    assert {key: settings.to_dict()[key] for key in preset.values} == preset.values
    assert card(preset.data).title in settings.describe(card(preset.data).shape)


@pytest.mark.parametrize(("data", "variant"), PAIRS)
def test_settings_survive_the_runs_folder(data: str, variant: str) -> None:
    before = RunSettings.build(data, variant, corruption="masking", noise_level=0.3, seed=5, epochs=3)
    assert RunSettings.from_dict(json.loads(json.dumps(before.to_dict()))) == before


def test_the_name_of_a_run_tells_its_path_and_its_corruption() -> None:
    settings = RunSettings.build(
        "mnist", "undercomplete", widths=[100], latent_size=25, corruption="gaussian", noise_level=0.25
    )
    assert settings.describe((1, 28, 28)) == "MNIST · Undercomplete 784-100-25-100-784 · gaussian 0.25"


def test_a_run_from_before_classes_could_be_left_out_has_all_of_them() -> None:
    values = RunSettings.build("digits", "undercomplete").to_dict()
    assert values.pop("leave_out") == ""
    assert RunSettings.from_dict(values) == RunSettings.build("digits", "undercomplete")


def test_the_name_of_a_run_tells_the_class_it_never_saw() -> None:
    settings = RunSettings.build("digits", "linear", leave_out="8")
    assert settings.describe((1, 8, 8)) == "Digits · Linear (PCA) 64-10-64 · without 8"


def test_a_class_cannot_be_left_out_where_there_are_none(table: str) -> None:
    with pytest.raises(SettingsError, match=r"leave_out is '8', but 'upload-\S+' has no classes"):
        RunSettings.build(table, "linear", latent_size=4, leave_out="8")


@pytest.mark.parametrize("missing", ["data", "variant"])
def test_settings_that_do_not_say_what_to_use_are_refused(missing: str) -> None:
    values = RunSettings.build("digits", "undercomplete").to_dict()
    del values[missing]
    with pytest.raises(SettingsError, match=f"do not say which {missing} to use"):
        RunSettings.from_dict(values)


@pytest.mark.parametrize(
    ("junk", "says"),
    [
        ({"data": "cats"}, "no data set 'cats'"), ({"data": 5}, "data"), ({"data": None}, "data"),
        ({"data": ["digits"]}, "data"), ({"data": {}}, "data"), ({"variant": "magic"}, "no variant 'magic'"),
        ({"variant": 5}, "variant"), ({"variant": ["linear"]}, "variant"), ({"variant": {}}, "variant"),
        ({"latent": 5}, "no setting 'latent'"), ({"cls": 1}, "no setting 'cls'"), ({"": 1}, "no setting ''"),
        ({"epochs": "many"}, "epochs is 'many'"), ({"epochs": 0}, "epochs is 0"),
        ({"epochs": None}, "epochs is None"), ({"epochs": 10**400}, "epochs is"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"), ({"learning_rate": 10**400}, "learning_rate is"),
        ({"widths": {"a": 1}}, "widths is"), ({"widths": [[1]]}, "widths is"),
        ({"widths": [5] * 9}, "widths: 9 layers are listed"),
        ({"corruption": "fire"}, "corruption is 'fire'"), ({"noise_level": 1.5}, "noise_level is 1.5"),
    ],
)  # fmt: skip
def test_hand_edited_junk_is_refused_with_a_sentence(junk: dict[str, Any], says: str) -> None:
    values = RunSettings.build("digits", "undercomplete").to_dict() | junk
    with pytest.raises(ValueError, match=says):  # SettingsError, or DataError for the data set
        RunSettings.from_dict(values)


def test_an_undercomplete_code_as_wide_as_the_data_is_refused_with_the_widest_allowed() -> None:
    with pytest.raises(SettingsError, match=r"latent_size is 64, .* only 64 inputs.* at most 63"):
        RunSettings.build("digits", "undercomplete", latent_size=64)
    assert RunSettings.build("digits", "undercomplete", latent_size=63).model.code_size((1, 8, 8)) == 63


def test_a_linear_code_wider_than_the_data_is_refused_but_one_as_wide_is_not() -> None:
    with pytest.raises(SettingsError, match=r"latent_size is 65, wider than the 64 inputs"):
        RunSettings.build("digits", "linear", latent_size=65)
    RunSettings.build("digits", "linear", latent_size=64)


@pytest.mark.parametrize("name", [name for name, corruption in CORRUPTIONS.items() if corruption.needs_image])
def test_a_corruption_that_needs_pictures_is_refused_on_a_table(name: str, table: str) -> None:
    with pytest.raises(SettingsError, match=f"corruption is '{name}', which needs pictures"):
        RunSettings.build(table, "undercomplete", latent_size=4, corruption=name)
    RunSettings.build("digits", "undercomplete", corruption=name)


@pytest.mark.parametrize("variant", ["undercomplete", "overcomplete"])
def test_cross_entropy_without_probabilities_is_refused(variant: str) -> None:
    with pytest.raises(SettingsError, match="loss is 'bce', which needs probabilities"):
        RunSettings.build("digits", variant, loss="bce", output="linear")
    RunSettings.build("digits", variant, loss="bce", output="sigmoid")
