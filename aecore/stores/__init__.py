"""Stores on disk: uploaded content with a trash, and a cache of results that can be recomputed."""
