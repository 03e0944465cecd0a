"""Training a recommender as a run, and the built-in one."""
