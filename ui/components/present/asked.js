// Whether the person here has asked for something that the page is still at work on: parts of a page that refresh
// themselves are not what a sign of work is for. The document's element says so, as data-asked.

const SOON = 1000; // milliseconds within which a page begins to work on what was asked

export class Asked {
  constructor() {
    Object.assign(this, { at: -Infinity, hasBegun: false });
  }

  // A key, a click or a touch. now: milliseconds.
  note(now) {
    Object.assign(this, { at: now, hasBegun: false });
  }

  // isAtWork: whether the page runs its script now. Until it has begun, what was asked may still be on its way.
  isOpen(isAtWork, now) {
    if (isAtWork && now - this.at < SOON) this.hasBegun = true;
    if (this.hasBegun && !isAtWork) [this.at, this.hasBegun] = [-Infinity, false];
    return this.hasBegun || now - this.at < SOON;
  }
}
