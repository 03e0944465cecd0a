// A small network on screen: nodes with words in and around them, synapses with a number on each. It is made once for each layout;
// afterwards only what changes is painted, so that focus and motion survive.

import { draw } from "./svg.js";

const GAP = 3; // pixels between a node and its synapses

// How a synapse of this weight looks: class and width. Sign is colour and dash, size is width.
export function synapse_look(weight) {
  const size = Math.min(1, Math.log2(1 + Math.abs(weight)) / 2);
  return { kind: Math.abs(weight) < 1e-9 ? "zero" : weight < 0 ? "minus" : "plus", width: 1.2 + 5.6 * size };
}

export class NetworkDrawing {
  constructor(svg) {
    Object.assign(this, { svg, nodes: new Map(), synapses: new Map() });
  }

  // width, height: of the drawing. nodes: [{id, part, x, y, r, is_square, words: {class: {x, y, anchor}}}].
  // synapses: [{id, part, from, to: ids of nodes, share: where on the way its number stands}]. heads: [{x, y, text}].
  make({ width, height, nodes, synapses, heads = [] }) {
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.nodes = new Map(nodes.map((node) => [node.id, make_node(node)]));
    this.synapses = new Map(synapses.map((synapse) => [synapse.id, make_synapse(synapse, this.nodes.get(synapse.from), this.nodes.get(synapse.to))]));
    const [lines, numbers, circles] = [draw("g"), draw("g"), draw("g")];
    for (const { group, number } of this.synapses.values()) {
      lines.append(group);
      numbers.append(number);
    }
    for (const { group } of this.nodes.values()) circles.append(group);
    this.svg.replaceChildren(...heads.map(({ x, y, text }) => draw("text", { class: "head", x, y }, text)), lines, numbers, circles);
  }

  // lines: of its number; states: {class: whether it has it}; label: what is read out.
  paint_synapse(id, { weight, lines, states = {}, label }) {
    const { group, number, line, text } = this.synapses.get(id), { kind, width } = synapse_look(weight), x = text.getAttribute("x");
    line.setAttribute("class", `synapse ${kind}`);
    line.setAttribute("stroke-width", width);
    text.replaceChildren(...lines.map((words, at) => draw("tspan", { x, dy: at ? 14 : lines.length > 1 ? -3 : 5, class: at || lines.length < 2 ? "" : "before" }, words)));
    mark([group, number], states);
    if (label) group.setAttribute("aria-label", label);
  }

  // words: {class: text}.
  paint_node(id, { words, states = {}, label }) {
    const { group, texts } = this.nodes.get(id);
    for (const [name, text] of Object.entries(words)) texts[name].textContent = text;
    mark([group], states);
    if (label) group.setAttribute("aria-label", label);
  }

  mark_synapse(id, states) {
    const { group, number } = this.synapses.get(id);
    mark([group, number], states);
  }

  mark_node(id, states) {
    mark([this.nodes.get(id).group], states);
  }

  // Of synapses that cross under the pointer, the one whose line is closest.
  nearest(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    const distance = ({ a, b }) => {
      const [dx, dy] = [b.x - a.x, b.y - a.y], share = Math.min(1, Math.max(0, ((at.x - a.x) * dx + (at.y - a.y) * dy) / (dx * dx + dy * dy)));
      return Math.hypot(at.x - a.x - share * dx, at.y - a.y - share * dy);
    };
    return [...this.synapses.values()].reduce((best, each) => (distance(each) < distance(best) ? each : best)).id;
  }
}

function make_synapse({ id, part, share }, a, b) {
  const length = Math.hypot(b.x - a.x, b.y - a.y), ux = (b.x - a.x) / length, uy = (b.y - a.y) / length, [ra, rb] = [a.r + GAP, b.r + GAP];
  const d = `M${a.x + ux * ra} ${a.y + uy * ra}L${b.x - ux * rb} ${b.y - uy * rb}`, names = { "data-part": part, "data-id": id };
  const group = draw("g", { class: "edge", ...names }), number = draw("g", { class: "number", ...names });
  const line = draw("path", { class: "synapse", d }), hit = draw("path", { class: "hit", d });
  const text = draw("text", { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share, "text-anchor": "middle" });
  group.append(draw("path", { class: "glow", d }), line, draw("path", { class: "pulse", d, pathLength: 100 }), hit);
  number.append(text);
  return { id, part, a, b, group, number, line, hit, text };
}

function make_node({ id, part, x, y, r, is_square, words }) {
  const group = draw("g", { class: `node ${part}`, "data-part": part, "data-id": id });
  const shape = is_square ? draw("rect", { x: x - r + 4, y: y - r + 4, width: 2 * r - 8, height: 2 * r - 8, rx: 6 }) : draw("circle", { cx: x, cy: y, r });
  const texts = Object.fromEntries(Object.entries(words).map(([name, at]) => [name, draw("text", { class: name, x: at.x, y: at.y, "text-anchor": at.anchor ?? "middle" })]));
  group.append(shape, ...Object.values(texts));
  return { id, part, x, y, r, group, texts };
}

function mark(elements, states) {
  for (const [name, has] of Object.entries(states)) for (const element of elements) element.classList.toggle(name, Boolean(has));
}
