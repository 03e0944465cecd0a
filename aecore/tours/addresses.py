"""The pages to which a tour may go, and the parameters that their addresses understand.

The pages declare them; a contract test holds that these tables say the same.
"""

from __future__ import annotations

EVERYWHERE = frozenset(
    ["class", "data", "draw", "groups", "model", "network", "networks", "number", "pictures", "predict", "run", "runs",
     "view"]
)  # fmt: skip
"""Parameters that several pages share."""

_OF_PAGES = {
    "home": "picture",
    "synapses": "size w b x biases names t found",
    "steps": "after at both epochs liked nodes order over rate ratings stars start",
    "pooling": "digit image kernel real set way",
    "glossary": "search term",
    "tours": "",
    "train": (
        "active-above apart curve inside leave_out log smoothing snapshot variant activation alpha batch_size beta "
        "binarise bottleneck channels code_activation "
        "contraction corruption device drop_rate epochs expansion k kernel_size latent_size layer_epochs "
        "learning_rate likelihood loss noise_level optimiser output precision rbm_rate revive schedule seed shrink "
        "sparsity spread start target tied weight_decay widths"
    ),
    "race": "cost error race race_log race_over thrice",
    "sweep": "space sweep sweep_over",
    "runs": "axis find log page sort state trash_page",
    "features": "cell classifier labels of",
    "data": "",
    "noise": "again by-hand damage differences fed-back hand-number measure seed sweep",
    "anomaly": "group odd odd-class other-data threshold",
    "compression": "budget count forms measure others sent way",
    "latent": (
        "behind clusters code colour-by dims draw-from draw-to epoch-step epochs-way gif-row gif-size lattice method "
        "metric-of-neighbours only pad-across pad-up panel part path path-steps plane point points spacing spot walk"
    ),
    "generate": "beside beside-way hills temperature way",
    "translate": "attribute finder from-class one shown side strength to-class",
    "words": (
        "draft drawn in-numbers on sentence text texts things way word embedding_size hidden_words least_texts "
        "most_share word_batch word_epochs word_rate word_seed"
    ),
    "movies": (
        "again circled dial film from genres given has list night on-map only-mine order rule show there who with "
        "without years"
    ),
    "recommender": (
        "given ratings recommender r-annealing r-asymmetry r-batch_size r-burn_in r-device r-dislike_weight r-draw "
        "r-draws r-dropout r-ease_films r-ease_penalty r-ease_weight r-epochs r-feature_decay r-features "
        "r-fewest_given r-film_shrinkage r-fold_in_penalty r-hidden_size r-hidden_sizes r-hide_least r-hide_most "
        "r-input_decay r-kept_draws r-kl_weight r-latent_size r-learning_rate r-least_ratings "
        "r-most_films r-most_given r-neighbours r-order_neighbours r-order_shrinkage r-pattern_decay r-penalty "
        "r-person_shrinkage r-rank r-rounds r-sampled_films r-seed r-shrinkage r-similarity_shrinkage r-stars_weight "
        "r-target r-test_on r-validation_share r-vote_shrinkage r-weight_decay"
    ),
    "room": "code sort",
    "lecture": "part",
}

PARAMETERS = {page: frozenset(names.split()) | EVERYWHERE for page, names in _OF_PAGES.items()}
"""Name of a page, which is that of its file -> the parameters of its address."""
