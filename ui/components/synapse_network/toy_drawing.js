// The toy network as it is clicked, dragged and turned by keys.

import { NetworkDrawing } from "../shared/network_drawing.js";
import { write } from "../shared/numbers.js";
import { name_of, signed, sub, value_of } from "./arithmetic.js";
import { layout_of } from "./layout.js";

const STILL = 4, PIXELS = 40; // CSS pixels: a drag is more; how many change a weight by 1
const NAMES = { in: "Input", code: "Hidden node", out: "Output" };

export class ToyDrawing {
  // toy: has net, x, h, o, labels, biases, and is told: choose(what), point(what or null), flip(what), toggle(i), put(what, value, is_final), tell(), nudge(event, what, press, step)
  constructor(svg, toy) {
    Object.assign(this, { svg, toy, drawing: new NetworkDrawing(svg), nodes: [], synapses: [] });
    svg.addEventListener("click", (event) => this.click(event), true);
  }

  build(room, is_low) {
    const { toy } = this, layout = layout_of(room, toy.x.length, toy.net.b1.length, toy.biases === "node", is_low);
    Object.assign(this, { has_numbers: layout.has_numbers, nodes: [], synapses: [] }); // what had the focus says goodbye while it is taken away
    this.drawing.make(layout);
    this.synapses = layout.synapses.map(({ id, part, at, from_index: from }) => ({ id, part, at, from }));
    this.nodes = layout.nodes.map(({ id, kind, i, is_bias, words }) => ({ id, kind, i, is_bias, words, part: { in: "x", code: "b1", out: "b2" }[kind], at: i }));
    for (const synapse of this.synapses) this.listen_to_synapse(synapse);
    for (const node of this.nodes) this.listen_to_node(node);
    return layout;
  }

  listen_to_synapse(synapse) {
    const { toy } = this, { group, hit } = this.drawing.synapses.get(synapse.id);
    group.setAttribute("tabindex", 0);
    group.setAttribute("role", "button");
    hit.onpointerdown = (event) => this.press(event, hit);
    hit.onpointermove = (event) => this.move(event);
    hit.onpointerup = () => this.lift();
    hit.onpointercancel = () => this.give_up();
    hit.onpointerleave = () => toy.point(null);
    group.onfocus = () => { toy.choose(synapse); toy.point(synapse); };
    group.onblur = () => toy.point(null);
    group.onkeydown = (event) => toy.nudge(event, synapse, () => toy.flip(synapse), 0.1);
  }

  press(event, hit) {
    this.pressed = null;
    if (event.button) return;
    const what = this.nearest(event);
    this.drag = { what, y: event.clientY, value: value_of(this.toy, what), has_moved: false };
    hit.setPointerCapture(event.pointerId);
  }

  move(event) {
    const { drag } = this;
    if (!drag) return this.toy.point(this.nearest(event));
    const way = drag.y - event.clientY;
    if (Math.abs(way) > STILL) drag.has_moved = true;
    if (drag.has_moved && this.may_drag(event, drag.what)) this.toy.put(drag.what, Math.round((drag.value + way / PIXELS) * 10) / 10, false);
  }

  lift() {
    const { drag } = this;
    this.drag = null;
    this.pressed = drag?.has_moved ? null : drag?.what;
    if (drag?.has_moved) this.toy.tell();
  }

  // A finger drags only what has been chosen; elsewhere it is about to scroll the page.
  may_drag(event, what) {
    return event.pointerType !== "touch" || this.toy.is_chosen(what);
  }

  // The browser has taken the pointer for something else: the weight is as it was.
  give_up() {
    const { drag } = this;
    this.drag = this.pressed = null;
    if (drag && value_of(this.toy, drag.what) !== drag.value) this.toy.put(drag.what, drag.value);
  }

  // The click that belongs to the press of a synapse flips that one, also where the finger has trembled over to something else.
  click(event) {
    if (!this.pressed) return;
    event.stopPropagation();
    this.toy.flip(this.pressed);
    this.pressed = null;
  }

  nearest(event) {
    const id = this.drawing.nearest(event);
    return this.synapses.find((each) => each.id === id);
  }

  listen_to_node(node) {
    const { toy } = this, { group } = this.drawing.nodes.get(node.id), { kind, i, is_bias } = node;
    group.setAttribute("tabindex", 0);
    group.onpointerenter = () => toy.point(node);
    group.onpointerleave = () => toy.point(null);
    group.onfocus = () => { if (!is_bias) toy.choose(node); toy.point(node); };
    group.onblur = () => toy.point(null);
    if (is_bias) return;
    if (kind === "in") group.setAttribute("role", "button");
    group.onclick = () => {
      toy.choose(node);
      if (kind === "in") toy.toggle(i);
      else toy.point(node);
    };
    group.onkeydown = (event) => {
      if (kind === "in") toy.nudge(event, node, () => toy.toggle(i), 1);
      else if (toy.biases !== "none") toy.nudge(event, node, () => {}, 0.1);
    };
  }

  paint() {
    const { toy } = this, values = { in: toy.x, code: toy.h, out: toy.o };
    for (const each of this.synapses) {
      const weight = value_of(toy, each), label = `Synapse ${name_of(each, toy.labels)}, weight ${write(weight)}. Enter flips its sign.`;
      this.drawing.paint_synapse(each.id, { weight, lines: this.has_numbers ? [signed(weight)] : [], states: { chosen: toy.is_chosen(each) }, label });
    }
    for (const node of this.nodes) this.paint_node(node, node.is_bias ? "+1" : write(values[node.kind][node.i]));
  }

  paint_node({ id, kind, i, is_bias, part, words }, text) {
    const { toy } = this, has_inside = toy.biases === "inside" && kind !== "in";
    const all = { value: text, bias: has_inside ? `b ${write(toy.net[part][i])}` : "", name: toy.labels[i], letter: `h${sub(i)}` };
    const label = is_bias ? "" : `${NAMES[kind]} ${kind === "code" ? i + 1 : toy.labels[i]}, value ${text}`;
    const states = { "plus-one": is_bias, long: text.length > 4, "has-bias": has_inside, on: kind === "in" && !is_bias && toy.x[i] > 0 };
    this.drawing.paint_node(id, { words: Object.fromEntries(Object.keys(words).map((name) => [name, all[name]])), states, label });
  }

  mark_chosen() {
    for (const each of this.synapses) this.drawing.mark_synapse(each.id, { chosen: this.toy.is_chosen(each) });
  }

  // Lights what was pointed at and the synapses that take part in its sum; null lights nothing.
  light(what) {
    this.svg.classList.toggle("has-lit", Boolean(what));
    for (const each of this.synapses) this.drawing.mark_synapse(each.id, { lit: what && (what.id === each.id || (what.kind && touches(each, what))) });
    for (const each of this.nodes) this.drawing.mark_node(each.id, { lit: what && what.id === each.id });
  }

  // Points out a synapse by its place in the list.
  flash(index) {
    const synapse = this.synapses[index];
    if (!synapse) return;
    const { group } = this.drawing.synapses.get(synapse.id);
    group.classList.remove("flash");
    void group.getBoundingClientRect(); // so that the animation starts anew
    group.classList.add("flash");
    this.toy.choose(synapse);
  }
}

function touches(synapse, node) {
  if (node.is_bias) return synapse.part === (node.kind === "in" ? "b1" : "b2");
  if (node.kind === "in") return synapse.part === "w1" && synapse.from === node.i;
  return synapse.part.endsWith(node.kind === "code" ? "1" : "2") && synapse.at === node.i;
}
