"""What strangers wrote is shown as letters: no Markdown, no HTML, no sign of Streamlit's, no tag of Plotly's."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from aecore.export import notebook, script
from aecore.jobs.local import LocalExecutor
from aecore.jobs.service import Jobs
from aecore.runs.store import RunStore
from tests.direct_reader import DirectReader
from tests.hostile import EVIL, OWNER, TOUR, Hostile, hostile_home
from tests.pages.conftest import OpenPage
from ui.app.services import Parts, services
from ui.screens.lecture.link import PARTS
from ui.screens.movies.link import PANELS

LETTERS = {
    "selectbox.options", "multiselect.options", "multiselect.default", "text_input.default", "text_input.value",
    "text_area.default", "text_area.value", "selectbox.default", "selectbox.raw_value", "multiselect.raw_values",
    "code.code_text", "id", "url", "file_name", "js_content", "css_content", "html_content",
}  # fmt: skip
"""Fields that browsers are shown as letters anyhow."""

AS_MARKDOWN = re.compile(
    r"(?<!\\)\]\(http:|(?<!\\)<img|(?<!\\)<a href|(?<!\\)\*\*b\*\*|(?<!\\)\$x\$ :|:red\[y|:material/home|:tada|http://evil"
    r"|www\.evil|y\] -> b|(?<!\\)`c`|(?<![\w\\])_i_"
)
AS_HTML = re.compile(r"<img src=//|<a href='http|</script>|<b>b")
IN_TEMPLATE = re.compile(r"%\{x\} a")
"""What betrays a name that Markdown, HTML (and Plotly), and a template of Plotly's would read."""


@cache
def _made() -> tuple[Path, Hostile]:
    home = Path(_folder().name) / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AECORE_HOME", str(home))
        return home, hostile_home(home)


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="hostile-")


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> Hostile:
    """The home of strangers instead of the test's own."""
    home, made = _made()
    monkeypatch.setenv("AECORE_HOME", str(home))
    store = RunStore(home / "runs")
    monkeypatch.setattr(
        services, "parts", Parts(store, Jobs(store, LocalExecutor(home)), DirectReader(), is_live=False)
    )
    monkeypatch.setattr("ui.screens.movies.visitor.new_key", lambda: OWNER)
    return made


def views(made: Hostile) -> dict[str, tuple[str, dict[str, Any]]]:
    """A view of every page on which strangers' words are shown: page and address."""
    runs, first = [run.id for run in made.runs], made.runs[0].id
    return {
        **{f"train {place}": ("train", {"run": run}) for place, run in enumerate([*runs, made.rows.id])},
        "train failed": ("train", {"run": made.failed.id}),
        "train refused": ("train", {"run": made.recommender.id}),
        "runs": ("runs", {}),
        "race": ("race", {"runs": ".".join(runs)}),
        "race refused": ("race", {"runs": f"{first}.{made.rows.id}.{made.recommender.id}.{made.words_run.id}"}),
        "sweep": ("sweep", {"sweep": made.sweep}),
        "data": ("data", {"data": made.rows.settings["data"]}),
        "noise": ("noise", {"data": "digits", "networks": ",".join(runs), "sweep": "true"}),
        "features": ("features", {"run": made.rows.id}),
        "anomaly": ("anomaly", {"network": first}),
        "compression": ("compression", {"data": "digits", "networks": ",".join(runs)}),
        "latent walk": ("latent", {"network": made.rows.id, "points": "500", "method": "PCA", "panel": "Walk"}),
        "latent": ("latent", {"network": made.rows.id, "points": "500", "method": "PCA", "point": "3"}),
        "generate": ("generate", {"network": first}),
        "translate": ("translate", {"network": first}),
        **{
            f"words {view}": ("words", {"texts": made.words, "view": view, "way": "labels", "things": "texts"})
            for view in ("numbers", "learning", "map", "test", "try")
        },
        "recommender": ("recommender", {"run": made.recommender.id}),
        "recommender refused": ("recommender", {"run": first}),
        **{f"movies {panel}": ("movies", {"model": made.recommender.id, "view": panel}) for panel in PANELS},
        "movies shared": ("movies", {"view": "Friends", "with": made.code}),
        "tours": ("tours", {}),
        "tours own": ("tours", {"tour": f"{TOUR}.first"}),
        **{f"lecture {part}": ("lecture", {"part": part}) for part in PARTS},
    }


SILENT = {*(f"lecture {part}" for part in PARTS), "movies Import", "movies Your taste"}
"""Views that show what people have brought or named in few cases only."""


def texts_of(page: AppTest) -> Iterator[tuple[str, str]]:
    """(field, text) of every text that the page sends to the browser."""

    def within(message: Any, kind: str) -> Iterator[tuple[str, str]]:
        for field, value in message.ListFields():
            for each in value if field.is_repeated else [value]:
                if field.type == field.TYPE_STRING:
                    yield f"{kind}.{field.name}", each
                elif field.type == field.TYPE_MESSAGE and not field.message_type.GetOptions().map_entry:
                    yield from within(each, f"{kind}.{field.name}")

    def below(node: Any) -> Iterator[tuple[str, str]]:
        if hasattr(getattr(node, "proto", None), "ListFields"):
            yield from within(node.proto, node.type)
        for child in getattr(node, "children", {}).values():
            yield from below(child)

    return below(page._tree)


def read_wrongly(page: AppTest) -> list[str]:
    """Where a text on the page would be read as more than letters, with what is around it."""
    found = []
    for field, text in texts_of(page):
        if field in LETTERS or field.split(".")[-1] in LETTERS:
            continue
        if field.endswith(".json"):
            found += _in_figure(json.loads(text).get("figure"))
        elif betrayal := (AS_HTML if field.startswith("html") else AS_MARKDOWN).search(text):
            found.append(f"{field}: {text[max(0, betrayal.start() - 60) : betrayal.end() + 60]!r}")
    return found


def _in_figure(figure: str | None) -> list[str]:
    def texts(part: Any, name: str) -> Iterator[tuple[str, str]]:
        if isinstance(part, str):
            yield name, part
        elif isinstance(part, dict | list):
            for key, each in part.items() if isinstance(part, dict) else enumerate(part):
                yield from texts(each, str(key) if isinstance(part, dict) else name)

    return [
        f"chart, {name}: {text[:200]!r}"
        for name, text in texts(json.loads(figure) if figure else {}, "")
        if name != "uirevision" and (AS_HTML.search(text) or (name.endswith("template") and IN_TEMPLATE.search(text)))
    ]


def test_what_strangers_wrote_stays_letters_on_every_page(hostile: Hostile, open_page: OpenPage) -> None:
    wrong, silent = {}, []
    for name, (page, query) in views(hostile).items():
        shown = open_page(page, **query)
        assert not shown.exception, name
        assert not any(
            str(RunStore().folder.parent) in text for field, text in texts_of(shown) if field not in LETTERS
        ), name
        if found := read_wrongly(shown):
            wrong[name] = found
        if not any(EVIL in text for _, text in texts_of(shown)):
            silent.append(name)
    assert not wrong
    assert set(silent) <= SILENT, "nothing of strangers is on these pages"


def test_what_is_taken_home_holds_names_as_letters_too(hostile: Hostile) -> None:
    for run in (*hostile.runs, hostile.rows):
        ast.parse(script(run))
        prose = ["".join(cell["source"]) for cell in notebook(run)["cells"] if cell["cell_type"] == "markdown"]
        assert not [AS_MARKDOWN.search(text) for text in prose if AS_MARKDOWN.search(text)]
