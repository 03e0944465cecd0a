"""`make docker-test`: carries out the Dockerfile without Docker, step by step, in clean folders and a new environment.

Absolute paths of the image stand in a folder of the trial. Left out, and said so,
is what needs an image: users and owners.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from glob import glob
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.packaging.dockerfile import Instruction, instructions, is_sent
from tests.packaging.installing import ROOT, clean_environment, free_port, new_environment, served
from tests.packaging.try_wheel import try_app, try_command_line

NEEDS_AN_IMAGE = ("useradd", "chown")
PLACES = re.compile(r"(?<![\w./:])/(src|wheels|data|home/explorer)\b")


class Trial:
    """One pass over a Dockerfile: where its files lie, its variables, and what it starts in the end."""

    def __init__(self, folder: Path, *, is_fresh: bool, torch_index: str) -> None:
        self.image = folder / "image"
        self.commands = new_environment(folder / "venv", is_fresh=is_fresh)
        self.variables = clean_environment(folder / "home")
        self.variables["PATH"] = f"{self.commands}{os.pathsep}{self.variables['PATH']}"
        self.torch_index = torch_index
        self.folder = self.image
        self.check = self.start = ""

    def carry_out(self, step: Instruction) -> None:
        """One instruction; CalledProcessError if its command fails."""
        print(f"{step.word} {step.rest}", flush=True)
        match step.word:
            case "COPY":
                self._copy(step.rest)
            case "RUN":
                self._run(step.rest)
            case "ARG":
                name, _, value = step.rest.partition("=")
                self.variables[name] = self.torch_index if self.torch_index and name == "TORCH_INDEX" else value
            case "ENV":
                pairs = (each.partition("=") for each in shlex.split(step.rest))
                self.variables |= {name: self._inside(value) for name, _, value in pairs}
            case "WORKDIR":
                self.folder = Path(self._inside(step.rest))
                self.folder.mkdir(parents=True, exist_ok=True)
            case "HEALTHCHECK":
                self.check = step.rest.partition("CMD ")[2]
            case "CMD":
                self.start = step.rest

    def _inside(self, text: str) -> str:
        """The text with the image's absolute paths moved into the trial's folder."""
        return PLACES.sub(rf"{self.image}/\1", text)

    def _run(self, command: str) -> None:
        kept = [part for part in command.split(" && ") if part.split()[0] not in NEEDS_AN_IMAGE]
        for part in set(command.split(" && ")) - set(kept):
            print(f"   left out, needs an image: {part}")
        self.image.mkdir(exist_ok=True)
        subprocess.run(
            ["bash", "-ec", self._inside(" && ".join(kept))], cwd=self.folder, env=self.variables, check=True
        )

    def _copy(self, rest: str) -> None:
        if rest.startswith("--from="):
            return  # the stages share the trial's folder
        source, target = rest.split()
        if source == ".":
            send_context(Path(self._inside(target)))
            return
        aim = Path(self._inside(target))
        aim.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / source, aim)

    def start_command(self, port: int) -> list[str]:
        """What the image starts, on another port and only for this machine."""
        words = [{"8501": str(port), "0.0.0.0": "127.0.0.1"}.get(word, word) for word in json.loads(self.start)]
        return [str(self.commands / words[0]), *words[1:]]

    def check_health(self, port: int) -> None:
        """The health check; CalledProcessError if it finds the app ill."""
        command = self.check.replace("8501", str(port))
        subprocess.run(["bash", "-ec", command], cwd=self.folder, env=self.variables, check=True)


def send_context(target: Path) -> None:
    """Copies what `docker build .` would send: the files of the checkout that .dockerignore leaves."""
    ignored = (ROOT / ".dockerignore").read_text()
    listed = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True).splitlines()
    for name in (name for name in listed if is_sent(Path(name), ignored)):
        aim = target / name
        aim.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, aim)


def main() -> int:
    """Carries out every step, starts the app, checks its health and opens its pages; 0 if all of it works."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fresh", action="store_true", help="install the dependencies anew, torch included")
    parser.add_argument("--torch-index", default="", help="another package index for torch than the Dockerfile's")
    chosen = parser.parse_args()
    with TemporaryDirectory() as name:
        trial = Trial(Path(name), is_fresh=chosen.fresh, torch_index=chosen.torch_index)
        for step in instructions((ROOT / "Dockerfile").read_text()):
            trial.carry_out(step)
        if not glob(f"{trial.image}/wheels/*.whl"):
            raise RuntimeError("no wheel was built")
        try_command_line(trial.commands, trial.folder, trial.variables)
        port = free_port()
        with served(trial.start_command(port), port, trial.folder, trial.variables) as address:
            trial.check_health(port)
            try_app(address)
        try:
            trial.check_health(port)
        except subprocess.CalledProcessError:
            print("The steps of the Dockerfile work, and its health check tells a running app from an ended one.")
            return 0
        raise RuntimeError("the health check finds an app that has ended well")


if __name__ == "__main__":
    sys.exit(main())
