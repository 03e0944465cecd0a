"""The Home page: form, view, figures and text."""
