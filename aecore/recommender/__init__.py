"""Recommending films: ratings, films, the models that learn from them, and what makes their advice readable."""
