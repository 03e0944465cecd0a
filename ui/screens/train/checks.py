"""What the page Train asks at its end."""

from __future__ import annotations

from aecore.tours.schema import Choice, Question

CHECKS = {
    "rises": Question(
        "The training loss keeps falling. The validation loss fell as well, but has been rising for a while. What is "
        "happening?",
        (
            Choice(
                "The network is still getting better, and needs more epochs",
                "Better only on the pictures that it learns from. On all others it is getting worse, and more epochs "
                "go on with that.",
            ),
            Choice(
                "The validation pictures have become harder",
                "They are the same pictures at every point of the curve. What has changed is the network.",
            ),
            Choice(
                "It has begun to memorise its training pictures",
                "This is overfitting. What it learns now is true of these pictures only, and gets in the way with "
                "others. A network with the weights of the lowest point would serve better.",
            ),
        ),
        right=2,
    ),
    "line": Question(
        "The run has ended, and its validation loss lies above the dashed line of PCA. What does that tell you?",
        (
            Choice(
                "It does worse than always painting the average picture",
                "That is the other dashed line, which lies higher: the average picture says nothing about the picture "
                "that went in.",
            ),
            Choice(
                "A linear method with as many numbers would have done better",
                "PCA is the best of the linear methods. Layers and activation functions have not paid here: the "
                "network may need more training, or other settings.",
            ),
            Choice(
                "It is as good as a network with such a code can be",
                "PCA is no limit for networks. One that bends what it passes on can get below the line.",
            ),
        ),
        right=1,
    ),
    "shuffled": Question(
        "The memorisation check shows digits with their pixels shuffled, and they are reconstructed nearly as well as "
        "digits. What follows?",
        (
            Choice(
                "The network passes pixels on, and has learned little about digits",
                "A shuffled digit has no strokes, so nothing that is known about digits helps with it. If it gets "
                "through all the same, pixels are simply handed on.",
            ),
            Choice(
                "It knows digits so well that the order of their pixels does not matter",
                "To know digits is to know which pixels go together, and shuffling destroys just that. A network "
                "that relies on this fails on shuffled digits.",
            ),
            Choice(
                "Its code is too small to tell the two apart",
                "With a small code it is the other way round: shuffled digits come out badly, because there is room "
                "only for what digits have in common.",
            ),
        ),
        right=0,
    ),
}
