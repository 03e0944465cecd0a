// A network of three layers with a number on every synapse: laid out left to right, or top to bottom where it is narrow.
// It is drawn once per size; afterwards `paint` only changes what a step changes, so that focus and motion survive.

import { column, synapse_look } from "./network.js";
import { draw } from "./svg.js";

export class WeightedNetwork {
  // onPick(part, i, k, how): how is "hover", "leave" or "choose"; without it nothing can be picked.
  constructor(svg, films, onPick = null) {
    Object.assign(this, { svg, films, onPick });
    new ResizeObserver(() => this.layout()).observe(svg.parentElement);
  }

  // view: hidden, w1 w2 (weights that set the looks), labels {w1, w2} -> lines of text, nodes {in, code, out} -> {text, note, under, kind},
  // lit (names of parts), flow {part: "forward" | "back"}, tone, chosen {part, i, k}
  paint(view) {
    this.view = view;
    if (this.layout()) return; // layout has painted
    for (const synapse of this.synapses) this.paintSynapse(synapse);
    for (const node of this.nodes) this.paintNode(node);
    this.svg.dataset.tone = view.tone;
  }

  layout() {
    const width = Math.round(this.svg.parentElement.clientWidth);
    if (!this.view || !width || (width === this.width && this.hidden === this.view.hidden)) return false;
    Object.assign(this, { width, hidden: this.view.hidden, isNarrow: width < this.sidewaysWidth(), synapses: [], nodes: [] });
    this.places = this.isNarrow ? this.downwards(width) : this.sideways(width);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${this.height}`);
    this.svg.classList.toggle("narrow", this.isNarrow);
    this.svg.replaceChildren();
    this.under = this.svg.appendChild(draw("g"));
    this.over = this.svg.appendChild(draw("g"));
    for (let k = 0; k < this.hidden; k++) this.films.forEach((_, i) => { this.makeSynapse("w1", i, k); });
    this.films.forEach((_, i) => { for (let k = 0; k < this.hidden; k++) this.makeSynapse("w2", i, k); });
    this.films.forEach((_, i) => { this.makeNode("in", i); });
    for (let k = 0; k < this.hidden; k++) this.makeNode("code", k);
    this.films.forEach((_, i) => { this.makeNode("out", i); });
    this.paint(this.view);
    return true;
  }

  // Left to right, numbers need a lane of some 40 to 50 pixels for each hidden node on both sides.
  sidewaysWidth() { return 2 * this.margin() + 2 * (34 + 4 * this.view.hidden) * (this.view.hidden + 0.6) + 30; }

  margin(width = 0) { return !this.onPick ? 74 : width < 700 ? 84 : 118; }

  sideways(width) {
    const small = width < 700, margin = this.margin(width), top = 34, count = this.films.length;
    this.radius = small ? 17 : 20;
    this.height = 66 * count + 34;
    const layer = (n, x, most) => column(n, x, top, this.height - 22, most);
    return { in: layer(count, margin, 66), code: layer(this.hidden, width / 2, 104), out: layer(count, width - margin - (this.onPick ? 8 : 0), 66) };
  }

  downwards(width) {
    const count = this.films.length, gap = (width - 6) / count;
    this.radius = Math.min(18, gap / 2 - 6);
    const layers = 140 + 48 * this.hidden;
    this.height = 2 * layers + 132;
    const row = (n, y, step) => [...Array(n)].map((_, i) => ({ x: width / 2 + (i - (n - 1) / 2) * step, y }));
    return { in: row(count, 58, gap), code: row(this.hidden, 58 + layers, Math.min(92, width / this.hidden)), out: row(count, 58 + 2 * layers, gap) };
  }

  // Where on a synapse its number stands, as a share of the way from the film's node: a lane for each hidden node, so that none overlap.
  lane(k) {
    const lanes = this.isNarrow ? [[0.2], [0.16, 0.3], [0.12, 0.22, 0.32], [0.1, 0.18, 0.26, 0.34]] : [[0.36], [0.26, 0.5], [0.2, 0.38, 0.56], [0.15, 0.31, 0.47, 0.63]];
    return lanes[this.hidden - 1][k];
  }

  makeSynapse(part, i, k) {
    const film = this.places[part === "w1" ? "in" : "out"][i], code = this.places.code[k], t = this.lane(k);
    const [from, to] = part === "w1" ? [film, code] : [code, film], d = `M${from.x} ${from.y}L${to.x} ${to.y}`;
    const group = draw("g", { class: "edge", "data-part": part, "data-i": i, "data-k": k });
    const hit = draw("path", { d, class: "hit" }), line = draw("path", { d, class: "synapse" }), pulse = draw("path", { d, class: "pulse", pathLength: 100 });
    const label = draw("text", { x: film.x + t * (code.x - film.x), y: film.y + t * (code.y - film.y), "text-anchor": "middle" });
    group.append(hit, line, pulse);
    const number = draw("g", { class: "number", "data-part": part, "data-i": i, "data-k": k });
    number.append(label);
    this.under.append(group);
    this.over.append(number);
    const synapse = { part, i, k, group, number, line, label };
    this.pickable(group, synapse, false);
    this.pickable(number, synapse, true);
    this.synapses.push(synapse);
  }

  makeNode(part, i) {
    const { x, y } = this.places[part][i], r = this.radius, side = part === "in" ? -1 : 1;
    const group = draw("g", { class: `node ${part}`, "data-part": part, "data-i": i });
    const value = draw("text", { x, y: y + 4.5, "text-anchor": "middle", class: "value" });
    const under = draw("text", { x, y: y + r + 12, "text-anchor": "middle", class: "bias" });
    group.append(draw("circle", { cx: x, cy: y, r }), value, under);
    const node = { part, i, k: i, group, value, under };
    if (part !== "code") {
      const place = this.isNarrow
        ? { x, y: part === "in" ? y - r - 20 : y + r + 26, "text-anchor": "middle" }
        : { x: x + side * (r + 7), y: y - 2, "text-anchor": side < 0 ? "end" : "start" };
      node.note = draw("text", { ...place, y: place.y + 14, class: "note" });
      group.append(draw("text", { ...place, class: "film" }, this.films[i]), node.note);
    }
    this.over.append(group);
    this.pickable(group, node, true);
    this.nodes.push(node);
  }

  pickable(element, { part, i, k }, isFocusable) {
    if (!this.onPick) return;
    if (isFocusable) {
      element.setAttribute("tabindex", 0);
      element.setAttribute("role", "button");
      element.onfocus = () => this.onPick(part, i, k, "choose");
    }
    element.onclick = () => this.onPick(part, i, k, "choose");
    element.onpointerenter = (event) => event.pointerType === "mouse" && this.onPick(part, i, k, "hover");
    element.onpointerleave = () => this.onPick(part, i, k, "leave");
  }

  paintSynapse({ part, i, k, group, number, line, label }) {
    const { view } = this, weight = part === "w1" ? view.w1[k][i] : view.w2[i][k], look = synapse_look(weight);
    line.setAttribute("class", `synapse ${look.kind}`);
    line.setAttribute("stroke-width", look.width);
    const isChosen = this.isChosen(part, i, k), flow = view.flow?.[part];
    const still = flow === "back" && view.still?.[part]?.(i, k); // no gradient runs here
    group.setAttribute("class", `edge ${view.lit.has(part) ? "lit" : ""} ${flow && !still ? `flows-${flow}` : ""} ${isChosen ? "chosen" : ""}`);
    number.setAttribute("class", `number ${view.lit.has(part) ? "lit" : ""} ${isChosen ? "chosen" : ""}`);
    const lines = view.labels[part](i, k).map((text) => (this.isNarrow ? text.replace("→ ", "") : text)), x = label.getAttribute("x");
    label.replaceChildren(...lines.map((text, at) => draw("tspan", { x, dy: at ? 12 : lines.length > 1 ? -2 : 4, class: at || lines.length < 2 ? "" : "before" }, text)));
    if (this.onPick) number.setAttribute("aria-label", view.say(part, i, k));
  }

  paintNode({ part, i, group, value, under, note }) {
    const { view } = this, node = view.nodes[part](i);
    group.setAttribute("class", `node ${part} ${node.kind ?? ""} ${view.lit.has(part) ? "lit" : ""} ${this.isChosen(part, i, i) ? "chosen" : ""}`);
    value.textContent = node.text ?? "";
    under.textContent = this.isNarrow ? (node.under ?? "").replace(/^b .+→/, "→") : node.under ?? "";
    if (note) note.textContent = node.note ?? "";
    if (this.onPick) group.setAttribute("aria-label", view.say(part, i, i));
  }

  isChosen(part, i, k) {
    const chosen = this.view.chosen;
    if (!chosen || chosen.part !== part) return false;
    return part === "code" ? chosen.k === k : chosen.i === i && (part[0] !== "w" || chosen.k === k);
  }
}
