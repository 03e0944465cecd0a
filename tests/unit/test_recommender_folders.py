"""A finished recommender as a Hugging Face-style folder and back: the same scores, and nothing foreign gets in."""

from __future__ import annotations

import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from safetensors.numpy import load_file, save_file

from aecore.__main__ import main
from aecore.exchange.huggingface import folder_zip, write_folder
from aecore.recommender import load
from aecore.recommender.models import MODELS
from aecore.recommender.newer.usual import is_ready
from aecore.runs.store import Run, RunStore
from tests.small_recommenders import bring_tastes, make_recommender
from tests.small_runs import finish, records

Capture = pytest.CaptureFixture[str]

SMALL: dict[str, Any] = {
    "epochs": 2, "hidden_size": 6, "hidden_sizes": [6, 5], "latent_size": 4, "burn_in": 2, "draws": 4, "kept_draws": 2,
    "rank": 3, "neighbours": 8, "order_neighbours": 8, "ease_films": 10,
}  # fmt: skip
FILES = {
    "config.json", "model.safetensors", "about.json", "films.json", "facts.json", "places.npz", "details.json",
    "README.md", "progress.jsonl",
}  # fmt: skip


def trained(store: RunStore, data: str, model: str, **values: Any) -> Run:
    known = {each.name for each in MODELS[model].settings_class.knobs()}
    run = make_recommender(store, data, model, **{key: each for key, each in SMALL.items() if key in known} | values)
    run = finish(store, run)
    assert run.status.state == "done", run.status.message
    return run


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of recommenders that were trained in another home, by their models."""
    home, out = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("folders")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AECORE_HOME", str(home))
        data, store = bring_tastes(home), RunStore()
        for model in ("bayesian", "item-knn", "item-autorec", "hybrid"):
            write_folder(trained(store, data, model), out / model)
    return out


@pytest.fixture
def store(home: Path) -> RunStore:
    return RunStore()


@pytest.fixture
def folder(elsewhere: Path, tmp_path: Path) -> Path:
    """The folder of a Bayesian model, to be changed."""
    shutil.copytree(elsewhere / "bayesian", tmp_path / "model")
    return tmp_path / "model"


def imported(store: RunStore, place: Path, *known: Run) -> Run:
    assert main(["import", str(place)]) == 0
    (found,) = [each for each in store.list() if each.id not in {run.id for run in known}]
    return found


@pytest.mark.parametrize("model", MODELS)
def test_a_recommender_comes_back_with_the_very_same_scores(
    model: str, store: RunStore, home: Path, tmp_path: Path, capsys: Capture
) -> None:
    run = trained(store, bring_tastes(home), model)
    out = tmp_path / "to share"
    assert main(["export", run.id, "--to", "huggingface", "--out", str(out)]) == 0
    written = {Path(line).name for line in capsys.readouterr().out.splitlines()}
    assert written == {each.name for each in out.iterdir()} == FILES
    found = imported(store, out, run)
    assert capsys.readouterr().out == f"'{run.name}' is run {found.id} now; the app lists it.\n"
    assert (found.settings, records(found)) == (run.settings, records(run))
    for name in ("state", "test", "baselines", "parameters", "seconds", "device", "name"):
        assert getattr(found.status, name) == getattr(run.status, name), name
    one, two = load(run.id), load(found.id)
    liked = {
        int(movie): stars for movie, stars in zip(one.model.movie_ids[::5], (5.0, 1.0, 4.0, 2.5, 3.0), strict=True)
    }
    before, after = one.scores({}, liked), two.scores({}, liked)
    for part in ("order", "stars", "spread"):
        assert np.array_equal(getattr(before, part), getattr(after, part)), part
    assert two.facts == one.facts
    assert two.films.titles == one.films.titles
    assert np.array_equal(two.places, one.places)
    assert [two.similar(film, 5) for film in range(3)] == [one.similar(film, 5) for film in range(3)]
    assert np.array_equal(two.details.raters, one.details.raters)
    assert is_ready(found)


def test_it_recommends_without_the_ratings_it_learned_from(
    folder: Path, store: RunStore, tmp_path: Path, capsys: Capture
) -> None:
    run = imported(store, folder)
    assert "The ratings that it learned from are not on this machine" in capsys.readouterr().out
    films = json.loads((folder / "films.json").read_text())
    ratings = [f"{films['titles'][column]},{5 - column % 4}" for column in range(6)]
    (tmp_path / "ratings.csv").write_text("\n".join(["title,rating", *ratings]))
    assert main(["recommend", str(tmp_path / "ratings.csv"), "--model", run.id, "--count", "3"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_a_zip_is_as_good_as_a_folder(store: RunStore, home: Path, tmp_path: Path) -> None:
    run = trained(store, bring_tastes(home), "ease")
    (tmp_path / "model.zip").write_bytes(folder_zip(run, "x"))
    found = imported(store, tmp_path / "model.zip", run)
    assert load(found.id).model.arrays()["weights"].tobytes() == load(run.id).model.arrays()["weights"].tobytes()
    # and without the folder in it
    write_folder(run, tmp_path / "model")
    with zipfile.ZipFile(tmp_path / "flat.zip", "w") as bundle:
        for each in (tmp_path / "model").iterdir():
            bundle.write(each, each.name)
    imported(store, tmp_path / "flat.zip", run, found)


def test_the_card_has_figures_with_intervals_and_says_what_the_folder_holds(folder: Path, elsewhere: Path) -> None:
    head, text = (folder / "README.md").read_text().split("---\n", 2)[1:]
    values, facts = yaml.safe_load(head), json.loads((folder / "facts.json").read_text())
    assert values["tags"][-1] == "bayesian"
    report = facts["figures"]["bayesian"]["5"]
    shown = f"{report['ndcg']:.3f} ({report['ndcg_low']:.3f} to {report['ndcg_high']:.3f}) | {report['recall']:.3f}"
    assert f"| **Bayesian linear autoencoder** | {shown}" in text
    assert "16 users held out entirely, 5 ratings of each given" in text
    assert "ratings that somebody had uploaded. The folder holds none of these ratings, but the\ntitles" in text
    assert "how many users rated each" in text
    assert "checksum" not in text
    assert "a checksum of the user's ratings" in (elsewhere / "item-autorec" / "README.md").read_text()


@pytest.mark.usefixtures("home")
def test_the_card_of_movielens_names_its_conditions(folder: Path, store: RunStore, tmp_path: Path) -> None:
    changed(folder, "config.json", lambda c: c["settings"].update(data="ml-100k"))
    run = imported(store, folder)
    write_folder(run, tmp_path / "again")
    text = (tmp_path / "again" / "README.md").read_text()
    assert "The data may not be passed on without separate permission." in text
    assert "The folder holds no rating that anybody gave. It does hold parts of MovieLens 100K" in text
    assert "10.1145/2827872" in text


def test_a_folder_that_went_through_another_home_is_the_same_again(
    folder: Path, store: RunStore, tmp_path: Path
) -> None:
    run = imported(store, folder)
    write_folder(run, tmp_path / "again")
    for name in sorted(FILES - {"config.json", "README.md", "places.npz"}):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_folder_of_a_run_is_replaced_by_itself_alone(
    store: RunStore, home: Path, folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    run = trained(store, bring_tastes(home), "popularity")
    assert main(["export", run.id, "--to", "huggingface", "--out", str(folder)]) == 1
    assert ", another one. Name a folder that is empty" in capsys.readouterr().err
    for said in (False, True):
        assert main(["export", run.id, "--to", "huggingface", "--out", str(tmp_path / "mine")]) == 0
        assert ("held this run already; it is replaced" in capsys.readouterr().out) == said


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"kind": "words", "data": "x"},
            "trains neither an autoencoder of pictures or numbers nor a recommender but a",
        ),
        ({"kind": "newer films", "data": "ml-32m"}, "is a training on newer films, for which there is no such folder"),
    ],
)
def test_other_kinds_of_runs_have_no_such_folder(
    settings: dict[str, Any], sentence: str, store: RunStore, capsys: Capture
) -> None:
    run = store.create(settings, "Remarks")
    store.update(run.id, state="done")
    assert main(["export", run.id, "--to", "huggingface"]) == 1
    assert sentence in capsys.readouterr().err


def test_a_run_that_waits_or_lacks_a_file_is_refused(
    store: RunStore, home: Path, tmp_path: Path, capsys: Capture
) -> None:
    data = bring_tastes(home)
    waiting, broken = make_recommender(store, data), trained(store, data, "popularity")
    (broken.folder / "films.json").unlink()
    for run, sentence in ((waiting, "has not finished: it waits"), (broken, "films.json of run")):
        assert main(["export", run.id, "--to", "huggingface", "--out", str(tmp_path / run.id)]) == 1
        assert sentence in capsys.readouterr().err
        assert not (tmp_path / run.id).exists()


Change = Callable[[Any], object]


def changed(folder: Path, file: str, change: Change) -> None:
    values = json.loads((folder / file).read_text())
    change(values)
    (folder / file).write_text(json.dumps(values))


def config(change: Change) -> Callable[[Path], object]:
    return lambda folder: changed(folder, "config.json", change)


def films(change: Change) -> Callable[[Path], object]:
    return lambda folder: changed(folder, "films.json", change)


def facts(change: Change) -> Callable[[Path], object]:
    return lambda folder: changed(folder, "facts.json", change)


def about(change: Change) -> Callable[[Path], object]:
    return lambda folder: changed(folder, "about.json", change)


def details(change: Change) -> Callable[[Path], object]:
    return lambda folder: changed(folder, "details.json", change)


def weights(change: Change) -> Callable[[Path], object]:
    def do(folder: Path) -> None:
        arrays = load_file(folder / "model.safetensors")
        change(arrays)
        save_file({name: np.ascontiguousarray(each) for name, each in arrays.items()}, folder / "model.safetensors")

    return do


def places(change: Change) -> Callable[[Path], object]:
    def do(folder: Path) -> None:
        with np.load(folder / "places.npz") as file:
            arrays = dict(file)
        change(arrays)
        np.savez(folder / "places.npz", **arrays)

    return do


def gone(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def first_line(**change: Any) -> Callable[[Path], object]:
    def do(folder: Path) -> None:
        lines = (folder / "progress.jsonl").read_text().splitlines()
        first = {key: value for key, value in (json.loads(lines[0]) | change).items() if value is not None}
        (folder / "progress.jsonl").write_text("\n".join([json.dumps(first), *lines[1:]]))

    return do


def written(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


def only_a_pickle(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"a": 1}))


def own_of(facts: Any) -> Any:
    return facts["figures"]["bayesian"]["5"]


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "newer": (config(lambda c: c.update(format=99)), "of the format 99, and this version reads 1"),
    "of a list of types": (config(lambda c: c.update(model_type=["x"])), "is of a model of the type '['x']'"),
    "no settings": (config(lambda c: c.pop("settings")), "config.json holds no settings"),
    "of another kind": (config(lambda c: c["settings"].update(kind="words")), "are not of a recommender"),
    "no such model": (config(lambda c: c["settings"].update(model="magic")), "There is no recommender 'magic'"),
    "another model": (config(lambda c: c.update(settings={**c["settings"], "model": "bias", "shrinkage": 1.0})),
                      "The settings in config.json cannot be used."),
    "out of bounds": (config(lambda c: c["settings"].update(rank=0)), "The settings in config.json cannot be used. "),
    "unknown setting": (config(lambda c: c["settings"].update(magic=1)), "There is no setting 'magic'"),
    "a path as data": (config(lambda c: c["settings"].update(data="../../x")), "'../../x', which are no ratings"),
    "no number of films": (config(lambda c: c.pop("films")), "how many films there are: a whole number from 1 to"),
    "very many films": (config(lambda c: c.update(films=10**9)), "how many films there are"),
    "other films": (config(lambda c: c.update(films=23)), "In model.safetensors, 'movie_ids' is 24 of int64; a model"),
    "not ended": (config(lambda c: c["training"].update(state="training")), "does not say that the training has ended"),
    "a link as figure": (config(lambda c: c["test"].update({"[x](y)": 1.0})), "that cannot be shown"),
    "an owner": (config(lambda c: c["training"].update(state="done", seconds="x")), "else than expected as 'seconds'"),
    "no about": (gone("about.json"), "There is no about.json."),
    "about of a newer format": (about(lambda a: a.update(format=2)), "about.json is not of the format 1"),
    "about of another model": (about(lambda a: a.update(model="ease")), "is of a model called 'ease', config.json of"),
    "about out of bounds": (about(lambda a: a["settings"].update(rank=65)), "settings in about.json cannot be used"),
    "about a larger model": (about(lambda a: a["settings"].update(rank=9)), "'film_factors' is 2 × 24 × 4 of float32"),
    "no weights": (gone("model.safetensors"), "There is no model.safetensors."),
    "a pickle": (only_a_pickle, "'pytorch_model.bin' is a pickle, which could run anything"),
    "pickle by another name": (written("model.safetensors", pickle.dumps({})), "is no file of safetensors"),
    "too large": (
        lambda f: (f / "model.safetensors").open("ab").truncate(2**24), "model.safetensors has more than the",
    ),
    "cut off": (lambda f: (f / "model.safetensors").write_bytes((f / "model.safetensors").read_bytes()[:-9]),
                "is no file of safetensors, or a damaged one"),
    "one missing": (weights(lambda w: w.pop("links")), "lacks the array 'links'"),
    "one more": (weights(lambda w: w.update(core=np.zeros(3, np.int32))), "has the array 'core', which a model called"),
    "half precision": (weights(lambda w: w.update(mean=w["mean"].astype(np.float16))), "'mean' is 1 of float16; a"),
    "not finite": (weights(lambda w: w["popularity"].fill(np.nan)), "'popularity' holds numbers that are not finite"),
    "draws that differ": (weights(lambda w: w.update(noise_precisions=np.ones(1, np.float32))), "has 2 of float32"),
    "links of some films": (weights(lambda w: w.update(links=w["links"][:, :5])), "'links' is 2 × 5 × 4 of float32"),
    "a film twice": (weights(lambda w: w["movie_ids"].fill(7)), "'movie_ids' names a film twice"),
    "no scores": (weights(lambda w: w["prior_precisions"].fill(-1e9)), "gives scores that are not finite"),
    "no films": (gone("films.json"), "There is no films.json."),
    "films of another model": (films(lambda v: v["movie_ids"].reverse()), "are not those of the model beside it"),
    "a title too few": (films(lambda v: v["titles"].pop()), "films.json has no list 'titles' of 24 films"),
    "a number as title": (films(lambda v: v["titles"].__setitem__(0, 7)), "else than a text of at most 500 letters: 7"),
    "a long title": (films(lambda v: v["titles"].__setitem__(0, "x" * 501)), "else than a text of at most 500 letters"),
    "a genre too many": (films(lambda v: v["genres"].__setitem__(0, [99])), "gives a film genres that are not there"),
    "a year of text": (films(lambda v: v["years"].__setitem__(0, "1999")), "whole numbers from 0 to 9,999 as 'years'"),
    "a name of no film": (films(lambda v: v["alternatives"].update({"24": ["x"]})), "names films that are not there"),
    "films as a list": (written("films.json", b"[]"), "films.json is not what a recommender's folder has"),
    "deep films": (written("films.json", b"[" * 100_000), "films.json is no JSON"),
    "large films": (lambda f: (f / "films.json").open("ab").truncate(2**24), "films.json has more than the"),
    "no facts": (gone("facts.json"), "There is no facts.json."),
    "no figures": (facts(lambda v: v.pop("figures")), "has no figures of the test of this model"),
    "a stranger's model": (facts(lambda v: v["figures"].update(magic=v["figures"]["bias"])), "figures of 'magic'"),
    "a test of its own": (facts(lambda v: v["figures"]["bias"].pop("5")), "that are not of the tests of the model"),
    "an unknown test": (facts(lambda v: v["figures"]["bayesian"].update(x={})), "of a test that is not known here"),
    "a text as figure": (facts(lambda v: own_of(v).update(ndcg="high")), "has a figure that cannot be shown: 'ndcg'"),
    "not a number": (written("facts.json", b'{"seconds": NaN}'), "facts.json is no JSON (NaN is no number)"),
    "no protocol": (facts(lambda v: own_of(v).pop("protocol")), "else than a text of at most 1,000 letters"),
    "no seconds": (facts(lambda v: v.pop("seconds")), "does not say how many seconds the training took"),
    "a link as device": (facts(lambda v: v.update(device="[x](http://x)")), "has no name of a device"),
    "kept of no part": (facts(lambda v: v.update(kept=[{"phase": "x"}])), "which epochs were kept"),
    "no places": (gone("places.npz"), "There is no places.npz."),
    "places of other films": (places(lambda a: a.update(places=a["places"][1:])), "'places' is not of the 24 films"),
    "no map": (places(lambda a: a.pop("places")), "lacks the array 'places'"),
    "an unknown array": (places(lambda a: a.update(x=np.zeros(1))), "has the array 'x', which no recommender has"),
    "places that are not finite": (places(lambda a: a["discord"].fill(np.inf)), "'discord' holds numbers that are not"),
    "films like no film": (places(lambda a: a["nearest"].fill(24)), "places.npz names films that are not there"),
    "objects": (places(lambda a: a.update(places=np.array([{}] * 24))), "places.npz is no file of arrays"),
    "no arrays": (written("places.npz", b"PK\x03\x04 and so on"), "places.npz is no file of arrays"),
    "details of other films": (details(lambda v: v["raters"].pop()), "details.json has no list 'raters' of 24 films"),
    "tags of no film": (details(lambda v: v.update(tags={"-1": ["x"]})), "details.json names films that are not there"),
    "very many tags": (details(lambda v: v.update(tags={"1": ["x"] * 21})), "21 texts for one film; 20 is the most"),
    "no users": (details(lambda v: v.pop("users")), "does not say how many users there were"),
    "curves are no records": (written("progress.jsonl", b"hello\n"), "lines that are no records of a training: 1"),
    "a curve with a link": (first_line(train={"<a href=x>": 1.0}), "has a curve with a name that cannot"),
    "no speed": (first_line(samples_per_second=None), "a record without the number 'samples_per_second', at step"),
}  # fmt: skip


def assert_refused(store: RunStore, place: Path, sentence: str, capsys: Capture) -> None:
    assert main(["import", str(place)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("aecore import: ")
    assert sentence in err
    assert err.count("\n") == 1
    assert store.list() == []


@pytest.mark.parametrize("broken", BROKEN)
def test_a_foreign_or_broken_folder_is_refused_with_what_is_wrong_and_where(
    broken: str, folder: Path, store: RunStore, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pickle.loads", lambda *_: pytest.fail("something was unpickled"))
    change, sentence = BROKEN[broken]
    change(folder)
    assert_refused(store, folder, sentence, capsys)
    if (folder / "config.json").exists():
        with zipfile.ZipFile(folder.with_suffix(".zip"), "w") as bundle:
            for each in folder.iterdir():
                bundle.write(each, f"x/{each.name}")
        assert_refused(store, folder.with_suffix(".zip"), sentence, capsys)


OF_OTHERS: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "a neighbour of no film": (
        "item-knn", weights(lambda w: w["cosine_indices"].fill(24)), "the table 'cosine' names films that are not",
    ),
    "a table that goes back": (
        "item-knn", weights(lambda w: w["likeness_indptr"].__setitem__(3, 10**6)), "the table 'likeness' names films",
    ),
    "no number of users": (
        "item-autorec", config(lambda c: c.pop("users")), "'weights_0' is",
    ),
    "a column of no film": (
        "hybrid", weights(lambda w: w["vae.columns"].__setitem__(-1, 24)), "'vae.columns' names films that are not",
    ),
    "columns in another order": (
        "hybrid", weights(lambda w: w.update({"ease.columns": w["ease.columns"][::-1]})), "not in their order",
    ),
    "a part without an array": ("hybrid", weights(lambda w: w.pop("dae.input_bias")), "lacks the array 'dae.input"),
    "a part left out": (
        "hybrid", weights(lambda w: [w.pop(name) for name in list(w) if name.startswith("dae.")]), "the array 'dae.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("broken", OF_OTHERS)
def test_arrays_that_do_not_match_are_refused_in_other_models_too(
    broken: str, elsewhere: Path, tmp_path: Path, store: RunStore, capsys: Capture
) -> None:
    model, change, sentence = OF_OTHERS[broken]
    shutil.copytree(elsewhere / model, tmp_path / "model")
    change(tmp_path / "model")
    assert_refused(store, tmp_path / "model", sentence, capsys)


def test_a_hybrid_that_was_stopped_lacks_its_last_parts(elsewhere: Path, tmp_path: Path, store: RunStore) -> None:
    shutil.copytree(elsewhere / "hybrid", tmp_path / "model")
    parts = ("second dae.", "ease.", "stars.")
    weights(lambda w: [w.pop(name) for name in list(w) if name.startswith(parts)])(tmp_path / "model")
    found = load(imported(store, tmp_path / "model").id)
    assert list(found.model.parts) == ["vae", "dae"]  # type: ignore[attr-defined]  # of this model alone
    assert found.scores({}).stars is None


def test_a_model_beyond_the_limits_is_refused_before_its_weights_are_read(
    folder: Path, store: RunStore, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "model.safetensors").write_text("not looked at")
    monkeypatch.setenv("AECORE_MOST_WEIGHTS", "100")
    assert_refused(store, folder, "this server accepts 100.", capsys)
    monkeypatch.delenv("AECORE_MOST_WEIGHTS")
    changed(folder, "config.json", lambda c: c.update(films=10**6))
    monkeypatch.setenv("AECORE_TRAINING_GB", "0.01")
    assert_refused(store, folder, "this machine accepts 10 MB", capsys)


def test_texts_of_strangers_are_letters_on_one_line(folder: Path, store: RunStore) -> None:
    films(lambda v: v["titles"].__setitem__(0, "One\n# two\x07"))(folder)
    facts(lambda v: v.update(trained_on="[x](y)\n# z", secret="x"))(folder)
    found = load(imported(store, folder).id)
    assert found.films.titles[0] == "One # two"
    assert found.facts["trained_on"] == "[x](y) # z"
    assert "secret" not in found.facts


def test_what_else_lies_in_the_folder_stays_there(folder: Path, store: RunStore) -> None:
    (folder / "status.json").write_text('{"owner": "x"}')
    (folder / "request.json").write_text("{}")
    run = imported(store, folder)
    assert run.status.owner == ""
    assert not (run.folder / "request.json").exists()


def test_a_folder_without_curves_or_details_is_imported(folder: Path, store: RunStore, capsys: Capture) -> None:
    gone("progress.jsonl")(folder)
    gone("details.json")(folder)
    run = imported(store, folder)
    assert "holds no progress.jsonl, so its page shows no curves" in capsys.readouterr().out
    assert load(run.id).details.raters is None
