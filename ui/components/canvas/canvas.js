// A sheet of pixels to draw on with mouse, finger, pen or keyboard: an empty one, or a picture to be damaged.

import { bytes_of, text_of } from "../shared/bytes.js";
import { hold_floor } from "../shared/steady.js";

const TOOLS = { draw: "Draw", erase: "Erase", smudge: "Smudge" };
const HINTS = {
  draw: "Draw with the mouse, a finger or a pen. By keyboard: arrows move, the space bar draws.",
  erase: "Rub out what you like: erased pixels turn black.",
  smudge: "Drag to smear pixels along, as with a finger on chalk.",
};
const SEND_EVERY = 120; // milliseconds, while a stroke is being drawn
const UNDOS = 30;

class Painter {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.sheet = this.find(".sheet");
    this.past = [];
    this.sheet.onpointerdown = (event) => this.begin(event);
    this.sheet.onpointermove = (event) => this.move(event);
    this.sheet.onpointerup = this.sheet.onpointercancel = () => this.end();
    this.sheet.onkeydown = (event) => this.type(event);
    this.find(".undo").onclick = () => this.undo();
    this.find(".again").onclick = () => this.start_over();
    hold_floor(root);
    this.find(".brush").oninput = (event) => { this.radius = Number(event.target.value); };
  }

  // A new revision is a new sheet; the same one leaves alone what is being drawn.
  show(data, send) {
    this.send = send;
    if (this.data?.revision === data.revision) return;
    this.data = data;
    const { width, height, side, tools, label } = data;
    [this.sheet.width, this.sheet.height] = [width, height];
    this.root.style.setProperty("--side", `${side}px`);
    this.root.style.setProperty("--aspect", `${width} / ${height}`);
    this.sheet.setAttribute("aria-label", label);
    this.radius = data.radius;
    this.find(".brush").max = Math.max(data.radius * 2.5, 2);
    this.find(".brush").value = data.radius;
    this.at = [width / 2, height / 2];
    this.past = [];
    this.clean = this.read(data.pixels);
    this.pixels = this.read(data.drawn ?? data.pixels);
    this.find(".kinds").hidden = tools.length < 2;
    this.find(".kinds").replaceChildren(...tools.map((tool) => this.button(tool)));
    this.choose(tools[0]);
    this.paint();
  }

  read(text) {
    const { width, height, channels } = this.data;
    if (!text) return new Float32Array(width * height * channels);
    return Float32Array.from(bytes_of(text), (value) => value / 255);
  }

  button(tool) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: TOOLS[tool], onclick: () => this.choose(tool) });
    button.dataset.tool = tool;
    return button;
  }

  choose(tool) {
    this.tool = tool;
    this.find(".hint").textContent = HINTS[tool];
    for (const each of this.find(".kinds").children) each.setAttribute("aria-pressed", each.dataset.tool === tool);
  }

  // A stroke keeps to the place where it began, whatever the page around it does.
  place(event) {
    const box = this.is_down ? this.box : this.sheet.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * this.data.width, ((event.clientY - box.top) / box.height) * this.data.height];
  }

  begin(event) {
    if (event.button > 0) return;
    event.preventDefault();
    this.sheet.focus({ preventScroll: true });
    this.sheet.setPointerCapture(event.pointerId);
    this.remember();
    this.box = this.sheet.getBoundingClientRect();
    this.is_down = true;
    this.at = this.place(event);
    this.stroke(this.at, this.at);
  }

  move(event) {
    if (!this.is_down) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) this.go(this.place(each));
  }

  go(place) {
    this.stroke(this.at, place);
    this.at = place;
  }

  end() {
    if (!this.is_down) return;
    this.is_down = false;
    this.tell();
  }

  type(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const far = Math.max(1, this.data.width / 28), limits = [this.data.width, this.data.height];
    if (step) {
      event.preventDefault();
      const place = this.at.map((value, i) => Math.min(limits[i], Math.max(0, value + far * step[i])));
      if (this.is_inked) this.go(place);
      else this.at = place;
      this.paint();
      this.tell_soon();
    } else if (event.key === " ") {
      event.preventDefault();
      if (event.repeat) return;
      this.is_inked = !this.is_inked;
      if (this.is_inked) { this.remember(); this.go(this.at); }
    } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.undo();
    }
  }

  // Dabs of the brush, close enough to make a line.
  stroke([x0, y0], [x1, y1]) {
    const length = Math.hypot(x1 - x0, y1 - y0), count = Math.max(1, Math.ceil(length / (this.radius * 0.3)));
    let [px, py] = [x0, y0];
    for (let i = 1; i <= count; i += 1) {
      const [x, y] = [x0 + ((x1 - x0) * i) / count, y0 + ((y1 - y0) * i) / count];
      this.dab(x, y, x - px, y - py);
      [px, py] = [x, y];
    }
    this.paint();
    this.tell_soon();
  }

  dab(x, y, dx, dy) {
    const { width, height, channels } = this.data, r = this.radius, reach = Math.ceil(r + 1), size = width * height;
    const source = this.tool === "smudge" ? this.pixels.slice() : null;
    for (let row = Math.max(0, Math.floor(y) - reach); row <= Math.min(height - 1, Math.floor(y) + reach); row += 1)
      for (let column = Math.max(0, Math.floor(x) - reach); column <= Math.min(width - 1, Math.floor(x) + reach); column += 1) {
        const cover = Math.min(1, Math.max(0, r + 0.5 - Math.hypot(column + 0.5 - x, row + 0.5 - y)));
        if (!cover) continue;
        for (let channel = 0; channel < channels; channel += 1) {
          const i = channel * size + row * width + column;
          if (this.tool === "draw") this.pixels[i] = Math.max(this.pixels[i], cover);
          else if (this.tool === "erase") this.pixels[i] = Math.min(this.pixels[i], 1 - cover);
          else this.pixels[i] += 0.75 * cover * (this.sample(source, channel, column - dx, row - dy) - this.pixels[i]);
        }
      }
  }

  // Bilinear, the border repeated.
  sample(source, channel, x, y) {
    const { width, height } = this.data, at = (column, row) => {
      const [c, r] = [Math.min(width - 1, Math.max(0, column)), Math.min(height - 1, Math.max(0, row))];
      return source[channel * width * height + r * width + c];
    };
    const [left, top] = [Math.floor(x), Math.floor(y)], [u, v] = [x - left, y - top];
    return (1 - v) * ((1 - u) * at(left, top) + u * at(left + 1, top)) + v * ((1 - u) * at(left, top + 1) + u * at(left + 1, top + 1));
  }

  remember() {
    this.past.push(this.pixels.slice());
    if (this.past.length > UNDOS) this.past.shift();
    this.find(".undo").disabled = false;
  }

  undo() {
    if (!this.past.length) return;
    this.pixels = this.past.pop();
    this.paint();
    this.tell();
  }

  start_over() {
    this.remember();
    this.pixels = this.clean.slice();
    this.is_inked = false;
    this.paint();
    this.tell();
  }

  paint() {
    const { width, height, channels } = this.data, size = width * height, image = new ImageData(width, height);
    for (let i = 0; i < size; i += 1) {
      for (let part = 0; part < 3; part += 1) image.data[4 * i + part] = Math.round(255 * this.pixels[Math.min(part, channels - 1) * size + i]);
      image.data[4 * i + 3] = 255;
    }
    const context = this.sheet.getContext("2d");
    context.putImageData(image, 0, 0);
    if (this.root.getRootNode().activeElement === this.sheet && !this.is_down) {
      context.strokeStyle = this.is_inked ? "#e69f00" : "#56b4e9";
      context.lineWidth = Math.max(0.5, width / 110);
      context.beginPath();
      context.arc(...this.at, this.radius, 0, 2 * Math.PI);
      context.stroke();
    }
    this.find(".undo").disabled = !this.past.length;
  }

  tell_soon() {
    this.timer ??= setTimeout(() => this.tell(), SEND_EVERY);
  }

  tell() {
    clearTimeout(this.timer);
    this.timer = null;
    const pixels = text_of(Uint8Array.from(this.pixels, (value) => Math.round(255 * value)));
    this.send("drawing", { revision: this.data.revision, pixels });
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".painter");
  root.painter ??= new Painter(root);
  root.painter.show(data, setStateValue);
}
