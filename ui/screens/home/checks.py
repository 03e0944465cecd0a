"""What the home page asks at its end."""

from __future__ import annotations

from aecore.tours.schema import Choice, Question

CHECKS = {
    "source": Question(
        "You drag a bar, and the decoder paints a face that nobody ever drew. Where does it come from?",
        (
            Choice(
                "From the training face whose code is nearest",
                "No face is stored, and none is looked up. You can stop the bar anywhere, and the picture changes with "
                "every small move; there are not that many training faces.",
            ),
            Choice(
                "From the face that goes in, changed a little",
                "The decoder never sees the face that goes in. Its code was what you began with; once you drag, the "
                "bars are all that counts.",
            ),
            Choice(
                "From the bars and the weights alone",
                "The decoder takes the numbers of the code, multiplies and adds with the weights that it has learned, "
                "and what comes out are the pixels. It does so for any code, also for one that no picture has.",
            ),
        ),
        right=2,
    ),
    "loss": Question(
        "A fine line of the picture that goes in is missing from its reconstruction. Where was it lost?",
        (
            Choice(
                "In the code, which has no room for it",
                "The code is far shorter than the picture, so the two halves have learned to spend it on what helps "
                "most with most pictures. A fine line hardly counts.",
            ),
            Choice(
                "In the reconstruction, which has fewer pixels",
                "Both pictures have the same number of pixels: the decoder has an output for each of them. What it "
                "lacks is not pixels, but knowing what to paint there.",
            ),
            Choice(
                "Nowhere: it is in the code, but too weak to be seen",
                "A code is no small picture with faint lines. It is a few numbers, and pictures that differ in a line "
                "alone can have almost the same ones.",
            ),
        ),
        right=0,
    ),
    "test": Question(
        "Why does this page show test pictures, from which the network never learned?",
        (
            Choice(
                "Its training pictures would come out exactly as they went in",
                "They would not. Their codes are just as short, so they lose details too.",
            ),
            Choice(
                "They show whether it has learned the kind, or only its own examples",
                "A network may do well on the pictures it has learned from, simply by fitting them. On new ones it can "
                "only use what pictures of this kind have in common.",
            ),
            Choice(
                "It still learns, and needs pictures that are new to it",
                "It has learned all it will learn here; nothing on this page changes a weight. The test pictures are "
                "there to be looked at.",
            ),
        ),
        right=1,
    ),
}
