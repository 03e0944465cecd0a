// One film close up, in a dialog: what can be said about it, which ratings speak for it, and films like it.

import { make, put_in_order } from "./dom.js";
import { FilmCard, MARKS } from "./film_card.js";

export class CloseUp {
  // cards: has now(film), say(action), card(…) and posters
  constructor(dialog, cards) {
    Object.assign(this, { dialog, cards, film: null });
    dialog.onclose = () => this.isWanted && cards.say({ kind: "close" });
    dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); }; // a handler that returns false would stop ✕ and links
  }

  // open: the film and the words about it, or null.
  show(open, isClosing) {
    this.isWanted = Boolean(open);
    if (!open && this.dialog.open) this.dialog.close();
    if (!open || isClosing) return;
    this.fill(open);
    if (!this.dialog.open) this.dialog.showModal();
  }

  // The film that was acted upon last stays where it is while the list above it grows.
  fill(open) {
    const film = this.cards.now(open.film), isOther = this.film !== film.id;
    if (isOther) this.begin(film);
    const acted = this.words.querySelector(`.similar [data-film="${this.cards.acted}"]`), was = acted?.getBoundingClientRect().top;
    this.card.show(film);
    this.cards.posters.want(film, this.card.face);
    this.words.replaceChildren(...this.reasons(open), this.like(open));
    if (isOther) this.dialog.querySelector(".inside").replaceChildren(this.card.root, this.words);
    if (acted?.isConnected) this.dialog.scrollTop += acted.getBoundingClientRect().top - was;
  }

  begin(film) {
    const say = (action) => action.kind !== "open" && this.cards.say(action);
    this.film = film.id;
    this.card = new FilmCard(film, "large", [MARKS.watchlist, MARKS.seen, MARKS["not for me"]], say);
    this.card.face.querySelector(".name").id = "film-name";
    this.words = make("div", "reasons");
  }

  reasons({ why, whyAbout, whyNote }) {
    const most = Math.max(1e-9, ...why.map((each) => Math.abs(each.change))), list = make("ul", "why");
    list.append(...why.map((each) => {
      const row = make("li"), bar = make("i", each.change < 0 ? "against" : "for"), track = make("span", "track");
      bar.style.width = `${(Math.abs(each.change) / most) * 100}%`;
      track.append(bar);
      row.append(make("span", "film", each.title), track, make("b", "", each.words), make("span", "given", each.films), make("span", "note", each.note));
      return row;
    }));
    return [make("h3", "", "Why"), make("p", "because", whyAbout), list, make("p", "about", whyNote)];
  }

  like({ similar, similarAbout }) {
    const part = make("div", "similar"), grid = make("div", "cards rows");
    put_in_order(grid, similar.map((film, place) => this.cards.card("similar", "found", "row", film, place)));
    part.append(make("h3", "", "Films like it"), make("p", "about", similarAbout), grid);
    return part;
  }
}
