// Whether the person here has asked for something that the page is still at work on: parts of a page that refresh
// themselves are not what a sign of work is for. The document's element says so, as data-asked.

const SOON = 1000; // milliseconds within which a page begins to work on what was asked
const NEXT = 400; // and within which it does so after the run that it was busy with has ended

export class Asked {
  constructor() {
    Object.assign(this, { until: -Infinity, hasBegun: false, isBusy: false });
  }

  // A key, a click or a touch. now: milliseconds; isAtWork: whether the page was running its script already: the end of
  // that run is not the answer.
  note(now, isAtWork = false) {
    Object.assign(this, { until: now + SOON, hasBegun: false, isBusy: isAtWork });
  }

  // isAtWork: whether the page runs its script now. Until it has begun, what was asked may still be on its way.
  isOpen(isAtWork, now) {
    if (this.isBusy) {
      if (isAtWork) return true;
      Object.assign(this, { isBusy: false, until: now + NEXT });
    }
    if (isAtWork && now < this.until) this.hasBegun = true;
    if (this.hasBegun && !isAtWork) Object.assign(this, { until: -Infinity, hasBegun: false });
    return this.hasBegun || now < this.until;
  }
}
