// The arithmetic of the toy network, as aecore/worked_examples/toy_network.py has it: the drawing answers without asking the server.
// A network is {w1: H x D, w2: D x H, b1: H, b2: D}.

const weighted = (weights, values, bias) => weights.map((row, i) => row.reduce((sum, w, k) => sum + w * values[k], bias[i]));
export const copy_network = (net) => JSON.parse(JSON.stringify({ w1: net.w1, w2: net.w2, b1: net.b1, b2: net.b2 }));

export function forward(net, x) {
  const h = weighted(net.w1, x, net.b1);
  return { h, o: weighted(net.w2, h, net.b2) };
}

export function softmax(o, temperature = 1) {
  const top = Math.max(...o), powers = o.map((v) => Math.exp((v - top) / temperature));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((v) => v / total);
}

// 1 for the highest output; nobody wins a tie.
export function arg_max(o) {
  const top = Math.max(...o), winners = o.filter((v) => v >= top - 1e-9).length;
  return o.map((v) => (winners === 1 && v >= top - 1e-9 ? 1 : 0));
}

export const threshold = (o) => o.map((v) => (v >= 1 - 1e-9 ? 1 : 0));
export const same = (a, b) => a.every((v, i) => v === b[i]);
export const one_hot = (count, k) => [...Array(count)].map((_, i) => (i === k ? 1 : 0));

// How many of the inputs with a single like come back, by the highest output.
export function films_back(net) {
  const count = net.b2.length;
  return [...Array(count)].filter((_, k) => same(arg_max(forward(net, one_hot(count, k)).o), one_hot(count, k))).length;
}

// One step of gradient descent on all one-hot inputs; returns the mean cross-entropy before it, in nats.
export function learn_step(net, rate, with_biases) {
  const count = net.b2.length, before = copy_network(net);
  let loss = 0;
  for (let k = 0; k < count; k++) {
    const x = one_hot(count, k), { h, o } = forward(before, x), top = Math.max(...o);
    loss += (top + Math.log(o.reduce((sum, v) => sum + Math.exp(v - top), 0)) - o[k]) / count;
    const delta_o = softmax(o).map((p, i) => (p - x[i]) / count);
    const delta_h = h.map((_, j) => delta_o.reduce((sum, d, i) => sum + d * before.w2[i][j], 0));
    delta_o.forEach((d, i) => {
      h.forEach((v, j) => { net.w2[i][j] -= rate * d * v; });
      if (with_biases) net.b2[i] -= rate * d;
    });
    delta_h.forEach((d, j) => {
      net.w1[j][k] -= rate * d;
      if (with_biases) net.b1[j] -= rate * d;
    });
  }
  return loss;
}

// Normal weights with standard deviation one half (Box & Muller 1958), biases zero.
export function random_network(inputs, hidden) {
  const normal = () => 0.5 * Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const rows = (many, wide) => [...Array(many)].map(() => [...Array(wide)].map(normal));
  return { w1: rows(hidden, inputs), w2: rows(inputs, hidden), b1: Array(hidden).fill(0), b2: Array(inputs).fill(0) };
}
