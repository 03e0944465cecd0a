// The narrator's panel of a tour. It goes from step to step as the browser's own Back and Forward do, so that each step
// has an address, and tells the server by small requests of its own where the learner stands and what they answer.

import { go, has_all, here_now, is_at_work, Missed, trimmed } from "../shared/places.js";
import { made, prose } from "../shared/prose.js";
import { question } from "../shared/question.js";
import { HANDLED, Presses } from "./presses.js";
import { is_met, outcome, query_after } from "./steps.js";
import { Target } from "../shared/target.js";

const LOOK_EVERY = 200; // milliseconds: where is this tab, what waits, where is what is spoken of
const FOLDED = "tour-folded";

const UNFOLDS = 2; // times that a step unfolds the form of a presented page: a new page folds it once, then the learner is right
const AGAIN = 3000; // milliseconds until what was not kept is told once more

class TourPanel {
  constructor(root) {
    this.root = root;
    this.wait = 0;
    this.presses = new Presses();
    this.done = new Set(); // the steps whose task is done, so that Back asks for none of them twice
    this.find = (selector) => root.querySelector(selector);
    this.find(".fold").onclick = () => this.fold(true);
    this.find(".unfold").onclick = () => this.fold(false);
    this.find(".leave").onclick = () => this.leave();
    this.find(".back").onclick = () => this.back();
    this.find(".next").onclick = () => this.next();
    this.find(".skip").onclick = () => this.next();
    this.escape = (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || this.isFolded || is_in_the_way(event)) return;
      event.preventDefault(); // the next one ends presenting
      this.fold(true);
    };
    this.press = (event) => this.pressed(event);
  }

  // What Python says: the step, the moves from it, and what this person has answered.
  show(data) {
    const isOther = `${data.tour}.${data.step.id}` !== this.at;
    this.data = data;
    this.begin();
    this.answers = { ...data.answers, ...(isOther ? {} : this.answers) };
    if (isOther) this.arrive();
    this.draw();
    this.look();
  }

  begin() {
    if (this.timer) return;
    this.target = new Target(this.find(".ring"));
    this.timer = setInterval(() => this.look(), LOOK_EVERY);
    document.addEventListener("keydown", this.escape);
    for (const kind of HANDLED) document.addEventListener(kind, this.press, true);
    this.fold(sessionStorage.getItem(FOLDED) === this.data.tour);
  }

  end() {
    clearInterval(this.timer);
    this.timer = this.at = null;
    this.target?.end();
    document.removeEventListener("keydown", this.escape);
    for (const kind of HANDLED) document.removeEventListener(kind, this.press, true);
    delete document.documentElement.dataset.tour;
  }

  arrive() {
    const { tour, step } = this.data;
    this.at = `${tour}.${step.id}`;
    this.isMet = this.done.has(this.at);
    this.isPressed = this.isOver = false;
    this.unfolds = UNFOLDS;
    this.said = "";
    this.wasAsked = false;
    this.unasked = null;
    this.target.take(step.look);
    this.find(".body").scrollTop = 0;
    this.told = null;
    this.tell("at", { step: step.id });
    if (this.data.number === 1 && this.isFolded) this.fold(false); // who begins sees the narrator
  }

  get is_here() {
    return trimmed(location.pathname) === trimmed(this.data.here.path);
  }

  draw() {
    const { data } = this, { step } = data, isOpen = !step.wait || this.isMet;
    this.find(".title").textContent = data.title;
    this.find(".count").textContent = `Step ${data.number} of ${data.count}`;
    this.find(".unfold").textContent = `${data.title} · step ${data.number} of ${data.count}`;
    this.find(".bar i").style.width = `${(100 * data.number) / data.count}%`;
    this.find(".body").replaceChildren(...(this.isOver ? this.ending() : this.is_here ? this.content() : this.elsewhere()));
    this.find(".back").disabled = !(data.back || this.isOver);
    this.find(".next").disabled = this.isOver || !isOpen || (step.question && !this.answers[step.id]);
    this.find(".next").textContent = data.next ? "Next" : "Finish";
    this.find(".skip").hidden = this.isOver || !this.find(".next").disabled;
    this.find(".next").hidden = this.isOver;
  }

  content() {
    const { step } = this.data, parts = prose(step.text);
    if (step.question) parts.push(...question(step.question, this.answers[step.id]?.[1], (at) => this.choose(at)));
    if (step.wait) parts.push(made("p", { className: this.isMet ? "hint met" : "hint", textContent: this.isMet ? "Done. Go on with Next." : "Next lights up when you have done this." }));
    if (this.said) parts.push(made("p", { className: "hint failed", textContent: this.said }));
    return parts;
  }

  elsewhere() {
    const back = made("button", { type: "button", className: "main", textContent: `Back to ${this.data.here.title}`, onclick: () => this.move(this.data.here) });
    return [made("p", { textContent: `This step is on the page ${this.data.here.title}.` }), made("p", {}, back)];
  }

  ending() {
    const { rights } = this.data, right = Object.entries(rights).filter(([id, index]) => this.answers[id]?.[0] === index).length;
    const parts = [made("p", { className: "ask", textContent: "You have finished this lesson." }), made("p", { textContent: outcome(right, Object.keys(rights).length) })];
    const links = [this.data.after, this.data.all].filter(Boolean).map((place, at) => made("button", { type: "button", className: at ? "" : "main", textContent: place.label, onclick: () => this.move(place) }));
    return [...parts, made("p", { className: "away" }, ...links)];
  }

  choose(at) {
    const { id } = this.data.step;
    this.answers[id] = [this.answers[id]?.[0] ?? at, at];
    this.tell("answer", { step: id, choice: at });
    this.draw();
    this.find(".choice[aria-pressed=true]")?.focus({ preventScroll: true });
    this.find(".why").scrollIntoView({ block: "nearest" }); // on a phone the answers fill the panel
  }

  next() {
    if (this.data.next) return this.move(this.data.next);
    this.isOver = true;
    this.target.take("");
    this.tell("finish", {});
    this.draw();
  }

  back() {
    if (!this.isOver) return this.move(this.data.back);
    this.isOver = false;
    this.target.take(this.data.step.look);
    this.draw();
  }

  move(place) {
    const { query } = here_now();
    this.go({ path: place.path, query: query_after(place, is_asked(query) ? this.scene() : query) });
  }

  go(to, isReplaced = false) {
    go(to, isReplaced);
    this.missed = new Missed(to, performance.now(), has_all);
  }

  // The address of this step without a prediction, which sets the page up for its own question.
  scene() {
    return this.unasked ?? query_after(this.data.here, "");
  }

  // A prediction that somebody took on the way is over: the page is as it was before.
  mend(query) {
    if (is_asked(query)) this.wasAsked = true;
    else if (!this.wasAsked) this.unasked = query;
    else if (!is_at_work()) {
      this.wasAsked = false;
      this.go({ path: location.pathname, query: this.scene() }, true);
    }
  }

  leave() {
    const query = new URLSearchParams(location.search);
    query.delete("tour");
    go({ path: location.pathname, query: query.toString() });
  }

  fold(isFolded) {
    this.isFolded = isFolded;
    sessionStorage.setItem(FOLDED, isFolded ? this.data.tour : ""); // another tour begins open
    this.find(".panel").hidden = isFolded;
    this.find(".unfold").hidden = !isFolded;
    document.documentElement.dataset.tour = isFolded ? "folded" : "open";
    if (this.at) this.look();
  }

  pressed(event) {
    const selector = this.data?.step.wait?.click;
    if (!selector || this.isMet) return;
    const last = selector.split(">>>").at(-1).trim();
    this.isPressed ||= this.presses.hears(event, last);
    this.look();
  }

  look() {
    if (!this.root.isConnected) return this.end();
    const here = here_now(), { step } = this.data;
    if (this.missed?.should_repeat(here, is_at_work(), performance.now())) go(this.missed.place, true);
    const below = document.querySelector(".st-key-room-bar")?.offsetHeight ?? 0;
    this.root.style.setProperty("--below", `${below}px`);
    const panel = this.isFolded ? null : this.find(".panel").getBoundingClientRect();
    document.documentElement.style.setProperty("--tour-height", `${(panel?.height ?? 0) + below}px`);
    this.unfold_form();
    this.target.below = below;
    this.target.look(panel, is_at_work(), performance.now());
    if (this.is_here && is_of(here.query, this.at)) this.mend(here.query);
    if (this.is_here) this.remember(here.query);
    const isMet = this.is_here && Boolean(step.wait) && (step.wait.click ? this.isPressed : is_met(step.wait.address, here.query));
    const wasHere = this.wasHere;
    this.wasHere = this.is_here;
    if ((isMet && !this.isMet) || wasHere !== this.wasHere) {
      this.isMet ||= isMet;
      if (this.isMet) this.done.add(this.at);
      this.draw();
    }
  }

  // A presented page has its form folded away. A step that speaks of a part of it shows it until that is done.
  unfold_form() {
    const { dataset } = document.documentElement, isPresented = new URLSearchParams(location.search).get("present") === "true";
    if (isPresented && this.is_here && !this.isMet && this.unfolds > 0 && this.target.is_folded) {
      this.unfolds--;
      this.unfoldedAt = this.at;
      dataset.form = "open";
    } else if (this.unfoldedAt && (this.isMet || this.at !== this.unfoldedAt)) {
      this.unfoldedAt = null;
      delete dataset.form;
    }
  }

  // What the learner has set at this step, once it rests: there they find it again. What was not kept is told once more.
  async remember(query) {
    const isStill = query === this.seen;
    this.seen = query;
    if (!isStill || !is_of(query, this.at) || query === this.told || is_at_work() || performance.now() < this.wait) return;
    this.wait = performance.now() + AGAIN;
    if (await this.tell("at", { step: this.data.step.id, query })) [this.told, this.wait] = [query, 0];
  }

  // The panel goes on without it: progress is a convenience, and says so where it cannot be kept.
  async tell(what, body) {
    try {
      const answer = await fetch(`${this.data.at}/${what}`, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
      this.said = answer.ok ? "" : await answer.text();
    } catch {
      this.said = "The server does not answer, so your progress is not kept.";
    }
    if (this.said) this.draw();
    return !this.said;
  }
}

const is_asked = (query) => new URLSearchParams(query).has("predict");
const is_of = (query, step) => new URLSearchParams(query).get("tour") === step;

// What is open on top of the page, or typed in, and has a use of its own for Escape.
const ON_TOP = 'dialog[open], [role="dialog"], [data-testid="stPopoverBody"], [role="listbox"]', TYPED = 'input:not([type="range"]), textarea, [contenteditable]';
const is_in_the_way = (event) => event.composedPath().some((each) => each.matches?.(`${ON_TOP}, ${TYPED}`)) || Boolean(document.querySelector(ON_TOP));

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tour");
  root.panel ??= new TourPanel(root);
  root.panel.show(data);
  return () => root.panel.end();
}
