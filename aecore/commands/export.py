"""`python -m aecore export`: writes a run out as a PyTorch script, a notebook, or a ZIP with its data, or gives it to
another program with --to.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from aecore.commands.exchanging import add_options, check_no_options_of_mlflow, export_to
from aecore.export import ENDINGS, ExportError, archive, companions, export_name, needs_file, notebook_text, script
from aecore.files import replacing
from aecore.runs.store import Run, RunStore


def main(arguments: list[str]) -> int:
    """Prints the script or the notebook, or writes what the ending of --out asks for."""
    parser = argparse.ArgumentParser(
        "python -m aecore export", description=__doc__, epilog="`python -m aecore runs` lists the runs."
    )
    parser.add_argument("run", metavar="RUN", help="the id of the run")
    parser.add_argument("--notebook", action="store_true", help="a Jupyter notebook instead of a script")
    parser.add_argument(
        "--out", type=Path, metavar="PATH",
        help="a .py, .ipynb or .zip file, or a folder to put the file into, with the data it reads; "
        "without it, the text is printed",
    )  # fmt: skip
    add_options(parser)
    options = parser.parse_args(arguments)
    run = RunStore().get(options.run)
    if options.to:
        return export_to(run, options)
    check_no_options_of_mlflow(options)
    if options.out is None:
        print(notebook_text(run) if options.notebook else script(run), end="")
        if needs_file(run):
            print("It reads a file with the data, which --out writes beside it.", file=sys.stderr)
        return 0
    for path, content in _files(run, _target(run, options.out, options.notebook)).items():
        write(path, content)
        print(path)
    return 0


def _target(run: Run, out: Path, is_notebook: bool) -> Path:
    """The file to write. ExportError if its ending says nothing, or something else than --notebook."""
    if out.is_dir():
        return out / f"{export_name(run)}{ENDINGS['notebook' if is_notebook else 'script']}"
    if out.suffix not in ENDINGS.values():
        raise ExportError(
            f"--out is '{out}'; name a file that ends in {', '.join(ENDINGS.values())}, or a folder that is there."
        )
    if is_notebook and out.suffix != ENDINGS["notebook"]:
        raise ExportError(
            f"--out is '{out}', but --notebook asks for a notebook: let the name end in {ENDINGS['notebook']}, "
            "or leave --notebook out."
        )
    return out


def _files(run: Run, target: Path) -> dict[Path, bytes]:
    """Path -> content: the file itself and, unless it is a ZIP, the data it reads."""
    if target.suffix == ENDINGS["archive"]:
        return {target: archive(run)}
    text = notebook_text(run) if target.suffix == ENDINGS["notebook"] else script(run)
    data = (
        {target.with_name(name): content for name, content in companions(run).items() if name.endswith(".npz")}
        if needs_file(run)
        else {}
    )
    return {target: text.encode(), **data}


def write(path: Path, content: bytes) -> None:
    """Writes a file as a whole. ExportError, in a sentence, if it cannot be written."""
    try:
        with replacing(path) as temporary:
            temporary.write_bytes(content)
    except OSError as error:
        raise ExportError(f"{path} cannot be written ({error.strerror}). Choose another place with --out.") from None
