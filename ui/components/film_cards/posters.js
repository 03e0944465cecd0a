// Posters of TMDb, if the visitor has given a key: asked for by the browser itself, a few at a time, and kept on its disk.

import { make } from "./dom.js";
import { clear_shelf, has_shelf, keep_path, known_path, poster_at } from "./shelf.js";
import { ask_tmdb, films_titled } from "./tmdb.js";

const AT_ONCE = 4;

// What a film is asked for by: TMDb's number or, of one that was added by hand, its title and year.
const name_of = (film) => film.tmdb || (film.id < 0 && film.title ? `${film.title} (${film.year})` : 0);

export class Posters {
  constructor() {
    // waiting: name of a film that was asked for or will be -> the faces that want its poster. films: name -> film.
    Object.assign(this, { key: "", refused: null, known: new Map(), waiting: new Map(), films: new Map(), queue: [], busy: 0 });
  }

  // A key that TMDb has refused is not tried again. With the key that the visitor forgets goes what was kept by it.
  use(key) {
    if (this.key && !key) clear_shelf();
    this.key = key === this.refused ? "" : key;
  }

  want(film, face) {
    const name = name_of(film);
    if (!this.key || !name) { face.querySelector("img")?.remove(); return; }
    const address = this.known.get(name);
    if (address !== undefined) { if (address) this.put(face, address); return; }
    if (!this.waiting.has(name)) {
      this.waiting.set(name, new Set());
      this.films.set(name, film);
      this.queue.push(name);
    }
    this.waiting.get(name).add(face);
  }

  ask() {
    while (this.key && this.busy < AT_ONCE && this.queue.length) this.fetch(this.queue.shift());
  }

  async fetch(name) {
    const { key } = this;
    this.busy += 1;
    try {
      const kept = has_shelf() ? await known_path(name) : undefined;
      if (kept !== undefined) await this.keep(name, kept);
      else await this.look_up(name, key);
    } catch {
      await this.keep(name, null);
    }
    if (!this.known.has(name)) this.again(name);
    this.busy -= 1;
    this.ask();
  }

  async look_up(name, key) {
    if (typeof name === "string") {
      const { title, year } = this.films.get(name), [first] = await films_titled(key, title, year);
      await this.keep(name, first?.poster ?? null);
      return;
    }
    const answer = await ask_tmdb(key, `movie/${name}`);
    if (answer.status === 401) { this.give_up(key); return; }
    const path = answer.ok ? (await answer.json()).poster_path ?? null : null;
    if (answer.ok) await keep_path(name, path);
    await this.keep(name, path);
  }

  async keep(name, path) {
    const isPath = typeof path === "string" && /^\/[\w.]+$/.test(path);
    const address = isPath ? await poster_at(`https://image.tmdb.org/t/p/w342${path}`) : "";
    this.known.set(name, address);
    if (address && this.key) for (const face of this.waiting.get(name) ?? []) this.put(face, address);
    this.waiting.delete(name);
  }

  // The key was refused while this film was asked for: it is asked for again if there is another by now.
  again(name) {
    if (this.key && this.waiting.has(name)) this.queue.push(name);
    else this.waiting.delete(name);
  }

  // Only the key that was sent is refused: the visitor may have given another meanwhile.
  give_up(key) {
    this.refused = key;
    if (this.key === key) {
      for (const name of this.queue) this.waiting.delete(name);
      Object.assign(this, { key: "", queue: [] });
    }
  }

  put(face, address) {
    const image = face.querySelector("img") ?? face.appendChild(Object.assign(make("img"), { alt: "", loading: "lazy", referrerPolicy: "no-referrer" }));
    if (image.src !== address) image.src = address;
  }
}
