// The forward pass of a decoder, as aecore computes it: what the browser paints from a code without asking the server.

import { bytes_of, floats_of, halves_of } from "../shared/bytes.js";

const ACTIVATIONS = {
  linear: (v) => v,
  relu: (v) => Math.max(v, 0),
  sigmoid: (v) => 1 / (1 + Math.exp(-v)),
  tanh: Math.tanh,
};

// layers: {w: out x in, b, activation}; code -> the numbers of the last layer.
export function decode(layers, code) {
  let x = code;
  for (const { w, b, activation } of layers) {
    const y = new Float32Array(b.length), f = ACTIVATIONS[activation];
    for (let o = 0, k = 0; o < b.length; o++) {
      let sum = b[o];
      for (let i = 0; i < x.length; i++, k++) sum += w[k] * x[i];
      y[o] = f(sum);
    }
    x = y;
  }
  return x;
}

// What the server sends of a model, as numbers.
export function read(data) {
  const inputs = data.shape.reduce((a, b) => a * b), pixels = bytes_of(data.pictures);
  return {
    ...data, inputs, low: floats_of(data.low), high: floats_of(data.high), codes: floats_of(data.codes),
    count: pixels.length / inputs,
    picture: (k) => Float32Array.from(pixels.subarray(k * inputs, (k + 1) * inputs), (v) => v / 255),
    layers: data.layers.map((layer) => ({ w: halves_of(layer.w), b: floats_of(layer.b), activation: layer.activation })),
  };
}
