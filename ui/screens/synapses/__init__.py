"""The Synapses page: form, view, figures and text."""
