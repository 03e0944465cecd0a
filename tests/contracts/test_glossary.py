"""The glossary: every link leads to a term that exists, and every term is explained and can be found."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.app.places import MENU, TITLES
from ui.widgets.glossary import SUBJECTS, TERMS, found, page_address, term

ROOT = Path(__file__).resolve().parents[2]


def asked(path: Path) -> Iterator[str]:
    """The terms to which a file links."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "term":
            assert isinstance(node.args[0], ast.Constant), f"{path.name}: name the term itself"
            yield node.args[0].value


FILES = [path for folder in ("pages", "ui") for path in sorted((ROOT / folder).rglob("*.py"))]
LINKS = [(path, name) for path in FILES for name in asked(path)]


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_explained_shown_somewhere_and_found_by_its_names(name: str) -> None:
    each = TERMS[name]
    assert 30 < len(each.meaning) < 300
    assert each.meaning.endswith((".", "?"))
    assert set(each.pages) <= set(TITLES)
    assert name in found(each.title)
    assert all(name in found(other) for other in each.also)
    assert name == name.lower()
    assert name.isascii()


def test_no_term_stands_twice() -> None:
    assert len(TERMS) == sum(len(terms) for terms in SUBJECTS.values())
    titles = [each.title.casefold() for each in TERMS.values()]
    assert len(set(titles)) == len(titles)


def test_a_search_takes_no_notice_of_capitals_and_accents_and_puts_names_first() -> None:
    assert found("FRECHET") == ["frechet-distance"]
    assert found("code")[0] == "latent-code"
    assert "bottleneck" in found("code")
    assert found("zzz") == []


def test_links_keep_the_path_under_which_the_app_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    assert term("latent-code", "code") == "[code](/glossary?term=latent-code)"
    assert page_address("home") == "/"
    monkeypatch.setattr("ui.components.walking.st.get_option", lambda _: "/lab/")
    assert term("pca", "PCA") == "[PCA](/lab/glossary?term=pca)"
    assert page_address("home") == "/lab/"


def test_every_page_is_in_the_menu_once() -> None:
    names = [name for pages in MENU.values() for name, _, _ in pages]
    assert sorted(names) == sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


def test_every_link_leads_to_a_term_that_exists() -> None:
    assert len(LINKS) > 40
    assert not [f"{path.name}: {name}" for path, name in LINKS if name not in TERMS]


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.stem)
def test_every_page_links_the_terms_it_begins_with(path: Path) -> None:
    linked = set(asked(path))
    assert path.stem in ("glossary", "room") or len(linked) >= 2
