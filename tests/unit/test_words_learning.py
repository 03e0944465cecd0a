"""Learning from texts: what it keeps, that a left-out text is really left out,
that it goes on where it was stopped, and its refusals.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from aecore.datasets import DataError
from aecore.runs.snapshots import ProgressLog
from aecore.runs.store import RunStore
from aecore.settings import SettingsError
from aecore.words import newsgroups
from aecore.words.bags import vocabulary
from aecore.words.learning import learn
from aecore.words.results import (
    ALL,
    EMBEDDING,
    TRAININGS,
    Results,
    confusion,
    place_of,
    read_embedding,
    read_map,
    read_results,
)
from aecore.words.runs import create_run, find_run
from aecore.words.settings import WordSettings
from aecore.words.text_store import find_texts, keep, newsgroups_file, suggested
from aecore.words.texts import Texts, read_lines
from aecore.words.ways import WAYS
from tests.small_runs import finish, send_after
from tests.small_words import learn_eight

QUICK = WordSettings(word_epochs=20, embedding_size=4, word_rate=0.05)


def learned(home: Path, key: str, settings: WordSettings = QUICK) -> Results:
    list(learn(RunStore(home / "runs"), key, settings))
    found = read_results(place_of(home, key, settings))
    assert found is not None
    return found


def eight(home: Path) -> Results:
    """What is learned from the eight texts, once for all tests of this process."""
    learn_eight(home, QUICK)
    found = read_results(place_of(home, "eight", QUICK))
    assert found is not None
    return found


@pytest.mark.long
def test_eight_texts_are_learned_both_ways_and_each_is_left_out_once(home: Path) -> None:
    results = eight(home)
    assert results.is_complete
    assert results.folds == tuple(range(8))
    for way in WAYS:
        assert set(results.trainings[way]) == {ALL, *map(str, range(8))}
        answers, sure = results.answers(way)
        assert (answers >= 0).all()
        assert ((sure > 0) & (sure <= 1)).all()
        loss, looked, right = results.held_out_curve(way)
        assert len(loss) == QUICK.word_epochs
        assert looked[-1] == QUICK.word_epochs
        labels = np.array(find_texts(home, "eight").labels)
        assert right[-1] == pytest.approx((answers == labels).mean())
        assert confusion(labels, answers, 2).sum() == 8


def test_without_a_shared_word_a_text_left_out_gets_the_answer_of_the_majority(home: Path) -> None:
    """Kohavi 1995, sec. 3: leave-one-out, two classes of equal size, nothing to go by: never right."""
    texts = read_lines("a, red green\na, blue black\nb, one two\nb, three four")
    results = learned(home, keep(home, texts), QUICK.replace(hidden_words=0.0))
    for way in WAYS:
        assert not (results.answers(way)[0] == np.array(texts.labels)).any(), way
        assert results.trainings[way][ALL].right[-1] == 4


@pytest.mark.long
def test_a_text_left_out_is_answered_by_the_words_it_shares(home: Path) -> None:
    worlds = {"sea": ("wave", "ship", "salt", "fish", "sand"), "snow": ("ice", "ski", "frost", "sledge", "cold")}
    texts = read_lines(
        "\n".join(f"{label}, {' '.join(three)}" for label, words in worlds.items() for three in combinations(words, 3))
    )
    results = learned(home, keep(home, texts))
    for way in WAYS:
        assert (results.answers(way)[0] == np.array(texts.labels)).all(), way


@pytest.mark.long
def test_an_interrupted_training_is_resumed(home: Path) -> None:
    store, steps = RunStore(home / "runs"), learn(RunStore(home / "runs"), "eight", QUICK)
    while (found := read_results(place_of(home, "eight", QUICK))) is None or len(found.held_out("labels")) < 2:
        next(steps)
    steps.close()
    before = {way: dict(mine) for way, mine in found.trainings.items()}
    list(learn(store, "eight", QUICK))
    after = read_results(place_of(home, "eight", QUICK))
    assert after is not None
    assert after.is_complete
    for way, mine in before.items():
        assert all(after.trainings[way][name].seconds == each.seconds for name, each in mine.items() if each.is_done)


@pytest.mark.long
def test_a_run_of_words_can_be_paused_resumed_and_compared(home: Path) -> None:
    store = RunStore(home / "runs")
    run = create_run(store, "eight", "Eight remarks", QUICK)
    assert find_run(store, "eight", QUICK) == run
    assert find_run(store, "eight", QUICK.replace(embedding_size=5)) is None
    paused = send_after(store, run, 5, "pause")
    assert paused.status.state == "paused"
    done = finish(store, run)
    assert done.status.state == "done"
    steps = [record["step"] for record in ProgressLog(run.folder / "progress.jsonl").read()]
    assert steps == sorted(set(steps))
    results, labels = read_results(place_of(home, "eight", QUICK)), np.array(find_texts(home, "eight").labels)
    assert results is not None
    assert done.status.test == {f"{way}_right": (results.answers(way)[0] == labels).mean() for way in WAYS}
    assert {"results.json", "autoencoder.npz", "labels.npz"} <= {path.name for path in run.folder.iterdir()}


def test_a_run_of_words_that_cannot_be_learned_says_why(home: Path) -> None:
    store = RunStore(home / "runs")
    failed = finish(store, create_run(store, "eight", "Eight remarks", WordSettings(embedding_size=20)))
    assert failed.status.state == "failed"
    assert "there are only 20 words" in failed.status.message


def test_the_same_settings_give_the_same_numbers(home: Path, tmp_path: Path) -> None:
    first, second = eight(home), learned(tmp_path / "other", "eight")
    assert first.trainings["autoencoder"][ALL].loss == second.trainings["autoencoder"][ALL].loss
    assert first.answers("labels")[1].tolist() == second.answers("labels")[1].tolist()


@pytest.mark.long
def test_film_remarks_are_told_apart_and_drawn(home: Path) -> None:
    texts = find_texts(home, "films")
    settings = suggested("films", texts).replace(word_epochs=12)
    results = learned(home, "films", settings)
    assert texts.counts() == (24,) * 6
    shares = {way: (results.answers(way)[0] == np.array(texts.labels)).mean() for way in WAYS}
    assert shares["labels"] > 0.7  # measured: 0.92 after 30 epochs
    assert shares["autoencoder"] > 0.5  # measured: 0.76; guessing: 0.17
    maps = read_map(place_of(home, "films", settings), "labels")
    assert maps is not None
    assert maps["words"].shape == (len(results.words), 2)
    assert maps["texts"].shape == (144, 2)


def test_a_map_of_few_points_is_not_drawn_by_tsne(home: Path) -> None:
    eight(home)
    assert read_map(place_of(home, "eight", QUICK), "labels") == {}


def test_embeddings_that_are_too_large_and_steps_that_run_away_get_a_sentence(home: Path) -> None:
    with pytest.raises(SettingsError, match="embedding size is 20, but there are only 20 words.*at most 19"):
        learned(home, "eight", WordSettings(embedding_size=20))
    assert len(vocabulary(find_texts(home, "eight").texts).words) == 20


def test_a_broken_file_of_results_counts_as_none(home: Path) -> None:
    eight(home)
    place = place_of(home, "eight", QUICK)
    for slot in (place.slot(TRAININGS), place.slot(EMBEDDING, "labels")):
        slot.path.write_bytes(b"no")
    assert read_results(place) is None
    assert read_embedding(place, "labels") is None
    assert learned(home, "eight").is_complete


def test_newsgroups_without_a_network_get_a_sentence_and_leave_nothing_behind(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AECORE_DATA", str(tmp_path / "data"))

    def fail(place: str) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(newsgroups, "_ask", fail)
    with pytest.raises(DataError, match=r"could not be fetched \(no route to host\). The other texts need no network"):
        list(newsgroups.fetch(None))
    assert not list((tmp_path / "data").iterdir())


def test_newsgroups_become_labelled_texts(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn.utils import Bunch

    monkeypatch.setenv("AECORE_DATA", str(tmp_path / "data"))
    messages = [f"Message {word} about the things that matter here" for word in ("one", "two", "three", "four")]
    bunch = Bunch(data=[*messages, "--"], target=np.array([0, 1, 0, 1, 1]), target_names=["sci.space", "sci.med"])
    monkeypatch.setattr(newsgroups, "_ask", lambda place: bunch)
    steps = list(newsgroups.fetch(None))
    assert all(0 <= step.share <= 1 for step in steps)
    texts = find_texts(home, "newsgroups")
    assert isinstance(texts, Texts)
    assert texts.texts == tuple(messages)
    assert texts.classes == ("medicine", "space")
    assert [texts.classes[label] for label in texts.labels] == ["space", "medicine", "space", "medicine"]
    assert [path.name for path in newsgroups_file().parent.iterdir()] == ["texts.json"]
