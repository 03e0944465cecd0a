// The map's index of points on screen, and how points are seen: against looking at every one of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { box_line, inside_line, ScreenIndex } from "../../ui/components/latent_map/index.js";
import { MapView } from "../../ui/components/latent_map/view.js";

globalThis.matchMedia = () => ({ matches: true }); // less motion: flights and glides arrive at once
const near = (a, b, within = 1e-4) => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

// Numbers that look random and are the same in every run (mulberry32).
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function scattered(count, width, height) {
  const next = numbers(7), sx = Float32Array.from({ length: count }, () => (next() * 1.2 - 0.1) * width), sy = Float32Array.from({ length: count }, () => (next() * 1.2 - 0.1) * height);
  return { sx, sy, order: Uint32Array.from({ length: count }, (_, i) => i).filter((i) => i % 7 !== 0) };
}

test("the nearest point is the one that looking at all of them finds, within reach and in the frame", () => {
  const [width, height] = [403, 297], { sx, sy, order } = scattered(900, width, height), index = new ScreenIndex(), next = numbers(3);
  index.build(order, sx, sy, width, height);
  const shown = [...order].filter((i) => sx[i] >= 0 && sy[i] >= 0 && sx[i] < width && sy[i] < height);
  assert.equal(index.inside, shown.length);
  for (let turn = 0; turn < 400; turn += 1) {
    const x = next() * width, y = next() * height, reach = 1 + next() * 30, distance = (i) => Math.hypot(sx[i] - x, sy[i] - y);
    const best = shown.reduce((a, b) => (a < 0 || distance(b) < distance(a) ? b : a), -1), expected = distance(best) <= reach ? best : -1;
    const found = index.nearest(x, y, reach);
    assert.ok(found === expected || (found >= 0 && Math.abs(distance(found) - distance(expected)) < 1e-4), `${found} instead of ${expected}`);
  }
  assert.ok(index.nearest(width / 2, height / 2, Infinity) >= 0);
});

test("no point is found where there is none", () => {
  const index = new ScreenIndex();
  index.build(new Uint32Array(0), new Float32Array(0), new Float32Array(0), 100, 100);
  assert.equal(index.nearest(50, 50, 1000), -1);
});

test("a box holds what lies between its corners, a lasso what lies within, also where it is dented", () => {
  const { sx, sy, order } = scattered(900, 400, 300);
  const box = inside_line(box_line([350, 40], [120, 200]), order, sx, sy);
  assert.deepEqual([...box].sort((a, b) => a - b), [...order].filter((i) => sx[i] > 120 && sx[i] < 350 && sy[i] > 40 && sy[i] < 200));
  const dented = [[0, 0], [400, 0], [400, 300], [200, 100], [0, 300]]; // a roof with a notch from below
  const found = new Set(inside_line(dented, order, sx, sy));
  const is_in = (x, y) => x > 0 && x < 400 && y > 0 && y < (x < 200 ? 300 - x : x - 100);
  for (const i of order) assert.equal(found.has(i), is_in(sx[i], sy[i]), `point ${i} at ${sx[i]}, ${sy[i]}`);
});

// A view of four corners and the middle.
function square(dims = 2) {
  const view = new MapView(), corners = [[-3, -1], [5, -1], [5, 3], [-3, 3], [1, 1]].flatMap(([x, y]) => (dims === 3 ? [x, y, 0] : [x, y]));
  Object.assign(view, { width: 600, height: 400 });
  view.place(Float32Array.from(corners), dims, []);
  view.step(performance.now());
  view.project();
  return view;
}

test("everything is in view at first, the middle in the middle, and both axes on one scale", () => {
  const { sx, sy } = square();
  near(sx[4], 300);
  near(sy[4], 200);
  near((sx[1] - sx[0]) / 8, (sy[0] - sy[3]) / 4);
  assert.ok([...sx].every((x) => x >= 0 && x <= 600) && [...sy].every((y) => y >= 0 && y <= 400));
  assert.ok(sy[3] < sy[0], "up is up");
});

test("what lies under the pointer stays there while it is zoomed, and a zoom has its ends", () => {
  const view = square(), [x, y] = [view.sx[2], view.sy[2]];
  view.zoom_at(x, y, 1.7);
  view.project();
  near(view.sx[2], x, 1e-3);
  near(view.sy[2], y, 1e-3);
  for (let turn = 0; turn < 60; turn += 1) view.zoom_at(x, y, 2);
  assert.equal(view.camera.zoom, 500);
  for (let turn = 0; turn < 60; turn += 1) view.zoom_at(x, y, 0.5);
  assert.equal(view.camera.zoom, 0.6);
});

test("a pan moves points by as many pixels, and fit brings everything back", () => {
  const view = square(), before = [...view.sx];
  view.pan(25, -10);
  view.project();
  near(view.sx[0], before[0] + 25, 1e-3);
  assert.ok(!view.is_home);
  view.fit();
  view.step(performance.now());
  view.project();
  assert.ok(view.is_home);
  near(view.sx[0], before[0], 1e-3);
});

test("in three dimensions a full turn changes nothing, and what is nearer is larger", () => {
  const view = square(3), before = [...view.sx, ...view.sy];
  view.turn((2 * Math.PI) / 0.008, 0);
  view.project();
  [...view.sx, ...view.sy].forEach((value, i) => { near(value, before[i], 1e-2); });
  Object.assign(view.camera, { yaw: 0, pitch: 0 });
  view.place(Float32Array.from([1, 0, 1, 1, 0, -1, -1, 0, 1, -1, 0, -1]), 3, []);
  view.step(performance.now());
  view.project();
  assert.ok(view.sx[0] - view.sx[2] > view.sx[1] - view.sx[3]);
  assert.ok(view.depth[0] > view.depth[1]);
});

test("a point out of sight is brought into the frame, one in sight leaves the camera alone", () => {
  const view = square();
  view.bring(4);
  assert.equal(view.flight, null);
  view.zoom_at(view.sx[0], view.sy[0], 20);
  view.bring(2);
  view.step(performance.now());
  view.project();
  assert.ok(view.sx[2] > 70 && view.sx[2] < 530 && view.sy[2] > 70 && view.sy[2] < 330);
});

test("marks come after the points, and places that are no numbers are passed over", () => {
  const view = new MapView();
  Object.assign(view, { width: 600, height: 400 });
  view.place(Float32Array.from([0, 0, NaN, 2, 4, 4]), 2, [[2, 2]]);
  view.step(performance.now());
  view.project();
  assert.deepEqual([view.count, view.total], [3, 4]);
  near(view.sx[3], 300);
  near(view.sy[3], 200);
  assert.ok(Number.isNaN(view.sx[1]));
});
