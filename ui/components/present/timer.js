// A timer that counts up: no DOM, no clock of its own. Times are milliseconds.

export class Timer {
  // kept: what it has counted before; since: when it was started, null while it rests.
  constructor({ kept = 0, since = null } = {}) {
    Object.assign(this, { kept, since });
  }

  get runs() { return this.since !== null; }

  turn(now) {
    [this.kept, this.since] = this.runs ? [this.counted(now), null] : [this.kept, now];
  }

  reset() { [this.kept, this.since] = [0, null]; }

  counted(now) { return this.kept + (this.runs ? Math.max(0, now - this.since) : 0); }

  // As in 05:09, or 75:00.
  words(now) {
    const seconds = Math.floor(this.counted(now) / 1000), two = (number) => String(number).padStart(2, "0");
    return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  }
}
