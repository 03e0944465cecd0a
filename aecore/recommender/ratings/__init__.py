"""Ratings and films: the sparse table, the MovieLens editions, and uploaded ratings."""
