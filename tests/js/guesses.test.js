// Guesses: curves drawn by hand, bars of many numbers, round places on axes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HandCurve, histogram, nearest, said, scale, ticks } from "../../ui/components/shared/guesses.js";

const FORM = { x: [0, 10, 20, 30, 40], low: 0, high: 1 };

test("a stroke sets all places that it passes, in either direction, and stays within bounds", () => {
  const right = new HandCurve(FORM), left = new HandCurve(FORM);
  right.stroke([0, 1], [40, 0]);
  left.stroke([40, 0], [0, 1]);
  assert.deepEqual(right.values, [1, 0.75, 0.5, 0.25, 0]);
  assert.deepEqual(left.values, right.values);
  right.stroke([8, 5], [12, 5]);
  assert.equal(right.values[1], 1);
});

test("a quick pen that skips places leaves none out", () => {
  const hand = new HandCurve(FORM);
  hand.stroke([-3, 0.2], [17, 0.4]);
  hand.stroke([17, 0.4], [41, 0.6]);
  assert.ok(hand.isWhole);
  assert.ok(hand.values.every((value) => value !== null));
});

test("a curve is whole with both ends, and its gaps are straight", () => {
  const hand = new HandCurve(FORM);
  assert.ok(!hand.isBegun);
  hand.stroke([0, 0], [0, 0]);
  assert.ok(hand.isBegun && !hand.isWhole);
  hand.stroke([40, 1], [40, 1]);
  assert.deepEqual(hand.filled(), [0, 0.25, 0.5, 0.75, 1]);
});

test("a key moves one place from where it is, or from the middle", () => {
  const hand = new HandCurve(FORM);
  hand.nudge(2, 0.1);
  assert.equal(hand.values[2], 0.6);
  hand.nudge(2, 5);
  assert.equal(hand.values[2], 1);
});

test("an earlier guess is drawn again, and the array it came in stays as it is", () => {
  const earlier = [0, 0, 0, 0, 0], hand = new HandCurve(FORM, earlier);
  hand.stroke([0, 1], [0, 1]);
  assert.deepEqual([earlier[0], hand.values[0]], [0, 1]);
});

test("places on an axis are round, and lie within it", () => {
  assert.deepEqual(ticks(0, 1, 4), [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(ticks(0, 100, 4), [0, 25, 50, 75, 100]);
  assert.deepEqual(ticks(-3, 7, 5), [-2, 0, 2, 4, 6]);
});

test("a number is said with its unit, and with as many decimals as its step has", () => {
  assert.equal(said(21.44, { unit: "dB", step: 0.5 }), "21.4 dB");
  assert.equal(said(3, { unit: "", step: 1 }), "3");
  assert.equal(said(0.123, { unit: "stars", step: 0.05 }), "0.12 stars");
});

test("bars count every number once, also the lowest and the highest", () => {
  const bars = histogram([[0, 3], [6, 2], [5, 1]], { low: 0, high: 6, step: 1 });
  assert.deepEqual(bars.map(({ count }) => count), [3, 0, 0, 0, 0, 1, 2]);
  const many = histogram([[0, 1], [100, 1], [49.5, 4]], { low: 0, high: 100, step: 0.5 });
  assert.ok(many.length <= 20);
  assert.equal(many.reduce((sum, { count }) => sum + count, 0), 6);
});

test("a place is the nearest one", () => {
  assert.equal(nearest(FORM.x, 14), 1);
  assert.equal(nearest(FORM.x, 99), 4);
  assert.equal(scale(0, 10, 100, 0)(2.5), 75);
});
