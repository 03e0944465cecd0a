// Films to rate and films recommended. What the visitor does is painted at once, and told to Python until Python has heard it.

const PAUSE = 120; // milliseconds without typing before a search is sent
const SETTLING = 320; // milliseconds in which a card that has just come or moved takes no tap: a second tap was meant for the one before it
const ACTS = {
  rate: [MARKS["not seen"], MARKS["not for me"]],
  recommend: [MARKS.watchlist, MARKS["not for me"], { kind: "open", label: "Why?", title: "What in your ratings speaks for it, and films like it" }],
  mine: [],
  found: [MARKS.watchlist, MARKS["not for me"]],
  group: [{ kind: "open", label: "About", title: "What it is expected to be for you, and films like it" }],
};
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

class FilmCards {
  constructor(root) {
    Object.assign(this, { root, pending: [], last: 0, cards: new Map(), sections: new Map(), posters: new Posters(), settling: new Map(), opened: null, told: 0 });
    this.find = (selector) => root.querySelector(selector);
    this.search = this.find(".search");
    this.search.oninput = () => this.type();
    this.search.onfocus = () => this.search.value.trim() && this.show_found(true);
    this.search.onkeydown = (event) => this.search_key(event);
    this.find(".undo").onclick = () => this.say({ kind: "undo" });
    this.sheet = this.find(".sheet");
    this.sheet.onclose = () => { if (this.data.open) this.say({ kind: "close" }); };
    this.sheet.onclick = (event) => event.target === this.sheet && this.sheet.close();
    root.addEventListener("click", (event) => { if (!event.composedPath().includes(this.find(".finder"))) this.show_found(false); });
    own_clicks(root);
    hold_floor(root);
    this.steady = new Steady(root);
  }

  // What Python says. Actions it has heard are its business now.
  show(data, send) {
    this.steady.when_free(() => this.take(data, send));
  }

  take(data, send) {
    Object.assign(this, { data, send });
    this.pending = this.pending.filter((action) => action.n > data.heard);
    this.last = Math.max(this.last, data.heard);
    this.posters.key = data.tmdbKey;
    this.find(".top").hidden = !data.search && data.undo === null;
    this.find(".finder").hidden = !data.search;
    this.remember_visitor(data.cookie);
    this.paint();
    this.root.dataset.heard = data.heard;
    this.root.dataset.version = data.version;
  }

  remember_visitor(cookie) {
    if (!cookie || document.cookie.includes(`${cookie.name}=${cookie.value}`)) return;
    document.cookie = `${cookie.name}=${cookie.value}; path=/; max-age=${cookie.seconds}; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
  }

  say(action) {
    this.last = Math.max(this.last + 1, Date.now());
    this.acted = action.film;
    this.pending.push({ n: this.last, ...action });
    this.send("done", { actions: this.pending });
    this.root.dataset.asked = performance.now();
    if (action.kind === "rate") this.paint_film(action.film);
    else this.paint();
  }

  // Stars are on screen at once; nothing else has changed yet.
  paint_film(id) {
    for (const card of [...this.cards.values(), this.opened_card]) if (card?.film.id === id) card.show(this.now(card.film));
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
    const { data } = this, root = this.find(".sections"), before = this.places();
    root.className = `sections ${data.layout}`;
    const wanted = data.sections.map((section) => this.section(section));
    wanted.forEach((node, place) => root.children[place] !== node && root.insertBefore(node, root.children[place] ?? null));
    while (root.children.length > wanted.length) root.lastChild.remove();
    this.glide(before);
    this.paint_found();
    this.paint_sheet();
    this.posters.ask();
    const undo = this.find(".undo");
    undo.hidden = data.undo === null;
    undo.classList.toggle("empty", !data.undo);
    undo.textContent = `Undo: ${data.undo}`;
    const said = this.find(".say");
    if (said.textContent !== data.said) said.textContent = data.said;
  }

  section({ key, kind, title, about, look, films, more, other, empty }) {
    if (!this.sections.has(key)) {
      const made = make("section", `part ${key}`), head = make("div", "head"), grid = make("div", `cards ${look}s`), foot = make("div", "foot");
      const words = make("p", "about"), more_button = make("button", "more", "Show more"), other_button = make("button", "other", "Other films");
      Object.assign(more_button, { type: "button", onclick: () => this.say({ kind: "more", section: key }) });
      Object.assign(other_button, { type: "button", onclick: () => this.say({ kind: "other", section: key }) });
      head.append(make("h2"), other_button);
      foot.append(more_button);
      made.append(head, words, grid, foot);
      this.sections.set(key, { made, head, words, grid, more_button, other_button });
    }
    const parts = this.sections.get(key);
    parts.made.dataset.kind = kind;
    parts.head.firstChild.textContent = title;
    parts.words.textContent = films.length ? about : empty;
    parts.more_button.hidden = !more;
    parts.other_button.hidden = !other;
    const refused = (film) => kind !== "mine" && this.pending.some((action) => action.film === film.id && action.mark === "not for me" && action.on);
    const nodes = films.filter((film) => !refused(film)).map((film, place) => this.card(key, kind, look, film, place));
    put_in_order(parts.grid, nodes);
    return parts.made;
  }

  card(section, kind, look, film, place) {
    const name = `${section} ${film.id}`;
    if (!this.cards.has(name)) this.cards.set(name, new FilmCard(film, look, ACTS[kind], (action) => this.say(action)));
    const card = this.cards.get(name);
    card.show(this.now(film));
    card.root.style.setProperty("--place", place);
    card.root.dataset.place = place + 1;
    if (look === "poster") this.posters.want(film, card.face);
    return card.root;
  }

  // Cards glide to their new places, so that the eye sees what a rating has changed.
  places() {
    return new Map([...this.root.querySelectorAll(".sections .card")].map((card) => [card, card.getBoundingClientRect()]));
  }

  glide(before) {
    for (const card of before.size ? this.root.querySelectorAll(".sections .card") : []) {
      const was = before.get(card), is = card.getBoundingClientRect();
      if (was && was.left === is.left && was.top === is.top) continue;
      if (is.top > innerHeight + 200 || is.bottom < -200) continue;
      this.settle(card);
      if (calm() || !card.matches(".poster")) continue;
      if (!was) card.animate([{ opacity: 0, transform: "scale(.94)" }, { opacity: 1, transform: "none" }], { duration: 260, easing: "ease-out" });
      else card.animate([{ transform: `translate(${was.left - is.left}px, ${was.top - is.top}px)` }, { transform: "none" }], { duration: SETTLING, easing: "cubic-bezier(.2,.7,.2,1)" });
    }
  }

  settle(card) {
    clearTimeout(this.settling.get(card));
    card.classList.add("settling");
    this.settling.set(card, setTimeout(() => card.classList.remove("settling"), SETTLING));
  }

  type() {
    clearTimeout(this.timer);
    this.answered = null;
    const text = this.search.value.trim();
    if (!text) this.show_found(false);
    this.timer = setTimeout(() => { this.searched = performance.now(); this.send("query", text); }, text ? PAUSE : 0);
  }

  search_key(event) {
    if (event.key === "Escape") { this.search.value = ""; this.type(); }
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      this.find(".found .stars")?.focus();
    }
  }

  paint_found() {
    const { found } = this.data, list = this.find(".found"), typed = this.search.value.trim();
    if (!found || found.text !== typed || !typed) return;
    const nodes = found.films.map((film, place) => this.card("found", "found", "row", film, place));
    if (nodes.length) {
      list.querySelector(".nothing")?.remove();
      put_in_order(list, nodes);
    } else list.replaceChildren(make("p", "nothing", `No film here is called “${typed}”. Try fewer letters, or another title of it.`));
    list.setAttribute("aria-label", `${nodes.length} films found; arrow down goes to the first`);
    if (this.answered !== typed) this.show_found(true);
    this.answered = typed;
  }

  show_found(isOpen) {
    this.find(".found").hidden = !isOpen;
  }

  paint_sheet() {
    const { open } = this.data, isClosing = this.pending.some((action) => action.kind === "close");
    if (!open || isClosing) {
      if (!open && this.sheet.open) this.sheet.close();
      return;
    }
    this.show_sheet(open);
    if (!this.sheet.open) this.sheet.showModal();
  }

  // The film that was acted upon last stays where it is while the list above it grows.
  show_sheet(open) {
    const inside = this.find(".inside"), film = this.now(open.film), isOther = this.opened !== film.id;
    const acted = isOther ? undefined : this.opened_words.querySelector(`.similar [data-film="${this.acted}"]`), was = acted?.getBoundingClientRect().top;
    if (isOther) {
      this.opened = film.id;
      this.opened_card = new FilmCard(film, "large", [MARKS.watchlist, MARKS.seen, MARKS["not for me"]], (action) => action.kind !== "open" && this.say(action));
      this.opened_card.face.querySelector(".name").id = "film-name";
      this.opened_words = make("div", "reasons");
    }
    this.opened_card.show(film);
    this.posters.want(film, this.opened_card.face);
    this.opened_words.replaceChildren(...this.reasons(open), this.like(open));
    if (isOther) inside.replaceChildren(this.opened_card.root, this.opened_words);
    if (acted?.isConnected) this.sheet.scrollTop += acted.getBoundingClientRect().top - was;
  }

  reasons({ why, whyAbout }) {
    const head = make("h3", "", "Why"), most = Math.max(1e-9, ...why.map((each) => Math.abs(each.change)));
    const rows = why.map((each) => {
      const row = make("li"), bar = make("i", each.change < 0 ? "against" : "for");
      bar.style.width = `${(Math.abs(each.change) / most) * 100}%`;
      const track = make("span", "track");
      track.append(bar);
      row.append(make("span", "film", each.title), make("span", "given", `★ ${halves(each.stars)}`), track, make("b", "", each.words));
      return row;
    });
    const list = make("ul", "why");
    list.append(...rows);
    return [head, make("p", "about", whyAbout), list];
  }

  like({ similar, similarAbout }) {
    const part = make("div", "similar"), grid = make("div", "cards rows");
    put_in_order(grid, similar.map((film, place) => this.card("similar", "found", "row", film, place)));
    part.append(make("h3", "", "Films like it"), make("p", "about", similarAbout), grid);
    return part;
  }
}

function put_in_order(parent, nodes) {
  const focused = parent.getRootNode().activeElement, slot = focused ? [...parent.children].findIndex((child) => child.contains(focused)) : -1;
  nodes.forEach((node, place) => parent.children[place] !== node && parent.insertBefore(node, parent.children[place] ?? null));
  while (parent.children.length > nodes.length) parent.lastChild.remove();
  if (slot >= 0 && !parent.contains(focused)) parent.children[Math.min(slot, nodes.length - 1)]?.querySelector(".stars")?.focus({ preventScroll: true });
}

// Posters of TMDb, if the visitor has given a key: asked for by the browser itself, a few at a time, and never again.
class Posters {
  constructor() { Object.assign(this, { key: "", known: new Map(), queue: [], busy: 0 }); }

  want(film, face) {
    if (!this.key || !film.tmdb) { face.querySelector("img")?.remove(); return; }
    const address = this.known.get(film.tmdb);
    if (address) this.put(face, address);
    else if (address === undefined && !this.queue.some((each) => each.face === face)) this.queue.push({ film, face });
  }

  ask() {
    while (this.busy < 4 && this.queue.length) this.fetch(this.queue.shift());
  }

  async fetch({ film, face }) {
    this.busy += 1;
    try {
      const isToken = this.key.length > 60, address = new URL(`https://api.themoviedb.org/3/movie/${film.tmdb}`);
      if (!isToken) address.searchParams.set("api_key", this.key);
      const answer = await fetch(address, { headers: isToken ? { Authorization: `Bearer ${this.key}` } : {}, referrerPolicy: "no-referrer" });
      if (answer.status === 401) this.key = "";
      const path = answer.ok ? (await answer.json()).poster_path : null;
      this.known.set(film.tmdb, typeof path === "string" && /^\/[\w.]+$/.test(path) ? `https://image.tmdb.org/t/p/w342${path}` : "");
      if (this.known.get(film.tmdb)) this.put(face, this.known.get(film.tmdb));
    } catch {
      this.known.set(film.tmdb, "");
    }
    this.busy -= 1;
    this.ask();
  }

  put(face, address) {
    const image = face.querySelector("img") ?? face.appendChild(Object.assign(make("img"), { alt: "", loading: "lazy", referrerPolicy: "no-referrer" }));
    if (image.src !== address) image.src = address;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".films");
  root.filmCards ??= new FilmCards(root);
  root.filmCards.show(data, setStateValue);
}
