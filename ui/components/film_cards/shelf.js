// Posters that were seen before, kept on the visitor's disk by their browser: for half a year, as TMDb's terms allow, and a few hundred.

const NAME = "film-posters", DAYS = 180, MOST = 600;
const PATHS = "https://api.themoviedb.org/3/movie/"; // keys of the entries that hold a film's path, without any key of TMDb

let clearings = 0; // what was on its way when the shelf was cleared is not put on it

// A browser that keeps nothing (on a page without TLS from another machine, say) has no shelf, and asks TMDb each time.
export const has_shelf = () => Boolean(globalThis.caches);
const open = async () => { try { return await globalThis.caches?.open(NAME); } catch { return undefined; } };

async function found(address) {
  const shelf = await open(), kept = await shelf?.match(address);
  if (!kept) return undefined;
  if (Date.now() - Number(kept.headers.get("X-Kept")) < DAYS * 86_400_000) return kept;
  await shelf.delete(address);
  return undefined;
}

async function keep(address, body, type, asked = clearings) {
  const shelf = await open();
  if (!shelf || asked !== clearings) return;
  try {
    const all = await shelf.keys();
    for (const old of all.slice(0, Math.max(0, all.length - 2 * MOST + 1))) await shelf.delete(old);
    await shelf.put(address, new Response(body, { headers: { "Content-Type": type, "X-Kept": String(Date.now()) } }));
  } catch { /* the disk is full: nothing is kept */ }
}

// The path of a film's poster: a text, null if TMDb has none, undefined if it was never asked.
export async function known_path(film) {
  const kept = await found(PATHS + encodeURIComponent(film));
  return kept ? JSON.parse(await kept.text()) : undefined;
}

export const keep_path = (film, path) => keep(PATHS + encodeURIComponent(film), JSON.stringify(path), "application/json");

// The poster itself, as an address of this browser; that of TMDb where nothing can be kept.
export async function poster_at(address) {
  try {
    if (!(await open())) return address;
    const asked = clearings;
    let kept = await found(address);
    if (!kept) {
      const answer = await fetch(address, { referrerPolicy: "no-referrer" });
      if (!answer.ok) return address;
      const body = await answer.blob();
      await keep(address, body, body.type, asked);
      kept = new Response(body);
    }
    return URL.createObjectURL(await kept.blob());
  } catch {
    return address;
  }
}

export async function clear_shelf() {
  clearings += 1;
  try { await globalThis.caches?.delete(NAME); } catch { /* nothing was kept */ }
}
