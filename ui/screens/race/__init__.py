"""The Race page: form, view, figures and text."""
