"""What the page Synapses asks at its end."""

from __future__ import annotations

from aecore.tours.schema import Choice, Question

CHECKS = {
    "sum": Question(
        "Four films lead into a hidden node; the weights are +1, +1, −1, −1. Only the third film is liked. What is the "
        "value of the node?",
        (
            Choice(
                "0, because the weights cancel each other",
                "They would cancel if all four films were liked. A film that is not liked sends a 0, and 0 times a "
                "weight is 0, so only the third weight counts.",
            ),
            Choice(
                "−1",
                "1 · 0 + 1 · 0 + (−1) · 1 + (−1) · 0. With a single like, the value of a hidden node is the weight of "
                "the synapse from the liked film.",
            ),
            Choice(
                "+1, because a like is worth 1",
                "The like does go in as 1. On the way to the node it is multiplied by the weight of its synapse, which "
                "is −1 and turns it round.",
            ),
        ),
        right=1,
    ),
    "names": Question(
        "With weights of +1 and −1, a single like gives each hidden node +1 or −1. How many films can three hidden "
        "nodes tell apart at most?",
        (
            Choice(
                "3, one for each node",
                "That would be so if each node stood for one film. But what names a film is the pattern of all nodes "
                "together, and there are more patterns than nodes.",
            ),
            Choice(
                "6, because each of the three nodes has two values",
                "The values of different nodes do not add up, they combine: with each value of the first node go two "
                "of the second, and with each of those pairs two of the third.",
            ),
            Choice(
                "8",
                "Each further node doubles the number of patterns: 2 · 2 · 2. Two nodes give four patterns, which is "
                "just enough for four films.",
            ),
        ),
        right=2,
    ),
    "decode": Question(
        "A film has the code (+1, −1). Two synapses lead from the hidden nodes to its output, each +1 or −1. Which "
        "weights make this output as large as possible for its own film?",
        (
            Choice(
                "+1 and −1, which have the signs of the code",
                "1 · 1 + (−1) · (−1) = 2. A decoder recognises a code by weights of the same signs; any other code "
                "gives this output less.",
            ),
            Choice(
                "−1 and +1, which undo what the encoder did",
                "Decoding is not reversing: (−1) · 1 + 1 · (−1) = −2, as small as it can be. The output "
                "would be largest for the film with the opposite code.",
            ),
            Choice(
                "+1 and +1, which pass everything on",
                "1 · 1 + 1 · (−1) = 0. Passed on unchanged, the two numbers cancel each other.",
            ),
        ),
        right=0,
    ),
}
