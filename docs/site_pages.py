"""The pages of the documentation site that are made when it is built:
README and its siblings, and the API reference by folder.
"""

from __future__ import annotations

import ast
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
FROM_THE_TOP = {"index.md": "README.md", "contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}
LINKS = {"](docs/": "](", "](LICENSE)": "](license.md)"}
"""What a link from the top folder is on the site."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Adds the API reference to the navigation."""
    reference = [{title: f"api/{title}.md"} for title in folders()]
    config.nav = [*(config.nav or []), {"API reference": ["api/index.md", *reference]}]
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Adds the pages that are no files of this folder."""
    pages = {address: (ROOT / source).read_text(encoding="utf-8") for address, source in FROM_THE_TOP.items()}
    for address, text in pages.items():
        for before, after in LINKS.items():
            text = text.replace(before, after)
        pages[address] = text
    pages["license.md"] = f"# Licence\n\n```\n{(ROOT / 'LICENSE').read_text(encoding='utf-8')}```\n"
    pages["api/index.md"] = contents()
    pages |= {f"api/{name}.md": reference(name) for name in folders()}
    for address, text in pages.items():
        files.append(File.generated(config, address, content=text))
    return files


def folders() -> list[str]:
    """The folders of the package, and `foundations` for what lies loose in it."""
    return [*sorted(path.parent.name for path in (ROOT / "aecore").glob("*/__init__.py")), "foundations"]


def contents() -> str:
    """The first page of the reference: what is in each folder, by the first line of its docstring."""
    lines = ["# API reference", "", "The names that a notebook needs are in `aecore` itself:", ""]
    lines += ["```python", "import aecore", "", f"# {', '.join(_names())}", "```", ""]
    for name in folders():
        about = "Settings, files, paths, and the record of progress."
        if name != "foundations":
            about = _docstring(ROOT / "aecore" / name / "__init__.py").splitlines()[0]
        lines.append(f"- [`{name}`]({name}.md): {about}")
    return "\n".join(lines) + "\n"


def reference(name: str) -> str:
    """A page with every public module of a folder."""
    here = ROOT / "aecore"
    files = sorted(path for path in here.glob("*.py") if path.stem[:2] != "__")
    if name != "foundations":
        files = sorted((here / name).rglob("*.py"), key=lambda path: (path.parent, path.stem != "__init__", path.stem))
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in files]
    return f"# {name}\n\n" + "\n\n".join(f"::: {module}" for module in modules) + "\n"


def _docstring(file: Path) -> str:
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""


def _names() -> list[str]:
    tree = ast.parse((ROOT / "aecore" / "__init__.py").read_text(encoding="utf-8"))
    lists = [
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    return ast.literal_eval(lists[0])
