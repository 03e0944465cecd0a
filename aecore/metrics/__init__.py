"""Metrics: image similarity, the Fréchet distance, baselines, and the Pareto front."""
