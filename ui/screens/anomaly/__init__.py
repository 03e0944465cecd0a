"""The Anomaly page: form, view, figures and text."""
