// What the card of a prediction shows, alone and in a room.

import assert from "node:assert/strict";
import { test } from "node:test";
import { has_runs, is_asked_anew, phase, poll_about, room_words } from "../../ui/components/prediction_card/state.js";

const TRUTH = { value: 3 };
const poll = (more = {}) => ({ id: 7, isOpen: true, own: null, votes: 2, truth: null, prediction: "a", ...more });

test("alone a guess is asked for until the truth is there", () => {
  assert.equal(phase({ truth: null, poll: null, isHost: false }), "ask");
  assert.equal(phase({ truth: TRUTH, poll: null, isHost: false }), "told");
});

test("while the room is asked, what one has seen before does not count, in no tab", () => {
  assert.equal(phase({ truth: TRUTH, poll: poll(), isHost: false }), "ask");
  assert.equal(phase({ truth: TRUTH, poll: poll({ own: 0 }), isHost: false }), "wait");
  assert.equal(phase({ truth: TRUTH, poll: poll(), isHost: true }), "lead");
});

test("a host can uncover a poll that is closed already; those who guessed are not stuck with it", () => {
  const closed = poll({ isOpen: false, own: 1 });
  assert.equal(phase({ truth: null, poll: closed, isHost: true }), "lead");
  assert.equal(phase({ truth: null, poll: closed, isHost: false }), "ask");
  assert.match(room_words("ask", closed, 9), /closed this poll without/);
});

test("what is uncovered is told to everybody", () => {
  const uncovered = poll({ isOpen: false, own: 1, truth: TRUTH });
  for (const isHost of [true, false]) assert.equal(phase({ truth: TRUTH, poll: uncovered, isHost }), "told");
  assert.match(room_words("told", { ...uncovered, own: null }, 9), /^Uncovered by the host; the room made 2 guesses/);
});

test("an own poll of the host is none about this question", () => {
  assert.equal(poll_about("a", { poll: poll({ prediction: "" }) }), null);
  assert.equal(poll_about("a", { poll: poll() }).id, 7);
  assert.equal(poll_about("a", null), null);
});

test("one is asked anew once for each poll, unless one has guessed in it", () => {
  assert.ok(is_asked_anew(poll(), null));
  assert.ok(!is_asked_anew(poll(), 7));
  assert.ok(!is_asked_anew(poll({ own: 0 }), null));
  assert.ok(!is_asked_anew(poll({ isOpen: false }), null));
  assert.ok(!is_asked_anew(null, null));
});

test("guesses are counted in words", () => {
  assert.equal(room_words("lead", poll({ votes: 1 }), 3), "1 guess of 3 in the room.");
  assert.equal(room_words("lead", poll({ isOpen: false }), 3), "2 guesses of 3 in the room; no more are taken.");
  assert.equal(room_words("ask", null, 3), "");
});

test("a question about runs waits for those of the address", () => {
  assert.ok(has_runs("data=x&run=abc"));
  assert.ok(has_runs("runs=a.b"));
  assert.ok(!has_runs("run=&data=x"));
});
