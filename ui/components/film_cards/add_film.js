// A film that no catalogue here knows, added by hand: what it is called, its year, genres and id at IMDb, and stars for it.
// With a key of TMDb the browser asks TMDb for films of that title, and one that is picked fills the form.

import { make } from "./dom.js";
import { Stars } from "./film_stars.js";
import { films_titled, imdb_of, latest_year, title_and_year } from "./tmdb.js";

const PAUSE = 500; // milliseconds without typing before TMDb is asked
const FIRST_YEAR = 1870;

export class AddFilm {
  // cards: has data, say(action) and posters, whose key is TMDb's
  constructor(dialog, cards) {
    Object.assign(this, { dialog, cards });
    dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
    dialog.onclose = () => dialog.replaceChildren();
  }

  open(text) {
    const [title, year] = title_and_year(text);
    Object.assign(this, { genres: new Set(), tmdb: 0 });
    const inside = make("div", "inside"), cross = make("form"), close = make("button", "close", "✕");
    inside.append(...this.parts());
    cross.method = "dialog";
    close.setAttribute("aria-label", "Close");
    cross.append(close);
    this.dialog.replaceChildren(cross, inside);
    Object.assign(this.title, { value: title });
    Object.assign(this.year, { value: year || "" });
    this.check();
    this.look_up();
    this.dialog.showModal();
  }

  parts() {
    const head = make("h2", "", "Add a film by hand"), grid = make("div", "fields"), acts = make("div", "acts");
    head.id = "adding-name";
    this.title = this.field(grid, "Title", { maxLength: 300, enterKeyHint: "next" });
    this.year = this.field(grid, "Year", { maxLength: 4, inputMode: "numeric", placeholder: "if known" });
    this.imdb = this.field(grid, "IMDb id", { maxLength: 60, placeholder: "tt…, if known" });
    this.suggested = make("div", "suggested");
    this.stars = new Stars(make("div"), () => this.check());
    this.trouble = make("p", "trouble");
    this.trouble.setAttribute("role", "status");
    this.keep = this.button("Keep it with these stars", () => this.say({ stars: this.stars.value }));
    this.wish = this.button("Want to see", () => this.say({ stars: null }));
    acts.append(this.keep, this.wish);
    const about = make("p", "about", "It is kept with your ratings and goes into your exports. The recommender does not know it, so it moves nothing in your "
      + "list; it begins to count when you use one that knows it.");
    return [head, about, grid, this.suggested, this.genre_buttons(), this.stars.root, this.trouble, acts];
  }

  field(grid, label, properties) {
    const made = make("label"), input = Object.assign(make("input"), { type: "text", autocomplete: "off", spellcheck: false, ...properties });
    input.oninput = () => {
      this.check();
      if (input === this.imdb) return;
      this.tmdb = 0;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look_up(), PAUSE);
    };
    made.append(make("span", "", label), input);
    grid.append(made);
    return input;
  }

  button(label, act) {
    const made = Object.assign(make("button", "act", label), { type: "button" });
    made.onclick = act;
    return made;
  }

  genre_buttons() {
    const row = make("div", "genre-choice");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", "Genres");
    row.append(...(this.cards.data.catalogue?.genres ?? []).map((name) => {
      const made = this.button(name, () => { this.genres[this.genres.has(name) ? "delete" : "add"](name); this.check(); });
      made.dataset.genre = name;
      return made;
    }));
    this.choice = row;
    return row;
  }

  // What cannot be right is said; what is missing keeps its button from being pressed.
  check() {
    const title = this.title.value.trim(), year = this.year.value.trim(), imdb = this.imdb.value.trim(), latest = latest_year();
    const isYear = !year || (/^\d{4}$/.test(year) && Number(year) >= FIRST_YEAR && Number(year) <= latest), isImdb = !imdb || /(^|tt)\d{5,9}(\D|$)/.test(imdb);
    this.trouble.textContent = !isYear ? `A year from ${FIRST_YEAR} to ${latest} has four digits.` : !isImdb ? "An id at IMDb looks like tt0133093." : "";
    for (const made of this.choice?.children ?? []) made.setAttribute("aria-pressed", this.genres.has(made.dataset.genre));
    this.stars.set(this.stars.value, title || "this film");
    this.wish.disabled = !title || !isYear || !isImdb;
    this.keep.disabled = this.wish.disabled || !this.stars.value;
  }

  say({ stars }) {
    const film = { title: this.title.value.trim(), year: Number(this.year.value) || 0, imdb: this.imdb.value.trim(), tmdb: this.tmdb, genres: [...this.genres] };
    this.dialog.close();
    this.cards.say({ kind: "add", stars, new: film });
  }

  async look_up() {
    const { key } = this.cards.posters, title = this.title.value.trim(), year = Number(this.year.value) || 0, asked = `${title} ${year}`;
    this.asked = asked;
    const films = key && title.length > 1 ? await films_titled(key, title, year) : [];
    if (asked !== this.asked) return;
    this.suggested.replaceChildren(...films.map((film) => this.suggestion(film, key)));
    if (films.length) {
      this.suggested.prepend(make("span", "source", "At TMDb:"));
      this.suggested.append(make("span", "source", "This product uses the TMDB API but is not endorsed or certified by TMDB."));
    }
  }

  suggestion(film, key) {
    const made = this.button(film.year ? `${film.title} (${film.year})` : film.title, async () => {
      const known = new Set(this.cards.data.catalogue?.genres ?? []);
      Object.assign(this.title, { value: film.title });
      Object.assign(this.year, { value: film.year || "" });
      Object.assign(this, { tmdb: film.tmdb, genres: new Set(film.genres.filter((name) => known.has(name))) });
      this.check();
      const id = await imdb_of(key, film.tmdb);
      if (id && this.tmdb === film.tmdb && !this.imdb.value) this.imdb.value = id;
      this.check();
    });
    made.title = film.original !== film.title ? film.original : "";
    return made;
  }
}
