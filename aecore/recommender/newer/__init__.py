"""Newer films: MovieLens 32M is fetched, the page's recommender is trained on it, and used if it measures better."""
