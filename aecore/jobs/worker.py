"""A worker process: `python -m aecore.jobs.worker RUNS_FOLDER` trains one run after another as the job board asks."""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Generator, Iterable
from contextlib import closing
from pathlib import Path

QUIET = 15
"""How much the worker steps back (nice) so that pages stay quick while it trains."""


def main() -> None:
    """Reads commands from stdin until it closes: {"run": id}, {"wish": "pause" or "stop", "about": id}."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(QUIET)
    warm_up()
    from aecore.experiment import runner
    from aecore.runs.store import RunError, RunStore

    store = RunStore(Path(sys.argv[1]))
    commands = Commands()
    threading.Thread(target=commands.read, args=(sys.stdin,), daemon=True).start()
    say("ready")
    while run_id := commands.next_run():
        try:
            _train(runner.run(store, run_id), commands)
        except RunError as error:
            print(error, file=sys.stderr)
        say(f"ended {run_id}")
    sys.stderr.flush()
    os._exit(0)  # everything is on disk; taking torch apart would keep the server's end waiting for a second and more


class Commands:
    """What the job board has sent and has not been done yet. A wish belongs to one run: to any other it means nothing."""

    def __init__(self) -> None:
        self._runs: queue.Queue[str] = queue.Queue()
        self._wishes: dict[str, str] = {}
        self._current = ""
        self.is_over = False

    def read(self, lines: Iterable[str]) -> None:
        """Takes commands until there are no more; runs in a thread of its own."""
        try:
            for line in lines:
                command = json.loads(line)
                if "run" in command:
                    self._runs.put(command["run"])
                else:
                    self._wishes[command["about"]] = command["wish"]
        finally:  # the server is gone, or speaks another language than this worker: leave, and let another come
            self.is_over = True
            self._runs.put("")

    def next_run(self) -> str:
        """Waits for the next run; "" when the job board is gone."""
        self._current = self._runs.get()
        self._wishes.pop(self._current, None)  # of an earlier training of the same run
        return "" if self.is_over else self._current

    def wish(self) -> str | None:
        """What is wished for the run that trains now."""
        return self._wishes.pop(self._current, None)


def warm_up() -> None:
    """Imports torch, takes a dummy step (the first optimiser is slow to come) and settles on one thread."""
    import torch

    from aecore.training.devices import keep_memory

    keep_memory()
    torch.set_num_threads(1)
    layer = torch.nn.Linear(8, 8)
    optimizer = torch.optim.Adam(layer.parameters(), fused=True)
    layer(torch.zeros(4, 8)).sum().backward()
    optimizer.step()


def say(event: str) -> None:
    """One line to the job board."""
    try:
        print(event, flush=True)
    except BrokenPipeError:
        os._exit(0)


def _train(run: Generator[object, str | None, None], commands: Commands) -> None:
    """Iterates over a run and passes wishes on; when the server is gone the run is closed, which leaves a checkpoint."""
    with closing(run):
        wish = None
        while not commands.is_over:
            try:
                run.send(wish)
            except StopIteration:
                return
            wish = commands.wish()


if __name__ == "__main__":
    main()
