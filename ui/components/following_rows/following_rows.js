// Rows of pictures that follow sliders elsewhere on the page: while a thumb moves, the server makes them for where it
// stands. What Python shows once the thumb rests is the same, with the figures around it.

import { NewestAnswer } from "../shared/newest_answer.js";

class FollowingRows {
  constructor(root) {
    this.root = root;
    this.watch = new MutationObserver((changes) => this.notice(changes));
    this.watch.observe(document.body, { subtree: true, attributeFilter: ["aria-valuetext", "value"] });
  }

  // What Python says: rows for these levels, and the sliders (keys) that show them.
  show({ html, address, sliders, levels }) {
    const isOther = address !== this.address, now = this.levels_now(sliders);
    Object.assign(this, { address, sliders });
    if (address && !isOther && now && !same(now, levels)) return this.ask(now); // the hand is further already
    if (isOther) this.newest = this.asker();
    this.asked = levels;
    this.take(html);
  }

  // Answers for rows that are no longer shown are dropped; without an answer the page's own one comes soon.
  asker() {
    const asker = new NewestAnswer(({ html }) => this.newest === asker && this.take(html), () => {});
    return asker;
  }

  notice(changes) {
    if (!this.root.isConnected) return this.watch.disconnect();
    if (!this.sliders.length || !changes.some(({ target }) => target.closest(this.sliders.map((key) => `.st-key-${key}`).join()))) return;
    const now = this.levels_now(this.sliders);
    if (now && !same(now, this.asked)) this.ask(now);
  }

  // null where a slider is not there (yet).
  levels_now(sliders) {
    const thumbs = sliders.map((key) => document.querySelector(`.st-key-${key} input[type=range]`));
    return thumbs.every(Boolean) ? thumbs.map((thumb) => Number(thumb.value)) : null;
  }

  ask(levels) {
    this.asked = levels;
    this.newest.ask(this.address, levels);
  }

  // Where only pictures and figures change, the elements stay: nothing flashes.
  take(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const parts = (node) => node.querySelectorAll("img, .name b, .name span"), old = parts(this.root), made = parts(fresh.content);
    if (!old.length || old.length !== made.length || this.root.querySelector(".rows").className !== fresh.content.querySelector(".rows").className) {
      this.root.replaceChildren(fresh.content);
      return;
    }
    made.forEach((part, at) => {
      if (part.localName === "img") Object.assign(old[at], { src: part.src, alt: part.alt });
      else if (old[at].textContent !== part.textContent) old[at].replaceWith(part);
    });
  }
}

const same = (one, other) => one.length === other.length && one.every((value, at) => Math.abs(value - other[at]) < 1e-6);

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".following");
  root.rows ??= new FollowingRows(root);
  root.rows.show(data);
}
