// Guesses as numbers: a curve drawn by hand, places on axes, how a guess is said. No DOM.

import { clamp, write } from "./numbers.js";

// A curve over fixed places that is drawn by hand. low, high: the lowest and the highest value.
export class HandCurve {
  constructor({ x, low, high }, values = null) {
    Object.assign(this, { x, low, high });
    this.values = values ? [...values] : x.map(() => null);
  }

  // The pen goes from one point to another; both are [place, value]. A single point is a stroke to itself.
  stroke([x0, y0], [x1, y1]) {
    const [left, right] = x0 <= x1 ? [x0, x1] : [x1, x0];
    for (const [at, place] of this.x.entries()) {
      if (place < left || place > right) continue;
      const part = x1 === x0 ? 1 : (place - x0) / (x1 - x0);
      this.set(at, y0 + part * (y1 - y0));
    }
    const near = nearest(this.x, x1);
    if (this.values[near] === null || x0 === x1) this.set(near, y1);
  }

  set(at, value) {
    this.values[at] = clamp(value, this.low, this.high);
  }

  // One step by keyboard from where the curve is, or from the middle.
  nudge(at, by) {
    this.set(at, (this.values[at] ?? (this.low + this.high) / 2) + by);
  }

  get isBegun() {
    return this.values.some((value) => value !== null);
  }

  // Whether it reaches from the first place to the last; what lies between is filled in.
  get isWhole() {
    return this.values[0] !== null && this.values.at(-1) !== null;
  }

  // All values, gaps filled by straight lines.
  filled() {
    const known = this.values.map((value, at) => [this.x[at], value]).filter(([, value]) => value !== null);
    return this.x.map((place) => between(known, place));
  }
}

// The value at a place on straight lines between known points; beyond them the nearest one's.
function between(known, place) {
  const after = known.findIndex(([x]) => x >= place);
  if (after < 0) return known.at(-1)[1];
  if (after === 0 || known[after][0] === place) return known[after][1];
  const [[x0, y0], [x1, y1]] = [known[after - 1], known[after]];
  return y0 + ((place - x0) / (x1 - x0)) * (y1 - y0);
}

export const nearest = (places, x) => places.reduce((best, place, at) => (Math.abs(place - x) < Math.abs(places[best] - x) ? at : best), 0);

// From one interval to another, linearly.
export const scale = (low, high, start, end) => (value) => start + ((value - low) / (high - low)) * (end - start);

// About `count` round numbers from low to high.
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough * 0.999);
  const made = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) made.push(Number((at * step).toPrecision(12)));
  return made;
}

// A number with its unit: "21.4 dB", "30 %".
export const said = (value, { unit = "", step = 0.01 } = {}) => {
  const places = Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)));
  return `${write(value, Number.isInteger(value) ? 0 : Math.max(1, places))}${unit && ` ${unit}`}`;
};

// The bars of many numbers: [{from, to, count}] over the range, at most `most` of them, each a whole number of steps wide.
export function histogram(values, { low, high, step }, most = 20) {
  const steps = Math.round((high - low) / step) + 1, wide = Math.max(1, Math.ceil(steps / most));
  const bars = Array.from({ length: Math.ceil(steps / wide) }, (_, at) => ({ from: low + (at * wide - 0.5) * step, to: low + ((at + 1) * wide - 0.5) * step, count: 0 }));
  for (const [value, count] of values) bars[clamp(Math.floor((value - low) / step / wide + 0.5 / wide), 0, bars.length - 1)].count += count;
  return bars;
}
