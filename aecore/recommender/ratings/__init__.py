"""Ratings and films: the sparse table, the MovieLens editions, and ratings of one's own."""
