"""A folder of a recommender with any damage is refused with a sentence, or gives a model that recommends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aecore.datasets import DataError
from aecore.exchange import ExchangeError
from aecore.exchange.huggingface import write_folder
from aecore.exchange.importing import import_run
from aecore.recommender import load
from aecore.runs.store import RunStore
from aecore.settings import SettingsError
from tests.small_recommenders import bring_tastes, make_recommender
from tests.small_runs import finish

pytestmark = pytest.mark.long

QUICK = settings(max_examples=150, suppress_health_check=list(HealthCheck), database=None, deadline=None)
PARSED = ("config.json", "about.json", "films.json", "facts.json", "details.json")
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.just([]), st.just({}),
    st.lists(st.integers(), max_size=3), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a small folder."""
    home, out = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("out") / "model"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AECORE_HOME", str(home))
        store, data = RunStore(), bring_tastes(home)
        run = finish(store, make_recommender(store, data, "mult-vae", epochs=2, hidden_size=4, latent_size=3))
        assert run.status.state == "done", run.status.message
        write_folder(run, out)
    return {each.name: each.read_bytes() for each in out.iterdir() if each.name != "README.md"}


def imported_or_refused(files: dict[str, bytes], home: Path) -> None:
    """What is imported is listed and gives finite scores; what is refused leaves nothing."""
    store, place, refusal = RunStore(home / "runs"), home / "folder", ""
    place.mkdir(parents=True)
    for name, content in files.items():
        (place / name).write_bytes(content)
    try:
        found = import_run(store, place)
        assert np.isfinite(load(found.run.folder).scores({}).order).all()
        assert not store.get(found.run.id).problem
    except (ExchangeError, SettingsError, DataError) as error:
        refusal = str(error)
    left = store.list()
    shutil.rmtree(home)
    assert len(left) == (not refusal)
    assert "\n" not in refusal
    assert not refusal or refusal.endswith(".")


@QUICK
@given(data=st.data())
def test_damaged_bytes(whole: dict[str, bytes], tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(whole)))
    content = bytearray(whole[name])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(content)), st.integers(0, len(content))))
    imported_or_refused(whole | {name: bytes(content[:cut])}, tmp_path / "home")


@QUICK
@given(data=st.data())
def test_another_value_anywhere(whole: dict[str, bytes], tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(PARSED))
    values: Any = json.loads(whole[name])
    at = values
    while True:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if isinstance(at[key], dict | list) and at[key] and data.draw(st.booleans()):
            at = at[key]
            continue
        at[key] = data.draw(ANYTHING)
        break
    imported_or_refused(whole | {name: json.dumps(values).encode()}, tmp_path / "home")
