// The decoder that runs on the home page, against sums written out by hand, and the numbers that come from Python.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, read } from "../../ui/components/hourglass/forward.js";
import { bytes_of, floats_of, halves_of, text_of } from "../../ui/components/shared/bytes.js";

const near = (found, expected, within = 1e-6) => {
  assert.equal(found.length, expected.length);
  expected.forEach((value, i) => { assert.ok(Math.abs(found[i] - value) <= within, `${found[i]} is not ${value}`); });
};

test("each layer multiplies, adds its bias and bends", () => {
  const linear = { w: Float32Array.of(1, 2, 3, 4, 5, 6), b: Float32Array.of(0.5, -1), activation: "linear" };
  near(decode([linear], Float32Array.of(1, 0, -1)), [1 - 3 + 0.5, 4 - 6 - 1]);
  const two = [{ ...linear, activation: "relu" }, { w: Float32Array.of(2, -1), b: Float32Array.of(0.25), activation: "sigmoid" }];
  near(decode(two, Float32Array.of(1, 0, 1)), [1 / (1 + Math.exp(-(2 * 4.5 - 9 + 0.25)))]);
  near(decode([{ ...linear, activation: "tanh" }], Float32Array.of(0, 0, 0)), [Math.tanh(0.5), Math.tanh(-1)]);
  near(decode([{ ...linear, activation: "relu" }], Float32Array.of(-1, -1, -1)), [0, 0]);
});

test("half precision is read with its signs, its smallest numbers and powers of two", () => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x7bff, 0x3555);
  near(halves_of(text_of(halves)), [1, -2, 0, -0, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, 0.333251953125], 1e-12);
});

test("numbers survive the way there and back as text, also more than a message's worth of arguments", () => {
  const many = Float32Array.from({ length: 50_000 }, (_, i) => Math.sin(i));
  assert.deepEqual(floats_of(text_of(many)), many);
  assert.deepEqual(bytes_of(text_of(Uint8Array.of(0, 127, 255))), Uint8Array.of(0, 127, 255));
  assert.deepEqual(floats_of(text_of(many.subarray(3, 5))), many.slice(3, 5), "a part of an array is that part only");
});

test("a model is read as Python packs it", () => {
  const model = read({
    id: "tiny", shape: [1, 2, 2], pictures: text_of(Uint8Array.of(0, 51, 102, 255, 255, 0, 0, 0)), codes: text_of(Float32Array.of(0.5, -1)),
    low: text_of(Float32Array.of(-1)), high: text_of(Float32Array.of(1)),
    layers: [{ w: text_of(Uint16Array.of(0x3c00, 0x4000, 0xbc00, 0x0000)), b: text_of(Float32Array.of(0, 0, 0, 1)), activation: "linear" }],
  });
  assert.deepEqual([model.count, model.inputs], [2, 4]);
  near(model.picture(0), [0, 0.2, 0.4, 1]);
  near(decode(model.layers, model.codes.slice(0, 1)), [0.5, 1, -0.5, 1]);
});
