// Whether somebody has pressed, dragged or typed into what a step waits for. A finger that drags, and a mouse that lets go
// elsewhere, end without a click.

export const HANDLED = ["click", "input", "pointerdown", "pointerup", "pointercancel"];
const MOVED = 4; // pixels: what moves less is a press, and a click says so

export class Presses {
  // A pointercancel, with which a finger that scrolls the page ends, counts for nothing.
  hears(event, selector) {
    const isInside = event.composedPath().some((each) => each.matches?.(selector));
    if (event.type === "click" || event.type === "input") return isInside;
    const from = this.from;
    this.from = event.type === "pointerdown" && isInside ? { x: event.clientX, y: event.clientY } : null;
    return event.type === "pointerup" && Boolean(from) && Math.hypot(event.clientX - from.x, event.clientY - from.y) >= MOVED;
  }
}
