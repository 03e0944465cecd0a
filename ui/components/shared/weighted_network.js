// A network of three layers with a number on every synapse: laid out left to right, or top to bottom where it is narrow.

import { NetworkDrawing } from "./network_drawing.js";
import { column, LANES, row, spread_numbers } from "./network_layout.js";
import { type_scale } from "./type_scale.js";

const DOWNWARDS = [[0.2], [0.16, 0.3], [0.12, 0.22, 0.32], [0.1, 0.18, 0.26, 0.34]]; // lanes from top to bottom
const GAP = 54, ROOMY_GAP = 62, LOW_GAP = 52; // pixels between films: the bias of an output stands beside it, or, where there are notes, below it
const BIAS = [56, 15], ROOMY = 560; // width and height of a bias; of width, for numbers to be pointed at from left to right
const index = (n) => [...Array(n).keys()];

export class WeightedNetwork {
  // on_pick(part, i, k, how): how is "hover", "leave" or "choose"; without it nothing can be picked.
  constructor(svg, films, on_pick = null) {
    Object.assign(this, { svg, films, on_pick, drawing: new NetworkDrawing(svg) });
    new ResizeObserver(() => this.lay_out()).observe(svg.parentElement);
  }

  // view: hidden, w1 w2 (weights that set the looks), labels {w1, w2} -> lines of text, nodes {in, code, out} -> {text, note, under, kind},
  // lit (names of parts), flow {part: "forward" | "back"}, tone, chosen {part, i, k}
  paint(view) {
    this.view = view;
    if (this.lay_out()) return; // it has painted
    for (const synapse of this.synapses) this.paint_synapse(synapse);
    for (const node of this.nodes) this.paint_node(node);
    this.svg.dataset.tone = view.tone;
  }

  lay_out() {
    const scale = type_scale(this.svg), width = Math.round(this.svg.parentElement.clientWidth / scale); // of the drawing, which grows with the type
    if (!this.view || !width || (width === this.width && this.hidden === this.view.hidden)) return false;
    Object.assign(this, { width, is_low: scale > 1, hidden: this.view.hidden, is_narrow: width < this.sideways_width() });
    const places = this.is_narrow ? this.downwards(width) : this.sideways(width), lanes = (this.is_narrow ? DOWNWARDS : LANES)[this.hidden - 1];
    const films = index(this.films.length), hidden = index(this.hidden);
    this.synapses = [
      ...hidden.flatMap((k) => films.map((i) => ({ id: `w1-${k}-${i}`, part: "w1", i, k, from: `in-${i}`, to: `code-${k}`, share: lanes[k] }))),
      ...films.flatMap((i) => hidden.map((k) => ({ id: `w2-${i}-${k}`, part: "w2", i, k, from: `code-${k}`, to: `out-${i}`, share: 1 - lanes[k] }))),
    ];
    this.nodes = ["in", "code", "out"].flatMap((part) => places[part].map((place, i) => ({ id: `${part}-${i}`, part, i, k: i, ...place, r: this.radius, words: this.words(part, place) })));
    if (!this.is_narrow) this.synapses = spread_numbers(this.synapses, this.nodes, ...this.number_size(), this.bias_boxes());
    this.svg.classList.toggle("narrow", this.is_narrow);
    this.drawing.make({ width, height: this.height, nodes: this.nodes, synapses: this.synapses });
    if (this.on_pick) this.make_pickable();
    this.paint(this.view);
    return true;
  }

  // Left to right, numbers need a lane of some 40 to 50 pixels for each hidden node on both sides.
  sideways_width() { return this.on_pick ? ROOMY : 2 * this.margin() + 2 * (34 + 4 * this.view.hidden) * (this.view.hidden + 0.6) + 30; }

  margin(width = 0) { return !this.on_pick ? 74 : width < 700 ? 98 : 118; }

  // Width and height of the largest number: where it changes, that is two lines for two hidden nodes, and one for more.
  number_size() { return !this.on_pick ? [42, 17] : this.hidden < 3 ? [62, 32] : [60, 17]; }

  // What the biases cover: [{x, y: middle, w, h}].
  bias_boxes() {
    const [w, h] = BIAS;
    return this.nodes.flatMap(({ words: { bias } }) => (bias ? [{ x: bias.anchor === "start" ? bias.x + w / 2 : bias.x, y: bias.y - h / 3, w, h }] : []));
  }

  sideways(width) {
    const small = width < 700, margin = this.margin(width), top = 20, count = this.films.length;
    this.radius = small ? 17 : 19;
    const gap = !this.on_pick ? GAP : this.is_low ? LOW_GAP : ROOMY_GAP;
    this.height = gap * count + 34;
    const layer = (n, x, most) => column(n, x, top, this.height - 14, most);
    return { in: layer(count, margin, gap), code: layer(this.hidden, width / 2, 104), out: layer(count, width - margin - (this.on_pick ? 8 : 0), gap) };
  }

  downwards(width) {
    const count = this.films.length, gap = (width - 6) / count, layers = 140 + 48 * this.hidden;
    this.radius = Math.min(18, gap / 2 - 6);
    this.height = 2 * layers + 132;
    return { in: row(count, 58, gap, width), code: row(this.hidden, 58 + layers, Math.min(92, width / this.hidden), width), out: row(count, 58 + 2 * layers, gap, width) };
  }

  // Where the words of a node stand: its value inside, its bias below, film and note beside it or, where it is narrow, above or below.
  // Without notes the bias of an output takes their place; from top to bottom that of a hidden node stands beside it, where no synapse leads.
  words(part, { x, y }) {
    const r = this.radius, side = part === "in" ? -1 : 1, value = { x, y }, below = { x, y: y + r + (this.is_narrow ? 12 : 12.5) };
    if (part === "code") return { value, bias: this.is_narrow ? { x: x + r + 5, y: y + 4, anchor: "start" } : below };
    const inside = part === "in" ? { value } : { value, bias: this.on_pick || this.is_narrow ? below : { x: x + r + 7, y: y + 13, anchor: "start" } };
    const place = this.is_narrow ? { x, y: part === "in" ? y - r - 20 : y + r + 26 } : { x: x + side * (r + 7), y: y - 3, anchor: side < 0 ? "end" : "start" };
    return { ...inside, name: place, note: { ...place, y: place.y + (this.is_narrow ? 14 : 16) } };
  }

  make_pickable() {
    for (const each of this.synapses) {
      const { group, number } = this.drawing.synapses.get(each.id);
      this.listen(each, group, [group, number]);
    }
    for (const each of this.nodes) {
      const { group } = this.drawing.nodes.get(each.id);
      this.listen(each, group, [group]);
    }
  }

  // focusable: the one that the Tab key reaches.
  listen({ part, i, k }, focusable, elements) {
    focusable.setAttribute("tabindex", 0);
    focusable.setAttribute("role", "button");
    focusable.onfocus = () => this.on_pick(part, i, k, "choose");
    for (const element of elements) {
      element.onclick = () => this.on_pick(part, i, k, "choose");
      element.onpointerenter = (event) => event.pointerType === "mouse" && this.on_pick(part, i, k, "hover");
      element.onpointerleave = () => this.on_pick(part, i, k, "leave");
    }
  }

  paint_synapse({ id, part, i, k }) {
    const { view } = this, flow = view.flow?.[part], flows = flow && !(flow === "back" && view.still?.[part]?.(i, k)); // no gradient runs there
    const lines = view.labels[part](i, k).map((text) => (this.is_narrow ? text.replace("→ ", "") : text));
    this.drawing.paint_synapse(id, {
      weight: part === "w1" ? view.w1[k][i] : view.w2[i][k], lines, label: this.on_pick && view.say(part, i, k),
      states: { lit: view.lit.has(part), chosen: this.is_chosen(part, i, k), "flows-forward": flows && flow === "forward", "flows-back": flows && flow === "back" },
    });
  }

  paint_node({ id, part, i }) {
    const { view } = this, node = view.nodes[part](i), bias = this.is_narrow ? (node.under ?? "").replace(/^b .+→/, "→") : node.under ?? "";
    this.drawing.paint_node(id, {
      words: { value: node.text ?? "", ...(part === "in" ? {} : { bias }), ...(part === "code" ? {} : { name: this.films[i], note: node.note ?? "" }) }, label: this.on_pick && view.say(part, i, i),
      states: { missing: node.kind === "missing", lit: view.lit.has(part), chosen: this.is_chosen(part, i, i) },
    });
  }

  is_chosen(part, i, k) {
    const { chosen } = this.view;
    if (!chosen || chosen.part !== part) return false;
    return part === "code" ? chosen.k === k : chosen.i === i && (part[0] !== "w" || chosen.k === k);
  }
}
