"""The Compression page: form, view, figures and text."""
