// What a guess is made with: answers to choose from, a slider, a curve drawn with finger or mouse.

import { chart, dots, fitted, line } from "./guess_chart.js";
import { HandCurve, said, scale } from "./guesses.js";
import { made } from "./prose.js";
import { draw } from "./svg.js";

// The element for a form, and what is in it now. start: an earlier guess or null. changed(guess): it is something else now;
// null while it is nothing whole.
export function guess_input(form, start, changed) {
  return { choice: choices, number, curve }[form.kind](form, start, changed);
}

function choices({ answers }, start, changed) {
  const rows = answers.map((text, at) => {
    const button = made("button", { type: "button", className: "choice", textContent: text, onclick: () => choose(at) });
    button.dataset.id = `answer-${at}`;
    return button;
  });
  const choose = (chosen, isTold = true) => {
    for (const [at, button] of rows.entries()) button.setAttribute("aria-pressed", at === chosen);
    if (isTold) changed(chosen);
  };
  choose(start, false);
  return made("div", { className: "answers", role: "group" }, ...rows);
}

function number(form, start, changed) {
  const { low, high, step, unit } = form;
  const slider = made("input", { type: "range", min: low, max: high, step, value: start ?? (low + high) / 2 });
  const output = made("output", { className: "chosen" });
  slider.setAttribute("aria-label", unit ? `Your guess in ${unit}` : "Your guess");
  const show = (isTouched) => {
    output.textContent = isTouched ? said(slider.valueAsNumber, form) : "Move the slider";
    slider.classList.toggle("untouched", !isTouched);
    slider.setAttribute("aria-valuetext", output.textContent);
  };
  const touch = () => { show(true); changed(slider.valueAsNumber); };
  slider.oninput = touch;
  slider.onclick = touch; // who means the middle presses there
  show(start !== null);
  return made("div", { className: "number" }, output, made("div", { className: "line-of" }, made("span", { textContent: said(low, form) }), slider, made("span", { textContent: said(high, form) })));
}

function curve(form, start, changed) {
  const hand = new HandCurve(form, start), { x, low, high } = form;
  const paper = made("div", { className: "chart drawn" }), tip = made("p", { className: "tip" });
  let there = null, pen = null, at = 0;
  const tell = () => {
    tip.textContent = hand.isWhole ? "Draw over it to change it." : hand.isBegun ? "Go on to both ends." : "Draw with finger or mouse, from left to right. By keyboard: arrow keys.";
    changed(hand.isWhole ? hand.filled() : null);
  };
  const { again } = fitted(paper, (width, rem) => {
    there = chart(form, width, rem);
    there.svg.append(line(there, x, hand.values, "own"), ...dots(there, x, hand.values, "own-dot"));
    there.svg.append(draw("line", { class: "place", x1: there.across(x[at]), x2: there.across(x[at]), y1: there.box.top, y2: there.box.bottom }));
    return [there.svg];
  });
  const point = (event) => {
    const box = paper.firstChild.getBoundingClientRect();
    return [scale(there.box.left, there.box.right, x[0], x.at(-1))(event.clientX - box.left), scale(there.box.bottom, there.box.top, low, high)(event.clientY - box.top)];
  };
  const move = (event) => {
    for (const each of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event]) {
      const next = point(each);
      hand.stroke(pen, next);
      pen = next;
    }
    again();
  };
  paper.onpointerdown = (event) => {
    if (event.button || !there) return;
    paper.setPointerCapture(event.pointerId);
    pen = point(event);
    hand.stroke(pen, pen);
    paper.onpointermove = move;
    paper.onpointerup = paper.onpointercancel = () => { paper.onpointermove = paper.onpointerup = paper.onpointercancel = null; tell(); };
    again();
  };
  paper.onkeydown = (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key], to = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by && !to) return;
    event.preventDefault();
    event.stopPropagation();
    if (to) {
      const from = hand.values[at];
      at = Math.min(x.length - 1, Math.max(0, at + to));
      if (hand.values[at] === null && from !== null) hand.set(at, from);
    } else hand.nudge(at, (by * (high - low)) / 20);
    again();
    tell();
  };
  paper.tabIndex = 0;
  paper.setAttribute("role", "application");
  paper.setAttribute("aria-label", `${form.yLabel} over ${form.xLabel}: draw a curve. Left and right choose a place, up and down move it.`);
  tell();
  return made("div", { className: "curve" }, paper, tip);
}

