// How numbers are written and read, and how the steps of training speak of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { synapse_look } from "../../ui/components/shared/network_drawing.js";
import { column, row } from "../../ui/components/shared/network_layout.js";
import { clamp, inside, read_number, write, write_fixed } from "../../ui/components/shared/numbers.js";
import { clean, exact } from "../../ui/components/training_steps/words.js";

test("numbers are written as people do", () => {
  const written = { 0: 0, "≈0": 0.001, "0.5": 0.5, "−2": -2, "3.14": Math.PI, "1·10⁶": 999_999, "−4.5·10⁵": -450_000, "1·10¹²": 1e12, 12345: 12345 };
  for (const [text, value] of Object.entries(written)) assert.equal(write(value), text);
  assert.equal(write(Number.NaN), "–");
  assert.equal(write(1 / 3, 4), "0.3333");
  assert.deepEqual([inside(-1), inside(2)], ["(−1)", "2"]);
});

test("numbers in a column to be compared have the same decimals", () => {
  assert.deepEqual([2.1, -2, 0, 0.001, -1.999].map((value) => write_fixed(value)), ["2.10", "−2.00", "0", "≈0", "−2.00"]);
  assert.deepEqual([write_fixed(2, 3), write_fixed(999_999), write_fixed(NaN)], ["2.000", "1·10⁶", "–"]);
});

test("what people type is read: commas, typographic signs, blanks", () => {
  assert.deepEqual(["0,5", "−2", "–2", " 3 ", "1e3"].map(read_number), [0.5, -2, -2, 3, 1000]);
  assert.ok(["", "  ", "abc", "1,2,3"].map(read_number).every(Number.isNaN));
});

test("very small numbers keep a digit in the formulas of training", () => {
  assert.deepEqual([exact(0.12345), exact(0), exact(-3.21e-7), exact(5e-5)], ["0.1235", "0", "−3.2·10⁻⁷", "0.0001"]);
  assert.equal(clean('<b title="x">&'), "&#60;b title=&#34;x&#34;&#62;&#38;");
});

test("a number is kept within its bounds", () => {
  assert.deepEqual([clamp(-1, 0, 1), clamp(0.3, 0, 1), clamp(2, 0, 1)], [0, 0.3, 1]);
});

test("layers are centred, evenly spaced, and not wider apart than asked for", () => {
  assert.deepEqual(column(3, 10, 0, 300), [{ x: 10, y: 50 }, { x: 10, y: 150 }, { x: 10, y: 250 }]);
  assert.deepEqual(column(2, 0, 0, 1000, 110).map(({ y }) => y), [445, 555]);
  assert.deepEqual(row(2, 7, 30, 100), [{ x: 35, y: 7 }, { x: 65, y: 7 }]);
});

test("sign is a kind, size is a width", () => {
  assert.deepEqual([1, -1, 0, 1e-12].map((weight) => synapse_look(weight).kind), ["plus", "minus", "zero", "zero"]);
  assert.ok(synapse_look(2).width > synapse_look(-0.5).width);
  assert.equal(synapse_look(1e9).width, synapse_look(-3).width, "a width has its end");
});
