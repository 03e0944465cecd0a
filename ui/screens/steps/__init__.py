"""The Steps page: form, view, figures and text."""
