// A sign of work is for what somebody has asked for, and not for parts of a page that refresh themselves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Asked } from "../../ui/components/present/asked.js";

test("what nobody asked for needs no sign", () => {
  const asked = new Asked();
  assert.equal(asked.isOpen(true, 5000), false);
});

test("what was asked for is open until the page rests", () => {
  const asked = new Asked();
  asked.note(0);
  assert.equal(asked.isOpen(false, 100), true, "on its way");
  assert.equal(asked.isOpen(true, 200), true);
  assert.equal(asked.isOpen(true, 9000), true, "long work");
  asked.isOpen(false, 9100);
  assert.equal(asked.isOpen(true, 9200), false, "a part that refreshes itself");
});

test("a click that asks for nothing is soon forgotten", () => {
  const asked = new Asked();
  asked.note(0);
  assert.equal(asked.isOpen(false, 999), true);
  assert.equal(asked.isOpen(true, 1500), false);
});

test("what is asked while a part refreshes itself is open until its own answer", () => {
  const asked = new Asked();
  asked.note(0, true);
  assert.equal(asked.isOpen(true, 50), true);
  assert.equal(asked.isOpen(false, 100), true, "that run was not the answer");
  assert.equal(asked.isOpen(true, 200), true);
  assert.equal(asked.isOpen(true, 2000), true, "long work");
  asked.isOpen(false, 2100);
  assert.equal(asked.isOpen(true, 2200), false);
});

test("a click that asks for nothing while a part refreshes itself is soon forgotten too", () => {
  const asked = new Asked();
  asked.note(0, true);
  assert.equal(asked.isOpen(false, 100), true);
  assert.equal(asked.isOpen(true, 1000), false);
});

test("a page that runs itself anew as part of its answer is still at work on it", () => {
  const asked = new Asked();
  asked.note(0);
  asked.isOpen(true, 100);
  asked.isOpen(false, 300);
  assert.equal(asked.isOpen(true, 330), true);
  assert.equal(asked.isOpen(true, 2000), true, "long work");
  asked.isOpen(false, 2100);
  assert.equal(asked.isOpen(false, 2200), false);
});

test("the sign is due as long after the click, however late the page began", () => {
  const asked = new Asked();
  asked.note(1000);
  assert.equal(asked.signIn(1000), 200);
  assert.equal(asked.signIn(1150), 50, "a slider that waits for the hand to rest");
  assert.equal(asked.signIn(5000), 0, "the second of two runs");
});

test("a slider is sure of a run that has not begun yet, also while the hand goes on", () => {
  const asked = new Asked();
  asked.note(0, false, true);
  assert.equal(asked.isOpen(false, 100), true);
  assert.equal(asked.isSure, true);
  asked.note(150);
  assert.equal(asked.isSure, true, "the hand is lifted");
  asked.isOpen(true, 300);
  assert.equal(asked.isSure, true);
  asked.isOpen(false, 400);
  assert.equal(asked.isSure, false, "the answer is there");
});

test("a slider that was put back asks for nothing", () => {
  const asked = new Asked();
  asked.note(0, false, true);
  assert.equal(asked.isOpen(false, 1200), false);
  assert.equal(asked.isSure, false);
  asked.note(2000);
  assert.equal(asked.isSure, false);
});
