// Where a host points, in words that hold on every screen: a part of the page, and how far across and down it is.

export const BETWEEN = 150; // milliseconds between two messages while the pointer moves

const PART = '[data-testid="stElementContainer"], [data-testid="stColumn"], [data-testid="stMainBlockContainer"]';
const KEY = /(?:^|\s)(st-key-[\w-]+)/;
const LONGEST = 300; // letters of a selector; the server takes no more

// The selector of the part of the page in which an element lies: from the nearest part with a key down, step by step.
export function selector_of(element) {
  const part = element?.closest(PART);
  if (!part) return "";
  const steps = [];
  for (let each = part; each; each = each.parentElement) {
    const key = KEY.exec(each.className?.toString() ?? "");
    if (key) return whole([`.${key[1]}`, ...steps]);
    if (each.matches('[data-testid="stMainBlockContainer"]')) return whole(['[data-testid="stMainBlockContainer"]', ...steps]);
    steps.unshift(`:nth-child(${1 + [...each.parentElement.children].indexOf(each)})`);
  }
  return "";
}

const whole = (steps) => (steps.join(" > ").length > LONGEST ? "" : steps.join(" > "));

// How far a point lies across and down a box: 0 to 1.
export const share_of = ({ left, top, width, height }, x, y) => ({ x: part_of(x - left, width), y: part_of(y - top, height) });
const part_of = (way, length) => (length > 0 ? Math.round(Math.min(1, Math.max(0, way / length)) * 1000) / 1000 : 0.5);

// The point of a box that lies so far across and down it.
export const point_in = ({ left, top, width, height }, { x, y }) => ({ x: left + x * width, y: top + y * height });

// What to send now of where the pointer is: at most one message in BETWEEN, and the last place always.
export class Sending {
  constructor() {
    Object.assign(this, { last: "", at: -Infinity, waiting: null });
  }

  // spot: {at, x, y, ring} or null. Returns it if it is to be sent now.
  next(spot, now) {
    const text = JSON.stringify(spot);
    if (text === this.last) { this.waiting = null; return undefined; }
    if (now - this.at < BETWEEN && spot !== null) { this.waiting = spot; return undefined; }
    Object.assign(this, { last: text, at: now, waiting: null });
    return spot;
  }

  // What has waited long enough.
  due(now) {
    return this.waiting && now - this.at >= BETWEEN ? this.next(this.waiting, now) : undefined;
  }
}
