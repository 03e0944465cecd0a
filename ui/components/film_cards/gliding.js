// Cards glide to their new places, so that the eye sees what a rating has changed. Until a card has settled it takes no tap:
// a second tap was meant for the card that was there before.

import { is_calm } from "../shared/calm.js";

const SETTLING = 320; // milliseconds
const APPEAR = [{ opacity: 0, transform: "scale(.94)" }, { opacity: 1, transform: "none" }];

export class Gliding {
  constructor(root) {
    Object.assign(this, { root, timers: new Map() });
  }

  // Where the cards are now; to be handed to `glide` when they have moved.
  places() {
    return new Map([...this.cards()].map((card) => [card, card.getBoundingClientRect()]));
  }

  glide(before) {
    for (const card of before.size ? this.cards() : []) {
      const was = before.get(card), is = card.getBoundingClientRect();
      if (was && was.left === is.left && was.top === is.top) continue;
      if (is.top > innerHeight + 200 || is.bottom < -200) continue;
      this.settle(card);
      if (is_calm() || !card.matches(".poster")) continue;
      if (!was) card.animate(APPEAR, { duration: 260, easing: "ease-out" });
      else card.animate([{ transform: `translate(${was.left - is.left}px, ${was.top - is.top}px)` }, { transform: "none" }], { duration: SETTLING, easing: "cubic-bezier(.2,.7,.2,1)" });
    }
  }

  cards() {
    return this.root.querySelectorAll(".card");
  }

  settle(card) {
    clearTimeout(this.timers.get(card));
    card.classList.add("settling");
    this.timers.set(card, setTimeout(() => card.classList.remove("settling"), SETTLING));
  }
}
