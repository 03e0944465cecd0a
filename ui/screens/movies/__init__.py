"""The Movies page: form, view, figures and text."""
