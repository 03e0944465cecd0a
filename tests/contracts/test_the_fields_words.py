"""The field's words: no page, help text or document says what the glossary of the project replaces by another term,
and no page says where something stands that stands elsewhere on a phone.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

INSTEAD = {
    r"what (comes|the network gives) back": "reconstruction",
    r"(picture|digit|face|row)s? comes? back": "is reconstructed",
    r"space of codes": "latent space",
    r"\b(reconstructs?|copies|draws?|of) strangers\b(?!\*\*)": "out-of-distribution inputs",
    r"\b(a|the|this) judge\b|\bjudges\b": "reference classifier",
    r"\brealism\b": "Fréchet distance",
    r"\blikeness\b": "similarity",
    r"scale of the ear": "decibels, PSNR",
    r"\brival\b|\brivals\b": "baseline, classical denoiser",
    r"\bwhat pictures cost\b": "rate-distortion",
    r"\bline-ups?\b": "comparison",
    r"\bstudies\b|\bstudy of\b": "analyses",
    r"\bloud(est)?\b": "top activations",
    r"\bduo\b": "hybrid recommender",
    r"\bcheat meter (says|shows)\b": "memorisation check",
    r"\b(the|its|of) hills\b": "mixture components",
    r"\breceipt\b": "import report",
    r"\bfirst screen\b": "cold-start items",
    r"\bspeaks? seldom\b|\bsilent unit": "inactive unit, dead unit",
    r"\btid(y|ied) up\b": "regularise",
    r"\bdesk\b": "run recorder",
    r"\bgone? on with\b|\bbeg[au]n anew\b": "resume, restart",
    r"\bwhoever\b": "a plain subject",
    r"what is no data\b": "out-of-distribution inputs",
    r"it cannot be told here": "a plain statement",
    r"\bin so many\b|\beach with so many\b|\bdraw so many\b": "a number",
    r"what an article claims": "the claim, named",
    r"likeness.shrinkage": "similarity shrinkage",
}
"""What is not said -> what is said."""

PLACES = r"\b(on|to|at) the (left|right)\b(?! (side|end))|\bleft-hand\b|\bright-hand\b"
"""Where something stands: on a phone it stands below or above."""

STANDS_THERE = {
    "ui/screens/sweep/panel.py": "the chart's axes stand side by side on a phone, too",
    "aecore/tours/lessons/what.yaml": "a slider is dragged to the left",
    "aecore/tours/lessons/denoising.yaml": "a slider is moved to the right",
    "aecore/tours/lessons/generating.yaml": "a slider is moved",
    "pages/synapses.py": "the surprise at the right answer",
    "ui/screens/race/panel.py": "the axis of a chart",
    "pages/compression.py": "the axis of a chart",
}

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LESSONS = sorted((ROOT / "aecore" / "tours" / "lessons").glob("*.yaml"))
PAGES = [path for folder in ("pages", "ui") for path in sorted((ROOT / folder).rglob("*.py"))]
PACKAGE = sorted((ROOT / "aecore").rglob("*.py"))
COMPONENTS = [
    path
    for ending in ("*.html", "*.js")
    for path in sorted((ROOT / "ui" / "components").rglob(ending))
    if path.name != "bundle.js" and ".test." not in path.name
]


@cache
def sentences_of(path: Path) -> tuple[tuple[int, str], ...]:
    """Line and text of everything in a file that a person may read; of Python, the texts with a blank in them."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return tuple(enumerate(text.splitlines(), 1))
    tree = ast.parse(text)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings]
    return tuple((node.lineno, node.value) for node in constants if isinstance(node.value, str) and " " in node.value)


def said(pattern: str, paths: list[Path]) -> list[str]:
    found = re.compile(pattern, re.IGNORECASE)
    return [
        f"{path.relative_to(ROOT)}:{line}: {text.strip()[:100]}"
        for path in paths
        for line, text in sentences_of(path)
        if found.search(text)
    ]


@pytest.mark.parametrize("pattern", INSTEAD)
def test_the_fields_word_is_used(pattern: str) -> None:
    found = said(pattern, [*PAGES, *PACKAGE, *LESSONS, *DOCUMENTS])
    assert not found, f"say “{INSTEAD[pattern]}”: {found}"


@pytest.mark.parametrize(
    "text", ["What comes back is paler.", "copies strangers", "The judge says 4", "the likeness of two"]
)
def test_the_patterns_find_what_was_said_once(text: str) -> None:
    assert any(re.search(pattern, text, re.IGNORECASE) for pattern in INSTEAD)


def test_no_page_says_that_something_is_on_the_left_or_right() -> None:
    paths = [path for path in [*PAGES, *LESSONS, *COMPONENTS] if str(path.relative_to(ROOT)) not in STANDS_THERE]
    assert not said(PLACES, paths)


@pytest.mark.parametrize(
    ("page", "terms"),
    [
        ("home", ("encoder", "decoder", "latent-code", "bottleneck", "reconstruction", "backpropagation", "SGD")),
        ("synapses", ("encoder", "decoder", "latent-code", "bottleneck", "backpropagation", "sgd")),
        ("steps", ("encoder", "decoder", "latent-code", "bottleneck", "reconstruction", "backpropagation", "sgd")),
        (
            "pooling",
            ("encoder", "decoder", "latent code", "bottleneck", "reconstruction", "kernel", "stride", "padding"),
        ),
    ],
)
def test_the_pages_that_explain_networks_name_their_parts(page: str, terms: tuple[str, ...]) -> None:
    text = (ROOT / "pages" / f"{page}.py").read_text(encoding="utf-8")
    assert not [each for each in terms if each not in text]
