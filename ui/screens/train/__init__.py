"""The Train page: form, view, figures and text."""
