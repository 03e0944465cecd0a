"""The Map page: form, view, figures and text."""
