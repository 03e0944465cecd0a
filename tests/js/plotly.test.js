// The charts' library, fetched ahead while nobody is busy: the page's timers and events are stand-ins.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { fetch_when_calm, library } from "../../ui/components/shared/plotly.js";

let listeners, scripts;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  [listeners, scripts] = [new Map(), []];
  delete globalThis.plotlyForCharts;
  delete globalThis.plotlyIsPlanned;
  globalThis.addEventListener = (sign, heard) => listeners.set(sign, heard);
  globalThis.removeEventListener = (sign) => listeners.delete(sign);
  globalThis.document = {
    createElement: () => ({ remove() {} }),
    head: { append: (script) => scripts.push(script) },
  };
});

test("it waits until nobody has moved for a while, and asks once", () => {
  fetch_when_calm("plotly.js", 2000);
  fetch_when_calm("plotly.js", 2000);
  mock.timers.tick(1900);
  listeners.get("pointermove")();
  mock.timers.tick(1900);
  assert.equal(scripts.length, 0, "somebody was busy");
  mock.timers.tick(200);
  assert.deepEqual(scripts.map((each) => each.src), ["plotly.js"]);
  assert.equal(listeners.size, 0, "nothing listens any longer");
});

test("a chart that comes first has fetched it, and a chart that comes later waits for the same", async () => {
  const first = library("plotly.js?v=1");
  fetch_when_calm("plotly.js");
  mock.timers.tick(9000);
  assert.equal(scripts.length, 1);
  assert.equal(library("plotly.js?v=1"), first);
  globalThis.Plotly = { is: "there" };
  scripts[0].onload();
  assert.equal((await first).is, "there");
});

test("what the network drops is asked for again, a few times, and then a later chart may try anew", async () => {
  const settle = () => new Promise((resume) => setImmediate(resume));
  const found = library("plotly.js").catch((error) => error);
  for (const pause of [500, 2000, 8000]) {
    scripts.at(-1).onerror();
    await settle();
    mock.timers.tick(pause);
    await settle();
  }
  assert.equal(scripts.length, 4);
  scripts.at(-1).onerror();
  assert.match((await found).message, /could not be loaded/);
  assert.equal(globalThis.plotlyForCharts, undefined);
});
