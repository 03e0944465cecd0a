// Nothing moves under a finger, and no click acts on what has moved under it.

const CONTROLS = "button, a, input, select, label, summary, [role='button'], [tabindex]";
const CLICK_FOLLOWS = 120; // milliseconds from the lifted finger to its click, at most
const FORGOTTEN = 1000; // milliseconds after which a press without a click is none
const LIFTED = ["pointerup", "pointercancel"];

// A click belongs to the control that was pressed; on any other it does nothing. Keys, and helpers that press none, are free.
export function own_clicks(root) {
  let pressed, timer;
  const control_of = (event) => {
    const found = event.target.closest?.(CONTROLS);
    return found && root.contains(found) ? found : root;
  };
  const forget = () => { pressed = undefined; };
  root.addEventListener("pointerdown", (event) => {
    clearTimeout(timer);
    pressed = control_of(event);
    when_lifted(() => { timer = setTimeout(forget, FORGOTTEN); });
  }, true);
  root.addEventListener("click", (event) => {
    const before = pressed;
    forget();
    if (before === undefined || !event.detail || control_of(event) === before) return;
    event.stopImmediatePropagation();
    event.preventDefault();
  }, true);
}

// Calls back once the pointer is up, wherever that is.
function when_lifted(act) {
  const lifted = () => {
    for (const name of LIFTED) window.removeEventListener(name, lifted, true);
    act();
  };
  for (const name of LIFTED) window.addEventListener(name, lifted, true);
}

// Has what would move wait while a pointer is down.
export class Steady {
  constructor(root) {
    Object.assign(this, { isHeld: false, waiting: null });
    root.addEventListener("pointerdown", () => this.hold(), true);
    root.addEventListener("click", () => this.isHeld && !this.isDown && queueMicrotask(() => this.free()));
  }

  hold() {
    Object.assign(this, { isHeld: true, isDown: true });
    clearTimeout(this.timer);
    when_lifted(() => {
      this.isDown = false;
      this.timer = setTimeout(() => this.free(), CLICK_FOLLOWS);
    });
  }

  free() {
    clearTimeout(this.timer);
    const act = this.waiting;
    Object.assign(this, { isHeld: false, waiting: null });
    act?.();
  }

  // Does it now or, if a pointer is down, after its click; of several that wait only the last.
  when_free(act) {
    if (this.isHeld) this.waiting = act;
    else act();
  }
}

// A page that becomes shorter moves what is on screen. From the first press on, the page stays as long as it is,
// until the end of what it holds has been scrolled past anyway.
export function hold_floor(root) {
  let page = null;
  const scroller = () => page.closest("[data-testid='stMain']") ?? document.scrollingElement;
  const is_needed = () => {
    const last = page.lastElementChild, padding = Number.parseFloat(getComputedStyle(page).paddingBottom);
    return root.isConnected && last && last.getBoundingClientRect().bottom + padding < scroller().getBoundingClientRect().top + scroller().clientHeight;
  };
  const let_go = () => {
    if (is_needed()) return;
    page.style.minHeight = "";
    window.removeEventListener("scroll", let_go, true);
    page = null;
  };
  root.addEventListener("pointerdown", () => {
    page ??= (root.getRootNode().host ?? root).closest("[data-testid='stMainBlockContainer']");
    if (!page) return;
    page.style.minHeight = `${page.offsetHeight}px`;
    window.addEventListener("scroll", let_go, { capture: true, passive: true });
  }, true);
}
