"""A bridge without a cluster: speaks as `aecore.jobs.bridge` does, and does as the address says.

"refuses": there is none. "dies": it takes a job, begins it, and ends. Anything else: it "does" every job at once.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from aecore.runs.store import RunStore


def main() -> None:
    """Reads jobs and answers."""
    home, address = Path(sys.argv[1]), sys.argv[2]
    if address == "refuses":
        print(json.dumps({"lost": "No cluster answers."}), flush=True)
        return
    print(json.dumps({"ready": True, "slots": 3, "nodes": 2}), flush=True)
    store = RunStore(home / "runs")
    for line in sys.stdin:
        job = json.loads(line)
        store.update(job["arguments"][0], state="training", device="CPU of node far-away")
        if address == "dies":
            return
        print(json.dumps({"job": job["job"], "share": 0.5, "doing": "half"}), flush=True)
        store.update(job["arguments"][0], state="done")
        print(json.dumps({"job": job["job"], "error": ""}), flush=True)


if __name__ == "__main__":
    main()
