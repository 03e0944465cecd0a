"""The Recommender page: form, view, figures and text."""
