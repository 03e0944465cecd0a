"""Serving a trained recommender: its catalogue, search, recommendations and explanations."""
