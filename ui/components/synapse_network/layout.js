// Where the nodes of the toy network stand, and which synapses join them.

import { column } from "../shared/network_layout.js";

export const HEAD = 44; // pixels for the headings
const NARROW = 760, TABLE = 322, HEADINGS = { wide: ["Input: likes", "Hidden", "Output"], narrow: ["Input", "Hidden", "Output"] };

// width: of the component. inputs, hidden: how many; has_nodes: whether the biases are nodes that say +1.
export function layout_of(room, inputs, hidden, has_nodes) {
  const is_narrow = room < NARROW, width = is_narrow ? room - 34 : room - TABLE - 52, gap = is_narrow ? 78 : 88, edge = is_narrow ? 44 : 122, extra = has_nodes ? 1 : 0;
  const height = HEAD + gap * Math.max(inputs + extra, is_narrow ? 0 : Math.min(hidden + extra, 5)), radius = is_narrow ? 21 : 25;
  const outer = (x) => [...Array(inputs + extra)].map((_, i) => ({ x, y: HEAD + gap * (i + 0.5) }));
  const places = { in: outer(edge), code: column(hidden + extra, width / 2, HEAD, height, 150), out: outer(width - edge).slice(0, inputs) };
  const heads = ["in", "code", "out"].map((part, k) => ({ x: places[part][0].x, y: 18, text: HEADINGS[is_narrow ? "narrow" : "wide"][k] }));
  const counts = { in: inputs, code: hidden, out: inputs };
  const nodes = ["in", "code", "out"].flatMap((kind) => places[kind].map((place, i) => {
    const is_bias = i >= counts[kind];
    return { id: `${kind}-${i}`, part: kind, kind, i, is_bias, is_square: is_bias, ...place, r: radius, words: is_bias ? { value: place } : words(kind, place, radius, is_narrow) };
  }));
  return { is_narrow, width, height, gap, heads, nodes, synapses: synapses_of(inputs, hidden, has_nodes) };
}

// The value inside, a bias below it, a film's name beside it or below.
function words(kind, { x, y }, r, is_narrow) {
  const inner = { value: { x, y }, bias: { x, y: y + 12 } };
  if (kind === "code") return is_narrow ? inner : { ...inner, letter: { x, y: y - r - 9 } };
  if (is_narrow) return { ...inner, name: { x, y: y + r + 10 } };
  return { ...inner, name: { x: x + (kind === "in" ? -1 : 1) * (r + 9), y, anchor: kind === "in" ? "end" : "start" } };
}

// share: where its number stands, which is where few lines are close together.
function synapses_of(inputs, hidden, has_nodes) {
  const list = [], add = (part, at, from) => {
    const is_first = part.endsWith("1"), near = 0.25 + 0.11 * ((is_first ? at : from) % 2), [source, target] = is_first ? ["in", "code"] : ["code", "out"];
    list.push({ id: `${part}-${at}-${from}`, part, at, from_index: from, from: `${source}-${from}`, to: `${target}-${at}`, share: is_first ? near : 1 - near });
  };
  for (let at = 0; at < hidden; at += 1) for (let from = 0; from < inputs; from += 1) add("w1", at, from);
  for (let at = 0; at < inputs; at += 1) for (let from = 0; from < hidden; from += 1) add("w2", at, from);
  if (has_nodes) {
    for (let at = 0; at < hidden; at += 1) add("b1", at, inputs);
    for (let at = 0; at < inputs; at += 1) add("b2", at, hidden);
  }
  return list;
}
