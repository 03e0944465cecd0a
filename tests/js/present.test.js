// What keys mean while a page is presented, the timer, and the larger type of charts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { grown, thinned } from "../../ui/components/chart/grown.js";
import { meaning } from "../../ui/components/present/keys.js";
import { Timer } from "../../ui/components/present/timer.js";

const PAGE = { tag: "body" };
const FIELD = { tag: "input", type: "text" };
const means = (key, target = PAGE, more = {}, isPresented = true) => meaning({ key, ...more }, target, isPresented);

test("arrows and a clicker's keys step, and every other key has one meaning", () => {
  const keys = ["ArrowRight", "PageDown", "ArrowLeft", "PageUp", " ", "r", "l", "f", "t", "Escape", "p", "P", "x", "Enter"];
  assert.deepEqual(keys.map((key) => means(key)), ["next", "next", "back", "back", "play", "reveal", "point", "form", "timer", "leave", "turn", "turn", null, null]);
});

test("before a page is presented only p means something", () => {
  assert.equal(means("p", PAGE, {}, false), "turn");
  for (const key of ["PageDown", " ", "r", "f", "t", "Escape"]) assert.equal(means(key, PAGE, {}, false), null, key);
});

test("no key acts while somebody types", () => {
  const fields = [FIELD, { tag: "input" }, { tag: "input", type: "number" }, { tag: "textarea" }, { tag: "select" }, { tag: "div", isEditable: true }];
  for (const target of fields) for (const key of ["p", "f", " ", "ArrowRight", "PageDown", "Escape"]) assert.equal(means(key, target), null, `${target.tag} ${key}`);
});

test("no key acts with Ctrl, Alt or Meta, nor where a component has acted on it", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey", "defaultPrevented"]) assert.equal(means("PageDown", PAGE, { [held]: true }), null, held);
});

test("arrows stay with a slider that has the focus, a clicker's keys do not", () => {
  for (const target of [{ tag: "input", type: "range" }, { tag: "div", role: "slider" }]) {
    assert.equal(means("ArrowRight", target), null);
    assert.equal(means("PageDown", target), "next");
  }
});

test("space presses the button that has the focus, and no second one", () => {
  assert.equal(means(" ", { tag: "button" }), null);
  assert.equal(means(" ", { tag: "input", type: "checkbox" }), null);
  assert.equal(means("ArrowRight", { tag: "button" }), "next");
});

test("the timer counts while it runs, and goes on where it was paused", () => {
  const timer = new Timer();
  timer.turn(1000);
  assert.equal(timer.words(63_500), "01:02");
  timer.turn(63_500);
  assert.equal(timer.words(999_999), "01:02");
  timer.turn(1_000_000);
  assert.equal(timer.words(1_000_000 + 60 * 60_000), "61:02");
  timer.reset();
  assert.equal(timer.words(9_999_999), "00:00");
  assert.equal(timer.runs, false);
});

test("a timer that is stored and read again goes on", () => {
  const timer = new Timer();
  timer.turn(5000);
  const { kept, since } = JSON.parse(JSON.stringify(timer));
  assert.equal(new Timer({ kept, since }).words(15_000), "00:10");
});

test("a chart's fonts and margins grow, and nothing else does", () => {
  const letters = { size: 10, color: "red" };
  const figure = { data: [{ x: [1, 2], marker: { size: 6 }, textfont: letters }], layout: { margin: { l: 8, t: 30, pad: 6 }, annotations: [{ text: "a", font: letters }], xaxis: { tickfont: letters } } };
  const { data, layout } = grown(figure, 1.5);
  assert.equal(data[0].textfont.size, 15);
  assert.deepEqual([layout.annotations[0].font.size, layout.xaxis.tickfont.size], [15, 15], "also where two share one object");
  assert.deepEqual(layout.margin, { l: 12, t: 45, pad: 6 });
  assert.deepEqual([data[0].marker.size, data[0].x], [6, [1, 2]]);
  assert.equal(letters.size, 10, "the figure itself stays");
  assert.equal(grown(figure, 1), figure);
});

test("every second tick goes where type is larger and the height has no room for all", () => {
  const layout = { yaxis: { tickvals: [1, 2, 3, 4, 5], ticktext: ["a", "b", "c", "d", "e"] }, xaxis: { tickvals: [1, 2, 3, 4, 5] } };
  assert.deepEqual(thinned(layout, 180, 1.4).yaxis, { tickvals: [1, 3, 5], ticktext: ["a", "c", "e"] });
  assert.deepEqual(thinned(layout, 180, 1.4).xaxis.tickvals.length, 5);
  assert.deepEqual(thinned(layout, 600, 1.4).yaxis.tickvals.length, 5);
  assert.deepEqual(thinned(layout, 180, 1).yaxis.tickvals.length, 5);
});
