// How the points of a map are seen: their places brought into the cube from -1 to 1, glides between places, the camera.

import { is_calm } from "../shared/calm.js";
import { clamp } from "../shared/numbers.js";

export const ZOOM = [0.6, 500], GLIDE = 420; // lowest and highest; milliseconds
const PAD = 30, FAR = 3.4; // CSS pixels; distance of the eye, in half edges of the cube
const soft = (share) => share * share * (3 - 2 * share);

export class MapView {
  constructor() {
    this.dims = 2;
    this.count = 0; // points; the marks come after them in every array
    [this.width, this.height] = [1, 1];
    this.home();
    this.make(0, 0);
  }

  home() {
    this.camera = { x: 0, y: 0, zoom: 1, yaw: 0.6, pitch: 0.35 };
    this.flight = null;
  }

  make(count, marks) {
    const total = count + marks;
    Object.assign(this, {
      count, total, now: new Float32Array(3 * total).fill(NaN), goal: new Float32Array(3 * total), start: new Float32Array(3 * total),
      sx: new Float32Array(total), sy: new Float32Array(total), depth: new Float32Array(total), glide: null, half: [1, 1],
    });
  }

  get has_places() {
    return this.raw !== undefined && this.total > 0;
  }

  // raw: (count, dims) as fetched; marks: their positions, in the same units. Points glide to where they go.
  place(raw, dims, marks, ms = GLIDE) {
    const count = raw.length / dims, before = this.now, had = Math.min(this.count, count), isSame = this.count === count && this.has_places;
    if (!isSame || this.total !== count + marks.length) {
      this.make(count, marks.length);
      if (isSame) this.now.set(before.subarray(0, 3 * had));
    }
    Object.assign(this, { raw, dims });
    const { middle, scale, half } = spread([...raw, ...marks.flat()], dims);
    Object.assign(this, { middle, scale, half });
    for (let i = 0; i < count; i += 1) this.aim(i, raw, dims * i);
    marks.forEach((mark, k) => { this.aim(count + k, mark, 0); });
    this.start.set(this.now);
    for (let k = 0; k < this.goal.length; k += 1) if (!(Number.isFinite(this.start[k]))) this.start[k] = this.goal[k];
    this.glide = { begin: performance.now(), ms: isSame && !is_calm() ? ms : 0 };
  }

  aim(i, values, at) {
    for (let d = 0; d < 3; d += 1) this.goal[3 * i + d] = d < this.dims ? (values[at + d] - this.middle[d]) / this.scale : 0;
  }

  // Moves points and camera to where they are at this moment; true while they are on their way.
  step(time) {
    let isMoving = false;
    if (this.glide) {
      const share = this.glide.ms ? clamp((time - this.glide.begin) / this.glide.ms, 0, 1) : 1, ease = soft(share);
      const { start, goal, now } = this;
      for (let k = 0; k < now.length; k += 1) now[k] = start[k] + ease * (goal[k] - start[k]);
      if (share >= 1) this.glide = null;
      isMoving = share < 1;
    }
    if (this.flight) {
      const { from, to, begin, ms } = this.flight, share = ms ? clamp((time - begin) / ms, 0, 1) : 1, ease = soft(share);
      for (const name of Object.keys(to))
        this.camera[name] = name === "zoom" ? from.zoom * (to.zoom / from.zoom) ** ease : from[name] + ease * (to[name] - from[name]);
      if (share >= 1) this.flight = null;
      isMoving ||= share < 1;
    }
    return isMoving;
  }

  fly(to, ms = 260) {
    const goal = { ...this.camera, ...(this.flight?.to ?? {}), ...to };
    goal.zoom = clamp(goal.zoom, ...ZOOM);
    this.flight = { from: { ...this.camera }, to: goal, begin: performance.now(), ms: is_calm() ? 0 : ms };
  }

  fit() {
    this.fly({ x: 0, y: 0, zoom: 1 });
  }

  get is_home() {
    const { x, y, zoom } = this.flight?.to ?? this.camera;
    return Math.abs(x) < 1e-3 && Math.abs(y) < 1e-3 && Math.abs(zoom - 1) < 1e-3;
  }

  // CSS pixels of one unit of the cube, when everything is in view.
  get unit() {
    const [across, up] = this.dims === 3 ? [1.14, 1.14] : this.half;
    return Math.max(10, Math.min((this.width - 2 * PAD) / (2 * across), (this.height - 2 * PAD) / (2 * up)));
  }

  project() {
    const { now, sx, sy, depth, total, camera } = this, size = this.unit * camera.zoom;
    const [left, top] = [this.width / 2 - camera.x * size, this.height / 2 + camera.y * size];
    if (this.dims < 3) {
      for (let i = 0; i < total; i += 1) {
        sx[i] = left + now[3 * i] * size;
        sy[i] = top - now[3 * i + 1] * size;
      }
      return;
    }
    const [cy, sn, cp, sp] = [Math.cos(camera.yaw), Math.sin(camera.yaw), Math.cos(camera.pitch), Math.sin(camera.pitch)];
    for (let i = 0; i < total; i += 1) {
      const x = now[3 * i], y = now[3 * i + 1], z = now[3 * i + 2];
      const across = cy * x + sn * z, toward = cy * z - sn * x;
      const up = cp * y - sp * toward, near = sp * y + cp * toward, scale = FAR / (FAR - near);
      sx[i] = left + across * scale * size;
      sy[i] = top - up * scale * size;
      depth[i] = near;
    }
  }

  pan(dx, dy) {
    this.flight = null;
    const size = this.unit * this.camera.zoom;
    this.camera.x = clamp(this.camera.x - dx / size, -1.6, 1.6);
    this.camera.y = clamp(this.camera.y + dy / size, -1.6, 1.6);
  }

  turn(dx, dy) {
    this.flight = null;
    this.camera.yaw += dx * 0.008;
    this.camera.pitch = clamp(this.camera.pitch + dy * 0.008, -1.55, 1.55);
  }

  // What lies under (x, y) on screen stays there.
  zoom_at(x, y, factor, ms = 0) {
    const camera = ms ? { ...this.camera, ...(this.flight?.to ?? {}) } : this.camera, zoom = clamp(camera.zoom * factor, ...ZOOM);
    const before = this.unit * camera.zoom, after = this.unit * zoom, ax = x - this.width / 2, ay = this.height / 2 - y;
    const goal = { x: clamp(camera.x + ax / before - ax / after, -1.6, 1.6), y: clamp(camera.y + ay / before - ay / after, -1.6, 1.6), zoom };
    if (ms) this.fly(goal, ms);
    else {
      this.flight = null;
      Object.assign(this.camera, goal);
    }
  }

  // Flies so that point i, once it has arrived, stands inside the frame; stays where it is if it does already.
  bring(i, edge = 70) {
    const { now } = this;
    this.now = this.goal;
    this.project();
    this.now = now;
    const { width, height } = this, x = this.sx[i], y = this.sy[i];
    if (!Number.isFinite(x) || (x > edge && y > edge && x < width - edge && y < height - edge)) return;
    const size = this.unit * this.camera.zoom;
    this.fly({ x: this.camera.x + (x - width / 2) / size, y: this.camera.y - (y - height / 2) / size }, 420);
  }
}

// Middle of the bounds, half of the longest edge, and the half edges as shares of it; NaN and infinity are passed over.
function spread(raw, dims) {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  for (let k = 0; k < raw.length; k += 1) {
    const value = raw[k], d = k % dims;
    if (!Number.isFinite(value)) continue;
    if (value < low[d]) low[d] = value;
    if (value > high[d]) high[d] = value;
  }
  const middle = low.map((value, d) => (value <= high[d] ? (value + high[d]) / 2 : 0));
  const halves = low.map((value, d) => (value <= high[d] ? (high[d] - value) / 2 : 0)), scale = Math.max(...halves) || 1;
  return { middle, scale, half: [Math.max(halves[0] / scale, 0.05), Math.max(halves[1] / scale, 0.05)] };
}
