// The board of the pooling page: draws the stages of a trace that Python computed, steps through them, and sends what is typed.

import { is_calm } from "../shared/calm.js";
import { inside, write } from "../shared/numbers.js";
import { biggest, fill_grid, grid_words, longest, TypedGrid } from "./number_grid.js";

const TICK = 1200; // milliseconds a step lasts at speed 1
const CELLS = { 4: 46, 6: 38, 8: 32, 10: 28 }, NARROW = { 4: 34, 6: 25, 8: 32, 10: 28 };
const SMALL = { 4: 42, 6: 13, 8: 8, 10: 6 }, ANSWERS = { 4: 40, 6: 32, 8: 28, 10: 28 };
const ROOMY = 20, MOST_LETTERS = 5; // pixels of a small cell that has room for a number, of so many letters, in 11 pixels
const sentence = (pieces) => pieces.map((piece) => (typeof piece === "number" ? write(piece, 3) : piece)).join("");
const rows_of = (flat, columns) => flat.flatMap((_, i) => (i % columns ? [] : [flat.slice(i, i + columns)]));

class Board {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.serial = 0; // of the last edit
    this.step = 0; // begin with the image
    const typed = (name, title) => new TypedGrid(this.find(`.grid.${name}`), title, () => this.send(), (why) => this.refuse(why));
    this.image = typed("image", "Image");
    this.kernel = typed("kernel", "Kernel");
    this.find(".back").onclick = () => this.go(this.step - 1);
    this.find(".forth").onclick = () => this.go(this.step + 1, true);
    this.find(".play").onclick = () => (this.timer ? this.pause() : this.play());
    this.find(".scrub").oninput = (event) => this.go(Number(event.target.value));
    this.find(".speed").onchange = () => this.timer && this.play();
    this.find(".jumps").onclick = ({ target }) => target.dataset.stage && this.go(this.data.steps.findLastIndex((s) => s.stage === target.dataset.stage));
  }

  // Python's answer. One to an edit that another has overtaken is passed over: its successor is on its way.
  show(data) {
    if (data.serial < this.serial) return;
    const reshaped = this.data?.rows !== data.rows || this.data?.columns !== data.columns;
    this.serial = data.serial;
    this.data = { ...data, image: [...data.image], kernel: [...data.kernel] }; // ours to type into
    if (reshaped) {
      this.pause();
      this.step = this.is_at_end ? Infinity : 0;
    }
    this.step = Math.min(this.step, data.steps.length - 1);
    const edge = Math.max(data.rows, data.columns);
    this.root.classList.toggle("tall", edge > 6);
    this.root.style.setProperty("--cell", `calc(${CELLS[edge]}px * var(--present-cell, 1))`);
    this.root.style.setProperty("--narrow", `${NARROW[edge]}px`);
    this.find(".answers").style.setProperty("--size", `${ANSWERS[edge]}px`);
    this.find(".parts").style.setProperty("--small", `${SMALL[edge]}px`);
    this.find(".scrub").max = data.steps.length - 1;
    this.make_parts(SMALL[edge] < ROOMY || longest(...data.parts) > MOST_LETTERS);
    this.make_answers();
    this.draw();
  }

  send() {
    this.pause();
    this.serial += 1;
    this.setStateValue("edit", { serial: this.serial, image: rows_of(this.data.image, this.data.columns), kernel: rows_of(this.data.kernel, 3) });
  }

  refuse(why) {
    this.find(".refused").hidden = !why;
    this.find(".refused").textContent = why;
  }

  make_parts(bare) {
    const { parts, columns } = this.data, box = this.find(".parts"), most = biggest(...parts);
    box.style.setProperty("--across", columns / 2);
    if (box.children.length !== parts.length) {
      box.replaceChildren(...parts.map((_, k) => {
        const button = document.createElement("button"), grid = document.createElement("div");
        button.type = "button";
        button.setAttribute("aria-label", `Part ${k + 1} of ${parts.length}`);
        grid.className = "grid";
        button.append(grid);
        button.onclick = () => this.go(this.data.steps.findIndex((s) => s.stage === "part") + k);
        return button;
      }));
    }
    parts.forEach((part, k) => { fill_grid(box.children[k].firstChild, part, columns, most, bare); });
  }

  make_answers() {
    const { answers, columns, image } = this.data, most = biggest(image, ...answers.map((a) => a.values));
    this.find(".answers").replaceChildren(...answers.map((answer) => {
      const figure = document.createElement("figure");
      figure.innerHTML = `<figcaption><b>${answer.title}</b><span>${answer.note}</span></figcaption><div class="grid" role="img"></div>
        <p class="error">Squared error <b>${write(answer.error)}</b>${answer.best ? ' <span class="best">the least</span>' : ""}</p>`;
      const grid = figure.querySelector(".grid");
      fill_grid(grid, answer.values, columns, most);
      grid.setAttribute("aria-label", `${answer.title}: ${grid_words(answer.values, columns)}`);
      answer.lost.forEach((cell) => {
        grid.children[cell].classList.add("lost");
        grid.children[cell].title = `The image has ${write(image[cell], 3)} here.`;
      });
      return figure;
    }));
  }

  // Everything as it is at the current step.
  draw() {
    const { data } = this, step = data.steps[this.step], [pooled, unpooled, parts] = step.shown, { columns } = data, half = columns / 2;
    const until = (values, known) => values.map((value, i) => (i < known ? value : null));
    const window = (cell) => Math.floor(Math.floor(cell / columns) / 2) * half + Math.floor((cell % columns) / 2);
    this.draw_image();
    this.look_at("pooled", until(data.pooled, pooled), half, biggest(data.image));
    this.look_at("switches", until(data.switches, pooled), half, 0);
    this.point(pooled);
    this.look_at("unpooled", data.unpooled.map((value, cell) => (window(cell) < unpooled ? value : null)), columns, biggest(data.image));
    this.look_at("part", parts ? data.parts[parts - 1] : data.image.map(() => null), columns, biggest(...data.parts));
    this.look_at("sums", parts ? data.sums[parts - 1] : data.image.map(() => null), columns, biggest(...data.sums));
    this.draw_kernel(Math.max(0, parts - 1));
    this.tell(step, parts);
    this.light(step);
    this.root.dataset.step = this.step;
    this.is_at_end = this.step === data.steps.length - 1;
  }

  look_at(name, values, columns, most) {
    const grid = this.find(`.grid.${name}`);
    fill_grid(grid, values, columns, most);
    grid.setAttribute("aria-label", `${grid.parentElement.querySelector("b").textContent}: ${grid_words(values, columns)}`);
  }

  draw_image() {
    const { rows, columns, most } = this.data;
    this.image.show(this.data.image, columns, most);
    [...this.find(".grid.image").children].forEach((cell, i) => {
      cell.classList.toggle("right", i % columns % 2 === 1 && (i + 1) % columns > 0);
      cell.classList.toggle("below", Math.floor(i / columns) % 2 === 1 && i < (rows - 1) * columns);
    });
  }

  draw_kernel(k) {
    const { way, kernel, kernels, most } = this.data, grid = this.find(".grid.kernel");
    this.find(".kernel-note").textContent = kernels ? "1 at the switch" : "type into any cell";
    grid.setAttribute("role", kernels ? "img" : "group");
    if (this.way !== way) grid.replaceChildren();
    if (this.way !== way) this.kernel.shape = "";
    this.way = way;
    if (!kernels) return this.kernel.show(kernel, 3, most);
    fill_grid(grid, kernels[k], 2, 1);
    grid.setAttribute("aria-label", `Kernel of part ${k + 1}: ${grid_words(kernels[k], 2)}`);
  }

  // Each switch shows in a small window to which corner it points.
  point(known) {
    const { switches, columns } = this.data, grid = this.find(".grid.switches");
    switches.slice(0, known).forEach((cell, k) => {
      const corner = document.createElement("span");
      corner.className = "corner";
      corner.style.cssText = `--r:${Math.floor(cell / columns) % 2};--c:${(cell % columns) % 2}`;
      grid.children[k].prepend(corner);
    });
  }

  tell(step, parts) {
    const { steps, pooled, overlaps } = this.data, last = steps.length - 1, most = biggest(overlaps);
    this.find(".say").textContent = sentence(step.say);
    this.find(".part-title").textContent = parts ? `Part ${parts} of ${pooled.length}` : "Part";
    this.find(".part-note").textContent = parts ? `${inside(pooled[parts - 1])} × kernel` : "one value × kernel";
    this.find(".sum-note").textContent = parts === pooled.length ? (most > 1 ? `up to ${most} kernels on a cell` : "kernels do not overlap") : "of the parts so far";
    this.find(".scrub").value = this.step;
    this.find(".scrub").setAttribute("aria-valuetext", `Step ${this.step} of ${last}`);
    this.find(".count").textContent = `${this.step} of ${last}`;
    this.find(".back").disabled = this.step === 0;
    this.find(".forth").disabled = this.step === last;
    [...this.find(".jumps").children].forEach((button) => { button.setAttribute("aria-pressed", button.dataset.stage === step.stage); });
    [...this.find(".parts").children].forEach((button, k) => {
      button.classList.toggle("unseen", k >= parts);
      button.setAttribute("aria-current", step.stage === "part" && k === parts - 1 ? "step" : "false");
    });
  }

  light({ lit, fly }) {
    this.root.querySelectorAll(".stages :is(.lit, .found)").forEach((cell) => { cell.classList.remove("lit", "found"); });
    for (const [name, cells] of Object.entries(lit)) cells.forEach((cell) => { this.cell(name, cell)?.classList.add("lit"); });
    if (fly) this.cell(...fly[0])?.classList.add("found");
  }

  cell(name, index) {
    return this.find(`.grid.${name}`).children[index];
  }

  go(step, moving = false) {
    this.pause();
    this.turn_to(step, moving);
  }

  turn_to(step, moving) {
    this.step = Math.max(0, Math.min(this.data.steps.length - 1, step));
    this.draw();
    if (moving) this.fly(this.data.steps[this.step].fly);
  }

  // The number travels from where it was to where it goes.
  fly(path) {
    if (!path || is_calm()) return;
    const [from, to] = path.map(([name, index]) => this.cell(name, index).getBoundingClientRect()), source = this.cell(...path[0]);
    const flier = document.createElement("div");
    flier.className = "flier";
    flier.setAttribute("aria-hidden", "true");
    flier.textContent = source.value ?? source.textContent;
    flier.style.cssText = `left:${from.left}px;top:${from.top}px;width:${from.width}px;height:${from.height}px`;
    this.root.append(flier);
    const there = `translate(${to.left - from.left}px, ${to.top - from.top}px)`, duration = Math.min(600, (0.6 * TICK) / this.speed());
    flier.animate([{ transform: "none" }, { transform: there }], { duration, easing: "ease-in-out" }).finished.finally(() => flier.remove());
  }

  speed() {
    return Number(this.find(".speed").value);
  }

  play() {
    clearInterval(this.timer);
    const last = this.data.steps.length - 1;
    if (this.step === last) this.turn_to(0);
    this.find(".play").textContent = "Pause";
    this.timer = setInterval(() => {
      if (!this.root.isConnected) return this.pause();
      this.turn_to(this.step + 1, true);
      if (this.step === this.data.steps.length - 1) this.pause();
    }, TICK / this.speed());
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.find(".play").textContent = "Play";
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".board");
  root.board ??= new Board(root);
  root.board.setStateValue = setStateValue;
  root.board.show(data);
}
