"""The real bridge of a server that says it has another version than its nodes."""

from __future__ import annotations

from aecore.jobs import bridge, nodes

nodes.versions = lambda: "0.0.7, Python 3.9"

if __name__ == "__main__":
    bridge.main()
