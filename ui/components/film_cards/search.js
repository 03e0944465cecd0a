// The search field, and the films found under it.

import { put_in_order } from "./dom.js";

const PAUSE = 120; // milliseconds without typing before a search is sent

export class Search {
  // ask(text): something else is looked for; add(text): a film that was looked for is added by hand.
  constructor(root, ask, add) {
    Object.assign(this, { root, ask, answered: null, field: root.querySelector(".search"), list: root.querySelector(".found") });
    Object.assign(this, { hits: root.querySelector(".hits"), missing: root.querySelector(".missing") });
    this.missing.querySelector("button").onclick = () => { this.open(false); add(this.typed); };
    this.field.oninput = () => this.type();
    this.field.onfocus = () => { if (this.typed) this.open(true); };
    this.field.onkeydown = (event) => this.key(event);
  }

  get typed() {
    return this.field.value.trim();
  }

  type() {
    clearTimeout(this.timer);
    this.answered = null;
    const text = this.typed;
    if (!text) this.open(false);
    this.timer = setTimeout(() => this.ask(text), text ? PAUSE : 0);
  }

  key(event) {
    if (event.key === "Escape") {
      this.field.value = "";
      this.type();
    }
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      this.list.querySelector(".stars")?.focus();
    }
  }

  // found: {text, films} or null; card(film, place): what stands for a film; catalogue: where it was looked for, in words.
  // An answer to what is typed no more is passed over.
  show(found, card, catalogue) {
    const { list, hits, typed } = this;
    if (!found || found.text !== typed || !typed) return;
    const nodes = found.films.map(card);
    put_in_order(hits, nodes);
    this.missing.classList.toggle("nothing", !nodes.length);
    this.missing.firstElementChild.textContent = nodes.length
      ? `Not the film you mean? It may not be in ${catalogue}.`
      : `No film here is called “${typed}”: it is not in ${catalogue}. Try fewer letters, or another of its titles.`;
    list.setAttribute("aria-label", `${nodes.length} films found; arrow down goes to the first`);
    if (this.answered !== typed) this.open(true);
    this.answered = typed;
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
  }
}
