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
