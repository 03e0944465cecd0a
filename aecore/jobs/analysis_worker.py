"""A process that studies trained models: `python -m aecore.jobs.analysis_worker RUNS_FOLDER` takes one study after another from a pipe."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import IO

BRIEF = 5
"""How much it steps back (nice): behind the pages, but before the trainings, because somebody is waiting for it."""


def main() -> None:
    """Reads {"kind", "arguments"} a line and answers {"share", "doing"} for each step, then {"error"}, "" if all is well.

    It ends at once when the pipe closes: whoever asked has gone, and every result so far has been kept.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(BRIEF)
    os.environ["OMP_NUM_THREADS"] = "1"  # read by torch and by numpy's algebra when a study imports them
    wishes: SimpleQueue[dict[str, object]] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin, wishes), daemon=True).start()
    from aecore.runs.store import RunStore

    store = RunStore(Path(sys.argv[1]))
    while True:
        _tell(error=_study(store, wishes.get()))


def _study(store: object, wish: dict[str, object]) -> str:
    """ "" or the sentence that says why it could not be studied."""
    import logging

    from aecore.jobs.kinds import begin

    try:
        for step in begin(wish["kind"], store, wish["arguments"]):  # type: ignore[arg-type]
            _tell(share=step.share, doing=step.doing)
    except ValueError as error:  # RunError, DataError, SettingsError and ProbeError hold sentences
        return str(error)
    except MemoryError:
        return "There is not enough memory for so many examples; ask for less."
    except OSError as error:
        return f"The disk refused: {error.strerror or error}. Free some space and try again."
    except Exception:
        logging.exception("study of %s failed", wish)
        return "The study failed for a reason nobody foresaw; the server's log has the details."
    return ""


def _listen(lines: IO[str], wishes: SimpleQueue[dict[str, object]]) -> None:
    for line in lines:
        wishes.put(json.loads(line))
    os._exit(0)


def _tell(**values: object) -> None:
    try:
        print(json.dumps(values), flush=True)
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
