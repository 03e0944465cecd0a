// Where the host is, and whether this browser should go there: no DOM, no network.

export const APART = 400; // milliseconds in which several moves of the host are one for those who follow

// Following: whether this tab goes where the host goes, and which of the host's moves it has made.
export class Following {
  // isOn: what this tab did last in this room; moves: the last move that it made or has passed over.
  constructor({ isOn = true, moves = 0 } = {}) {
    Object.assign(this, { isOn, moves, place: null, wait: 0 });
  }

  // The host is there. now: milliseconds. Returns whether something is to be done later.
  hear(place, now) {
    const isNew = place.moves > (this.place?.moves ?? 0);
    this.place = place;
    if (isNew) this.wait = now + APART;
    return this.due;
  }

  get due() {
    return Boolean(this.isOn && this.place?.path && this.place.moves > this.moves);
  }

  // The place to go to now, or null. here: {path, query} of this tab.
  next(here, now) {
    if (!this.due || now < this.wait) return null;
    const { path, query, moves } = this.place;
    this.moves = moves;
    return same(here, { path, query }) ? null : { path, query, moves };
  }

  // Turned on by hand: the host's place counts, however old the move is.
  turn(isOn) {
    this.isOn = isOn;
    if (isOn) [this.moves, this.wait] = [-1, 0];
  }
}

export const STILL = 500; // milliseconds after which a page that rests has the address that it keeps
export const LATEST = 8000; // milliseconds after which a move is over, arrived or not

// A move that has not quite arrived: where two pages have a parameter of one name, Streamlit drops it on the way from one
// to the other. Going there once more, from there, sets it.
export class Missed {
  // now: milliseconds, when the move was made.
  constructor(place, now) {
    Object.assign(this, { place, begin: now, since: null, at: null, isOver: false });
  }

  // here: {path, query} of this tab. At most once true; never for an address that has changed since the page rests.
  should_repeat(here, isAtWork, now) {
    if (this.isOver || now - this.begin > LATEST) return false;
    if (isAtWork) { this.since = null; return false; }
    if (this.since === null) [this.since, this.at] = [now, here];
    if (!same(here, this.at)) { this.isOver = true; return false; }
    if (now - this.since < STILL) return false;
    this.isOver = true;
    return trimmed(here.path) === trimmed(this.place.path) && !same(here, this.place);
  }
}

export const AGAIN = 2000; // milliseconds until a move that the server has not taken is told again

// What the host's tab tells: where it is, while it leads, once its address stands still, one message at a time.
export class Leading {
  // tab: a name of this tab.
  constructor(tab) {
    Object.assign(this, { tab, seen: "", last: "", isBusy: false, wait: 0 });
  }

  // The place to tell now, or null. room: {leader, place} as the server knows it.
  next(here, { leader, place }, now) {
    const text = JSON.stringify([here.path, here.query]), isStill = text === this.seen;
    this.seen = text;
    if (leader !== this.tab) { this.last = ""; return null; }
    const isKnown = text === this.last || (here.path === place.path && here.query === place.query);
    if (!isStill || isKnown || this.isBusy || now < this.wait) return null;
    this.isBusy = true;
    return here;
  }

  told({ path, query }, isDone, now) {
    this.isBusy = false;
    if (isDone) this.last = JSON.stringify([path, query]);
    else this.wait = now + AGAIN;
  }
}

const OWN = ["present", "hide"]; // parameters that say how a tab shows a page, and not what

// A query in two parts: what those who follow share, and what is this tab's own.
export function parted(query) {
  const texts = query.split("&").filter(Boolean), is_own = (text) => OWN.includes(text.split("=")[0]);
  return { shared: texts.filter((text) => !is_own(text)).join("&"), own: texts.filter(is_own).join("&") };
}

// Addresses are the same if their parameters are, in whatever order.
export const same = (one, other) => trimmed(one.path) === trimmed(other.path) && sorted(one.query) === sorted(other.query);

const trimmed = (path) => path.replace(/\/+$/, "") || "/";
const sorted = (query) => JSON.stringify([...new URLSearchParams(query)].sort(([a, b], [c, d]) => (a < c || (a === c && b < d) ? -1 : 1)));
