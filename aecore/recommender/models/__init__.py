"""MODELS: every recommender, one line each. A model's own file holds its settings and its class."""
