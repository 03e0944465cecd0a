"""The Latent space page: form, view, figures and text."""
