// Posters: each film asked for once, however often its card is drawn meanwhile, and a refusal meant for one key only.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Posters } from "../../ui/components/film_cards/posters.js";

const FILM = { tmdb: 11 };
let asked, made, posters, shown;

// What was asked for waits until the test answers it.
function answer(place, status, path = "/poster.png") {
  asked[place].done({ status, ok: status === 200, json: async () => ({ poster_path: path }) });
  return new Promise((done) => setTimeout(done, 0));
}

beforeEach(() => {
  asked = [];
  made = {};
  shown = [];
  globalThis.fetch = (address) => new Promise((done) => asked.push({ address: String(address), done }));
  posters = new Posters();
  posters.put = (face, address) => shown.push([face.name, address]);
});

function draw(key, ...faces) {
  posters.use(key);
  for (const name of faces) {
    made[name] ??= { name, querySelector: () => null };
    posters.want(FILM, made[name]);
  }
  posters.ask();
}

test("a film on its way is not asked for again, and every face that wants it gets it", async () => {
  draw("key", "card");
  draw("key", "card", "close-up");
  assert.equal(asked.length, 1);
  await answer(0, 200);
  draw("key", "card");
  assert.equal(asked.length, 1);
  const address = "https://image.tmdb.org/t/p/w342/poster.png";
  assert.deepEqual(shown, [["card", address], ["close-up", address], ["card", address]]);
});

test("a refused key is not tried again, another one is", async () => {
  draw("wrong", "card");
  await answer(0, 401);
  draw("wrong", "card");
  assert.equal(asked.length, 1);
  draw("right", "card");
  assert.match(asked[1].address, /api_key=right/);
});

test("a late refusal of the key before does not refuse the one that came after it", async () => {
  draw("wrong", "card");
  draw("right", "card");
  await answer(0, 401);
  assert.match(asked[1].address, /api_key=right/);
  await answer(1, 200);
  assert.equal(shown.length, 1);
});

test("a poster that comes after the key was taken away is not shown", async () => {
  draw("key", "card");
  posters.use("");
  await answer(0, 200);
  assert.deepEqual(shown, []);
});

// A browser with a shelf, whose addresses of posters are counted.
function shelf() {
  const kept = new Map(), alive = new Set();
  let count = 0;
  const cache = {
    match: async (key) => kept.get(String(key))?.clone(), put: async (key, value) => { kept.set(String(key), value); },
    keys: async () => [...kept.keys()], delete: async (key) => kept.delete(String(key)),
  };
  globalThis.caches = { open: async () => cache, delete: async () => kept.clear() };
  URL.createObjectURL = () => { count += 1; alive.add(`blob:${count}`); return `blob:${count}`; };
  URL.revokeObjectURL = (address) => alive.delete(address);
  globalThis.fetch = async (address) => (String(address).includes("image.tmdb.org")
    ? { ok: true, blob: async () => new Blob(["x"], { type: "image/png" }) }
    : { ok: true, status: 200, json: async () => ({ poster_path: `/${String(address).match(/movie\/(\d+)/)[1]}.png` }) });
  return { kept, alive };
}

const done = async () => { while (posters.busy) await new Promise((next) => setTimeout(next, 1)); };

test("what posters hold in memory is let go when they are deleted, and when the key is taken away", async () => {
  const { kept, alive } = shelf();
  try {
    draw("key", "card");
    await done();
    assert.deepEqual([alive.size, kept.size], [1, 2]);
    posters.use("");
    assert.deepEqual([alive.size, kept.size], [0, 2], "the disk has it still");
    draw("key", "card");
    await done();
    assert.equal(alive.size, 1);
    posters.use("delete 1");
    assert.equal(alive.size, 0);
    assert.equal(kept.size, 0);
  } finally {
    globalThis.caches = undefined;
  }
});

test("a poster on its way when they are deleted is neither kept nor held", async () => {
  const { kept, alive } = shelf();
  try {
    draw("key", "card");
    await new Promise((next) => setTimeout(next, 0));
    posters.use("delete 1");
    await done();
    assert.deepEqual([alive.size, kept.size], [0, 0]);
  } finally {
    globalThis.caches = undefined;
  }
});

test("no more than some hundred posters are held at once", async () => {
  const { alive } = shelf();
  try {
    posters.use("key");
    for (let tmdb = 1; tmdb <= 320; tmdb += 1) posters.want({ tmdb }, { name: String(tmdb), querySelector: () => null });
    posters.ask();
    await done();
    assert.equal(alive.size, 300);
  } finally {
    globalThis.caches = undefined;
  }
});
