"""The Translate page: form, view, figures and text."""
