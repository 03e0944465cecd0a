// One film on screen: what it is called, its colour, what is expected of it, and everything that can be said about it.

import { make } from "./dom.js";
import { Stars } from "./film_stars.js";

// Hues of the genres, those that say most about a film first: they give it its colour.
const HUES = {
  "Film-Noir": 265, Western: 55, Musical: 350, Animation: 200, Horror: 18, War: 110, "Sci-Fi": 235, Documentary: 165, Mystery: 290, Fantasy: 310,
  Children: 185, Romance: 0, Crime: 275, Thriller: 250, Adventure: 145, Action: 35, Comedy: 85, Drama: 225, IMAX: 225,
};
const PLAIN = 250, ORDER = Object.keys(HUES);

function hues_of(genres) {
  const known = genres.filter((name) => name in HUES).sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  const first = HUES[known[0]] ?? PLAIN;
  return [first, HUES[known[1]] ?? first + 25];
}

const named = (film) => (film.year ? `${film.title} (${film.year})` : film.title);

function link(address, text, label) {
  const made = make("a", "", text);
  Object.assign(made, { href: address, target: "_blank", rel: "noopener noreferrer" });
  made.setAttribute("aria-label", label);
  return made;
}

function links_of(film) {
  const row = make("span", "links");
  if (film.imdb) row.append(link(`https://www.imdb.com/title/tt${String(film.imdb).padStart(7, "0")}/`, "IMDb", `${named(film)} at IMDb`));
  if (film.tmdb) row.append(link(`https://www.themoviedb.org/movie/${film.tmdb}`, "TMDb", `${named(film)} at TMDb`));
  return row;
}

export class FilmCard {
  // say(action): what the visitor did; look: "poster", "row".
  constructor(film, look, acts, say) {
    Object.assign(this, { film, look, say });
    this.root = make("article", `card ${look}`);
    this.root.dataset.film = film.id;
    this.face = this.make_face();
    this.below = make("div", "below");
    this.guess = new Guess();
    this.stars = new Stars(make("div"), (value) => say({ kind: "rate", film: film.id, stars: value }));
    this.acts = make("div", "acts");
    this.buttons = acts.map((act) => this.button(act));
    this.facts = make("p", "facts");
    this.note = make("p", "note");
    this.who = make("ul", "who");
    this.acts.append(...this.buttons, links_of(film));
    this.below.append(this.guess.root, this.who, this.stars.root, this.note, this.facts, this.acts);
    this.root.append(this.face, this.below);
  }

  make_face() {
    const { film } = this, face = make("button", "face"), [first, second] = hues_of(film.genres), year = film.year ? String(film.year) : "";
    face.type = "button";
    face.setAttribute("aria-label", `${named(film)}: why, and films like it`);
    face.style.setProperty("--first", first);
    face.style.setProperty("--second", second);
    face.style.setProperty("--turn", `${120 + (film.id * 37) % 90}deg`);
    face.dataset.digits = year.slice(2);
    const size = film.title.length > 38 ? "long" : film.title.length > 18 ? "middle" : "short";
    face.append(make("span", "year", year), make("span", `name ${size}`, film.title), make("span", "genres", film.genres.slice(0, 3).join(" · ")));
    face.onclick = () => this.say({ kind: "open", film: film.id });
    return face;
  }

  button({ mark, label, title, kind }) {
    const button = make("button", "act", label);
    Object.assign(button, { type: "button", title });
    button.setAttribute("aria-label", `${label}: ${named(this.film)}`);
    button.dataset.mark = mark ?? kind;
    button.onclick = () => (mark
      ? this.say({ kind: "mark", film: this.film.id, mark, on: button.getAttribute("aria-pressed") !== "true" })
      : this.say({ kind, film: this.film.id }));
    return button;
  }

  show(film) {
    this.film = film;
    this.stars.set(film.stars, named(film));
    for (const button of this.buttons) if (button.dataset.mark in MARKS) button.setAttribute("aria-pressed", film.marks.includes(button.dataset.mark));
    this.guess.show(film);
    this.tell(film);
    this.note.textContent = film.note ?? "";
    this.note.hidden = !film.note;
    this.show_group(film.who ?? []);
    this.root.classList.toggle("rated", film.stars !== null);
  }

  // What is known of it without a network: a row has its genres here, for which its face has no room.
  tell({ genres, tags = [], raters = 0 }) {
    const named = this.look === "row" ? genres.slice(0, 2) : tags.slice(0, this.look === "poster" ? 2 : 4);
    const count = raters ? `${raters.toLocaleString("en")} ${raters === 1 ? "rating" : "ratings"}` : "";
    this.facts.textContent = [...named, count].filter(Boolean).join(" · ");
    this.facts.title = tags.length ? `Tags that users of MovieLens gave it: ${tags.join(", ")}` : "";
    this.facts.hidden = !this.facts.textContent;
  }

  // Rows that say the same stay: one may be under a finger.
  show_group(who) {
    const shown = JSON.stringify(who);
    this.who.hidden = !who.length;
    if (shown !== this.group) this.who.replaceChildren(...who.map((each) => this.person(each)));
    this.group = shown;
  }

  person({ name, stars, seen, key }) {
    const row = make("li"), label = make("span", "", seen ? `${name} has seen it` : name);
    label.title = label.textContent;
    row.append(label, make("b", "", stars === null ? "" : `★ ${stars.toFixed(1)}`));
    if (key) row.append(this.veto(name, key));
    return row;
  }

  veto(name, key) {
    const button = make("button", "act veto", "Veto");
    Object.assign(button, { type: "button", title: `${name} does not want to see this film tonight` });
    button.setAttribute("aria-label", `Veto by ${name}: ${named(this.film)}`);
    button.onclick = () => this.say({ kind: "veto", film: this.film.id, who: key, on: true });
    return button;
  }
}

// The stars expected, and a bar from likely lowest to likely highest, which are written beside them.
class Guess {
  constructor() {
    this.root = make("div", "guess");
    this.root.innerHTML = '<span class="expected"><b></b><span></span></span><span class="range"><i></i><em></em></span>';
    [this.number, this.words, this.bar] = ["b", ".expected span", ".range"].map((selector) => this.root.querySelector(selector));
  }

  // What is expected of a film with stars is not shown, but keeps its place: the stars stay where they are when they are given.
  show(film) {
    const isKnown = typeof film.guess === "number", hasBar = typeof film.spread === "number";
    this.root.hidden = !isKnown;
    this.root.classList.toggle("spent", film.stars !== null);
    if (!isKnown) return;
    const { guess, spread, likely } = film;
    this.number.textContent = `★ ${guess.toFixed(1)}`;
    this.words.textContent = likely ? ` · likely ${likely}` : " expected";
    this.bar.hidden = !hasBar;
    if (!hasBar) return;
    const low = Math.max(0.5, guess - spread), high = Math.min(5, guess + spread), share = (value) => `${((value - 0.5) / 4.5) * 100}%`;
    this.bar.title = `Two of three times ${likely ? "you" : "a user"} would give between ${low.toFixed(1)} and ${high.toFixed(1)} stars.`;
    Object.assign(this.bar.firstChild.style, { left: share(low), right: `calc(100% - ${share(high)})` });
    this.bar.lastChild.style.left = share(guess);
  }
}

export const MARKS = {
  watchlist: { mark: "watchlist", label: "Want to see", title: "Keeps it on your watchlist" },
  "not seen": { mark: "not seen", label: "Not seen", title: "Do not ask about it again; it may still be recommended" },
  "not for me": { mark: "not for me", label: "Not for me", title: "Never recommend it" },
  seen: { mark: "seen", label: "Seen", title: "Seen, without stars; it is not recommended any more" },
};
