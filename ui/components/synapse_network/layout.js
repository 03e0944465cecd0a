// Where the nodes of the toy network stand, and which synapses join them.

import { column, LANES, spread_numbers } from "../shared/network_layout.js";

export const HEAD = 44; // pixels for the headings
const WIDE = 980, WIDE_IF_LOW = 840, ROOMY = 600, TABLE = 322, NUMBER = [48, 18], NUMBERS_UP_TO = 26; // pixels; a number on each synapse of up to so many
const HEADINGS = { roomy: ["Input: likes", "Hidden", "Output"], narrow: ["Input", "Hidden", "Output"] };

// room: width of the component. inputs, hidden: how many; has_nodes: whether the biases are nodes that say +1.
// is_low: few pixels from top to bottom. is_narrow: the table stands below the drawing; is_tight: names stand below the nodes, and there is no room for numbers.
export function layout_of(room, inputs, hidden, has_nodes, is_low = false) {
  const is_narrow = room < (is_low ? WIDE_IF_LOW : WIDE), is_tight = room < ROOMY, width = is_narrow ? room - 34 : room - TABLE - 52, gap = is_tight ? 78 : is_low ? 49 : is_narrow ? 72 : 88;
  const edge = is_tight ? 44 : 118, extra = has_nodes ? 1 : 0, radius = is_tight ? 21 : is_low ? 21 : 26;
  const height = HEAD + gap * Math.max(inputs + extra, is_tight ? 0 : Math.min(hidden + extra, 5));
  const outer = (x) => [...Array(inputs + extra)].map((_, i) => ({ x, y: HEAD + gap * (i + 0.5) }));
  const places = { in: outer(edge), code: column(hidden + extra, width / 2, HEAD, height, 150), out: outer(width - edge).slice(0, inputs) };
  const heads = ["in", "code", "out"].map((part, k) => ({ x: places[part][0].x, y: 18, text: HEADINGS[is_tight ? "narrow" : "roomy"][k] }));
  const counts = { in: inputs, code: hidden, out: inputs };
  const nodes = ["in", "code", "out"].flatMap((kind) => places[kind].map((place, i) => {
    const is_bias = i >= counts[kind];
    return { id: `${kind}-${i}`, part: kind, kind, i, is_bias, is_square: is_bias, ...place, r: radius, words: is_bias ? { value: place } : words(kind, place, radius, is_tight) };
  }));
  const synapses = synapses_of(inputs, hidden, has_nodes), has_numbers = !is_tight && synapses.length <= NUMBERS_UP_TO;
  return { is_narrow, is_tight, has_numbers, width, height, gap, heads, nodes, synapses: has_numbers ? spread_numbers(synapses, nodes, ...NUMBER) : synapses };
}

// The value inside, a bias below it, a film's name beside it or below.
function words(kind, { x, y }, r, is_tight) {
  const inner = { value: { x, y }, bias: { x, y: y + 12 } };
  if (kind === "code") return is_tight ? inner : { ...inner, letter: { x, y: y - r - 10 } };
  if (is_tight) return { ...inner, name: { x, y: y + r + 10 } };
  return { ...inner, name: { x: x + (kind === "in" ? -1 : 1) * (r + 9), y, anchor: kind === "in" ? "end" : "start" } };
}

// share: where its number stands at first.
function synapses_of(inputs, hidden, has_nodes) {
  const lanes = LANES[Math.min(hidden, LANES.length) - 1], list = [], add = (part, at, from) => {
    const is_first = part.endsWith("1"), near = lanes[(is_first ? at : from) % lanes.length], [source, target] = is_first ? ["in", "code"] : ["code", "out"];
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
