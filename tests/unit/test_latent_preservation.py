"""Neighbourhood preservation of maps, against scikit-learn and against cases whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.manifold import trustworthiness
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from aecore.latent.code_set import CodeError, refuse_unusable
from aecore.latent.methods import METHODS, TsneSettings, UmapSettings, narrowed, principal
from aecore.latent.neighbours import nearest, neighbours, place
from aecore.latent.preservation import class_overlap, knn_accuracy, measure, overlaps, shared

RANDOM = np.random.default_rng(0)
CODES = RANDOM.normal(size=(701, 6)).astype(np.float32)  # more than one batch of rows
MAP = CODES[:, :2] + RANDOM.normal(0, 0.3, (701, 2)).astype(np.float32)
LABELS = (CODES[:, 0] > 0).astype(int) + (CODES[:, 1] > 0)


def blobs(count: int = 60, size: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Three balls far from each other, and which is which."""
    random = np.random.default_rng(1)
    labels = np.repeat(np.arange(3), count)
    return (np.eye(3, size)[labels] * 30 + random.normal(size=(3 * count, size))).astype(np.float32), labels


def test_the_mean_of_the_points_trust_is_the_trustworthiness_of_scikit_learn():
    assert measure(CODES, MAP).trust.mean() == pytest.approx(trustworthiness(CODES, MAP, n_neighbors=15), abs=1e-6)


def test_a_map_that_is_the_code_keeps_everything():
    preservation = measure(CODES, CODES, LABELS, 3)
    assert preservation.trust == pytest.approx(1.0)
    assert preservation.kept == pytest.approx(1.0)
    assert preservation.knn_accuracy_code == preservation.knn_accuracy_map
    np.testing.assert_allclose(preservation.class_overlap_code, preservation.class_overlap_map)


def test_a_shuffled_map_keeps_no_more_than_chance():
    preservation = measure(CODES, RANDOM.permutation(MAP))
    assert preservation.kept.mean() == pytest.approx(15 / 700, abs=0.01)
    assert preservation.trust.mean() == pytest.approx(0.5, abs=0.03)


def test_what_is_kept_is_the_share_of_common_neighbours():
    assert shared(np.array([[1, 2, 3, 4]]), np.array([[4, 9, 1, 7]])) == pytest.approx([0.5])


def test_knn_accuracy_is_that_of_a_leave_one_out_classifier():
    near, _ = neighbours(CODES, 1)
    others = NearestNeighbors(n_neighbors=1).fit(CODES).kneighbors(return_distance=False)
    assert knn_accuracy(near, LABELS, 1) == pytest.approx((LABELS[others[:, 0]] == LABELS).mean())
    assert (
        KNeighborsClassifier(1).fit(CODES, LABELS).score(CODES, LABELS) == 1.0
    )  # which counts each point itself, and so is not meant


def test_a_tie_of_classes_goes_to_the_nearest():
    near = np.array([[1, 2], [0, 2], [1, 0]])
    assert knn_accuracy(near, np.array([0, 0, 1])) == pytest.approx(2 / 3)


def test_class_overlap_counts_the_classes_of_neighbours_and_names_the_pair_that_overlaps():
    near = np.array([[1, 2], [0, 2], [3, 1], [2, 0]])
    mixed = class_overlap(near, np.array([0, 0, 1, 2]), 3)
    np.testing.assert_allclose(mixed, [[0.5, 0.5, 0], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    assert overlaps(mixed)[0][:2] == (0, 1)


def test_too_few_points_to_measure_get_a_sentence():
    with pytest.raises(CodeError, match="3 points are too few"):
        measure(CODES[:3], MAP[:3])


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_nearest_are_those_of_scikit_learn(metric: str):
    search = NearestNeighbors(n_neighbors=7, metric=metric, algorithm="brute").fit(CODES[1:])
    distances, expected = search.kneighbors(CODES[:1])
    found, far = nearest(CODES, CODES[0], 7, metric, skip=0)
    np.testing.assert_array_equal(found, expected[0] + 1)
    np.testing.assert_allclose(far, distances[0], atol=1e-5)
    np.testing.assert_array_equal(neighbours(CODES, 7, metric)[0][0], found)


def test_a_code_of_zeros_is_at_distance_one_from_all_by_the_cosine():
    assert nearest(CODES, np.zeros(6, np.float32), 3, "cosine")[1] == pytest.approx(1.0)


def test_nearest_gives_all_there_are_where_fewer_are_left():
    assert len(nearest(CODES[:4], CODES[0], 9, skip=0)[0]) == 3


def test_a_new_code_is_placed_among_its_like():
    codes, labels = blobs()
    positions = np.array([[0, 0], [100, 0], [0, 100]], np.float32)[labels] + RANDOM.normal(size=(180, 2)).astype(
        np.float32
    )
    new = (np.eye(3, 5) * 30).astype(np.float32)
    assert place(codes, positions, new) == pytest.approx(np.array([[0, 0], [100, 0], [0, 100]]), abs=3)


@pytest.mark.parametrize("method", ["tsne", pytest.param("umap", marks=pytest.mark.long)])
@pytest.mark.parametrize("dims", [2, 3])
def test_a_map_keeps_balls_apart_and_ends_at_its_last_step(method: str, dims: int):
    codes, labels = blobs()
    settings = {"tsne": TsneSettings(iterations=300), "umap": UmapSettings(iterations=60)}[method]
    pictures = list(METHODS[method].draw(codes, settings, dims, {}))
    assert len(pictures) > 1
    assert pictures[-1].step == pictures[-1].of == settings.iterations
    assert pictures[-1].positions.shape == (180, dims)
    assert measure(codes, pictures[-1].positions, labels, 3).knn_accuracy_map > 0.98


def test_tsne_resumes_from_its_last_state():
    codes, labels = blobs()
    settings = TsneSettings(iterations=300)
    whole = METHODS["tsne"].draw(codes, settings, 2, {})
    left = [next(whole) for _ in range(4)][-1]
    rest = list(
        METHODS["tsne"].draw(codes, settings, 2, {"positions": left.positions, "step": left.step, **left.memory})
    )
    assert [rest[0].step, rest[-1].step] == [125, 300]
    assert measure(codes, rest[-1].positions, labels, 3).knn_accuracy_map > 0.98


def test_the_same_seed_makes_the_same_map():
    codes, _ = blobs(20)
    first, second = (
        [*METHODS["tsne"].draw(codes, TsneSettings(iterations=260, perplexity=5), 2, {})][-1].positions
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("shape", [(40, 6), (6, 40)])
def test_principal_components_are_those_of_scikit_learn(shape: tuple[int, int]):
    from sklearn.decomposition import PCA

    codes = RANDOM.normal(size=shape).astype(np.float32)
    expected = PCA(3).fit_transform(codes)
    np.testing.assert_allclose(np.abs(principal(codes, 3)), np.abs(expected), atol=1e-4)


def test_a_code_of_one_number_is_a_line():
    codes = RANDOM.normal(size=(30, 1)).astype(np.float32)
    assert principal(codes, 2)[:, 1] == pytest.approx(0)
    assert next(METHODS["code"].draw(codes, METHODS["code"].settings(), 2, {})).positions[:, 1] == pytest.approx(0)


def test_long_codes_are_narrowed_first():
    assert narrowed(RANDOM.normal(size=(90, 101)).astype(np.float32)).shape == (90, 50)
    assert narrowed(CODES) is CODES


def test_a_perplexity_for_which_there_are_too_few_points_gets_a_sentence():
    with pytest.raises(
        CodeError, match="A perplexity of 30 needs at least 91 points; there are 60. Choose a perplexity of at most 19"
    ):
        next(METHODS["tsne"].draw(CODES[:60], TsneSettings(), 2, {}))
    with pytest.raises(CodeError, match="Choose at least 7 points"):
        next(METHODS["tsne"].draw(CODES[:5], TsneSettings(), 2, {}))
    with pytest.raises(CodeError, match="15 neighbours need at least 16 points"):
        next(METHODS["umap"].draw(CODES[:15], UmapSettings(), 2, {}))


def test_a_number_that_the_code_does_not_have_gets_a_sentence():
    with pytest.raises(CodeError, match="only 6 numbers, and there is no number 7"):
        next(METHODS["code"].draw(CODES, METHODS["code"].settings(up=7), 2, {}))


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (np.full((5, 2), np.nan, np.float32), "5 of 5 codes"),
        (np.ones((5, 2), np.float32), "All codes are the same"),
        (np.ones((0, 2), np.float32), "no codes"),
    ],
)
def test_codes_of_which_nothing_can_be_made_get_a_sentence(codes: np.ndarray, words: str):
    with pytest.raises(CodeError, match=words):
        refuse_unusable(codes)
