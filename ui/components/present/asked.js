// Whether the person here has asked for something that the page is still at work on: parts of a page that refresh
// themselves are not what a sign of work is for. The document's element says so, as data-asked.

const SOON = 1000; // milliseconds within which a page begins to work on what was asked
const NEXT = 400; // and within which it does so after the run that it was busy with has ended
const AGAIN = 80; // and within which a page runs itself anew, as part of its answer
const SIGN = 200; // milliseconds from the click until what has no answer yet shows a sign of work

export class Asked {
  constructor() {
    Object.assign(this, { at: -Infinity, until: -Infinity, hasBegun: false, isBusy: false, isSure: false });
  }

  // A key, a click or a touch. now: milliseconds; isAtWork: whether the page was running its script already: the end of
  // that run is not the answer. isSure: whether the page will run for it, though it may wait for the hand to rest.
  note(now, isAtWork = false, isSure = false) {
    isSure ||= this.isSure && now < this.until;
    Object.assign(this, { at: now, until: now + SOON, hasBegun: false, isBusy: isAtWork, isSure });
  }

  // How many milliseconds from now on the sign of work is due.
  signIn(now) {
    return Math.min(SIGN, Math.max(0, this.at + SIGN - now));
  }

  // isAtWork: whether the page runs its script now. Until it has begun, what was asked may still be on its way.
  isOpen(isAtWork, now) {
    if (this.isBusy) {
      if (isAtWork) return true;
      Object.assign(this, { isBusy: false, until: now + NEXT });
    }
    if (isAtWork && now < this.until) this.hasBegun = true;
    if (this.hasBegun && !isAtWork) Object.assign(this, { until: now + AGAIN, hasBegun: false, isSure: false });
    const isOpen = this.hasBegun || now < this.until;
    if (!isOpen) this.isSure = false;
    return isOpen;
  }
}
