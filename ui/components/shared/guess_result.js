// A guess beside the truth, and beside what others have guessed.

import { band, chart, dots, fitted, line } from "./guess_chart.js";
import { histogram, said, scale } from "./guesses.js";
import { made } from "./prose.js";
import { draw } from "./svg.js";

// The elements. own: one's guess or null; truth: its value or undefined while it is covered; crowd: what others have
// guessed, as the server sums it up, or null.
export function guess_result(form, { own = null, truth, crowd = null }) {
  return { choice: choices, number, curve }[form.kind](form, { own, truth, crowd });
}

function choices({ answers }, { own, truth, crowd }) {
  const votes = crowd?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
  const rows = answers.map((text, at) => {
    const row = made("li", { className: "choice" }, made("span", { textContent: text }));
    const marks = [own === at && "your guess", truth === at && "true"].filter(Boolean);
    if (truth !== undefined) row.classList.add(at === truth ? "right" : own === at ? "wrong" : "other");
    else if (own === at) row.classList.add("mine");
    if (marks.length) row.append(made("b", { className: "mark", textContent: marks.join(", ") }));
    if (votes) {
      const share = crowd.counts[at] / votes, fill = made("span", { className: "fill" });
      fill.style.width = `${100 * share}%`;
      row.append(fill, made("output", { textContent: `${crowd.counts[at]} · ${Math.round(100 * share)} %` }));
    }
    return row;
  });
  return [made("ul", { className: "answers" }, ...rows)];
}

const ROW = 24; // pixels at usual type

function number(form, { own, truth, crowd }) {
  const marks = [own !== null && ["own", "your guess", own], truth !== undefined && ["truth", "truth", truth]].filter(Boolean);
  const holder = made("div", { className: "chart" });
  fitted(holder, (width, rem) => {
    const unit = rem / 16, tall = crowd?.values.length ? 70 * unit : 0, height = tall + (marks.length * ROW + 34) * unit, base = tall + (marks.length * ROW + 8) * unit;
    const across = scale(form.low, form.high, 30 * unit, width - 30 * unit), svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" });
    const words = (text, attributes) => svg.append(draw("text", { "font-size": 14 * unit, ...attributes }, text));
    if (tall) {
      const bars = histogram(crowd.values, form), most = Math.max(...bars.map(({ count }) => count));
      for (const { from, to, count } of bars) {
        if (!count) continue;
        const high = (tall - 4 * unit) * (count / most), left = Math.max(2, across(from) + 1);
        svg.append(draw("rect", { class: "crowd", x: left, width: Math.max(2, Math.min(width - 2, across(to) - 1) - left), y: tall - high, height: high }, null));
      }
    }
    svg.append(draw("line", { class: "axis", x1: across(form.low), x2: across(form.high), y1: base, y2: base }));
    words(said(form.low, form), { x: across(form.low), y: base + 20 * unit, "text-anchor": "start" });
    words(said(form.high, form), { x: across(form.high), y: base + 20 * unit, "text-anchor": "end" });
    for (const [at, [name, label, value]] of marks.entries()) {
      const x = across(Math.min(form.high, Math.max(form.low, value))), y = tall + (at * ROW + 16) * unit, isRight = x > width / 2;
      svg.append(draw("line", { class: `mark-line ${name}`, x1: x, x2: x, y1: y - 11 * unit, y2: base }), draw("circle", { class: `${name}-dot`, cx: x, cy: base, r: 6 * unit }));
      words(`${label}: ${said(value, form)}`, { class: `${name}-words`, x: x + (isRight ? -7 : 7) * unit, y, "text-anchor": isRight ? "end" : "start" });
    }
    svg.setAttribute("aria-label", marks.map(([, label, value]) => `${label} ${said(value, form)}`).join(", "));
    return [svg];
  });
  return [holder];
}

function curve(form, { own, truth, crowd }) {
  const holder = made("div", { className: "chart" }), { x, low, high } = form;
  fitted(holder, (width, rem) => {
    const there = chart(form, width, rem);
    if (crowd?.middle) there.svg.append(band(there, x, crowd.low, crowd.high), line(there, x, crowd.middle, "crowd"));
    for (const each of crowd?.lines ?? []) there.svg.append(line(there, x, each, "crowd"));
    if (own) there.svg.append(line(there, x, own, "own"), ...dots(there, x, own, "own-dot"));
    if (truth !== undefined) there.svg.append(line(there, x, truth, "truth", low, high));
    there.svg.setAttribute("role", "img");
    there.svg.setAttribute("aria-label", `${form.yLabel} over ${form.xLabel}${truth === undefined ? "" : `; truth: ${truth.map((value) => said(value)).join(", ")}`}${own ? `; your guess: ${own.map((value) => said(value)).join(", ")}` : ""}`);
    return [there.svg];
  });
  const names = [own && ["own", "your guess"], truth !== undefined && ["truth", "truth"], crowd && ["crowd", crowd.middle ? "the room: its middle, and where eight of ten are" : "the room"]].filter(Boolean);
  return [holder, made("p", { className: "names" }, ...names.map(([name, text]) => made("span", {}, made("i", { className: name }), text)))];
}
