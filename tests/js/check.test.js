// The questions at the end of a page: where to begin, how it went.

import assert from "node:assert/strict";
import { test } from "node:test";
import { count_right, first_open, state_words, with_choice } from "../../ui/components/check_yourself/state.js";

const QUESTIONS = [{ id: "a", right: 1 }, { id: "b", right: 0 }, { id: "c", right: 2 }];

test("one begins with the first question that is open, or past the last", () => {
  assert.equal(first_open(QUESTIONS, {}), 0);
  assert.equal(first_open(QUESTIONS, { a: [0, 1], c: [2, 2] }), 1);
  assert.equal(first_open(QUESTIONS, { a: [0, 1], b: [0, 0], c: [2, 2] }), 3);
});

test("the first choice counts, and the last is on show", () => {
  let answers = with_choice({}, "a", 0);
  answers = with_choice(answers, "a", 1);
  assert.deepEqual(answers, { a: [0, 1] });
  assert.equal(count_right(QUESTIONS, answers), 0);
  assert.equal(count_right(QUESTIONS, with_choice(answers, "b", 0)), 1);
});

test("the line says how many there are, how many are answered, and how it went", () => {
  assert.equal(state_words(QUESTIONS, {}), "3 questions");
  assert.equal(state_words(QUESTIONS, { b: [0, 0] }), "1 of 3 answered");
  assert.equal(state_words(QUESTIONS, { a: [0, 1], b: [0, 0], c: [2, 2] }), "2 of 3 right at the first try");
});

test("answers to a question that the page no longer asks do not count", () => {
  assert.equal(state_words(QUESTIONS, { gone: [0, 0] }), "3 questions");
});
