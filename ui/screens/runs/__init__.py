"""The Runs page: form, view, figures and text."""
