"""What the page Pooling asks at its end."""

from __future__ import annotations

from aecore.tours.schema import Choice, Question

CHECKS = {
    "shift": Question(
        "In a 2 × 2 window a 7 stands at the top left, beside smaller numbers. In the next image the 7 and the number "
        "at the bottom right have changed places. What changes in the pooled map?",
        (
            Choice(
                "The 7 moves to another cell of the map",
                "The map has a single cell for the whole window. Where in the window the 7 stands is what the map "
                "forgets.",
            ),
            Choice(
                "The cell holds a smaller number, since the first cell of the window is taken",
                "The largest number is taken, wherever it stands. Reading order only decides where a window holds its "
                "largest number more than once.",
            ),
            Choice(
                "Nothing",
                "The largest of the four is still 7. So max pooling does not mind small shifts, and for the same "
                "reason cannot tell where the 7 was. Only its switch has changed.",
            ),
        ),
        right=2,
    ),
    "switch": Question(
        "Unpooling has the map and the switches. What do the switches tell it?",
        (
            Choice(
                "Which cell of its window each number came from",
                "A switch holds a place. The number itself is in the map, and the two together put it back where it "
                "was.",
            ),
            Choice(
                "The three other numbers of each window",
                "These are gone for good. A switch chooses one of four cells, which takes 2 bits; three numbers would "
                "take far more. The other cells are filled with 0.",
            ),
            Choice(
                "Which windows were worth pooling",
                "Every window is pooled, and each has its switch. Whether a window matters is not asked.",
            ),
        ),
        right=0,
    ),
    "around": Question(
        "Why do the decoders of this app's networks do without switches?",
        (
            Choice(
                "Switches would make the reconstruction worse",
                "They would make it better: on this page the real digits come out with a smaller error if the switches "
                "are used. The reason is another one.",
            ),
            Choice(
                "They would be a way around the code",
                "Switches go from the encoder to the decoder directly. They would say where things were without "
                "troubling the code, and it is the code that should describe the picture.",
            ),
            Choice(
                "Pooling loses nothing that a decoder could use",
                "It loses the exact places, and a decoder could use them well. It has to make up for them with what it "
                "has learned about pictures.",
            ),
        ),
        right=1,
    ),
}
