// Posters of TMDb, if the visitor has given a key: asked for by the browser itself, a few at a time, and never again.

import { make } from "./dom.js";

const AT_ONCE = 4;

export class Posters {
  constructor() {
    // waiting: TMDb's number of a film that was asked for or will be -> the faces that want its poster.
    Object.assign(this, { key: "", refused: null, known: new Map(), waiting: new Map(), queue: [], busy: 0 });
  }

  // A key that TMDb has refused is not tried again.
  use(key) {
    this.key = key === this.refused ? "" : key;
  }

  want(film, face) {
    if (!this.key || !film.tmdb) { face.querySelector("img")?.remove(); return; }
    const address = this.known.get(film.tmdb);
    if (address !== undefined) { if (address) this.put(face, address); return; }
    if (!this.waiting.has(film.tmdb)) {
      this.waiting.set(film.tmdb, new Set());
      this.queue.push(film.tmdb);
    }
    this.waiting.get(film.tmdb).add(face);
  }

  ask() {
    while (this.key && this.busy < AT_ONCE && this.queue.length) this.fetch(this.queue.shift());
  }

  async fetch(tmdb) {
    const key = this.key, isToken = key.length > 60;
    this.busy += 1;
    try {
      const address = new URL(`https://api.themoviedb.org/3/movie/${tmdb}`);
      if (!isToken) address.searchParams.set("api_key", key);
      const answer = await fetch(address, { headers: isToken ? { Authorization: `Bearer ${key}` } : {}, referrerPolicy: "no-referrer" });
      if (answer.status === 401) this.give_up(key);
      else this.keep(tmdb, answer.ok ? (await answer.json()).poster_path : null);
    } catch {
      this.keep(tmdb, null);
    }
    if (!this.known.has(tmdb)) this.again(tmdb);
    this.busy -= 1;
    this.ask();
  }

  keep(tmdb, path) {
    const address = typeof path === "string" && /^\/[\w.]+$/.test(path) ? `https://image.tmdb.org/t/p/w342${path}` : "";
    this.known.set(tmdb, address);
    if (address && this.key) for (const face of this.waiting.get(tmdb) ?? []) this.put(face, address);
    this.waiting.delete(tmdb);
  }

  // The key was refused while this film was asked for: it is asked for again if there is another by now.
  again(tmdb) {
    if (this.key && this.waiting.has(tmdb)) this.queue.push(tmdb);
    else this.waiting.delete(tmdb);
  }

  // Only the key that was sent is refused: the visitor may have given another meanwhile.
  give_up(key) {
    this.refused = key;
    if (this.key === key) {
      for (const tmdb of this.queue) this.waiting.delete(tmdb);
      Object.assign(this, { key: "", queue: [] });
    }
  }

  put(face, address) {
    const image = face.querySelector("img") ?? face.appendChild(Object.assign(make("img"), { alt: "", loading: "lazy", referrerPolicy: "no-referrer" }));
    if (image.src !== address) image.src = address;
  }
}
