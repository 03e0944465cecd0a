// What somebody speaks of: found on the page, scrolled into view once, and ringed. Nothing of the page changes by it.

import { ring_around, scroll_to } from "./ring.js";

const TRYING = 4000; // milliseconds in which a page that still grows may move what is shown out of view
const HEADER = 62; // pixels of Streamlit's header, which what scrolls passes below

export class Target {
  constructor(ring) {
    Object.assign(this, { ring, selector: "", isLeft: true, below: 0 });
    this.place = () => this.draw();
    this.leave = () => { this.isLeft = true; };
    for (const name of ["scroll", "resize"]) addEventListener(name, this.place, true);
    for (const name of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(name, this.leave, { capture: true, passive: true });
  }

  // Another step: "" for one that shows nothing.
  take(selector) {
    Object.assign(this, { selector, isLeft: !selector, until: null, seen: "" });
    this.draw();
  }

  // panel: {left, top, ...} of the panel on screen, or null if it is collapsed. Called a few times a second.
  look(panel, isAtWork, now) {
    this.panel = panel;
    const rect = this.rect(), text = JSON.stringify(rect);
    this.draw();
    const isStill = rect && text === this.seen;
    this.seen = text;
    if (this.isLeft || !isStill || isAtWork) return;
    this.until ??= now + TRYING;
    if (now > this.until) { this.isLeft = true; return; }
    this.show(rect);
  }

  show(rect) {
    const by = scroll_to(with_margins(rect, find(this.selector)), inset(this.room()));
    if (Math.abs(by) < 2) return;
    const scroller = document.querySelector('[data-testid="stMain"]');
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scroller?.scrollBy({ top: by, behavior: isCalm ? "instant" : "smooth" });
  }

  // The window without the header, the panel and, `below`, the bar of a room.
  room() {
    const { panel } = this, room = { left: 0, top: HEADER, right: innerWidth, bottom: innerHeight - this.below };
    if (!panel) return room;
    if (panel.width > innerWidth * 0.8) room.bottom = panel.top;
    else room.right = panel.left;
    return room;
  }

  rect() {
    const found = this.selector && find(this.selector);
    if (!found) return null;
    const { left, top, right, bottom } = found.getBoundingClientRect();
    return right > left && bottom > top ? { left, top, right, bottom } : null;
  }

  // Whether it is on the page, but folded away.
  get is_folded() {
    const found = this.selector ? every(this.selector) : [];
    return found.length > 0 && !found.some(is_shown);
  }

  draw() {
    const rect = this.rect(), ring = rect && ring_around(rect, this.room());
    this.ring.hidden = !ring;
    if (ring) for (const side of ["left", "top", "width", "height"]) this.ring.style[side] = `${ring[side]}px`;
  }

  end() {
    for (const name of ["scroll", "resize"]) removeEventListener(name, this.place, true);
    for (const name of ["wheel", "touchmove", "keydown", "pointerdown"]) removeEventListener(name, this.leave, { capture: true });
  }
}

// With what is to be seen beside it: its scroll margins, as for the browser's own scrolling.
function with_margins({ left, top, right, bottom }, element) {
  const { scrollMarginTop, scrollMarginBottom } = getComputedStyle(element);
  return { left, right, top: top - Number.parseFloat(scrollMarginTop), bottom: bottom + Number.parseFloat(scrollMarginBottom) };
}

const inset = ({ left, top, right, bottom }) => ({ left, right, top: top + 10, bottom: bottom - 10 });

// The first element of this selector that is on show. Components have shadow trees, which a selector does not enter by
// itself: "A >>> B" is the first B inside the tree below A.
export const find = (selector) => every(selector).find(is_shown) ?? null;

const is_shown = (element) => element.getClientRects().length > 0;

function every(selector) {
  let roots = [document];
  const parts = selector.split(">>>").map((part) => part.trim());
  for (const part of parts.slice(0, -1)) roots = roots.flatMap((root) => all(root, part)).flatMap(shadows);
  return roots.flatMap((root) => all(root, parts.at(-1)));
}

const shadows = (element) => [element, ...element.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean);

function all(root, selector) {
  try {
    return [...root.querySelectorAll(selector)];
  } catch { // an author's selector that is none: nothing is highlighted
    return [];
  }
}
