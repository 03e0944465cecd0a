// Who follows the host goes where the host is: once, after the last of several moves, and not against their own will.

import assert from "node:assert/strict";
import { test } from "node:test";
import { APART, Following } from "../../ui/components/room_bar/following.js";
import { Missed, STILL, same } from "../../ui/components/shared/places.js";

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
  const missed = new Missed(place(1, "data=MNIST"));
  const there = { path: "/noise", query: "" };
  assert.equal(missed.should_repeat(HERE, true, 0), false);
  assert.equal(missed.should_repeat(there, false, 100), false);
  assert.equal(missed.should_repeat(there, true, 200), false, "it has begun to work again");
  assert.equal(missed.should_repeat(there, false, 300), false);
  assert.equal(missed.should_repeat(there, false, 300 + STILL), true);
  assert.equal(missed.should_repeat(there, false, 9000), false, "once");
});

test("who has arrived, or has gone on by themselves, is left alone", () => {
  const arrived = new Missed(place(1, "data=MNIST"));
  arrived.should_repeat(place(1), false, 0);
  assert.equal(arrived.should_repeat({ path: "/noise", query: "data=MNIST" }, false, STILL), false);
  const elsewhere = new Missed(place(1));
  elsewhere.should_repeat(HERE, false, 0);
  assert.equal(elsewhere.should_repeat(HERE, false, STILL), false);
});
