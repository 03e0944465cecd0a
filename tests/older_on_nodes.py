"""The real start of processes on nodes, by a machine that says it has another version than they."""

from __future__ import annotations

from aecore.jobs import nodes
from aecore.recommender.training import on_nodes

nodes.versions = lambda: "0.0.7, Python 3.9"

if __name__ == "__main__":
    on_nodes.main()
