"""Runs on disk: one folder each, with its status, its progress and its snapshots."""

from aecore.runs.store import Run, RunError, RunStore

__all__ = ["Run", "RunError", "RunStore"]
