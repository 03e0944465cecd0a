"""The command line: `python -m aecore COMMAND`, with one of `COMMANDS`, each of which has --help."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from importlib import import_module

COMMANDS = (
    "train", "sweep", "train-recommender", "data", "runs", "encode", "reconstruct", "generate", "export", "import",
    "features", "recommend", "tour", "assets",
)  # fmt: skip
"""Each is a module of the same name in `aecore.commands`, `import` of the name `importing`; only the requested one is
imported.
"""


def command(name: str) -> Callable[[list[str]], int]:
    """The function of the command of this name: its arguments -> exit status."""
    module = "importing" if name == "import" else name.replace("-", "_")  # a word of Python cannot be a module
    return import_module(f"aecore.commands.{module}").main


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns its exit status: 0 done, 1 refused with a sentence, 2 wrong usage, 130 interrupted."""
    parser = argparse.ArgumentParser("python -m aecore", description="Train autoencoders and look after their runs.")
    about = (
        "train a model, or many with different settings; fetch data sets; list, rename and delete runs; "
        "encode, reconstruct and generate with a trained model; write a run out as code or for other programs, and "
        "import it; "
        "see what codes are worth; recommend films; check the file of a tour; make the built-in models"
    )
    parser.add_argument("command", choices=COMMANDS, help=about)
    arguments = sys.argv[1:] if arguments is None else arguments
    chosen = parser.parse_args(arguments[:1])
    try:
        status = command(chosen.command)(arguments[1:])
        sys.stdout.flush()
        return status
    except ValueError as error:  # SettingsError, DataError and RunError hold sentences
        print(f"aecore {chosen.command}: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader, for instance `head`, closed the pipe, which interrupts a training
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1 if chosen.command.startswith(("train", "sweep")) else 0
    except KeyboardInterrupt:
        print("\nInterrupted. Everything up to the last checkpoint is kept.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
