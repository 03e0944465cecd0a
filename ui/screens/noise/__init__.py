"""The Noise lab page: form, view, figures and text."""
