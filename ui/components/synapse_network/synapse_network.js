// The synapse network: every click is answered here and told to the page afterwards.

import { read_number } from "../shared/numbers.js";
import { type_scale } from "../shared/type_scale.js";
import { name_of, softmax_of, sub, sum_of, value_of } from "./arithmetic.js";
import { LARGEST, Lesson } from "./lesson.js";
import { Readings } from "./readings.js";
import { copy_network, forward, random_network } from "./toy_math.js";
import { ToyDrawing } from "./toy_drawing.js";

const NOTHING = '<span class="faint">Point at a node, or reach it with the Tab key, and its sum stands here.</span>';

class SynapseNetwork {
  constructor(root) {
    this.find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, chosen: null, lit: null, room: 0, temperature: 1 }); // chosen: what the editor is about, {part, at, from}
    this.drawing = new ToyDrawing(this.find(".net"), this);
    this.readings = new Readings(root, (i) => (i === null ? this.point(null) : this.speak(softmax_of(i, this))));
    this.lesson = new Lesson(root, this);
    this.find(".editor").onsubmit = (event) => { event.preventDefault(); this.type(this.find(".editor input").value); };
    this.find(".flip").onclick = () => this.chosen && this.flip(this.chosen);
    this.find(".temperature").oninput = (event) => this.warm(10 ** Number(event.target.value));
    this.find(".temperature").onchange = () => this.tell();
    this.find(".fresh").onclick = () => this.restart(random_network(this.net.b2.length, this.net.b1.length));
    new ResizeObserver(() => this.fit()).observe(root);
  }

  show(data, set_state) {
    this.set_state = set_state;
    const outline = JSON.stringify([data.labels, data.biases, data.w1.length]), is_new = this.revision !== data.revision;
    Object.assign(this, { labels: data.labels, biases: data.biases });
    if (is_new) {
      this.lesson.pause(false);
      this.lesson.start_over();
      Object.assign(this, { revision: data.revision, net: copy_network(data), x: [...data.x], temperature: data.temperature, chosen: null });
    }
    if (outline !== this.outline) {
      this.outline = outline;
      this.build();
    } else if (is_new) this.update();
    if (is_new && data.flash >= 0) this.drawing.flash(data.flash);
  }

  // The biases count only while they are shown.
  get applied() {
    return this.biases === "none" ? { ...this.net, b1: this.net.b1.map(() => 0), b2: this.net.b2.map(() => 0) } : this.net;
  }

  // Pixels of its width, in those of the drawing: fewer where type is larger.
  wide() { return Math.round(this.root.clientWidth / type_scale(this.root)); }

  fit() {
    const width = this.wide();
    if (!width || width === this.width || !this.net) return;
    this.width = width;
    this.build();
  }

  // Nodes and synapses are made when the outline or the width changes, and only painted anew otherwise.
  build() {
    this.width ??= this.wide();
    if (!this.width) return;
    const scale = type_scale(this.root), layout = this.drawing.build(this.width, scale > 1);
    this.root.classList.toggle("narrow", layout.is_narrow);
    this.root.classList.toggle("tight", layout.is_tight);
    this.readings.build(this.labels, layout, scale);
    this.update();
    this.keep_room();
  }

  update() {
    if (!this.drawing.nodes.length) return;
    const { h, o } = forward(this.applied, this.x);
    Object.assign(this, { h, o });
    this.drawing.paint();
    this.readings.show(this);
    this.edit();
    this.point(this.lit);
    this.lesson.report();
    this.root.dataset.state = JSON.stringify({ ...this.net, x: this.x, h, o, steps: this.lesson.steps });
  }

  // What is pointed at is lit, and its sum written out; else that of what the editor is about.
  point(what) {
    this.lit = what;
    this.drawing.light(what);
    const shown = what ?? this.chosen;
    this.speak(shown ? sum_of(shown, this) : NOTHING);
  }

  // The longest sum so far has its place kept, so that nothing below moves when another is written out.
  speak(html) {
    const box = this.find(".arith");
    box.innerHTML = html;
    this.room = Math.max(this.room, box.offsetHeight);
    box.style.minHeight = `${this.room}px`;
  }

  // Begins with the longest there is now.
  keep_room() {
    const { innerHTML } = this.find(".arith");
    this.find(".arith").style.minHeight = "";
    this.room = 0;
    for (const each of [...this.drawing.nodes, ...this.drawing.synapses]) this.speak(sum_of(each, this));
    this.labels.forEach((_, i) => { this.speak(softmax_of(i, this)); });
    this.speak(innerHTML);
  }

  // Changing: clicks, keys, typed numbers.

  put(what, value, is_final = true) {
    const { part, at, from } = what;
    if (part.startsWith("w")) this.net[part][at][from] = value;
    else if (part === "x") this.x[at] = value;
    else this.net[part][at] = value;
    if (part !== "x") this.lesson.start_over();
    this.chosen = what;
    this.refuse("");
    this.update();
    if (is_final) this.tell();
  }

  flip(what) {
    this.lesson.pause(false);
    const value = value_of(this, what);
    this.put(what, value === 0 ? 1 : -value);
  }

  toggle(i) {
    this.put(this.drawing.nodes[i], this.x[i] === 0 ? 1 : 0);
  }

  nudge(event, what, press, step) {
    if (event.key === "Enter" || event.key === " ") press();
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") this.put(what, Math.round((value_of(this, what) + (event.key === "ArrowUp" ? step : -step)) * 1000) / 1000);
    else if (/^[-−0-9.]$/.test(event.key)) {
      const field = this.find(".editor input");
      field.value = event.key;
      field.focus();
    } else return;
    event.preventDefault();
  }

  choose(what) {
    this.chosen = what;
    this.drawing.mark_chosen();
    this.edit();
  }

  is_chosen({ part, at, from }) {
    return Boolean(this.chosen) && this.chosen.part === part && this.chosen.at === at && this.chosen.from === from;
  }

  edit() {
    const what = this.chosen, is_bias = what?.part.startsWith("b"), is_open = what && !(is_bias && this.biases === "none");
    this.find(".editor").toggleAttribute("data-empty", !is_open);
    if (!is_open || this.root.getRootNode().activeElement === this.find(".editor input")) return;
    const node = what.part === "b1" ? `h${sub(what.at)}` : this.labels[what.at];
    this.find(".what").textContent = what.part === "x" ? `${this.labels[what.at]}:` : is_bias ? `Bias of ${node}:` : `Weight ${name_of(what, this.labels)}:`;
    this.find(".editor input").value = String(Number(value_of(this, what).toPrecision(6)));
    this.find(".flip").hidden = what.part === "x";
  }

  type(text) {
    const value = read_number(text);
    if (!this.chosen) return;
    if (Number.isNaN(value)) return this.refuse(`“${text}” is not a number. Type one such as 0.5 or −2; the old value stays.`);
    if (Math.abs(value) > LARGEST) return this.refuse(`${text} is too large: numbers here lie between −1,000,000 and 1,000,000; the old value stays.`);
    this.lesson.pause(false);
    this.find(".editor input").blur();
    this.put(this.chosen, value);
  }

  refuse(sentence) {
    const box = this.find(".refusal");
    box.hidden = !sentence;
    box.textContent = sentence;
  }

  warm(temperature) {
    this.temperature = Number(temperature.toPrecision(3));
    this.readings.show(this);
  }

  restart(net) {
    this.lesson.pause(false);
    this.lesson.start_over();
    this.learned(net);
    this.tell();
  }

  learned(net) {
    this.net = net;
    this.update();
  }

  tell() {
    this.set_state("net", { ...copy_network(this.net), x: this.x, temperature: this.temperature });
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".toy");
  root.network ??= new SynapseNetwork(root);
  root.network.show(data, setStateValue);
}
