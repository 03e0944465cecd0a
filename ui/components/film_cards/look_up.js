// Films that no catalogue here knows, looked up at TMDb: what was found for each, and one of these to choose, or none.

import { make } from "./dom.js";
import { films_titled, imdb_of, same_film, titled } from "./tmdb.js";

const AT_ONCE = 3;

export class LookUp {
  // cards: has say(action) and posters, whose key is TMDb's
  constructor(dialog, cards) {
    Object.assign(this, { dialog, cards, round: 0 });
    dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
    dialog.onclose = () => { this.round += 1; dialog.replaceChildren(); };
  }

  // One film is taken as it is found if its title and year agree; of anything else the visitor decides.
  async one(film) {
    const found = await films_titled(this.cards.posters.key, film.title, 0), same = same_film(found, film.title, film.year);
    if (same) this.say(film.id, await this.described(same));
    else if (!found.length) this.say(film.id, null);
    else this.show([film], new Map([[film.id, found]]));
  }

  // Several films: nothing is taken before the visitor says so.
  async all(films) {
    const round = this.show(films, new Map()), waiting = [...films];
    const next = async () => {
      for (let film = waiting.shift(); film && round === this.round; film = waiting.shift()) {
        const found = await films_titled(this.cards.posters.key, film.title, 0);
        if (round === this.round) this.fill(film, found);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  show(films, found) {
    const inside = make("div", "inside"), cross = make("form"), close = make("button", "close", "✕"), head = make("h2", "", films.length > 1 ? "Which films are these?" : "Which film is it?");
    this.round += 1;
    this.rows = new Map(films.map((film) => [film.id, this.row(film)]));
    this.keep = Object.assign(make("button", "act"), { type: "button", onclick: () => this.take(films) });
    head.id = "looking-name";
    cross.method = "dialog";
    close.setAttribute("aria-label", "Close");
    cross.append(close);
    const about = make("p", "about", "What TMDb found for these titles. Films of the same title and year, give or take one, are chosen already; look whether they are right. "
      + "Yours get their ids, and count if this recommender knows them.");
    const rows = make("div", "looked-up");
    rows.append(...[...this.rows.values()].map(({ made }) => made));
    inside.append(head, about, rows, this.keep, make("p", "source", "This product uses the TMDB API but is not endorsed or certified by TMDB."));
    this.dialog.replaceChildren(cross, inside);
    for (const film of films) if (found.has(film.id)) this.fill(film, found.get(film.id));
    this.count();
    this.dialog.showModal();
    return this.round;
  }

  row(film) {
    const made = make("label"), choice = Object.assign(make("select"), { disabled: true, onchange: () => this.count() });
    choice.append(Object.assign(make("option", "", "asking …"), { value: "" }));
    made.append(make("span", "", titled(film)), choice);
    return { made, choice, found: [] };
  }

  fill(film, found) {
    const row = this.rows.get(film.id), same = same_film(found, film.title, film.year);
    row.found = found;
    const options = found.map((each) => Object.assign(make("option", "", titled(each) + (each.original && each.original !== each.title ? ` · ${each.original}` : "")), { value: String(each.tmdb) }));
    const none = Object.assign(make("option", "", found.length ? "None of these: leave it as it is" : "Nothing found: left as it is"), { value: "" });
    row.choice.replaceChildren(none, ...options);
    row.choice.value = same ? String(same.tmdb) : "";
    row.choice.disabled = !found.length;
    this.count();
  }

  chosen(films) {
    return films.flatMap((film) => {
      const { choice, found } = this.rows.get(film.id), each = found.find(({ tmdb }) => String(tmdb) === choice.value);
      return each ? [[film.id, each]] : [];
    });
  }

  count() {
    const many = [...this.rows.values()].filter(({ choice }) => choice.value).length;
    this.keep.textContent = `Take ${many === 1 ? "this film" : `these ${many} films`}`;
    this.keep.disabled = !many;
    if (!many) this.keep.textContent = "Choose a film above";
  }

  async take(films) {
    const chosen = this.chosen(films);
    this.keep.disabled = true;
    const described = await Promise.all(chosen.map(async ([id, each]) => [id, await this.described(each)]));
    this.dialog.close();
    this.cards.say_all(described.map(([film, each]) => ({ kind: "found", film, new: each })));
  }

  // As a form would describe the film.
  async described({ title, year, tmdb, genres }) {
    return { title, year, tmdb, genres, imdb: await imdb_of(this.cards.posters.key, tmdb) };
  }

  say(film, found) {
    this.cards.say({ kind: "found", film, new: found });
  }
}
