// What TMDb says of films, read with care; and a shelf that keeps nothing where a browser has none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { clear_shelf, has_shelf, keep_path, poster_at } from "../../ui/components/film_cards/shelf.js";
import { film_titled, films_in, films_titled, title_and_year } from "../../ui/components/film_cards/tmdb.js";

test("a year at the end of what was searched is that of the film, other numbers are of its title", () => {
  assert.deepEqual(title_and_year("oppenheimer 2023"), ["oppenheimer", 2023]);
  assert.deepEqual(title_and_year(" Dune (2021) "), ["Dune", 2021]);
  assert.deepEqual(title_and_year("1917"), ["1917", 0]);
  assert.deepEqual(title_and_year("Blade Runner 2049"), ["Blade Runner 2049", 0]);
  assert.deepEqual(title_and_year("Ocean's 8"), ["Ocean's 8", 0]);
});

test("an answer of TMDb becomes films with MovieLens' genres, and nonsense none", () => {
  const results = [
    { id: 5, title: "A", original_title: "Ä", release_date: "2023-07-19", genre_ids: [878, 10751, 36, 878] },
    { id: "x", title: "B" }, { id: 6, title: "C", release_date: "", genre_ids: null },
  ];
  assert.deepEqual(films_in({ results }), [
    { tmdb: 5, title: "A", original: "Ä", year: 2023, genres: ["Sci-Fi", "Children"] },
    { tmdb: 6, title: "C", original: "", year: 0, genres: [] },
  ]);
  assert.deepEqual(films_in({}), []);
});

test("a film is looked up by title, and is one of its year or the next to it", async () => {
  const results = [{ id: 1, title: "Dune", release_date: "1984-12-14" }, { id: 2, title: "Dune", release_date: "2021-09-15", genre_ids: [878] }];
  globalThis.fetch = async (address) => ({ ok: true, json: async () => (String(address).includes("/search/") ? { results } : { imdb_id: "tt1160419" }) });
  assert.deepEqual(await film_titled("key", "Dune", 2020), { title: "Dune", year: 2021, tmdb: 2, imdb: "tt1160419", genres: ["Sci-Fi"] });
  assert.equal((await film_titled("key", "Dune", 0)).year, 1984);
  assert.equal(await film_titled("key", "Dune", 1950), null);
});

test("without a network nothing is found, and nothing breaks", async () => {
  globalThis.fetch = () => Promise.reject(new TypeError("offline"));
  assert.deepEqual(await films_titled("key", "Dune", 2021), []);
  assert.equal(await film_titled("key", "Dune", 2021), null);
  assert.equal(has_shelf(), false);
  await keep_path(603, "/a.jpg");
  await clear_shelf();
  assert.equal(await poster_at("https://image.tmdb.org/t/p/w342/a.jpg"), "https://image.tmdb.org/t/p/w342/a.jpg");
});
