// How a small network is laid out, and how its synapses look.

// Middle points of a layer's nodes: `count` of them at `x`, evenly between top and bottom, centred when there are few.
export function column(count, x, top, bottom, most = 110) {
  const gap = Math.min(most, (bottom - top) / Math.max(1, count));
  const middle = (top + bottom) / 2;
  return [...Array(count)].map((_, i) => ({ x, y: middle + (i - (count - 1) / 2) * gap }));
}

// How a synapse of this weight looks: class and width. Sign is colour and dash, size is width.
export function synapse_look(weight) {
  const size = Math.min(1, Math.log2(1 + Math.abs(weight)) / 2);
  return { kind: Math.abs(weight) < 1e-9 ? "zero" : weight < 0 ? "minus" : "plus", width: 1.2 + 5.6 * size };
}
