// The panel of a tour: its Markdown, its addresses, what it waits for, and where ring and page go.

import assert from "node:assert/strict";
import { test } from "node:test";
import { has_all } from "../../ui/components/shared/places.js";
import { ring_around, scroll_to } from "../../ui/components/shared/ring.js";
import { Presses } from "../../ui/components/tour_panel/presses.js";
import { is_met, outcome, query_after } from "../../ui/components/tour_panel/steps.js";
import { blocks, pieces } from "../../ui/components/shared/words.js";

test("paragraphs and lists are told apart, and lines of one paragraph are joined", () => {
  const made = blocks("One\ntwo.\n\nHere:\n- first\n  goes on\n- second");
  assert.deepEqual(made.map(({ kind }) => kind), ["p", "p", "ul"]);
  assert.equal(made[0].items[0][0].text, "One two.");
  assert.deepEqual(made[2].items.map(([{ text }]) => text), ["first goes on", "second"]);
});

test("bold, italics, code and links become pieces, all else stays text", () => {
  assert.deepEqual(pieces("a **b** *c* `d` [e](/train)!").map(({ kind, text }) => `${kind} ${text}`), ["text a ", "bold b", "text  ", "italic c", "text  ", "code d", "text  ", "link e", "text !"]);
  assert.deepEqual(pieces("2 * 3 <b>x</b>"), [{ kind: "text", text: "2 * 3 <b>x</b>" }]);
});

test("a link that could run a script stays text", () => {
  for (const href of ["javascript:alert(1)", "data:text/html,x", "//evil.example"]) assert.ok(pieces(`[x](${href})`).every(({ kind }) => kind === "text"), href);
});

test("within a scene only what differs changes; a new scene begins with nothing", () => {
  const query = "data=Digits&run=abc&tour=a.one";
  assert.equal(query_after({ put: { tour: ["a.two"], epochs: ["5"] }, drop: ["data"], isWhole: false }, query), "run=abc&tour=a.two&epochs=5");
  assert.equal(query_after({ put: { tour: ["a.two"], years: ["1990", "2000"] }, drop: [], isWhole: true }, query), "tour=a.two&years=1990&years=2000");
});

test("a task is done when the address says so, whether a widget writes a title or a name", () => {
  assert.ok(is_met({ data: "mnist" }, "data=MNIST"));
  assert.ok(is_met({ run: "any" }, "run=abc"));
  assert.ok(!is_met({ run: "any" }, "run="));
  assert.ok(!is_met({ run: "any", given: "5" }, "run=abc&given=10"));
});

test("what is waited for is pressed, dragged or typed into, and not only touched or scrolled", () => {
  const presses = new Presses(), inside = { matches: (selector) => selector === ".slider" };
  const hears = (type, clientX = 0, path = [inside]) => presses.hears({ type, clientX, clientY: 0, composedPath: () => path }, ".slider");
  assert.ok(hears("click") && hears("input"));
  assert.ok(!hears("click", 0, []), "another place was pressed");
  assert.ok(!hears("pointerdown") && hears("pointerup", 40, []), "a drag may end anywhere");
  assert.ok(!hears("pointerup", 40, []), "once");
  assert.ok(!hears("pointerdown") && !hears("pointerup", 2), "a press has its click");
  assert.ok(!hears("pointerdown") && !hears("pointercancel", 40) && !hears("pointerup", 80), "a finger that scrolls");
  assert.ok(!hears("pointerdown", 0, []) && !hears("pointerup", 40), "begun elsewhere");
});

test("what is out of view or covered is scrolled to, what is in view stays", () => {
  const room = { top: 70, bottom: 670 };
  assert.equal(scroll_to({ top: 100, bottom: 300 }, room), 0);
  assert.equal(scroll_to({ top: 1000, bottom: 1200 }, room), 730, "its middle in the middle of the room");
  assert.equal(scroll_to({ top: 500, bottom: 2500 }, room), 430, "what is larger than the room begins at its top");
});

test("the ring stays within what nothing covers, and is gone with its target", () => {
  const room = { left: 0, top: 60, right: 900, bottom: 700 };
  assert.deepEqual(ring_around({ left: 100, top: 100, right: 300, bottom: 200 }, room), { left: 94, top: 94, width: 212, height: 112 });
  assert.deepEqual(ring_around({ left: 100, top: 20, right: 1200, bottom: 900 }, room), { left: 94, top: 60, width: 806, height: 640 });
  assert.equal(ring_around({ left: 100, top: 800, right: 300, bottom: 900 }, room), null);
});

test("an address holds when nothing of the wanted one is missing", () => {
  const wanted = { path: "/noise", query: "data=Digits&tour=a.b" };
  assert.ok(has_all({ path: "/noise/", query: "x=1&tour=a.b&data=Digits" }, wanted));
  assert.ok(!has_all({ path: "/noise", query: "tour=a.b" }, wanted));
  assert.ok(!has_all({ path: "/train", query: wanted.query }, wanted));
});

test("the end says how it went", () => {
  assert.match(outcome(3, 3), /all 3 questions right/);
  assert.match(outcome(1, 3), /1 of 3 questions right/);
  assert.match(outcome(0, 0), /last step/);
});
