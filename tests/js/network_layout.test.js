// Numbers on synapses: none covers another, or a node.

import assert from "node:assert/strict";
import { test } from "node:test";
import { room_between, spread_numbers } from "../../ui/components/shared/network_layout.js";
import { layout_of } from "../../ui/components/synapse_network/layout.js";

const boxes_of = (layout, [w, h]) => {
  const at = new Map(layout.nodes.map((node) => [node.id, node]));
  return layout.synapses.map(({ from, to, share }) => {
    const a = at.get(from), b = at.get(to);
    return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share, w, h };
  });
};

for (const room of [640, 690, 930, 1200])
  for (const [inputs, hidden, has_nodes] of [[4, 2, false], [3, 1, true], [4, 2, true], [6, 2, false], [4, 3, false]])
    test(`numbers of ${inputs} inputs and ${hidden} hidden nodes${has_nodes ? " with +1 nodes" : ""} on ${room} pixels stand apart`, () => {
      const layout = layout_of(room, inputs, hidden, has_nodes), numbers = boxes_of(layout, [46, 16]);
      assert.ok(layout.has_numbers);
      const nodes = layout.nodes.map(({ x, y, r }) => ({ x, y, w: 2 * r, h: 2 * r }));
      numbers.forEach((one, i) => { for (const other of [...nodes, ...numbers.slice(i + 1)]) assert.ok(room_between(one, other) >= 0, `number ${i} is covered`); });
    });

test("a number whose place is free stays there, and one whose place is taken moves along its synapse", () => {
  const nodes = [{ id: "a", x: 0, y: 0, r: 10 }, { id: "b", x: 400, y: 0, r: 10 }], both = { from: "a", to: "b", share: 0.5 };
  const [first, second] = spread_numbers([both, both], nodes, 40, 16);
  assert.equal(first.share, 0.5);
  assert.ok(Math.abs(second.share - 0.5) * 400 >= 40);
});
