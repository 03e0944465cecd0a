"""Words: bags against scikit-learn's, embeddings whose answer is known,
and the test on texts left out against one made by hand.
"""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report
from sklearn.metrics.pairwise import cosine_similarity

from aecore.corruption import CORRUPTIONS
from aecore.datasets import DataError
from aecore.words.bags import WORD, vocabulary, words_of
from aecore.words.embedding import Embedding, brought_back, flat_map, nearest, softmax
from aecore.words.scores import FOLDS, folds, guessing, report
from aecore.words.settings import WordSettings
from aecore.words.text_store import find_texts
from aecore.words.ways import PENALTY, WAYS, Corpus

TEXTS = ["Don't stop, don't!", "Stop it: a stop is a stop.", "It is 3 o'clock", "ÄRGER über Größe"]
QUICK = WordSettings(word_epochs=30, embedding_size=4, word_rate=0.05, hidden_words=0.0)


def two_worlds(seed: int = 0, count: int = 40) -> Corpus:
    """Texts of three words out of five, from one of two vocabularies that share no word."""
    rng = np.random.default_rng(seed)
    bags, labels = np.zeros((count, 10), np.float32), np.arange(count) % 2
    for row, label in enumerate(labels):
        bags[row, 5 * label + rng.choice(5, 3, replace=False)] = 1
    return Corpus(bags, labels, 2)


def test_counts_and_vocabulary_are_those_of_scikit_learn() -> None:
    ours, theirs = vocabulary(TEXTS), CountVectorizer(token_pattern=WORD.pattern)
    expected = theirs.fit_transform(TEXTS).toarray()
    assert ours.words == tuple(theirs.get_feature_names_out())
    assert np.array_equal(ours.counts(TEXTS), expected)
    assert np.array_equal(ours.bags(TEXTS), expected > 0)


def test_rare_and_frequent_words_are_left_out_as_scikit_learn_does() -> None:
    texts = find_texts(None, "films").texts  # type: ignore[arg-type]
    theirs = CountVectorizer(token_pattern=WORD.pattern, min_df=2, max_df=0.2).fit(texts)
    assert vocabulary(texts, 2, 0.2).words == tuple(theirs.get_feature_names_out())


def test_one_hot_rows_add_up_to_the_counts() -> None:
    known = vocabulary(TEXTS)
    words, rows = known.one_hot(TEXTS[1] + " unheard")
    assert words == words_of(TEXTS[1])
    assert (rows.sum(1) == 1).all()
    assert np.array_equal(rows.sum(0), known.counts([TEXTS[1]])[0])


def test_a_typographic_apostrophe_makes_no_other_word() -> None:
    assert words_of("don’t") == words_of("don't") == ["don't"]


def test_the_most_frequent_words_are_kept_and_too_few_are_refused() -> None:
    assert vocabulary(["a b", "a c", "a b d"], most=3).words == ("a", "b", "c")
    with pytest.raises(DataError, match="Of 4 different words, 0 are left"):
        vocabulary(["a b", "c d"], least_texts=2)


def test_a_code_is_the_sum_of_the_vectors_of_its_words_or_their_mean() -> None:
    rng = np.random.default_rng(1)
    parts = [rng.normal(size=shape) for shape in ((5, 3), 3, (2, 3), 2)]
    bag = np.array([[1, 0, 1, 1, 0.0]])
    expected = parts[0][[0, 2, 3]]
    assert np.allclose(Embedding(*parts).codes(bag)[0], expected.sum(0) + parts[1])
    assert np.allclose(Embedding(*parts, is_mean=True).codes(bag)[0], expected.mean(0) + parts[1])
    assert np.allclose(Embedding(*parts, is_mean=True).codes(np.zeros((1, 5)))[0], parts[1])
    assert np.allclose(softmax(np.array([[1000.0, 1000.0]])), 0.5)


def test_the_nearest_are_those_of_scikit_learns_cosine() -> None:
    vectors = np.random.default_rng(2).normal(size=(30, 5))
    similar = cosine_similarity(vectors)[7]
    similar[7] = -2
    found, cosine = nearest(vectors, vectors[7], 4, 7)
    assert found.tolist() == np.argsort(-similar)[:4].tolist()
    assert np.allclose(cosine, similar[found])
    assert nearest(np.zeros((3, 2)), np.zeros(2), 2)[1].tolist() == [0, 0]


def test_the_flat_map_is_pca() -> None:
    vectors = np.random.default_rng(3).normal(size=(20, 6))
    flat, kept = flat_map(vectors)
    theirs = PCA(2).fit(vectors)
    assert np.allclose(np.abs(flat), np.abs(theirs.transform(vectors)))
    assert kept == pytest.approx(theirs.explained_variance_ratio_.sum())
    assert flat_map(np.ones((4, 3))) == (pytest.approx(np.zeros((4, 2))), 1.0)


def test_words_brought_back_are_counted_by_hand() -> None:
    bags = np.array([[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0.0]])
    expected = np.array([[0.9, 0.1, 0.8, 0.0], [0.1, 0.2, 0.9, 0.3], [0.5, 0.5, 0.5, 0.5]])
    assert brought_back(bags, expected) == pytest.approx((0.5 + 1) / 2)


def test_few_texts_are_left_out_one_by_one_and_many_in_parts_that_mix_the_classes() -> None:
    assert folds(np.zeros(8, int), 0).tolist() == list(range(8))
    labels = np.repeat([0, 1, 2], [50, 30, 3])
    assigned = folds(labels, 0)
    assert set(assigned) == set(range(FOLDS))
    assert np.ptp(np.bincount(assigned)) <= 1
    assert all(np.ptp(np.bincount(assigned[labels == label], minlength=FOLDS)) <= 1 for label in range(3))
    assert guessing(labels) == pytest.approx(50 / 83)


def test_the_report_is_scikit_learns() -> None:
    truth, found = np.array([0, 0, 1, 1, 1, 2]), np.array([0, 1, 1, 1, 0, 0])
    confusion = np.zeros((3, 3), int)
    np.add.at(confusion, (truth, found), 1)
    theirs = classification_report(truth, found, output_dict=True, zero_division=0)
    for label, line in enumerate(report(confusion, ("a", "b", "c"))):
        expected = theirs[str(label)]
        ours = (line.precision, line.recall, line.f1, line.support)
        assert ours == pytest.approx(tuple(expected[name] for name in ("precision", "recall", "f1-score", "support")))


@pytest.mark.parametrize("way", WAYS)
def test_two_vocabularies_are_told_apart_on_texts_that_were_not_seen(way: str) -> None:
    *_, last = WAYS[way](two_worlds(0), two_worlds(1), QUICK)
    assert last.embedding is not None
    assert last.probabilities is not None
    assert (last.probabilities.argmax(1) == two_worlds(1).labels).all()
    for word in range(10):
        found, _ = nearest(last.embedding.vectors, last.embedding.vectors[word], 3, word)
        assert (
            way == "autoencoder" or (found // 5 == word // 5).all()
        )  # words of a class lie together where labels say so
    assert np.allclose(last.embedding.probabilities(two_worlds(1).bags), last.probabilities, atol=1e-5)


def test_an_autoencoder_learns_which_words_go_together_without_any_label() -> None:
    pairs = np.repeat(np.eye(6, dtype=np.float32), 2, axis=1)  # words 0 and 1 always come together, and so on
    corpus = Corpus(np.concatenate([pairs, np.minimum(pairs + np.roll(pairs, 1, 0), 1)]), np.arange(12) % 2, 2)
    settings = WordSettings(word_epochs=200, embedding_size=6, word_rate=0.03, hidden_words=0.3)
    *_, last = WAYS["autoencoder"](corpus, corpus, settings)
    assert last.embedding is not None
    half = np.zeros((1, 12), np.float32)
    half[0, 4] = 1
    chances = last.embedding.expected(half)[0]
    assert sorted(np.argsort(-chances)[:2].tolist()) == [4, 5]
    assert brought_back(corpus.bags, last.embedding.expected(corpus.bags)) > 0.95


def test_labels_play_no_part_in_the_autoencoders_embedding() -> None:
    corpus = two_worlds()
    turned = Corpus(corpus.bags, 1 - corpus.labels, 2)
    first, second = ([*WAYS["autoencoder"](each, each, QUICK)][-1].embedding for each in (corpus, turned))
    assert first is not None
    assert second is not None
    assert np.array_equal(first.vectors, second.vectors)
    assert not np.allclose(first.weight, second.weight)


def test_the_classifier_on_the_codes_is_a_logistic_regression() -> None:
    corpus = two_worlds()
    *_, last = WAYS["autoencoder"](corpus, corpus, QUICK)
    assert last.embedding is not None
    codes = last.embedding.codes(corpus.bags)
    scaled = (codes - codes.mean(0)) / np.sqrt(((codes - codes.mean(0)) ** 2).sum(1).mean())
    theirs = LogisticRegression(C=1 / (2 * PENALTY * len(codes)), max_iter=1000).fit(scaled, corpus.labels)
    assert np.allclose(last.embedding.probabilities(corpus.bags), theirs.predict_proba(scaled), atol=0.02)


def test_a_class_that_was_not_learned_is_never_chosen() -> None:
    learn = Corpus(two_worlds().bags, two_worlds().labels, 3)
    *_, last = WAYS["autoencoder"](learn, learn, QUICK)
    assert last.probabilities is not None
    assert (last.probabilities[:, 2] == 0).all()


def test_hiding_words_is_the_masking_of_the_other_pages() -> None:
    import torch

    bags = torch.ones(50, 20)
    assert (CORRUPTIONS["masking"].apply(bags, 0.2, torch.Generator().manual_seed(0)).sum(1) == 16).all()
