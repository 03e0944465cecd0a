"""Diagnostics of a network: active units, OOD inputs, the encoder's Jacobian, vector fields of the plane."""
