// Who follows the host goes where the host is: once, after the last of several moves, and not against their own will.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AGAIN, APART, Following, Leading } from "../../ui/components/room_bar/following.js";
import { LATEST, Missed, parted, STILL, same } from "../../ui/components/shared/places.js";

const HERE = { path: "/steps", query: "" };
const place = (moves, query = "data=mnist") => ({ path: "/noise", query, moves });

test("a move is made once, when no other has come for a while", () => {
  const following = new Following();
  following.hear(place(1, "level=0.1"), 0);
  following.hear(place(2, "level=0.2"), 100);
  assert.equal(following.next(HERE, 100 + APART - 1), null);
  assert.deepEqual(following.next(HERE, 100 + APART), { path: "/noise", query: "level=0.2", moves: 2 });
  assert.equal(following.next(HERE, 10_000), null, "what this tab does after that is its own");
});

test("the same place told again starts nothing", () => {
  const following = new Following();
  following.hear(place(1), 0);
  following.next(HERE, APART);
  following.hear(place(1), 5000); // a vote has come in
  assert.equal(following.due, false);
});

test("who is there already stays", () => {
  const following = new Following();
  following.hear(place(1, "a=1&b=2"), 0);
  assert.equal(following.next({ path: "/noise/", query: "b=2&a=1" }, APART), null);
  assert.equal(following.due, false);
});

test("who looks around alone is not taken along, and comes back with one press", () => {
  const following = new Following();
  following.turn(false);
  following.hear(place(7), 0);
  assert.equal(following.next(HERE, 10_000), null);
  following.turn(true);
  assert.equal(following.next(HERE, 10_000).moves, 7);
});

test("a host who has gone nowhere yet takes nobody anywhere", () => {
  const following = new Following();
  following.hear({ path: "", query: "", moves: 0 }, 0);
  following.turn(true);
  assert.equal(following.next(HERE, 10_000), null);
});

test("a reloaded tab remembers what it did last", () => {
  const following = new Following({ isOn: false, moves: 3 });
  following.hear(place(4), 0);
  assert.equal(following.due, false);
  const other = new Following({ isOn: true, moves: 4 });
  other.hear(place(4), 0);
  assert.equal(other.due, false, "it has made that move");
});

test("addresses are the same whatever the order of their parameters", () => {
  assert.ok(same({ path: "/", query: "" }, { path: "", query: "" }));
  assert.ok(same({ path: "/noise", query: "a=%20x&b=" }, { path: "/noise", query: "b=&a=+x" }));
  assert.ok(!same({ path: "/noise", query: "a=1&a=2" }, { path: "/noise", query: "a=1" }));
});

test("a parameter that was lost on the way is set by going there once more, when the page rests", () => {
  const missed = new Missed(place(1, "data=MNIST"), 0), there = { path: "/noise", query: "" };
  assert.equal(missed.should_repeat(HERE, true, 0), false);
  assert.equal(missed.should_repeat(there, false, 100), false);
  assert.equal(missed.should_repeat(there, true, 200), false, "it has begun to work again");
  assert.equal(missed.should_repeat(there, false, 300), false);
  assert.equal(missed.should_repeat(there, false, 300 + STILL), true);
  assert.equal(missed.should_repeat(there, false, 5000), false, "once");
});

test("what a busy server drops long after the page rests is set once more", () => {
  const goal = { path: "/noise", query: "data=MNIST&level=0.4" }, missed = new Missed({ ...goal, moves: 1 }, 0), there = { path: "/noise", query: "level=0.4" };
  for (const now of [0, STILL, 4 * STILL]) assert.equal(missed.should_repeat(goal, false, now), false, "nothing is missing yet");
  assert.equal(missed.should_repeat(there, false, 4 * STILL + 200), false);
  assert.equal(missed.should_repeat(there, false, 5 * STILL + 200), true);
  const used = new Missed({ ...goal, moves: 1 }, 0);
  used.should_repeat(goal, false, 0);
  for (const now of [1000, 1000 + STILL]) assert.equal(used.should_repeat(there, false, now, 900), false, "who has clicked has dropped it");
});

test("who has arrived, or has gone on by themselves, is left alone", () => {
  const goal = { path: "/noise", query: "data=MNIST" }, arrived = new Missed(place(1, "data=MNIST"), 0);
  arrived.should_repeat(goal, false, 0);
  assert.equal(arrived.should_repeat(goal, false, STILL), false);
  const elsewhere = new Missed(place(1), 0);
  elsewhere.should_repeat(HERE, false, 0);
  assert.equal(elsewhere.should_repeat(HERE, false, STILL), false);
  const moved = new Missed(place(1), 0);
  moved.should_repeat({ path: "/noise", query: "" }, false, 0);
  moved.should_repeat({ path: "/noise", query: "level=0.4" }, false, 200);
  assert.equal(moved.should_repeat({ path: "/noise", query: "level=0.4" }, false, 200 + STILL), false, "a slider of their own");
  const late = new Missed(place(1), 0);
  late.should_repeat({ path: "/noise", query: "" }, true, LATEST);
  late.should_repeat({ path: "/noise", query: "" }, false, LATEST + 1);
  assert.equal(late.should_repeat({ path: "/noise", query: "" }, false, LATEST + 1 + STILL), false, "a training has ended long after");
});

const room = (leader, path = "", query = "") => ({ leader, place: { path, query } });

test("the tab that leads tells where it is, once, when its address stands still", () => {
  const leading = new Leading("a");
  assert.equal(leading.next(HERE, room("a"), 0), null, "seen for the first time");
  assert.deepEqual(leading.next(HERE, room("a"), 200), HERE);
  assert.equal(leading.next(HERE, room("a"), 400), null, "it is being told");
  leading.told(HERE, true, 500);
  assert.equal(leading.next(HERE, room("a"), 600), null);
  assert.equal(leading.next({ ...HERE, query: "start=2" }, room("a", "/steps"), 800), null);
  assert.deepEqual(leading.next({ ...HERE, query: "start=2" }, room("a", "/steps"), 1000), { path: "/steps", query: "start=2" });
});

test("a tab that does not lead tells nothing, and tells its place when it leads again", () => {
  const leading = new Leading("a");
  leading.next(HERE, room("b"), 0);
  assert.equal(leading.next(HERE, room("b"), 200), null);
  assert.equal(leading.next(HERE, room(""), 400), null);
  assert.deepEqual(leading.next(HERE, room("a", "/noise"), 600), HERE);
});

test("what the server has not taken is told again after a while", () => {
  const leading = new Leading("a");
  leading.next(HERE, room("a"), 0);
  leading.next(HERE, room("a"), 200);
  leading.told(HERE, false, 300);
  assert.equal(leading.next(HERE, room("a"), 400), null);
  assert.deepEqual(leading.next(HERE, room("a"), 300 + AGAIN), HERE);
});

test("where the room is already nothing is told", () => {
  const leading = new Leading("a");
  leading.next(HERE, room("a", "/steps"), 0);
  assert.equal(leading.next(HERE, room("a", "/steps"), 200), null);
});

test("how a tab shows a page is its own, what it shows is shared", () => {
  assert.deepEqual(parted("data=mnist&present=true&level=0%2C2&hide=form,menu"), { shared: "data=mnist&level=0%2C2", own: "present=true&hide=form,menu" });
  assert.deepEqual(parted(""), { shared: "", own: "" });
  assert.deepEqual(parted("presents=1"), { shared: "presents=1", own: "" });
});

test("who has followed a link meanwhile is not brought back", () => {
  const missed = new Missed({ path: "/noise", query: "a=1" }, 0), here = { path: "/noise", query: "" };
  assert.ok(!missed.should_repeat(here, false, 100, 50));
  assert.ok(!missed.should_repeat(here, false, 5000, 50));
  const other = new Missed({ path: "/noise", query: "a=1" }, 0);
  other.should_repeat(here, false, 100, -5);
  assert.ok(other.should_repeat(here, false, 5000, -5));
});
