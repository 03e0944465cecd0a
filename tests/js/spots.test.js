// Where a host points: the same part of a page on every screen, and not more messages than are needed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BETWEEN, point_in, Sending, share_of } from "../../ui/components/room_bar/spots.js";

test("a point is as far across and down a part on a phone as on a beamer", () => {
  const wide = { left: 300, top: 100, width: 800, height: 400 }, narrow = { left: 16, top: 700, width: 360, height: 900 };
  const share = share_of(wide, 500, 400);
  assert.deepEqual(share, { x: 0.25, y: 0.75 });
  assert.deepEqual(point_in(narrow, share), { x: 106, y: 1375 });
});

test("a point beside its part is on its edge, and a part without size has a middle", () => {
  assert.deepEqual(share_of({ left: 0, top: 0, width: 10, height: 10 }, 50, -3), { x: 1, y: 0 });
  assert.deepEqual(share_of({ left: 0, top: 0, width: 0, height: 10 }, 50, 5), { x: 0.5, y: 0.5 });
});

test("of many moves one in a while is sent, and the last one always", () => {
  const sending = new Sending(), spot = (x) => ({ at: "a", x, y: 0, ring: "" });
  assert.deepEqual(sending.next(spot(0.1), 0), spot(0.1));
  assert.equal(sending.next(spot(0.1), 10), undefined, "it rests");
  for (const at of [20, 40, 60]) assert.equal(sending.next(spot(at / 100), at), undefined);
  assert.equal(sending.due(100), undefined);
  assert.deepEqual(sending.due(BETWEEN), spot(0.6));
  assert.ok(!sending.due(1000));
});

test("the end is told at once", () => {
  const sending = new Sending();
  sending.next({ at: "a", x: 0, y: 0, ring: "" }, 0);
  assert.equal(sending.next(null, 1), null);
  assert.ok(!sending.due(1000));
});
