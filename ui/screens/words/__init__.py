"""The Words page: form, view, figures and text."""
