// The pad: the marker follows the pointer in the browser, the server decodes the code that lies under it.

import { bytes_of, floats_of } from "../shared/bytes.js";
import { paint_answer, tell_distance } from "../shared/decoder.js";
import { NearestExample } from "../shared/nearest_example.js";
import { NewestAnswer } from "../shared/newest_answer.js";
import { clamp } from "../shared/numbers.js";

const MOST_PIXELS = 2;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class CodePad {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.plane = this.find(".plane");
    this.nearest = new NearestExample(this.find(".real"));
    this.decoder = new NewestAnswer((answer) => this.take(answer), () => this.complain());
    this.find(".back").onclick = () => { this.move(this.data.home); this.keep(); };
    this.listen();
    new ResizeObserver(() => this.draw_dots()).observe(this.plane);
    this.plane.addEventListener("transitionend", (event) => event.target === this.plane && this.draw_dots());
  }

  listen() {
    const { plane } = this, spot_at = (event) => {
      const box = plane.getBoundingClientRect();
      return [this.value(0, (event.clientX - box.left) / box.width), this.value(1, 1 - (event.clientY - box.top) / box.height)];
    };
    plane.onpointerdown = (event) => {
      plane.setPointerCapture(event.pointerId);
      this.move(spot_at(event));
    };
    plane.onpointermove = (event) => {
      if (event.pointerType === "mouse" || event.buttons) this.move(spot_at(event));
    };
    plane.onpointerup = () => this.keep();
    plane.onkeydown = (event) => {
      const step = KEYS[event.key];
      if (!step) return;
      event.preventDefault();
      const far = event.shiftKey ? 0.1 : 0.02;
      this.move(this.spot.map((value, axis) => this.value(axis, this.share(axis, value) + far * step[axis])));
    };
    plane.onkeyup = (event) => KEYS[event.key] && this.keep();
  }

  // What Python says. Another revision, or another place in the address, moves the marker.
  show(data, send) {
    const before = this.data, isNew = before?.revision !== data.revision;
    Object.assign(this, { data, send });
    this.nearest.set(data);
    this.dots = data.dots && { ...data.dots, places: new Uint16Array(bytes_of(data.dots.places).buffer), levels: bytes_of(data.dots.levels) };
    const sheet = this.find(".sheet");
    sheet.hidden = !data.sheet;
    if (data.sheet && sheet.src !== data.sheet) sheet.src = data.sheet;
    this.find(".across").textContent = `${data.axisNames[0]} →`;
    this.find(".up").textContent = `${data.axisNames[1]} →`;
    this.draw_dots();
    const given = this.find(".given");
    given.hidden = !data.picture;
    if (data.picture) Object.assign(given.querySelector("img"), { src: data.picture }).style.setProperty("--aspect", data.aspect);
    given.querySelector("span").textContent = data.title;
    this.find(".back").textContent = data.picture ? "Back to the point" : "Back to the mean";
    if (isNew) {
      this.base = floats_of(data.base);
      this.vectors = floats_of(data.vectors);
      this.move(data.spot);
    } else if (JSON.stringify(before.axes) !== JSON.stringify(data.axes)) this.move(this.spot);
    this.put(this.find(".home"), data.home);
  }

  value(axis, share) {
    const known = this.data.axes[axis], at = clamp(share, 0, 1) * (known.length - 1), low = Math.min(Math.floor(at), known.length - 2);
    return known[low] + (at - low) * (known[low + 1] - known[low]);
  }

  share(axis, value) {
    const known = this.data.axes[axis], last = known.length - 1;
    if (value <= known[0]) return 0;
    if (value >= known[last]) return 1;
    let low = 0, high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (known[middle] <= value) low = middle;
      else high = middle;
    }
    return (low + (value - known[low]) / (known[high] - known[low])) / last;
  }

  put(element, spot) {
    const { clientWidth: width, clientHeight: height } = this.plane;
    element.style.transform = `translate(${this.share(0, spot[0]) * width}px, ${(1 - this.share(1, spot[1])) * height}px)`;
  }

  move(spot) {
    this.spot = [...spot];
    this.put(this.find(".marker"), spot);
    const words = `${this.data.axisNames[0]} ${spot[0].toFixed(2)}, ${this.data.axisNames[1]} ${spot[1].toFixed(2)}`;
    this.find(".place").textContent = spot.map((value) => value.toFixed(2)).join(" · ");
    this.plane.setAttribute("aria-label", `Plane through the codes; the marker is at ${words}. Arrow keys move it, with Shift further.`);
    this.decoder.ask(this.data.address, this.code());
  }

  code() {
    const { base, vectors, spot, data } = this, size = base.length, [right, up] = spot.map((value, axis) => value - data.origin[axis]);
    return base.map((value, k) => value + right * vectors[k] + up * vectors[size + k]);
  }

  keep() {
    this.send("kept", { revision: this.data.revision, spot: this.spot.map((value) => Number(value.toPrecision(4))) });
  }

  take(answer) {
    paint_answer(this.find(".made canvas"), answer);
    this.nearest.show(answer.nearest);
    tell_distance(this.find(".say"), answer);
    this.root.dataset.delay = this.decoder.delay;
  }

  complain() {
    this.find(".say").textContent = "The server does not answer. Reload the page to try again.";
    this.find(".say").classList.add("wrong");
  }

  draw_dots() {
    const canvas = this.find(".dots"), scale = Math.min(devicePixelRatio || 1, MOST_PIXELS), { clientWidth: width, clientHeight: height } = this.plane;
    if (!width || !this.data) return;
    Object.assign(canvas, { width: width * scale, height: height * scale });
    if (this.spot) this.put(this.find(".marker"), this.spot);
    this.put(this.find(".home"), this.data.home);
    if (!this.dots) return;
    const context = canvas.getContext("2d"), { places, levels, palette } = this.dots, count = levels.length, isOver = Boolean(this.data.sheet);
    const radius = scale * clamp(width / (8 * Math.sqrt(count)), 0.55, 4), order = [...palette.keys(), 255];
    context.globalAlpha = isOver ? 0.65 : count > 3000 ? 0.55 : 0.75;
    for (const level of order) {
      context.fillStyle = palette[level] ?? "#8a8f98";
      context.beginPath();
      for (let i = 0; i < count; i += 1) {
        if (levels[i] !== level) continue;
        const x = (places[2 * i] / 65535) * canvas.width, y = (1 - places[2 * i + 1] / 65535) * canvas.height;
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 7);
      }
      context.fill();
    }
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".pad");
  root.codePad ??= new CodePad(root);
  root.codePad.show(data, setStateValue);
}
