"""The Generate page: form, view, figures and text."""
