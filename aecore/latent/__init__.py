"""The latent space: sets of codes, maps of them, what the maps keep of the truth, and ways through it."""
