// Where the host is, and whether this browser should go there: no DOM, no network.

import { same } from "../shared/places.js";

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
