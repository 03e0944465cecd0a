// The search field, and the films found under it.

import { make, put_in_order } from "./dom.js";

const PAUSE = 120; // milliseconds without typing before a search is sent

export class Search {
  // ask(text): something else is looked for.
  constructor(root, ask) {
    Object.assign(this, { root, ask, answered: null, field: root.querySelector(".search"), list: root.querySelector(".found") });
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

  // found: {text, films} or null; card(film, place): what stands for a film. An answer to what is typed no more is passed over.
  show(found, card) {
    const { list, typed } = this;
    if (!found || found.text !== typed || !typed) return;
    const nodes = found.films.map(card);
    if (nodes.length) {
      list.querySelector(".nothing")?.remove();
      put_in_order(list, nodes);
    } else list.replaceChildren(make("p", "nothing", `No film here is called “${typed}”. Try fewer letters, or another title of it.`));
    list.setAttribute("aria-label", `${nodes.length} films found; arrow down goes to the first`);
    if (this.answered !== typed) this.open(true);
    this.answered = typed;
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
  }
}
