"""The Pooling page: form, view, figures and text."""
