"""Worked examples: the toy network, its training, and pooling, with every intermediate number."""
