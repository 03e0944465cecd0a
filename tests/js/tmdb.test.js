// What TMDb says of films, read with care; and a shelf that keeps nothing where a browser has none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { clear_shelf, has_shelf, keep_path, poster_at } from "../../ui/components/film_cards/shelf.js";
import { films_in, films_titled, imdb_of, plain_title, same_film, title_and_year } from "../../ui/components/film_cards/tmdb.js";

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

const film = (tmdb, title, year, original = title) => ({ tmdb, title, year, original, genres: [] });

test("a film found is the one meant if its title, or its original title, and its year agree", () => {
  const dunes = [film(1, "Dune", 1984), film(2, "Dune: Part One", 2021, "Dune"), film(3, "Dune Drifter", 2020)];
  assert.equal(same_film(dunes, "Dune", 2021).tmdb, 2);
  assert.equal(same_film(dunes, "dune!", 2020).tmdb, 2, "the year next to it");
  assert.equal(same_film(dunes, "Dune", 1985).tmdb, 1);
  assert.equal(same_film(dunes, "Dune", 0), null, "without a year nobody can tell");
  assert.equal(same_film(dunes, "Dune", 1950), null);
  assert.equal(same_film([film(3, "Dune Drifter", 2021)], "Dune", 2021), null, "another title is another film");
  assert.equal(same_film([film(1, "Emma", 1996), film(2, "Emma", 1996)], "Emma", 1996), null, "two would do");
  assert.equal(same_film([film(1, "Emma", 1997), film(2, "Emma", 1996)], "Emma", 1996).tmdb, 2, "the very year first");
  assert.equal(same_film([film(7, "Amélie", 2001, "Le Fabuleux Destin d'Amélie Poulain")], "le fabuleux destin d’Amelie Poulain", 2001).tmdb, 7);
  assert.equal(same_film([film(8, "千と千尋の神隠し", 2001)], "…", 2001), null);
});

test("titles are compared without case, accents, punctuation and a leading article", () => {
  assert.equal(plain_title("The Matrix!"), "matrix");
  assert.equal(plain_title("Léon: The Professional"), "leon the professional");
  assert.equal(plain_title("The"), "the");
  assert.equal(plain_title("Fast & Furious"), plain_title("Fast and Furious"));
});

test("without a network nothing is found, and nothing breaks", async () => {
  globalThis.fetch = () => Promise.reject(new TypeError("offline"));
  assert.deepEqual(await films_titled("key", "Dune", 2021), []);
  assert.equal(await imdb_of("key", 438631), "");
  assert.equal(has_shelf(), false);
  await keep_path(603, "/a.jpg");
  await clear_shelf();
  assert.equal(await poster_at("https://image.tmdb.org/t/p/w342/a.jpg"), "https://image.tmdb.org/t/p/w342/a.jpg");
});
