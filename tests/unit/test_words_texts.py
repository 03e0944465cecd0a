"""Texts that people bring: what is read, what is refused and in which words, and that nothing pasted is lost."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aecore.datasets import DataError
from aecore.jobs.housekeeping import Housekeeping
from aecore.runs.store import RunStore
from aecore.stores.content import NotKeptError, folders_of
from aecore.stores.trash import DRAFT_DAYS
from aecore.words.tables import read_table, texts_of
from aecore.words.text_store import (
    MOST_DRAFTS,
    PRESETS,
    find_texts,
    keep,
    keep_draft,
    kept,
    read_draft,
    suggested,
    text_store,
)
from aecore.words.texts import Texts, read_lines

GOOD = "sun, warm day\nsun,hot day, at last\n\nrain\twet, cold day\nrain, grey sky"


def read(data: bytes) -> Texts:
    found = read_table("mine.csv", data)
    return texts_of(found, found.label, found.text)


def test_lines_are_read_with_tabs_and_commas() -> None:
    texts = read_lines(GOOD)
    assert texts.texts == ("warm day", "hot day, at last", "wet, cold day", "grey sky")
    assert texts.classes == ("rain", "sun")
    assert texts.labels == (1, 1, 0, 0)
    assert texts.counts() == (2, 2)


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("", "There is no text here"),
        ("  \n\n", "There is no text here"),
        ("a, one\nb, two", "only 2 here; at least 4"),
        ("a, one\nno separator here\na, b", "Line 2: there is no comma and no tab in 'no separator here'"),
        ("a, one\n, two\nb, c\nb, d", "Line 2: the label is empty"),
        ("a, one\na, ...\nb, c\nb, d", "Line 2: there is no word in this text"),
        ("a, one\na, two\na, c\na, d", "All 4 texts have the label 'a'"),
        ("a, one\na, two\nb, c\na, d", "Line 3: this is the only text with the label 'b'"),
        ("a, one\na, =SUM(A1:A3)\nb, c\nb, d", "Line 2: here is a formula"),
        ("<!DOCTYPE html>\n<html>", "Line 1: this is the source of a web page"),
        ("a, one\na, t\0wo\nb, c\nb, d", "Line 2: there are signs here that no text has"),
        ("\n".join(f"{i}, word\n{i}, word" for i in range(31)), "31 different labels; at most 30"),
        ("a, " + "x" * 50_001 + "\na, two\nb, c\nb, d", "Line 1: the text has 50,001 letters"),
    ],
)
def test_bad_lines_get_a_sentence(pasted: str, sentence: str) -> None:
    with pytest.raises(DataError) as refusal:
        read_lines(pasted)
    assert sentence in str(refusal.value)


def test_markup_is_taken_out_and_said() -> None:
    texts = read_lines("a, <b>fine</b> film<br/>\na, 3 < 4 > 2\nb, bad\nb, <script>x</script>")
    assert texts.texts == ("fine film", "3 < 4 > 2", "bad", "x")
    assert texts.notes == ("Markup such as <br> was taken out of 2 texts, first in line 1.",)


def test_a_tables_columns_are_guessed() -> None:
    rows = (
        "id;when;kind;remark\n1;2020;good;a lovely, long evening\n2;2020;bad;cold soup\n3;2021;good;warm bread\n"
        "4;2021;bad;no bread at all"
    )
    texts = read(rows.encode())
    assert texts.texts[0] == "a lovely, long evening"
    assert texts.classes in (("bad", "good"), ("2020", "2021"))
    named = read_table("mine.csv", b"text,label,id\nfine day,sun,1\nwet day,rain,2\n")
    assert (named.columns[named.label], named.columns[named.text]) == ("label", "text")
    assert read_table("x.tsv", "sun\tfine day\nrain\twet day\nsun\thot day".encode("utf-16")).rows[2] == (
        "sun",
        "hot day",
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "'mine.csv' is empty"),
        (b"one\ntwo\nthree", "line 1: there is only one column"),
        (b"a,b\nsun,fine day\nrain,wet,day\n", "line 3: 3 cells, where the first row has 2"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "is not a text file"),
        (b"<html><body>", "is a web page"),
        (b"label,text\n", "a line of names and no text below it"),
        (b"label,text\nsun,fine\nrain,wet\nsun,\nrain,x", "Line 4: there is no word in this text"),
        (b"label,text\nsun,fine\nrain,=1+1\nsun,x\nrain,x", "Line 3: here is a formula"),
        (b"x" * (10 * 2**20 + 1), "has 10.0 MB; at most 10 MB"),
        (",".join(f"c{i}" for i in range(101)).encode(), "has 101 columns; at most 100"),
    ],
)
def test_bad_tables_get_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(DataError) as refusal:
        read(data)
    assert sentence in str(refusal.value)


def test_one_column_cannot_be_both() -> None:
    found = read_table("mine.csv", b"label,text\nsun,fine\nrain,wet\n")
    with pytest.raises(DataError, match="two different columns"):
        texts_of(found, 1, 1)


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused(data: bytes) -> None:
    with suppress(DataError):
        assert read(data).key


@given(st.text(max_size=300))
def test_any_pasted_text_is_read_or_refused(pasted: str) -> None:
    with suppress(DataError):
        assert read_lines(pasted).key


def test_what_was_brought_is_kept_found_and_taken_back(home: Path) -> None:
    texts = read_lines(GOOD, "Weather")
    key = keep(home, texts)
    assert kept(home) == {key: "Weather"}
    assert find_texts(home, key) == texts
    assert keep(home, read_lines(GOOD, "Other name")) == key
    text_store(home).delete(key)
    assert kept(home) == {}
    assert len(list((home / "trash").iterdir())) == 1
    with pytest.raises(DataError, match="not on this machine"):
        find_texts(home, key)
    with pytest.raises(NotKeptError, match="may have been deleted"):
        text_store(home).delete(key)


@pytest.mark.parametrize("key", ["../../x", "<b>", "0" * 12, "zz", ""])
def test_a_key_that_is_none_gets_a_sentence(key: str, home: Path) -> None:
    with pytest.raises(DataError):
        find_texts(home, key)
    assert read_draft(home, key) == ""


def test_a_damaged_file_gets_a_sentence_and_is_not_listed(home: Path) -> None:
    key = keep(home, read_lines(GOOD))
    (home / "words" / key / "texts.json").write_text(
        '{"title": "x", "texts": ["a"], "labels": [5], "classes": [], "notes": []}'
    )
    with pytest.raises(DataError, match="cannot be read"):
        find_texts(home, key)
    assert kept(home) == {}


def test_a_draft_that_cannot_be_used_is_kept_too(home: Path) -> None:
    pasted = "half a line\nand “more”"
    assert read_draft(home, keep_draft(home, pasted)) == pasted


def test_drafts_are_somebodys_and_are_forgotten_after_some_days(home: Path) -> None:
    old, new = keep_draft(home, "typed long ago", "ann"), keep_draft(home, "typed today", "ann")
    folders = {folder.name: folder for folder in folders_of(home, ["words/drafts"], "ann")}
    assert set(folders) == {old, new}
    (home / "words" / "drafts" / "0123456789ab.txt").write_text("of an earlier version")
    before = time.time() - DRAFT_DAYS * 86_400 - 60
    for path in (folders[old], home / "words" / "drafts" / "0123456789ab.txt"):
        os.utime(path, (before, before))
    housekeeping = Housekeeping(RunStore(home / "runs"))
    housekeeping.clean()
    assert [read_draft(home, key) for key in (old, new, "0123456789ab")] == ["", "typed today", ""]
    assert keep_draft(home, "typed today", "ann") == new


def test_a_visitor_has_few_drafts_and_takes_none_of_others(home: Path) -> None:
    shared = keep_draft(home, "typed 0", "bob")
    keys = [keep_draft(home, f"typed {number}", "ann") for number in range(MOST_DRAFTS + 3)]
    assert len(folders_of(home, ["words/drafts"], "ann")) == MOST_DRAFTS
    assert read_draft(home, keys[-1]) == f"typed {len(keys) - 1}"
    assert [read_draft(home, key) for key in keys[:3]] == ["typed 0", "", ""]
    assert len(folders_of(home, ["words/drafts"], "bob")) == 1
    assert shared == keys[0]
    assert not list((home / "trash").glob("*"))


def test_every_preset_that_is_here_can_be_learned_from(home: Path) -> None:
    for key in ("eight", "films"):
        texts = find_texts(home, key)
        assert suggested(key, texts) is not None
        assert len(set(texts.texts)) == len(texts.texts)
    tiny = read_lines("a, red\na, red blue\nb, green\nb, green red")
    assert suggested(tiny.key, tiny).embedding_size == 2
    eight = find_texts(home, "eight")
    assert eight.counts() == (4, 4)
    assert all(2 <= len(text.split()) <= 4 for text in eight.texts)
    assert set(PRESETS) == {"eight", "films", "newsgroups"}
