"""The Features page: form, view, figures and text."""
