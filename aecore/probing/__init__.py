"""Probing: linear probes of codes, and the classifiers that they use."""
