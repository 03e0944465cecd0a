"""Evaluation: splits, metrics, and how well a model predicts one user."""
