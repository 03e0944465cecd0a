// Films to rate and films recommended. What the visitor does is painted at once, and told to Python until Python has heard it.

import { hold_floor, own_clicks, Steady } from "../shared/steady.js";
import { AddFilm } from "./add_film.js";
import { CloseUp } from "./close_up.js";
import { make, put_in_order } from "./dom.js";
import { FilmCard, MARKS } from "./film_card.js";
import { Gliding } from "./gliding.js";
import { LookUp } from "./look_up.js";
import { People } from "./people.js";
import { Posters } from "./posters.js";
import { Search } from "./search.js";
import { Vetoes } from "./vetoes.js";

const ACTS = {
  rate: [MARKS["not seen"], MARKS["not for me"]],
  recommend: [MARKS.watchlist, MARKS["not for me"], { kind: "open", label: "Why?", title: "What in your ratings speaks for it, and films like it" }],
  mine: [],
  found: [MARKS.watchlist, MARKS["not for me"]],
  group: [{ kind: "open", label: "About", title: "What it is expected to be for you, and films like it" }],
};

const LOOK_UP = { kind: "look up", label: "Look up", title: "Asks TMDb, with your key, which film this is" };

class FilmCards {
  constructor(root) {
    this.find = (selector) => root.querySelector(selector);
    Object.assign(this, { root, pending: [], last: 0, acted: null, cards: new Map(), sections: new Map(), posters: new Posters() });
    this.search = new Search(root, (text) => this.send("query", text), (text) => this.adding.open(text));
    this.close_up = new CloseUp(this.find(".sheet.one"), this);
    this.adding = new AddFilm(this.find(".sheet.adding"), this);
    this.looking = new LookUp(this.find(".sheet.looking"), this);
    this.people = new People(this.find(".whose"), (action) => this.say(action));
    this.gliding = new Gliding(this.find(".sections"));
    this.steady = new Steady(root);
    this.find(".undo").onclick = () => this.say({ kind: "undo" });
    root.addEventListener("click", (event) => { if (!event.composedPath().includes(this.find(".finder"))) this.search.open(false); });
    own_clicks(root);
    hold_floor(root);
  }

  // What Python says. Actions it has heard are its business now.
  show(data, send) {
    this.steady.when_free(() => this.take(data, send));
  }

  take(data, send) {
    Object.assign(this, { data, send });
    this.pending = this.pending.filter((action) => action.n > data.heard);
    this.last = Math.max(this.last, data.heard);
    this.posters.use(data.tmdbKey);
    this.find(".top").hidden = !data.search && data.undo === null;
    this.find(".finder").hidden = !data.search;
    this.paint();
    this.root.dataset.heard = data.heard;
  }

  // A film that no catalogue here knows can be looked up by those who have a key of TMDb.
  acts(kind, film) {
    return kind === "mine" && film.id < 0 && !film.tmdb && this.posters.key ? [...ACTS[kind], LOOK_UP] : ACTS[kind];
  }

  say(action) {
    if (action.kind === "look up") this.looking.one([...this.cards.values()].find((each) => each.film.id === action.film).film);
    else this.say_all([action]);
  }

  // Actions that Python hears together.
  say_all(actions) {
    for (const action of actions) {
      this.last = Math.max(this.last + 1, Date.now());
      this.pending.push({ n: this.last, ...action });
    }
    this.acted = actions.at(-1).film;
    this.send("done", { actions: this.pending });
    this.root.dataset.asked = performance.now();
    if (actions[0].kind === "rate") this.paint_film(actions[0].film);
    else this.paint();
  }

  // Stars are on screen at once; nothing else has changed yet.
  paint_film(id) {
    for (const card of [...this.cards.values(), this.close_up.card]) if (card?.film.id === id) card.show(this.now(card.film));
  }

  // The film with what has been said and not yet heard.
  now(film) {
    let { stars, marks } = film;
    for (const action of this.pending) {
      if (action.film !== film.id) continue;
      if (action.kind === "rate") [stars, marks] = [action.stars, action.stars === null ? marks : []];
      if (action.kind === "mark") marks = action.on ? [...marks, action.mark] : marks.filter((mark) => mark !== action.mark);
    }
    return { ...film, stars, marks };
  }

  paint() {
    const { data } = this, root = this.find(".sections"), before = this.gliding.places();
    root.className = `sections ${data.layout}`;
    this.people.show(data.people ?? [], this.pending.findLast((action) => action.kind === "person")?.who);
    put_in_order(root, data.sections.map((section) => this.section(section)));
    this.gliding.glide(before);
    this.search.show(data.found, (film, place) => this.card("found", "found", "row", film, place), data.catalogue?.missing ?? "this catalogue");
    this.find(".extent").textContent = data.catalogue?.about ?? "";
    this.close_up.show(data.open, this.pending.some((action) => action.kind === "close"));
    this.posters.ask();
    const undo = this.find(".undo"), said = this.find(".say");
    undo.hidden = data.undo === null;
    undo.classList.toggle("empty", !data.undo);
    undo.textContent = `Undo: ${data.undo}`;
    if (said.textContent !== data.said) said.textContent = data.said;
  }

  section({ key, kind, title, about, look, films, more, other, empty, vetoed }) {
    const { made, heading, words, vetoes, grid, more_button, other_button, look_up_button } = this.section_of(key, look);
    made.dataset.kind = kind;
    heading.textContent = title;
    words.textContent = films.length ? about : empty;
    more_button.hidden = !more;
    other_button.hidden = !other;
    const unknown = films.filter((film) => this.acts(kind, film).includes(LOOK_UP));
    look_up_button.hidden = unknown.length < 2;
    Object.assign(look_up_button, { textContent: `Look up ${unknown.length} unknown films`, onclick: () => this.looking.all(unknown) });
    vetoes.root.hidden = kind !== "group";
    vetoes.show(vetoed ?? []);
    const is_no = (action) => action.on && (action.mark === "not for me" || action.kind === "veto");
    const refused = (film) => kind !== "mine" && this.pending.some((action) => action.film === film.id && is_no(action));
    put_in_order(grid, films.filter((film) => !refused(film)).map((film, place) => this.card(key, kind, look, film, place)));
    return made;
  }

  section_of(key, look) {
    if (this.sections.has(key)) return this.sections.get(key);
    const made = make("section", `part ${key}`), head = make("div", "head"), grid = make("div", `cards ${look}s`), foot = make("div", "foot");
    const heading = make("h2"), words = make("p", "about"), more_button = make("button", "more", "Show more"), other_button = make("button", "other", "Other films"), look_up_button = make("button", "look-up");
    const vetoes = new Vetoes((action) => this.say(action));
    Object.assign(more_button, { type: "button", onclick: () => this.say({ kind: "more", section: key }) });
    Object.assign(other_button, { type: "button", onclick: () => this.say({ kind: "other", section: key }) });
    Object.assign(look_up_button, { type: "button", title: "Asks TMDb, with your key, which films these are; you choose before anything changes" });
    head.append(heading, other_button, look_up_button);
    foot.append(more_button);
    made.append(head, words, vetoes.root, grid, foot);
    this.sections.set(key, { made, heading, words, vetoes, grid, more_button, other_button, look_up_button });
    return this.sections.get(key);
  }

  card(section, kind, look, film, place) {
    const name = `${section} ${film.id}`;
    if (!this.cards.has(name)) this.cards.set(name, new FilmCard(film, look, this.acts(kind, film), (action) => this.say(action)));
    const card = this.cards.get(name);
    card.show(this.now(film));
    card.root.style.setProperty("--place", place);
    card.root.dataset.place = place + 1;
    if (look === "poster") this.posters.want(film, card.face);
    return card.root;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".films");
  root.filmCards ??= new FilmCards(root);
  root.filmCards.show(data, setStateValue);
}
