"""The contract of every data set: what its card says is what is loaded, and no example is in two parts."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from aecore.datasets import DATASETS, DataError, Dataset, card, is_ready, load, names
from aecore.datasets.preview import PLANE, POINTS, SHOWN, preview
from aecore.experiment.settings import suggestions
from aecore.settings import SettingsError
from aecore.variants import VARIANTS

PARTS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def shelf() -> dict[str, Dataset]:
    """Every data set is loaded once; the tests only look."""
    return {}


@pytest.fixture(params=DATASETS)
def data(request: pytest.FixtureRequest, shelf: dict[str, Dataset]) -> Dataset:
    name = request.param
    if DATASETS[name].remote:
        folder = request.getfixturevalue("real_data")
        if not is_ready(name, folder):
            pytest.skip(f"{name} has not been downloaded to {folder}")
    elif find_spec(f"aecore.datasets.{DATASETS[name].module}") is None:
        pytest.skip(f"aecore/datasets/{DATASETS[name].module}.py is not written yet")
    if name not in shelf:
        shelf[name] = load(name)
    return shelf[name]


def rows(x: np.ndarray) -> list[bytes]:
    return [row.tobytes() for row in x]


def test_the_card_says_what_is_loaded(data: Dataset) -> None:
    about = card(data.name)
    assert data.shape == about.shape
    assert data.is_image == about.is_image == (len(data.shape) == 3)
    assert data.inputs == np.prod(data.shape)
    assert all((about.title, about.about, about.source, about.licence))
    assert data.name in names()


def test_every_number_is_a_float32_between_0_and_1_and_the_range_is_used(data: Dataset) -> None:
    for part in PARTS:
        x = getattr(data, part).x
        assert x.dtype == np.float32
        assert x.flags.writeable  # torch warns of arrays that are not
        assert 0 <= float(x.min()) < 0.1
        assert 0.9 < float(x.max()) <= 1


def test_every_label_is_a_class_and_every_class_is_in_every_part(data: Dataset) -> None:
    for part in PARTS:
        labels = getattr(data, part).labels
        assert labels is not None
        assert labels.dtype == np.int64
        assert np.unique(labels).tolist() == list(range(len(data.classes)))


def test_every_factor_of_choice_names_its_values(data: Dataset) -> None:
    for part in PARTS:
        for name, column in getattr(data, part).factors.items():
            assert len(column) == len(getattr(data, part))
            if name in data.factor_values:
                assert 0 <= column.min() <= column.max() < len(data.factor_values[name])
            else:
                assert column.dtype == np.float32
                assert np.isfinite(column).all()


def test_no_example_is_in_two_parts(data: Dataset) -> None:
    if data.name == "digits":
        originals = Counter(rows((load_digits().images[:, None] / 16).astype(np.float32)))
        ours = Counter(row for part in PARTS for row in rows(getattr(data, part).x))
        assert ours == originals  # each original once: what is alike was alike before
        return
    train, validation, test = (set(rows(getattr(data, part).x)) for part in PARTS)
    assert not train & validation
    if data.name not in ("mnist", "fashion-mnist"):  # their test sets are the official ones
        assert not (train | validation) & test


def test_labels_stay_with_their_pictures() -> None:
    bunch, data = load_digits(), load("digits")
    originals = {
        (row, int(label))
        for row, label in zip(rows((bunch.images[:, None] / 16).astype(np.float32)), bunch.target, strict=True)
    }
    for part in PARTS:
        examples = getattr(data, part)
        assert set(zip(rows(examples.x), examples.labels.tolist(), strict=True)) <= originals


def test_every_load_gives_the_same_split(data: Dataset) -> None:
    if data.name in ("shapes", "faces"):  # drawing thousands twice takes long
        drawn = import_module(f"aecore.datasets.{data.name}")
        first, again = drawn.load(count=200), drawn.load(count=200)
    else:
        first, again = data, load(data.name)
    for part in PARTS:
        np.testing.assert_array_equal(getattr(again, part).x, getattr(first, part).x)
        np.testing.assert_array_equal(getattr(again, part).labels, getattr(first, part).labels)


def test_the_card_names_the_classes(data: Dataset) -> None:
    assert card(data.name).classes == data.classes


def test_the_parts_are_as_large_as_they_say(data: Dataset) -> None:
    sizes = tuple(len(getattr(data, part)) for part in PARTS)
    expected = {"digits": (1257, 270, 270), "mnist": (55_000, 5_000, 10_000), "fashion-mnist": (55_000, 5_000, 10_000)}
    count = sum(sizes)
    assert sizes == expected.get(data.name, (count - 2 * round(0.15 * count), round(0.15 * count), round(0.15 * count)))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", DATASETS)
def test_what_a_card_suggests_is_allowed(name: str, variant: str) -> None:
    about = card(name)
    if VARIANTS[variant].needs_image and not about.is_image:
        return
    knobs = {each.name: each for each in VARIANTS[variant].settings_class.knobs()}
    chosen = suggestions(name, variant)
    settings = VARIANTS[variant].settings_class.from_dict({key: value for key, value in chosen.items() if key in knobs})
    settings.check_shape(about.shape)  # type: ignore[attr-defined]
    with pytest.raises(SettingsError):
        VARIANTS[variant].settings_class.from_dict({"no such setting": 1})


def test_a_data_set_that_does_not_exist_is_refused_with_those_that_do() -> None:
    for ask in (load, card):
        with pytest.raises(DataError, match="no data set 'cats'; choose one of digits, shapes, faces, spiral, mnist"):
            ask("cats")


@pytest.mark.parametrize("name", [name for name, card in DATASETS.items() if card.remote])
def test_what_has_not_been_downloaded_says_how_to_get_it(name: str, tmp_path: Path) -> None:
    assert not is_ready(name, tmp_path)
    with pytest.raises(DataError, match=f"{name}.*python -m aecore data fetch {name}"):
        load(name, tmp_path)


def test_a_preview_shows_training_examples_of_every_class_and_is_read_back_alike(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aecore.datasets.preview.load", lambda name, home: data)
    made = preview(data.name)
    monkeypatch.setattr("aecore.datasets.preview.load", lambda name, home: pytest.fail("the preview was not kept"))
    read = preview(data.name)
    assert made.counts == read.counts == tuple(len(getattr(data, part)) for part in PARTS)
    np.testing.assert_array_equal(made.x, read.x)
    assert made.names == read.names
    assert set(rows(made.x)) <= set(rows(data.train.x))
    assert len(made.x) == (min(POINTS, len(data.train)) if tuple(data.shape) == PLANE else SHOWN)
    assert set(made.names) == set(data.classes[:10])


@pytest.mark.parametrize("damage", [b"", b"junk", b"PK\x03\x04 cut short"], ids=["empty", "junk", "truncated"])
def test_a_damaged_preview_is_made_anew(home: Path, damage: bytes) -> None:
    good = preview("digits")
    (kept,) = (home / "cache" / "results" / "preview").iterdir()
    kept.write_bytes(damage)
    np.testing.assert_array_equal(preview("digits").x, good.x)


def test_a_preview_is_read_once_and_again_when_it_has_changed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = preview("digits")
    first = preview("digits")
    with monkeypatch.context() as patch:
        patch.setattr("aecore.datasets.preview.Slot.read", lambda slot: pytest.fail("it was read anew"))
        assert preview("digits") is first
    np.testing.assert_array_equal(first.x, good.x)
    with pytest.raises(ValueError, match="read-only"):
        first.x[0] = 0  # all who look at it share it
    (kept,) = (home / "cache" / "results" / "preview").iterdir()
    kept.unlink()
    assert preview("digits") is not first
