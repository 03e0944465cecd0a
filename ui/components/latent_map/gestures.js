// Mouse, finger, pen and keyboard on the map: pan, turn, zoom, pick, box and lasso.

import { clamp } from "../shared/numbers.js";
import { box_line } from "./index.js";
import { ZOOM } from "./view.js";

const CLICK = 6, REACH = 12, FINGER = 24; // CSS pixels: a still pointer, how near to a point counts as on it
const STEP = 60, KEYS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Gestures {
  // map: has view, tool, line, and nearest, hover, pick, select, clear, leave, inside, redraw
  constructor(canvas, map) {
    Object.assign(this, { canvas, map, downs: new Map(), isArmed: false });
    const disarm = () => { this.isArmed = false; };
    const listen = (name, what) => canvas.addEventListener(name, what, { passive: false });
    listen("pointerdown", (event) => this.down(event));
    listen("pointermove", (event) => this.move(event));
    listen("pointerup", (event) => this.up(event));
    listen("pointercancel", (event) => this.cancel(event));
    listen("click", () => this.click());
    listen("pointerenter", () => window.addEventListener("scroll", disarm, { capture: true, passive: true }));
    listen("pointerleave", (event) => {
      window.removeEventListener("scroll", disarm, { capture: true });
      disarm();
      if (!this.downs.size && event.pointerType !== "touch") map.leave();
    });
    listen("wheel", (event) => this.wheel(event));
    listen("keydown", (event) => this.key(event));
    listen("contextmenu", (event) => map.view.dims === 3 && event.preventDefault());
    listen("blur", () => { canvas.classList.remove("by-hand"); map.leave(); });
  }

  spot(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  down(event) {
    if (event.button === 1) event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.classList.add("by-hand");
    this.canvas.focus({ preventScroll: true });
    const at = this.spot(event);
    this.downs.set(event.pointerId, at);
    this.map.aimed(false);
    this.tapped = null;
    if (this.downs.size > 1) return this.drop(); // a second finger: pinch, no lasso and no click
    const plain = event.button === 0 ? this.map.tool : "pan";
    this.kind = event.button === 0 && event.shiftKey ? "lasso" : plain === "pan" && this.map.view.dims === 3 && event.button === 0 ? "turn" : plain;
    Object.assign(this, { from: at, isStill: true, isAdding: event.ctrlKey || event.metaKey || event.altKey, button: event.button });
  }

  drop() {
    this.isStill = false;
    this.kind = "pinch";
    this.map.line = [];
    this.map.redraw();
  }

  move(event) {
    this.isArmed ||= event.movementX !== 0 || event.movementY !== 0; // a scrolling page moves no mouse
    const at = this.spot(event), before = this.downs.get(event.pointerId);
    if (!before) return event.pointerType === "touch" || this.map.hover(at, REACH);
    if (this.kind === "pinch") this.pinch(event.pointerId, at);
    this.downs.set(event.pointerId, at);
    if (this.kind === "pinch") return;
    if (this.isStill && Math.hypot(at[0] - this.from[0], at[1] - this.from[1]) < CLICK) return;
    const [dx, dy] = this.isStill ? [at[0] - this.from[0], at[1] - this.from[1]] : [at[0] - before[0], at[1] - before[1]];
    if (this.isStill) this.begin();
    if (this.kind === "pan") this.map.view.pan(dx, dy);
    else if (this.kind === "turn") this.map.view.turn(dx, dy);
    else if (this.kind === "box") this.map.line = box_line(this.from, at);
    else this.map.line.push(at);
    this.map.redraw();
  }

  begin() {
    this.isStill = false;
    this.map.leave();
    this.canvas.classList.toggle("moving", this.kind === "pan" || this.kind === "turn");
    if (this.kind === "lasso") this.map.line = [this.from];
  }

  // Two fingers: their middle pans, their distance zooms.
  pinch(id, at) {
    const other = [...this.downs].find(([each]) => each !== id)?.[1], before = this.downs.get(id);
    if (!other) return;
    const span = ([x, y]) => Math.hypot(x - other[0], y - other[1]), { view } = this.map;
    view.pan((at[0] - before[0]) / 2, (at[1] - before[1]) / 2);
    view.zoom_at((at[0] + other[0]) / 2, (at[1] + other[1]) / 2, span(at) / Math.max(1, span(before)));
    this.map.redraw();
  }

  up(event) {
    if (!this.downs.delete(event.pointerId) || this.downs.size || this.kind === "pinch") return;
    this.canvas.classList.remove("moving");
    if (this.isStill) {
      if (this.button === 0) this.tapped = { at: this.spot(event), reach: event.pointerType === "touch" ? FINGER : REACH };
      return;
    }
    if (this.kind !== "box" && this.kind !== "lasso") return;
    const { line } = this.map;
    this.map.line = [];
    this.map.select(this.map.inside(line), this.isAdding);
  }

  // The click that belongs to a still pointer: what was tapped is picked.
  click() {
    if (!this.tapped) return;
    const { at, reach } = this.tapped, found = this.map.nearest(...at, reach);
    this.tapped = null;
    if (found >= 0) this.map.pick(found);
    this.map.hover(at, reach);
  }

  cancel(event) {
    this.downs.delete(event.pointerId);
    this.map.line = [];
    this.canvas.classList.remove("moving");
    this.map.redraw();
  }

  // The wheel zooms, but a page that scrolls by under the pointer goes on scrolling until the mouse has moved on the map.
  wheel(event) {
    const { view } = this.map, isOut = event.deltaY > 0;
    if (!event.ctrlKey && (!this.isArmed || (isOut && view.camera.zoom <= ZOOM[0] * 1.01))) return;
    event.preventDefault();
    const pixels = event.deltaY * [1, 20, 400][event.deltaMode] * (event.ctrlKey ? 5 : 1);
    view.zoom_at(...this.spot(event), Math.exp(-clamp(pixels, -240, 240) * 0.0022));
    this.map.redraw();
    this.map.hover(this.spot(event), REACH);
  }

  key(event) {
    const { map } = this, { view } = map, step = KEYS[event.key], middle = [view.width / 2, view.height / 2];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) {
      const far = event.shiftKey ? 3 * STEP : STEP;
      if (view.dims === 3) view.turn(-step[0] * 16, -step[1] * 16);
      else view.pan(step[0] * far, step[1] * far);
    } else if (event.key === "+" || event.key === "=") view.zoom_at(...middle, 1.4, 160);
    else if (event.key === "-" || event.key === "_") view.zoom_at(...middle, 1 / 1.4, 160);
    else if (event.key === "0" || event.key === "Home") view.fit();
    else if (event.key === "Escape") return map.clear();
    else if (event.key === "Enter" || event.key === " ") {
      const found = map.nearest(...middle, Infinity);
      if (found >= 0) map.pick(found);
    } else return;
    event.preventDefault();
    this.canvas.classList.remove("by-hand");
    map.aimed(true);
    map.redraw();
  }
}
