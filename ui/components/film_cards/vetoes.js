// The films that somebody does not want tonight: who is against them, and a way back for one's own.

import { make } from "./dom.js";

export class Vetoes {
  constructor(say) {
    Object.assign(this, { say, shown: null, root: make("div", "vetoes") });
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", "Vetoed films");
  }

  // vetoed: {film, title, who: [{name, key}]}
  show(vetoed) {
    const shown = JSON.stringify(vetoed);
    if (shown === this.shown) return;
    this.shown = shown;
    this.root.replaceChildren(
      make("span", "count", vetoed.length ? `${vetoed.length} vetoed:` : "Nobody has vetoed a film."), ...vetoed.map((each) => this.film(each)),
    );
  }

  film({ film, title, who }) {
    const item = make("span", "film", `${title} (${who.map((each) => each.name).join(", ")})`), own = who.filter((each) => each.key);
    item.append(...own.map(({ name, key }) => {
      const button = make("button", "act back", own.length > 1 ? `Take back, ${name}` : "Take back");
      button.type = "button";
      button.setAttribute("aria-label", `Take back the veto of ${name}: ${title}`);
      button.onclick = () => this.say({ kind: "veto", film, who: key, on: false });
      return button;
    }));
    return item;
  }
}
