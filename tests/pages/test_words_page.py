"""The words page: what it finds is shown and said, links bring a view back, own texts are kept,
and what cannot be used gets a sentence.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from aecore.jobs.service import Jobs
from aecore.runs.store import RunStore
from aecore.words.learning import learn
from aecore.words.results import place_of, read_embedding, read_results
from aecore.words.runs import create_run, find_run
from aecore.words.settings import WordSettings
from aecore.words.text_store import find_texts, keep, kept
from aecore.words.texts import read_lines
from tests.pages.conftest import OpenPage, button, sentences
from tests.small_runs import finish
from tests.small_words import learn_eight
from ui.screens.runs.archive import bundle
from ui.widgets.wording import percent
from ui.widgets.words_address import words_address

QUICK = WordSettings(word_epochs=20)
GOOD = "sun, warm day\nsun, hot day\nrain, wet day\nrain, grey day"


def learned(store: RunStore, key: str = "eight", settings: WordSettings = QUICK) -> None:
    if key == "eight":
        learn_eight(store.folder.parent, settings)
    else:
        list(learn(store, key, settings))


def parameter(page: AppTest, name: str) -> str | None:
    value = page.query_params.get(name)
    return value[0] if isinstance(value, list) else value


def said(page: AppTest) -> str:
    return "\n".join(each.value for each in (*page.markdown, *page.caption))


def test_a_fresh_machine_begins_at_once_with_eight_remarks(open_page: OpenPage, store: RunStore, jobs: Jobs) -> None:
    page = open_page("words")
    assert not page.exception
    run = find_run(store, "eight", WordSettings())
    assert run is not None
    assert jobs.is_known(run.id)
    open_page("words")
    assert len(store.list()) == 1  # who asks the same shares it
    assert "**20 words**" in said(page)
    assert "19 zeros, and a single 1" in said(page)
    button(page, "Stop").click().run()
    assert not jobs.is_known(run.id)
    assert store.get(run.id).status.state == "paused"
    button(page, "Go on").click().run()
    assert jobs.is_known(run.id)
    assert button(page, "Stop")


@pytest.mark.parametrize("way", ["autoencoder", "labels"])
def test_the_test_shows_both_figures_and_says_what_eight_texts_cannot_show(
    way: str, open_page: OpenPage, store: RunStore, home: Path
) -> None:
    learned(store)
    page = open_page("words", view="test", way=way, word_epochs="20")
    assert not page.exception
    results = read_results(place_of(home, "eight", QUICK))
    assert results is not None
    labels = np.array(find_texts(home, "eight").labels)
    right = int((results.answers(way)[0] == labels).sum())
    shown = {each.label: each.value for each in page.metric}
    trained = results.trainings[way]["all"].right[-1]
    assert list(shown.values())[:2] == [f"{trained} of 8", f"{right} of 8"]
    assert f"**{right} of 8 right on texts it had not seen**" in said(page)
    assert "**What they cannot:**" in said(page)
    assert [each.value for each in page.subheader] == ["Confusion matrix", "Classification report", "Text by text"]
    report, answers = (each.value for each in page.dataframe)
    assert report["texts"].tolist() == [4, 4]
    assert answers["right"].sum() == right
    page.button_group(key="words-on").set_value("seen").run()
    assert page.dataframe[1].value["right"].sum() == trained
    assert parameter(page, "on") == "seen"


def test_a_link_brings_back_texts_view_way_and_word(open_page: OpenPage, store: RunStore) -> None:
    learned(store)
    page = open_page("words", texts="eight", view="map", way="labels", word="story", word_epochs="20")
    assert not page.exception
    assert page.selectbox(key="words-word").value == "story"
    assert page.button_group(key="words-way").value == "labels"
    nearest = page.dataframe[0].value
    assert len(nearest) == 6
    assert nearest["cosine"].is_monotonic_decreasing
    page.selectbox(key="words-word").set_value("acting").run()
    assert parameter(page, "word") == "acting"
    page.button_group(key="words-things").set_value("texts").run()
    assert not page.exception
    assert "label" in page.dataframe[0].value


def test_both_curves_are_there_and_the_two_ways_are_held_against_each_other(
    open_page: OpenPage, store: RunStore
) -> None:
    learned(store)
    page = open_page("words", view="learning", word_epochs="20")
    assert not page.exception
    assert "**20 → 8 → 20.**" in said(page)
    assert "From the words alone:" in said(page)
    page.button_group(key="words-way").set_value("labels").run()
    assert "**20 → 8 → 2.**" in said(page)


def test_a_sentence_gets_code_class_neighbours_and_expected_words(
    open_page: OpenPage, store: RunStore, home: Path
) -> None:
    learned(store)
    page = open_page("words", view="try", word_epochs="20", sentence="Great acting, unheard-of!")
    assert not page.exception
    embedding, texts = read_embedding(place_of(home, "eight", QUICK), "autoencoder"), find_texts(home, "eight")
    assert embedding is not None
    assert ":green-badge[great] :green-badge[acting] :gray-badge[:material/question_mark: unheard]" in said(page)
    assert any(each.value.startswith("Predicted class: ") for each in page.subheader)
    assert page.dataframe[0].value["text"][0] in texts.texts
    assert {"great", "acting"} <= set(page.dataframe[1].value["word"])
    page.text_input(key="held-sentence").set_value("zzz").run()
    assert "None of these words is in the vocabulary" in sentences(page)
    page.text_input(key="held-sentence").set_value("").run()
    assert "Write a sentence" in sentences(page)


def test_pasted_texts_are_kept_and_chosen_and_can_be_deleted(open_page: OpenPage, home: Path, store: RunStore) -> None:
    page = open_page("words", texts="own")
    assert not page.exception
    page.text_area(key="words-paste").set_value("sun, warm\nno comma here")
    button(page, "Learn from these").click().run()
    assert "Line 2: there is no comma" in sentences(page)
    draft = parameter(page, "draft")
    again = open_page("words", texts="own", draft=str(draft))
    assert again.text_area(key="words-paste").value == "sun, warm\nno comma here"
    page.text_area(key="words-paste").set_value(GOOD)
    button(page, "Learn from these").click().run()
    assert not page.exception
    (key,) = kept(home)
    assert parameter(page, "texts") == key
    assert page.selectbox(key="words-texts").value == key
    assert "2 rain, 2 sun" in said(page)
    assert find_run(store, key, WordSettings(embedding_size=4)) is not None
    button(page, "Delete these texts").click().run()
    assert not page.exception
    assert kept(home) == {}
    assert page.selectbox(key="words-texts").value == "eight"


def test_too_long_a_text_is_refused_and_no_draft_is_kept(
    open_page: OpenPage, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.screens.words.own.MOST_BYTES", 30)
    page = open_page("words", texts="own")
    assert page.text_area(key="words-paste").max_chars == 30
    page.text_area(key="words-paste").set_value("a, " + "ü" * 20)
    button(page, "Learn from these").click().run()
    assert not page.exception
    assert "These texts take 0.0 MB; at most" in sentences(page)
    assert not list(home.glob("words/*"))
    assert page.text_area(key="words-paste").value == "a, " + "ü" * 20


def test_a_table_is_read_and_its_columns_can_be_chosen(open_page: OpenPage, home: Path) -> None:
    page = open_page("words", texts="own")
    page.button_group(key="words-how").set_value("CSV file").run()
    assert not page.exception
    page.file_uploader(key="words-file").upload(
        "mine.csv", b"label,text\nsun,warm day\nrain,wet day\nsun,hot\nrain,grey", "text/csv"
    ).run()
    assert not page.exception
    assert [each.value for each in page.selectbox if "stand in" in each.label] == [0, 1]
    first_line = next(each for each in page.selectbox if each.label == "First line")
    assert first_line.value == "yes"
    first_line.set_value("no").run()
    assert "The first rows of 5." in [each.value for each in page.caption]
    next(each for each in page.selectbox if each.label == "First line").set_value("yes").run()
    button(page, "Learn from these").click().run()
    assert list(kept(home).values()) == ["mine"]


@pytest.mark.parametrize("query", [{"texts": "0" * 12}, {"texts": "<b>"}])
def test_texts_that_are_not_here_get_a_sentence(query: dict[str, str], open_page: OpenPage) -> None:
    page = open_page("words", **query)
    assert not page.exception
    assert "are not on this machine" in sentences(page)
    page.selectbox(key="words-texts").set_value("films").run()
    assert not page.exception
    assert "24 suspense" in said(page)


@pytest.mark.parametrize(
    "query",
    [
        {"view": "x"},
        {"way": "y"},
        {"word": "zzz", "view": "map"},
        {"text": "99", "view": "map", "things": "texts"},
        {"drawn": "tsne", "view": "map"},
    ],
)
def test_nonsense_in_the_address_does_not_break_the_page(
    query: dict[str, str], open_page: OpenPage, store: RunStore
) -> None:
    learned(store)
    page = open_page("words", word_epochs="20", **query)
    assert not page.exception


def test_other_texts_bring_their_own_settings(open_page: OpenPage, store: RunStore) -> None:
    page = open_page("words", word_epochs="20")
    page.selectbox(key="words-texts").set_value("films").run()
    assert not page.exception
    assert page.select_slider(key="embedding_size").value == 16
    assert page.select_slider(key="word_epochs").value == 30
    assert any(run.settings["data"] == "films" for run in store.list())


def test_an_embedding_as_large_as_the_vocabulary_is_refused(store: RunStore, home: Path) -> None:
    key = keep(home, read_lines(GOOD))
    with pytest.raises(ValueError, match="there are only 5 words"):
        learned(store, key, WordSettings(embedding_size=9))


def test_newsgroups_wait_for_a_button(
    open_page: OpenPage, jobs: Jobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AECORE_DATA", str(tmp_path))
    page = open_page("words", texts="newsgroups")
    assert not page.exception
    assert jobs.find(("newsgroups",)) is None
    button(page, "Fetch them").click().run()
    assert jobs.find(("newsgroups",)).is_active  # type: ignore[union-attr]


def test_a_run_of_words_is_listed_opened_and_taken_away(open_page: OpenPage, store: RunStore) -> None:
    learned(store)
    run = finish(store, create_run(store, "eight", "Eight remarks", QUICK))
    assert run.status.state == "done"
    page = open_page("runs")
    assert not page.exception
    listed = page.dataframe[0].value.iloc[0]
    assert listed["Kind"] == ["Words"]
    right = run.status.test or {}
    assert listed["Unseen texts right"] == f"{percent(right['autoencoder_right'])}, {percent(right['labels_right'])}"
    opened = open_page("words", **{param.name: value for param, value in words_address(run)}, view="test")
    assert not opened.exception
    assert opened.select_slider(key="word_epochs").value == QUICK.word_epochs
    assert len(store.list()) == 1
    with zipfile.ZipFile(io.BytesIO(bundle(run))) as archive:
        assert {f"{run.id}/{name}" for name in ("autoencoder.npz", "labels.npz", "results.json")} <= set(
            archive.namelist()
        )


@pytest.mark.parametrize("name", ["train", "race", "recommender", "latent"])
def test_other_pages_do_not_stumble_over_runs_of_words(name: str, open_page: OpenPage, store: RunStore) -> None:
    run = create_run(store, "eight", "Eight remarks", QUICK)
    page = open_page(name, **{"runs" if name == "race" else "run": run.id})
    assert not page.exception
    assert run.name in sentences(page) or name == "latent"
