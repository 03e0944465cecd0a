// Posters of TMDb, if the visitor has given a key: asked for by the browser itself, a few at a time, and never again.

import { make } from "./dom.js";

const AT_ONCE = 4;

export class Posters {
  constructor() {
    Object.assign(this, { key: "", refused: null, known: new Map(), queue: [], busy: 0 });
  }

  // A key that TMDb has refused is not tried again.
  use(key) {
    this.key = key === this.refused ? "" : key;
  }

  want(film, face) {
    if (!this.key || !film.tmdb) { face.querySelector("img")?.remove(); return; }
    const address = this.known.get(film.tmdb);
    if (address) this.put(face, address);
    else if (address === undefined && !this.queue.some((each) => each.face === face)) this.queue.push({ film, face });
  }

  ask() {
    while (this.key && this.busy < AT_ONCE && this.queue.length) this.fetch(this.queue.shift());
  }

  async fetch({ film, face }) {
    this.busy += 1;
    try {
      const isToken = this.key.length > 60, address = new URL(`https://api.themoviedb.org/3/movie/${film.tmdb}`);
      if (!isToken) address.searchParams.set("api_key", this.key);
      const answer = await fetch(address, { headers: isToken ? { Authorization: `Bearer ${this.key}` } : {}, referrerPolicy: "no-referrer" });
      if (answer.status === 401) this.give_up();
      const path = answer.ok ? (await answer.json()).poster_path : null;
      if (answer.status !== 401) this.known.set(film.tmdb, typeof path === "string" && /^\/[\w.]+$/.test(path) ? `https://image.tmdb.org/t/p/w342${path}` : "");
      if (this.known.get(film.tmdb)) this.put(face, this.known.get(film.tmdb));
    } catch {
      this.known.set(film.tmdb, "");
    }
    this.busy -= 1;
    this.ask();
  }

  give_up() {
    Object.assign(this, { refused: this.key || this.refused, key: "", queue: [] });
  }

  put(face, address) {
    const image = face.querySelector("img") ?? face.appendChild(Object.assign(make("img"), { alt: "", loading: "lazy", referrerPolicy: "no-referrer" }));
    if (image.src !== address) image.src = address;
  }
}
