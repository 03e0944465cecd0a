"""Layers, convolutions, restricted Boltzmann machines, and a forward pass in numpy."""
