// The host's pointer, and what it rings: drawn on the host's page and on the pages of those who follow.

import { find, Target } from "../shared/target.js";
import { point_in, selector_of, Sending, share_of } from "./spots.js";

const MAIN = '[data-testid="stMain"]';

// Draws a spot {at, x, y, ring}; null: there is none.
export class Spot {
  constructor(dot, ring) {
    Object.assign(this, { dot, ring, spot: null });
    this.place = () => this.draw();
  }

  take(spot) {
    if (spot && !this.target) {
      this.target = new Target(this.ring);
      addEventListener("scroll", this.place, true);
      addEventListener("resize", this.place);
    }
    if (spot?.ring !== this.spot?.ring) this.target?.take(spot?.ring ?? "");
    this.spot = spot;
    this.draw();
    if (!spot) this.end();
  }

  // Called a few times a second, so that what is ringed comes into view on a page that still grows.
  look(isAtWork, now, below) {
    if (!this.target) return;
    this.target.below = below;
    this.target.look(null, isAtWork, now);
    this.draw();
  }

  draw() {
    const part = this.spot && find(this.spot.at), box = part?.getBoundingClientRect();
    this.dot.hidden = !box?.width;
    if (this.dot.hidden) return;
    const { x, y } = point_in(box, this.spot);
    this.dot.style.transform = `translate(${x}px, ${y}px)`;
  }

  end() {
    this.target?.take("");
    this.target?.end();
    this.target = null;
    removeEventListener("scroll", this.place, true);
    removeEventListener("resize", this.place);
    this.dot.hidden = true;
  }
}

// The host's hand while they point: the page takes no clicks meanwhile, so that nothing is pressed by pointing at it.
export class Pointing {
  // glass: the element over the page. send(spot): tells the others. show(spot): draws it here.
  constructor(glass, send, show) {
    Object.assign(this, { glass, send, show, spot: null, isOn: false });
    this.sending = new Sending();
    glass.onpointermove = (event) => this.move(event);
    glass.onpointerdown = (event) => this.move(event);
    glass.onclick = (event) => this.ring(event);
    glass.onwheel = (event) => document.querySelector(MAIN)?.scrollBy({ top: event.deltaY });
  }

  turn(isOn) {
    this.isOn = isOn;
    this.glass.hidden = !isOn;
    if (!isOn) this.go(null);
  }

  under({ clientX, clientY }) {
    this.glass.hidden = true;
    const element = document.elementFromPoint(clientX, clientY);
    this.glass.hidden = false;
    return selector_of(element);
  }

  move(event) {
    const at = this.under(event), box = at && find(at)?.getBoundingClientRect();
    if (box) this.go({ at, ...share_of(box, event.clientX, event.clientY), ring: this.spot?.ring ?? "" });
  }

  ring(event) {
    const at = this.under(event);
    if (this.spot && at) this.go({ ...this.spot, ring: this.spot.ring === at ? "" : at });
  }

  go(spot) {
    this.spot = spot;
    this.show(spot);
    const now = this.sending.next(spot, performance.now());
    if (now !== undefined) this.send(now);
  }

  // Called a few times a second: the last place is always told.
  look(now) {
    const due = this.sending.due(now);
    if (due !== undefined) this.send(due);
  }
}
