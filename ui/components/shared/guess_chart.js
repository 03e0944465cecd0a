// The chart of a curve: axes, and lines on them. It is drawn for the width that it has, so that type keeps its size.

import { scale, ticks } from "./guesses.js";
import { write } from "./numbers.js";
import { draw } from "./svg.js";

const HEIGHT = 210; // pixels at usual type

// The plain chart of a form {x, xLabel, low, high, yLabel}. width: pixels; rem: pixels of the page's type.
export function chart({ x, xLabel, low, high, yLabel }, width, rem) {
  const unit = rem / 16, height = HEIGHT * unit;
  const box = { left: 46 * unit, right: width - 12 * unit, top: 24 * unit, bottom: height - 38 * unit };
  const across = scale(x[0], x.at(-1), box.left, box.right), up = scale(low, high, box.bottom, box.top);
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  const text = (content, attributes) => svg.append(draw("text", { "font-size": 14 * unit, ...attributes }, content));
  for (const value of ticks(low, high, 4)) {
    svg.append(draw("line", { class: "grid", x1: box.left, x2: box.right, y1: up(value), y2: up(value) }));
    text(write(value, 4), { x: box.left - 6 * unit, y: up(value) + 5 * unit, "text-anchor": "end" });
  }
  let last = -Infinity;
  for (const place of x) {
    if (across(place) - last < 34 * unit) continue;
    last = across(place);
    text(write(place, 3), { x: last, y: box.bottom + 17 * unit, "text-anchor": "middle" });
  }
  text(xLabel, { x: (box.left + box.right) / 2, y: height - 5 * unit, "text-anchor": "middle" });
  text(yLabel, { x: 4 * unit, y: 14 * unit });
  return { svg, across, up, box, unit };
}

// A line through values at the chart's places; null values are left out.
export function line({ across, up }, x, values, name, low = -Infinity, high = Infinity) {
  const points = values.map((value, at) => (value === null ? null : `${across(x[at])},${up(Math.min(high, Math.max(low, value)))}`)).filter(Boolean);
  return draw("polyline", { class: `line ${name}`, points: points.join(" "), fill: "none" });
}

// The area between two lines.
export function band({ across, up }, x, low, high) {
  const there = x.map((place, at) => `${across(place)},${up(low[at])}`), back = x.map((place, at) => `${across(place)},${up(high[at])}`).reverse();
  return draw("polygon", { class: "band", points: [...there, ...back].join(" ") });
}

export const dots = ({ across, up, unit }, x, values, name) => values.flatMap((value, at) => (value === null ? [] : [draw("circle", { class: name, cx: across(x[at]), cy: up(value), r: 4 * unit })]));

// Draws anew whenever the element's width, or the page's type, changes. paint(width, rem): returns the content.
export function fitted(element, paint) {
  let drawn = "";
  const look = () => {
    const width = Math.round(element.clientWidth), rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    if (!width || drawn === `${width} ${rem}`) return;
    drawn = `${width} ${rem}`;
    element.replaceChildren(...paint(width, rem));
  };
  new ResizeObserver(look).observe(element);
  return { again: () => { drawn = ""; look(); } };
}
