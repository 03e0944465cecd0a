// The arithmetic of the toy network, against the article's example and against derivatives by differences.

import assert from "node:assert/strict";
import { test } from "node:test";
import { arg_max, copy_network, films_back, forward, learn_step, one_hot, random_network, softmax, threshold } from "../../ui/components/synapse_network/toy_math.js";

const ARTICLE = {
  w1: [[1, 1, -1, -1], [1, -1, 1, -1]],
  w2: [[1, 1], [1, -1], [-1, 1], [-1, -1]],
  b1: [0, 0],
  b2: [0, 0, 0, 0],
};
const near = (a, b, within = 1e-9) => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

// Mean cross-entropy over all one-hot inputs, in nats, written another way than in the component.
function loss_of(net) {
  const count = net.b2.length;
  let sum = 0;
  for (let k = 0; k < count; k += 1) sum -= Math.log(softmax(forward(net, one_hot(count, k)).o)[k]) / count;
  return sum;
}

test("the article's network brings every single like back, and knows what stands in the hidden nodes", () => {
  assert.deepEqual(forward(ARTICLE, [1, 0, 0, 0]), { h: [1, 1], o: [2, 0, 0, -2] });
  assert.deepEqual(forward(ARTICLE, [0, 0, 1, 0]).o, [0, -2, 2, 0]);
  assert.equal(films_back(ARTICLE), 4);
});

test("biases are added to the sums", () => {
  const net = { ...ARTICLE, b1: [1, 0], b2: [0, 0, 0, 5] };
  assert.deepEqual(forward(net, [1, 0, 0, 0]), { h: [2, 1], o: [3, 1, -1, 2] });
});

test("softmax sums to one, is not hurt by large numbers, and becomes arg max as the temperature falls", () => {
  const shares = softmax([2, 0, 0, -2]);
  near(shares.reduce((a, b) => a + b), 1);
  near(shares[0], Math.exp(2) / (Math.exp(2) + 2 + Math.exp(-2)));
  assert.deepEqual(softmax([1e6, 0, -1e6]), [1, 0, 0]);
  near(softmax([2, 0, 0, -2], 0.02)[0], 1);
  near(softmax([2, 0, 0, -2], 1e6)[3], 0.25, 1e-5);
});

test("nobody wins a tie, and a threshold lets one or more through", () => {
  assert.deepEqual(arg_max([2, 0, 1]), [1, 0, 0]);
  assert.deepEqual(arg_max([2, 2, 1]), [0, 0, 0]);
  assert.deepEqual(threshold([1, 0.999, 2, -1]), [1, 0, 1, 0]);
});

test("a step goes against the gradient that differences give", () => {
  const net = { w1: [[0.3, -0.7, 0.2], [0.9, 0.1, -0.4]], w2: [[0.5, -0.2], [0.1, 0.8], [-0.6, 0.3]], b1: [0.2, -0.1], b2: [0.05, 0, -0.3] };
  const rate = 0.1, after = copy_network(net), loss = learn_step(after, rate, true), tiny = 1e-6;
  near(loss, loss_of(net));
  for (const part of ["w1", "w2", "b1", "b2"]) {
    net[part].forEach((row, i) => {
      for (const k of Array.isArray(row) ? row.keys() : [null]) {
        const moved = (by) => {
          const other = copy_network(net);
          if (k === null) other[part][i] += by;
          else other[part][i][k] += by;
          return loss_of(other);
        };
        const slope = (moved(tiny) - moved(-tiny)) / (2 * tiny), change = k === null ? after[part][i] - row : after[part][i][k] - row[k];
        near(change, -rate * slope, 1e-8);
      }
    });
  }
});

test("without biases they stay as they are", () => {
  const net = { ...copy_network(ARTICLE), b1: [0.5, 0.5] };
  learn_step(net, 1, false);
  assert.deepEqual([net.b1, net.b2], [[0.5, 0.5], [0, 0, 0, 0]]);
});

test("a random network has the sizes asked for, a spread of one half, and no biases", () => {
  const { w1, w2, b1, b2 } = random_network(6, 4), many = Array.from({ length: 200 }, () => random_network(6, 6).w1).flat(2);
  assert.deepEqual([w1.length, w1[0].length, w2.length, w2[0].length], [4, 6, 6, 4]);
  assert.ok([...b1, ...b2].every((bias) => bias === 0));
  const mean = many.reduce((a, b) => a + b) / many.length, spread = Math.sqrt(many.reduce((sum, v) => sum + (v - mean) ** 2, 0) / many.length);
  near(mean, 0, 0.03);
  near(spread, 0.5, 0.03);
});
