// The synapse network: every click is answered here and told to the page afterwards.

import { column, synapse_look } from "../shared/network.js";
import { inside, read_number, write } from "../shared/numbers.js";
import { draw } from "../shared/svg.js";
import { arg_max, copy_network, films_back, forward, learn_step, random_network, same, softmax, threshold } from "./toy_math.js";

const LARGEST = 1e6, HEAD = 44;

class SynapseNetwork {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.svg = this.find(".net");
    this.chosen = null; // what the editor is about: {part, at, from}
    this.lesson = { steps: 0, losses: [] };
    this.temperature = 1;
    this.find(".editor").onsubmit = (event) => { event.preventDefault(); this.type(this.find(".value").value); };
    this.find(".flip").onclick = () => this.chosen && this.flip(this.chosen);
    this.find(".temperature").oninput = (event) => this.warm(10 ** Number(event.target.value));
    this.find(".temperature").onchange = () => this.tell();
    this.find(".fresh").onclick = () => this.restart(random_network(this.net.b2.length, this.net.b1.length));
    this.find(".step").onclick = () => { this.pause(); this.learn(); this.tell(); };
    this.find(".run").onclick = () => (this.timer ? this.pause() : this.run());
    new ResizeObserver(() => this.fit()).observe(root);
  }

  show(data, set_state) {
    this.set_state = set_state;
    const outline = JSON.stringify([data.labels, data.biases, data.w1.length]);
    const is_new = this.revision !== data.revision;
    this.labels = data.labels;
    this.biases = data.biases;
    if (is_new) {
      this.pause(false);
      this.revision = data.revision;
      this.net = copy_network(data);
      this.x = [...data.x];
      this.temperature = data.temperature;
      this.lesson = { steps: 0, losses: [] };
      this.chosen = null;
    }
    if (outline !== this.outline) {
      this.outline = outline;
      this.build();
    } else if (is_new) this.update();
    if (is_new && data.flash >= 0) this.flash(data.flash);
  }

  // The biases count only while they are shown.
  get applied() {
    return this.biases === "none" ? { ...this.net, b1: this.net.b1.map(() => 0), b2: this.net.b2.map(() => 0) } : this.net;
  }

  fit() {
    const width = Math.round(this.root.clientWidth);
    if (!width || width === this.width || !this.net) return;
    this.width = width;
    this.build();
  }

  // Drawing: nodes and synapses are made when the outline or the width changes, and only painted anew otherwise.

  build() {
    this.width ??= Math.round(this.root.clientWidth);
    if (!this.width) return;
    const narrow = this.width < 760, inputs = this.x.length, hidden = this.net.b1.length, has_nodes = this.biases === "node" ? 1 : 0;
    this.root.classList.toggle("narrow", narrow);
    const width = narrow ? this.width - 34 : this.width - 322 - 52, gap = narrow ? 78 : 88;
    const height = HEAD + gap * Math.max(inputs + has_nodes, narrow ? 0 : Math.min(hidden + has_nodes, 5)), edge = narrow ? 44 : 122;
    this.gap = gap;
    this.radius = narrow ? 21 : 25;
    this.narrow = narrow;
    const outer = (x) => [...Array(inputs + has_nodes)].map((_, i) => ({ x, y: HEAD + gap * (i + 0.5) }));
    this.places = { in: outer(edge), code: column(hidden + has_nodes, width / 2, HEAD, height, 150), out: outer(width - edge).slice(0, inputs) };
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const heads = [["in", narrow ? "Input" : "Input: likes"], ["code", "Hidden"], ["out", "Output"]];
    const heading = heads.map(([kind, text]) => draw("text", { class: "head", x: this.places[kind][0].x, y: 18 }, text));
    this.synapses = this.list_synapses().map((each) => this.make_synapse(each));
    this.nodes = ["in", "code", "out"].flatMap((kind) => this.places[kind].map((place, i) => this.make_node(kind, i, place)));
    this.svg.replaceChildren(...heading, ...this.synapses.map((s) => s.group), ...this.nodes.map((n) => n.group));
    this.build_readings();
    this.update();
  }

  list_synapses() {
    const inputs = this.x.length, hidden = this.net.b1.length, list = [];
    for (let at = 0; at < hidden; at++) for (let from = 0; from < inputs; from++) list.push({ part: "w1", at, from });
    for (let at = 0; at < inputs; at++) for (let from = 0; from < hidden; from++) list.push({ part: "w2", at, from });
    if (this.biases === "node") {
      for (let at = 0; at < hidden; at++) list.push({ part: "b1", at, from: inputs });
      for (let at = 0; at < inputs; at++) list.push({ part: "b2", at, from: hidden });
    }
    return list;
  }

  make_synapse(each) {
    const is_first = each.part.endsWith("1"), a = this.places[is_first ? "in" : "code"][each.from], b = this.places[is_first ? "code" : "out"][each.at];
    const length = Math.hypot(b.x - a.x, b.y - a.y), r = this.radius + 3, ux = (b.x - a.x) / length, uy = (b.y - a.y) / length;
    const d = `M${a.x + ux * r} ${a.y + uy * r} L${b.x - ux * r} ${b.y - uy * r}`;
    const near = 0.25 + 0.11 * ((is_first ? each.at : each.from) % 2), share = is_first ? near : 1 - near; // where few lines are close together
    const group = draw("g", { class: "g-synapse", tabindex: 0, role: "button", "data-synapse": `${each.part}-${each.at}-${each.from}` });
    const [glow, line, hit] = [draw("path", { class: "glow", d }), draw("path", { class: "synapse", d }), draw("path", { class: "hit", d })];
    const weight = draw("text", { class: "weight", x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share + 4 });
    group.append(glow, line, hit, weight);
    const made = { ...each, group, line, weight, a, b };
    hit.onpointerdown = (event) => {
      if (event.button) return;
      const what = this.nearest(event);
      this.drag = { what, y: event.clientY, value: this.value_of(what), moved: false };
      hit.setPointerCapture(event.pointerId);
    };
    hit.onpointermove = (event) => {
      if (!this.drag) return this.light(this.nearest(event));
      const way = this.drag.y - event.clientY;
      if (Math.abs(way) > 4) this.drag.moved = true;
      if (this.drag.moved) this.put(this.drag.what, Math.round((this.drag.value + way / 40) * 10) / 10, false);
    };
    hit.onpointerup = () => {
      const drag = this.drag;
      this.drag = null;
      this.pressed = drag?.moved ? null : drag?.what;
      if (drag?.moved) this.tell();
    };
    hit.onpointercancel = () => { this.drag = this.pressed = null; };
    hit.onclick = () => {
      if (this.pressed) this.flip(this.pressed);
      this.pressed = null;
    };
    hit.onpointerleave = () => this.light(null);
    group.onfocus = () => { this.choose(made); this.light(made); };
    group.onblur = () => this.light(null);
    group.onkeydown = (event) => this.key(event, made, () => this.flip(made), 0.1);
    return made;
  }

  // Of synapses that cross under the pointer, the one whose line is closest.
  nearest(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    const distance = ({ a, b }) => {
      const [dx, dy] = [b.x - a.x, b.y - a.y], share = Math.min(1, Math.max(0, ((at.x - a.x) * dx + (at.y - a.y) * dy) / (dx * dx + dy * dy)));
      return Math.hypot(at.x - a.x - share * dx, at.y - a.y - share * dy);
    };
    return this.synapses.reduce((best, s) => (distance(s) < distance(best) ? s : best));
  }

  make_node(kind, i, place) {
    const is_bias = (kind === "in" && i >= this.x.length) || (kind === "code" && i >= this.net.b1.length), r = this.radius;
    const group = draw("g", { class: `node ${kind}${is_bias ? " plus-one" : ""}`, tabindex: 0, "data-node": `${kind}-${i}` });
    group.append(is_bias ? draw("rect", { x: place.x - r + 4, y: place.y - r + 4, width: 2 * r - 8, height: 2 * r - 8, rx: 6 })
      : draw("circle", { cx: place.x, cy: place.y, r }));
    const has_inside = this.biases === "inside" && kind !== "in";
    const worth = draw("text", { class: "worth", x: place.x, y: place.y - (has_inside ? 5 : 0) }, is_bias ? "+1" : "");
    const bias = draw("text", { class: "bias", x: place.x, y: place.y + 12 });
    group.append(worth, bias);
    if (kind !== "code" && !is_bias) {
      const label = draw("text", { class: "name", x: place.x, y: place.y }, this.labels[i]);
      if (this.narrow) label.setAttribute("y", place.y + r + 10);
      else {
        label.setAttribute("x", place.x + (kind === "in" ? -1 : 1) * (r + 9));
        label.style.textAnchor = kind === "in" ? "end" : "start";
      }
      group.append(label);
    } else if (kind === "code" && !is_bias && !this.narrow) {
      group.append(draw("text", { class: "bias", x: place.x, y: place.y - r - 9 }, `h${sub(i)}`));
    }
    const made = { kind, i, group, worth, bias, is_bias, part: kind === "in" ? "x" : kind === "code" ? "b1" : "b2", at: i };
    group.onpointerenter = () => this.light(made);
    group.onpointerleave = () => this.light(null);
    group.onfocus = () => { if (!is_bias) this.choose(made); this.light(made); };
    group.onblur = () => this.light(null);
    if (is_bias) return made;
    if (kind === "in") {
      group.setAttribute("role", "button");
      group.onclick = () => { this.choose(made); this.toggle(i); };
      group.onkeydown = (event) => this.key(event, made, () => this.toggle(i), 1);
    } else {
      group.onclick = () => { this.choose(made); this.light(made); };
      group.onkeydown = (event) => this.biases !== "none" && this.key(event, made, () => {}, 0.1);
    }
    return made;
  }

  build_readings() {
    const head = this.find(".readings thead"), body = this.find(".readings tbody"), foot = this.find(".readings tfoot");
    head.innerHTML = `<tr style="height:${this.narrow ? 0 : HEAD}px"><th class="name"></th><th>softmax<small>true, at temperature <span class="at"></span></small></th>`
      + `<th>arg max<small>the highest wins</small></th><th>threshold<small>1 or more counts</small></th></tr>`;
    body.replaceChildren(...this.x.map((_, i) => {
      const row = document.createElement("tr");
      row.style.height = `${this.gap}px`;
      row.innerHTML = `<td class="name"></td><td><span class="share" tabindex="0"><i></i><b></b></span></td><td class="top"></td><td class="over"></td>`;
      row.querySelector(".name").textContent = this.labels[i];
      const share = row.querySelector(".share");
      share.onpointerenter = share.onfocus = () => this.explain_softmax(i);
      share.onpointerleave = share.onblur = () => this.light(null);
      return row;
    }));
    foot.innerHTML = `<tr><td class="name"></td><td class="soft-back"></td><td class="top-back"></td><td class="over-back"></td></tr>`;
  }

  update() {
    if (!this.nodes) return;
    const { h, o } = forward(this.applied, this.x), values = { in: this.x, code: h, out: o };
    this.h = h;
    this.o = o;
    for (const s of this.synapses) {
      const weight = this.value_of(s), { kind, width } = synapse_look(weight);
      s.line.setAttribute("class", `synapse ${kind}`);
      s.line.setAttribute("stroke-width", width);
      s.group.setAttribute("aria-label", `Synapse ${this.name_of(s)}, weight ${write(weight)}. Enter flips its sign.`);
      s.weight.textContent = this.synapses.length <= 26 && !this.narrow ? signed(weight) : "";
      s.group.classList.toggle("selected", this.is_chosen(s));
    }
    for (const n of this.nodes.filter((n) => !n.is_bias)) {
      const value = values[n.kind][n.i];
      n.worth.textContent = write(value);
      n.worth.classList.toggle("long", n.worth.textContent.length > 4);
      n.bias.textContent = this.biases === "inside" && n.kind !== "in" ? `b ${signed(this.net[n.part][n.i])}` : "";
      if (n.kind === "in") n.group.classList.toggle("on", value > 0);
      n.group.setAttribute("aria-label", `${{ in: "Input", code: "Hidden node", out: "Output" }[n.kind]} ${n.kind === "code" ? n.i + 1 : this.labels[n.i]}, value ${write(value)}`);
    }
    this.read_out();
    this.edit();
    this.light(this.lit ?? null);
    this.report();
    this.root.dataset.state = JSON.stringify({ ...this.net, x: this.x, h, o, steps: this.lesson.steps });
  }

  // What came out, read three ways.

  read_out() {
    const { o, x } = this, shares = softmax(o, this.temperature), top = arg_max(o), over = threshold(o), is_binary = x.every((v) => v === 0 || v === 1);
    this.find(".readings tbody").childNodes.forEach((row, i) => {
      row.querySelector("i").style.width = `${100 * shares[i]}%`;
      row.querySelector("b").textContent = shares[i].toFixed(3);
      for (const [name, value] of [["top", top[i]], ["over", over[i]]]) {
        const cell = row.querySelector(`.${name}`);
        cell.textContent = value;
        cell.classList.toggle("one", value === 1);
      }
    });
    const likes = x.reduce((sum, v) => sum + (v === 1), 0), tie = !top.includes(1);
    const back = (is_back) => (is_binary ? `<span class="${is_back ? "yes" : "no"}">${is_back ? "✓ comes back" : "✗ does not"}</span>` : `<span class="faint">not 0 or 1</span>`);
    const best = shares[x.indexOf(1)] ?? 0;
    this.find(".soft-back").innerHTML = is_binary && likes === 1 ? `<span class="${same(top, x) ? "yes" : "no"}">${(100 * best).toFixed(1)} % on the like</span>`
      : `<span class="faint">sums to 1</span>`;
    this.find(".top-back").innerHTML = back(same(top, x)) + (tie && likes ? `<br><span class="faint">a tie</span>` : "");
    this.find(".over-back").innerHTML = back(same(over, x));
    this.find(".at").textContent = write(this.temperature);
    this.find(".temperature").value = Math.log10(this.temperature);
    this.find(".warm output").textContent = this.temperature.toFixed(this.temperature < 1 ? 2 : 1);
  }

  // Hovering: which synapses take part, and the sum with its numbers.

  light(what) {
    this.lit = what;
    const shown = what ?? this.chosen;
    const takes_part = (s) => what && (what.group === s.group || (what.kind && this.touches(s, what)));
    this.svg.classList.toggle("has-lit", Boolean(what));
    this.synapses.forEach((s) => { s.group.classList.toggle("lit", Boolean(takes_part(s))); });
    this.nodes.forEach((n) => { n.group.classList.toggle("lit", Boolean(what) && n.group === what.group); });
    this.find(".arith").innerHTML = shown ? this.arithmetic(shown) : `<span class="faint">Point at a node, or reach it with the Tab key, and its sum stands here.</span>`;
  }

  touches(s, node) {
    if (node.is_bias) return s.part === (node.kind === "in" ? "b1" : "b2");
    if (node.kind === "in") return s.part === "w1" && s.from === node.i;
    return s.part.endsWith(node.kind === "code" ? "1" : "2") && s.at === node.i;
  }

  arithmetic(of) {
    if (of.is_bias) return "A <b>+1 node</b> always says 1. The weight of its synapse is the bias b of the node it leads to.";
    if (!of.kind) return this.carry(of);
    if (of.kind === "in") return `<b>x${sub(of.i)}</b> = ${write(this.x[of.i])}: ${escape_text(this.labels[of.i])}${{ 1: ", liked", 0: ", not liked" }[this.x[of.i]] ?? ""}. Click to change it.`;
    const is_code = of.kind === "code", weights = (is_code ? this.net.w1 : this.net.w2)[of.i], from = is_code ? this.x : this.h, letter = is_code ? "x" : "h";
    const bias = this.biases === "none" ? null : this.net[of.part][of.i], name = `${is_code ? "h" : "o"}${sub(of.i)}`;
    const letters = weights.map((w, k) => `${k ? (w < 0 ? " − " : " + ") : w < 0 ? "−" : ""}${Math.abs(w) === 1 ? "" : `${write(Math.abs(w))}·`}${letter}${sub(k)}`).join("");
    const numbers = weights.map((w, k) => `${inside(w)}·${inside(from[k])}`).join(" + ");
    return `<b>${name}</b> = ${letters}${bias === null ? "" : " + b"}<br>= ${numbers}${bias === null ? "" : ` + ${inside(bias)}`} = <b>${write((is_code ? this.h : this.o)[of.i], 3)}</b>`;
  }

  carry(s) {
    const weight = this.value_of(s), from = s.part === "w1" ? this.x[s.from] : s.part === "w2" ? this.h[s.from] : 1;
    return `The synapse ${this.name_of(s, true)} has weight <b>${write(weight, 3)}</b>: it carries ${inside(weight)}·${inside(from)} = <b>${write(weight * from, 3)}</b>.`;
  }

  explain_softmax(i) {
    const t = this.temperature, power = (v) => `e<sup>${t === 1 ? write(v) : `${write(v)}/${write(t)}`}</sup>`, share = softmax(this.o, t)[i];
    this.find(".arith").innerHTML = `<b>softmax of o${sub(i)}</b> = ${power(this.o[i])} / (${this.o.map(power).join(" + ")}) = <b>${share.toFixed(3)}</b>`
      + `<br><span class="faint">The lower the temperature, the more the highest takes; near 0 this becomes the arg max.</span>`;
  }

  name_of(s, is_html = false) {
    const film = (k) => (is_html ? escape_text(this.labels[k]) : this.labels[k]);
    if (s.part === "w1") return `from ${film(s.from)} to h${sub(s.at)}`;
    if (s.part === "w2") return `from h${sub(s.from)} to the output ${film(s.at)}`;
    return `from the +1 node to ${s.part === "b1" ? `h${sub(s.at)}` : `the output ${film(s.at)}`}`;
  }

  // Changing: clicks, keys, typed numbers.

  value_of({ part, at, from }) {
    return part.startsWith("w") ? this.net[part][at][from] : part === "x" ? this.x[at] : this.net[part][at];
  }

  put(what, value, is_final = true) {
    const { part, at, from } = what;
    if (part.startsWith("w")) this.net[part][at][from] = value;
    else if (part === "x") this.x[at] = value;
    else this.net[part][at] = value;
    if (part !== "x") this.lesson = { steps: 0, losses: [] };
    this.chosen = what;
    this.refuse("");
    this.update();
    if (is_final) this.tell();
  }

  flip(what) {
    this.pause(false);
    const value = this.value_of(what);
    this.put(what, value === 0 ? 1 : -value);
  }

  toggle(i) {
    this.put({ part: "x", at: i, kind: "in", i, group: this.nodes[i].group }, this.x[i] === 0 ? 1 : 0);
  }

  key(event, what, press, step) {
    if (event.key === "Enter" || event.key === " ") press();
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") this.put(what, Math.round((this.value_of(what) + (event.key === "ArrowUp" ? step : -step)) * 1000) / 1000);
    else if (/^[-−0-9.]$/.test(event.key)) {
      const field = this.find(".value");
      field.value = event.key;
      field.focus();
    } else return;
    event.preventDefault();
  }

  choose(what) {
    this.chosen = what;
    this.synapses.forEach((s) => { s.group.classList.toggle("selected", this.is_chosen(s)); });
    this.edit();
  }

  is_chosen(s) {
    return Boolean(this.chosen) && this.chosen.part === s.part && this.chosen.at === s.at && this.chosen.from === s.from;
  }

  edit() {
    const what = this.chosen, is_bias = what?.part.startsWith("b"), form = this.find(".editor");
    const is_open = what && !(is_bias && this.biases === "none");
    form.toggleAttribute("data-empty", !is_open);
    if (!is_open || this.root.getRootNode().activeElement === this.find(".value")) return;
    const node = what.part === "b1" ? `h${sub(what.at)}` : this.labels[what.at];
    this.find(".what").textContent = what.part === "x" ? `${this.labels[what.at]}:` : is_bias ? `Bias of ${node}:` : `Weight ${this.name_of(what)}:`;
    this.find(".value").value = String(Number(this.value_of(what).toPrecision(6)));
    this.find(".flip").hidden = what.part === "x";
  }

  type(text) {
    const value = read_number(text);
    if (!this.chosen) return;
    if (Number.isNaN(value)) return this.refuse(`“${text}” is not a number. Type one such as 0.5 or −2; the old value stays.`);
    if (Math.abs(value) > LARGEST) return this.refuse(`${text} is too large: numbers here lie between −1,000,000 and 1,000,000; the old value stays.`);
    this.pause(false);
    this.find(".value").blur();
    this.put(this.chosen, value);
  }

  refuse(sentence) {
    const box = this.find(".refusal");
    box.hidden = !sentence;
    box.textContent = sentence;
  }

  warm(temperature) {
    this.temperature = Number(temperature.toPrecision(3));
    this.read_out();
  }

  flash(index) {
    const group = this.synapses[index]?.group;
    if (!group) return;
    group.classList.remove("flash");
    void group.getBoundingClientRect();
    group.classList.add("flash");
    this.choose(this.synapses[index]);
  }

  // Learning: gradient descent here, in sight.

  restart(net) {
    this.pause(false);
    this.net = net;
    this.lesson = { steps: 0, losses: [] };
    this.update();
    this.tell();
  }

  learn() {
    const before = copy_network(this.net), net = copy_network(this.applied), rate = Number(this.find(".rate").value);
    const loss = learn_step(net, rate, this.biases !== "none");
    if (![net.w1, net.w2, net.b1, net.b2].flat(2).every((v) => Math.abs(v) <= LARGEST)) {
      this.pause();
      return this.refuse("These steps are too long: the weights run away. Take a smaller learning rate; the last weights stay.");
    }
    this.net = this.biases === "none" ? { ...net, b1: before.b1, b2: before.b2 } : net;
    this.lesson.steps++;
    this.lesson.losses.push(loss);
    this.update();
  }

  run() {
    this.find(".run").textContent = "Pause";
    let told = performance.now();
    this.timer = setInterval(() => {
      this.learn();
      if (this.lesson.losses.at(-1) < 0.005 || this.lesson.steps >= 5000) this.pause();
      else if (performance.now() - told > 500) { told = performance.now(); this.tell(); }
    }, 50);
  }

  pause(is_told = true) {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.find(".run").textContent = "Run";
    if (is_told) this.tell();
  }

  report() {
    const { steps, losses } = this.lesson, back = films_back(this.applied), count = this.x.length;
    const loss = losses.length ? `Step ${steps}: cross-entropy ${losses.at(-1).toFixed(3)} nats; ` : "";
    this.find(".told").textContent = `${loss}${back} of ${count} single likes come back`;
    const top = Math.max(...losses, 0.1), shown = losses.length > 300 ? losses.filter((_, i) => i % Math.ceil(losses.length / 300) === 0) : losses;
    const d = shown.map((v, i) => `${i ? "L" : "M"}${(4 + (142 * i) / Math.max(1, shown.length - 1)).toFixed(1)} ${(34 - (30 * v) / top).toFixed(1)}`).join("");
    this.find(".curve").replaceChildren(draw("path", { d: d || "M0 0" }));
  }

  tell() {
    this.set_state("net", { ...copy_network(this.net), x: this.x, temperature: this.temperature });
  }
}

const sub = (i) => [...String(i + 1)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
const signed = (value) => (value > 0 ? "+" : "") + write(value);
const escape_text = (text) => text.replace(/[&<>]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[letter]);

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".toy");
  root.network ??= new SynapseNetwork(root);
  root.network.show(data, setStateValue);
}
