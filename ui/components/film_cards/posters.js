// Posters of TMDb, if the visitor has given a key: asked for by the browser itself, a few at a time, and kept on its disk.

import { make } from "./dom.js";
import { clear_shelf, has_shelf, keep_path, known_path, poster_at } from "./shelf.js";
import { ask_tmdb } from "./tmdb.js";

const AT_ONCE = 4;
const MOST = 300; // addresses kept in memory; each holds a poster

export class Posters {
  constructor() {
    // waiting: TMDb's number of a film that was asked for or will be -> the faces that want its poster.
    Object.assign(this, { key: "", refused: null, deleted: null, known: new Map(), waiting: new Map(), queue: [], busy: 0, forgotten: 0 });
  }

  // A key that TMDb has refused is not tried again. "delete" and a number in place of a key: what was kept goes.
  use(key) {
    const deletes = key.startsWith("delete ");
    if (deletes && key !== this.deleted) { this.deleted = key; clear_shelf(); this.forget(); }
    if (!key && (this.key || this.known.size)) this.forget();
    this.key = deletes || key === this.refused ? "" : key;
  }

  // What is kept in memory goes; the disk has it still, if it was not cleared.
  forget() {
    this.forgotten += 1;
    for (const address of this.known.values()) let_go(address);
    this.known.clear();
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
    const { key } = this;
    this.busy += 1;
    try {
      const kept = has_shelf() ? await known_path(tmdb) : undefined;
      if (kept !== undefined) await this.keep(tmdb, kept);
      else await this.look_up(tmdb, key);
    } catch {
      await this.keep(tmdb, null);
    }
    if (!this.known.has(tmdb)) this.again(tmdb);
    this.busy -= 1;
    this.ask();
  }

  async look_up(tmdb, key) {
    const { forgotten } = this, answer = await ask_tmdb(key, `movie/${tmdb}`);
    if (answer.status === 401) { this.give_up(key); return; }
    const path = answer.ok ? (await answer.json()).poster_path ?? null : null;
    if (answer.ok && forgotten === this.forgotten) await keep_path(tmdb, path);
    await this.keep(tmdb, path);
  }

  async keep(tmdb, path) {
    const isPath = typeof path === "string" && /^\/[\w.]+$/.test(path);
    const { forgotten } = this, address = isPath ? await poster_at(`https://image.tmdb.org/t/p/w342${path}`) : "";
    if (forgotten !== this.forgotten) { let_go(address); return; }
    this.known.set(tmdb, address);
    for (const [oldest, old] of [...this.known].slice(0, Math.max(0, this.known.size - MOST))) { let_go(old); this.known.delete(oldest); }
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
    const image = face.querySelector("img") ?? face.appendChild(Object.assign(make("img"), { alt: "", loading: "lazy", referrerPolicy: "no-referrer", onerror: () => image.remove() }));
    if (image.src !== address) image.src = address;
  }
}

// An address of this browser holds its poster in memory until it is let go.
function let_go(address) {
  if (address?.startsWith("blob:")) URL.revokeObjectURL(address);
}
