// The words and the layout of the synapse network.

import assert from "node:assert/strict";
import { test } from "node:test";
import { name_of, softmax_of, sum_of, value_of } from "../../ui/components/synapse_network/arithmetic.js";
import { layout_of } from "../../ui/components/synapse_network/layout.js";

const TOY = {
  net: { w1: [[1, 1, -1, -1], [0.5, -1, 1, -2]], w2: [[1, 1], [1, -1], [-1, 1], [-1, -1]], b1: [0, 3], b2: [0, 0, 0, -1] },
  x: [1, 0, 0, 0.5], h: [0.5, 2.5], o: [3, -2, 2, -4], labels: ["Space opera", "Heist", "Love & story", "Ghost tale"], biases: "inside", temperature: 1,
};
const plain = (html) => html.replace(/<br>/g, "\n").replace(/<[^>]+>/g, "");

test("a node's sum is written in letters and in numbers, negative ones in brackets", () => {
  assert.equal(plain(sum_of({ kind: "code", i: 1 }, TOY)), "h₂ = 0.5·x₁ − x₂ + x₃ − 2·x₄ + b\n= 0.5·1 + (−1)·0 + 1·0 + (−2)·0.5 + 3 = 2.5");
  assert.equal(plain(sum_of({ kind: "out", i: 3 }, { ...TOY, biases: "none" })), "o₄ = −h₁ − h₂\n= (−1)·0.5 + (−1)·2.5 = −4");
});

test("an input says what it is, a bias node what it is for, and names are no HTML", () => {
  assert.equal(plain(sum_of({ kind: "in", i: 0 }, TOY)), "x₁ = 1: Space opera, liked. Click to change it.");
  assert.ok(sum_of({ kind: "in", i: 2 }, TOY).includes("Love &amp; story, not liked"));
  assert.ok(!sum_of({ kind: "in", i: 3 }, TOY).includes("liked"));
  assert.ok(sum_of({ kind: "in", i: 4, is_bias: true }, TOY).includes("always says 1"));
});

test("a synapse says what it carries", () => {
  const from_input = { part: "w1", at: 1, from: 3 }, from_bias = { part: "b2", at: 3, from: 2 };
  assert.equal(plain(sum_of(from_input, TOY)), "The synapse from Ghost tale to h₂ has weight −2: it carries (−2)·0.5 = −1.");
  assert.equal(name_of(from_bias, TOY.labels), "from the +1 node to the output Ghost tale");
  assert.deepEqual([value_of(TOY, from_input), value_of(TOY, from_bias), value_of(TOY, { part: "x", at: 3 })], [-2, -1, 0.5]);
});

test("the softmax is written with its temperature", () => {
  assert.ok(plain(softmax_of(0, TOY)).startsWith("softmax of o₁ = e3 / (e3 + e−2 + e2 + e−4)"));
  assert.ok(plain(softmax_of(0, { ...TOY, temperature: 0.5 })).includes("e3/0.5"));
});

for (const [room, is_narrow] of [[1200, false], [360, true]])
  for (const has_nodes of [false, true])
    test(`${room} pixels, ${has_nodes ? "with" : "without"} bias nodes: every synapse joins two nodes inside the drawing, and no two nodes touch`, () => {
      const { nodes, synapses, width, height, is_narrow: was } = layout_of(room, 6, 4, has_nodes), ids = new Set(nodes.map((node) => node.id));
      assert.equal(was, is_narrow);
      assert.equal(synapses.length, 2 * 6 * 4 + (has_nodes ? 10 : 0));
      assert.equal(nodes.length, 6 + 4 + 6 + (has_nodes ? 2 : 0));
      assert.ok(synapses.every(({ from, to, share }) => ids.has(from) && ids.has(to) && share > 0 && share < 1));
      assert.ok(nodes.every(({ x, y, r }) => x - r >= 0 && y - r >= 0 && x + r <= width && y + r <= height));
      for (const a of nodes) for (const b of nodes) assert.ok(a === b || Math.hypot(a.x - b.x, a.y - b.y) > a.r + b.r, `${a.id} touches ${b.id}`);
    });
