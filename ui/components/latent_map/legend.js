// Beneath the map: what the colours mean. Classes are hidden and shown by a click, shown alone by a double click.

import { NEUTRAL } from "./drawing.js";

const TWICE = 350; // milliseconds between the clicks of a double click

export class MapLegend {
  // changed(): after `hidden`, a set of levels, has become another
  constructor(box, changed) {
    Object.assign(this, { box, changed, hidden: new Set() });
  }

  show({ legend, palette }, counts) {
    const key = JSON.stringify([legend, palette, counts]);
    if (this.key === key) return;
    this.key = key;
    this.box.hidden = legend.kind === "none";
    this.box.replaceChildren();
    if (legend.title) this.add(this.box, "span", "title", legend.title);
    if (legend.kind === "classes") legend.labels.forEach((label, level) => { this.chip(label, palette[level], level, counts[level]); });
    if (legend.kind === "classes" && counts[NEUTRAL]) this.chip(`no ${(legend.title || "group").toLowerCase()}`, "", NEUTRAL, counts[NEUTRAL]);
    if (legend.kind === "scale") this.scale(legend, palette);
    this.mark();
  }

  add(parent, tag, className, text = "") {
    const element = Object.assign(document.createElement(tag), { className, textContent: text });
    parent.append(element);
    return element;
  }

  chip(label, colour, level, count) {
    const chip = this.add(this.box, "button", "group");
    chip.type = "button";
    chip.dataset.level = level;
    chip.title = "Click: hide or show. Double click: show it alone.";
    this.add(chip, "i", "dot").style.setProperty("--dot", colour || "var(--grey)");
    this.add(chip, "span", "name", label);
    this.add(chip, "span", "count", count.toLocaleString("en"));
    chip.onclick = () => this.click(level);
    chip.onkeydown = (event) => {
      if (event.key !== "Enter" || !event.shiftKey) return;
      event.preventDefault();
      this.alone(level);
    };
  }

  scale(legend, palette) {
    const bar = this.add(this.box, "span", "scale");
    this.add(bar, "span", "end", legend.low);
    this.add(bar, "span", "bar").style.background = `linear-gradient(90deg, ${palette.join(", ")})`;
    this.add(bar, "span", "end", legend.high);
  }

  click(level) {
    const now = performance.now(), isDouble = this.last?.level === level && now - this.last.time < TWICE;
    this.last = isDouble ? null : { level, time: now };
    if (isDouble) return this.alone(level);
    if (!this.hidden.delete(level)) this.hidden.add(level);
    this.mark();
    this.changed();
  }

  // A second time shows all again.
  alone(level) {
    const levels = [...this.box.querySelectorAll("button")].map((chip) => Number(chip.dataset.level)), others = levels.filter((each) => each !== level);
    const isAlone = others.length > 0 && others.every((each) => this.hidden.has(each));
    this.hidden = new Set(isAlone ? [] : others);
    this.mark();
    this.changed();
  }

  start_over() {
    this.hidden = new Set();
    this.mark();
  }

  mark() {
    for (const chip of this.box.querySelectorAll("button")) chip.setAttribute("aria-pressed", !this.hidden.has(Number(chip.dataset.level)));
  }
}
