"""How long training on a built-in data set takes, as its card says."""

from __future__ import annotations

from math import prod

from aecore.datasets import DATASETS, DataError
from aecore.datasets.preview import preview
from aecore.pretrained.builtin import BUILTIN, facts
from ui.widgets.glossary import term


def how_long(name: str) -> str:
    """What the training of the app's own network on these data took."""
    built = next((each for each, recipe in BUILTIN.items() if recipe["data"] == name), None)
    if built is None:
        return "" if DATASETS[name].remote else _like_digits(name)
    recorded = facts(built)
    settings = recorded["settings"]
    if settings["variant"] != "undercomplete":
        return ""
    widths = " and ".join(f"{each:,}" for each in settings["widths"])
    kind = "a hidden layer" if len(settings["widths"]) == 1 else "hidden layers"
    layers = f"{kind} of {widths} units in the encoder" if widths else "no hidden layers"
    seconds, epochs = recorded["seconds"], settings["epochs"]
    return (
        f"How long it takes: the built-in undercomplete network ({prod(DATASETS[name].shape):,} numbers in, "
        f"{layers}, a code of {settings['latent_size']}) took {seconds:,.0f} s of processor time for "
        f"{epochs:,} {term('epoch', 'epochs')}, {1000 * seconds / epochs:,.0f} ms each; the time grows with epochs, "
        "examples and the size of the network.  \n"
    )


def _like_digits(name: str) -> str:
    """How much there is to learn from a built-in set of which the app has no network of its own, beside Digits."""
    numbers, usual = (prod(DATASETS[each].shape) for each in (name, "digits"))
    try:
        count, others = (preview(each).counts[0] for each in (name, "digits"))
    except DataError:  # which the card tells
        return ""
    return (
        f"How long it takes: no network that comes with the app learned from these, so no time is given. One example "
        f"has {numbers:,} numbers where one of Digits has {usual:,}, and {count:,} are learned from where Digits has "
        f"{others:,}.  \n"
    )
