"""The latent space: sets of codes, maps, neighbourhood preservation, paths, sampling and directions."""
