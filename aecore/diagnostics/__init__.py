"""Inside a network: active units, inputs that are no data, the encoder's Jacobian, vector fields of the plane."""
