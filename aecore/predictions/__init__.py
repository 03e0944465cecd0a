"""Predict before you see: what the pages ask about their results before these are uncovered."""
