"""A bridge without a cluster: speaks as `aecore.jobs.bridge` does, and does as the address says.

"refuses": there is none. "comes": there is one from the second time on. "dies": it takes a job, begins it, and ends.
"hesitates": it is there once a file `answers` is in the home. Anything else: it "does" every job at once.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from aecore.runs.store import RunStore


def main() -> None:
    """Reads jobs and answers."""
    home, address = Path(sys.argv[1]), sys.argv[2]
    tried = home / "tried"
    if address == "refuses" or (address == "comes" and not tried.exists()):
        tried.touch()
        print(json.dumps({"lost": "No cluster answers.", "is_final": False}), flush=True)
        return
    while address == "hesitates" and not (home / "answers").exists():
        time.sleep(0.05)
    print(json.dumps({"ready": True, "slots": 3, "nodes": 2, "refused": []}), flush=True)
    store = RunStore(home / "runs")
    for line in sys.stdin:
        job = json.loads(line)
        if "waiting" in job:
            numbers = [each[0] for each in job["waiting"]]
            print(json.dumps({"turns": numbers, "places": [], "servers": 1}), flush=True)
            continue
        store.update(job["arguments"][0], state="training", device="CPU of node far-away")
        if address == "dies":
            return
        print(json.dumps({"job": job["job"], "share": 0.5, "doing": "half"}), flush=True)
        store.update(job["arguments"][0], state="done")
        print(json.dumps({"job": job["job"], "error": ""}), flush=True)


if __name__ == "__main__":
    main()
