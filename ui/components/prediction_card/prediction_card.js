// The card asks for a guess while the result is covered (the page's style does that, until the document's element says
// data-uncovered), and then shows the guess beside the truth; alone, or with everybody in the room.

import { guess_input } from "../shared/guess_input.js";
import { guess_result } from "../shared/guess_result.js";
import { go, has_all, here_now, is_at_work, Missed } from "../shared/places.js";
import { post } from "../shared/post.js";
import { made, prose } from "../shared/prose.js";
import { hear, news_now } from "../shared/room_news.js";
import { phase, poll_about, room_words, VERDICTS } from "./state.js";

const LOOK_EVERY = 250, ASK_AGAIN = 2000, PATIENCE = 1500; // milliseconds

class Card {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    const acts = { submit: () => this.submit(), reveal: () => this.reveal(), "ask-room": () => this.ask_room(), again: () => this.again(), back: () => this.turn(-1), next: () => this.turn(1), close: () => this.close() };
    for (const [name, act] of Object.entries(acts)) this.find(`.${name}`).onclick = act;
    this.find(".always").onchange = ({ target }) => this.send("/predictions/all/ask", { isAsked: target.checked });
  }

  // The number returned belongs to this call: only the last one's end ends the card.
  show(data) {
    this.shows = (this.shows ?? 0) + 1;
    const isNew = data.id !== this.data?.id;
    this.data = data;
    this.now = data.predictions.find(({ id }) => id === data.id);
    this.find(".always").checked = data.isAsked;
    if (!this.timer) {
      this.timer = setInterval(() => this.look(), LOOK_EVERY);
      this.deaf = hear(() => this.news());
    }
    if (isNew) this.begin();
    if (data.arrive && data.arrive !== this.arrived) this.arriving = performance.now();
    this.arrived = data.arrive;
    this.draw();
    return this.shows;
  }

  end(shows = this.shows) {
    if (shows !== this.shows) return;
    clearInterval(this.timer);
    this.timer = null;
    this.deaf?.();
  }

  begin() {
    const kept = JSON.parse(sessionStorage.getItem(this.key) ?? "{}");
    Object.assign(this, { guess: null, own: kept.own ?? null, truth: null, notYet: "", isOver: Boolean(kept.isOver), shown: "", wait: 0, asked: null });
    this.say("");
    this.read_room();
    if (this.isOver) this.tell_truth();
  }

  get key() { return `prediction-${this.data.id}`; }

  keep() { sessionStorage.setItem(this.key, JSON.stringify({ own: this.own, isOver: this.isOver })); }

  read_room() {
    const news = news_now();
    Object.assign(this, { room: news?.room ?? null, at: news ? `${news.base}/rooms/${news.code}` : "", poll: poll_about(this.data.id, news?.room) });
    if (this.poll && this.poll.own !== null) this.own = this.poll.own;
  }

  news() {
    this.read_room();
    if (this.poll?.isOpen && this.asked !== this.poll.id && !this.room.isHost && this.poll.own === null) { // asked anew: what was seen before is covered again
      Object.assign(this, { truth: null, isOver: false, own: null, notYet: "" });
      this.keep();
    }
    this.asked = this.poll?.isOpen ? this.poll.id : null;
    if (this.poll?.truth && !this.truth) {
      this.isOver = true;
      this.tell_truth(this.room.place.query);
    }
    this.draw();
  }

  get step() { return phase({ own: this.own, truth: this.truth, poll: this.poll, isHost: Boolean(this.room?.isHost) }); }

  draw() {
    if (!this.now) return;
    const { step, now, poll } = this, { predictions } = this.data, place = predictions.indexOf(now);
    const isCovered = step === "wait" || step === "lead" || (step === "ask" && !this.notYet);
    if (isCovered) delete document.documentElement.dataset.uncovered;
    else document.documentElement.dataset.uncovered = now.id;
    this.find(".count").textContent = `${place + 1} of ${predictions.length}`;
    this.find(".back").disabled = place === 0;
    this.find(".next").disabled = place + 1 === predictions.length;
    this.find(".submit").hidden = step !== "ask" || Boolean(this.notYet) || Boolean(this.room?.isHost && poll?.isOpen);
    this.find(".submit").disabled = this.guess === null || this.isBusy;
    this.find(".reveal").hidden = step === "told" || step === "wait" || Boolean(this.notYet) || Boolean(poll?.isOpen && !this.room.isHost);
    this.find(".reveal").textContent = step === "lead" ? "Uncover for everybody" : "Show without guessing";
    this.find(".reveal").classList.toggle("main", step === "lead");
    this.find(".reveal").disabled = this.isBusy;
    this.find(".ask-room").hidden = !this.room?.isHost || Boolean(poll?.isOpen);
    this.find(".ask-room").textContent = poll ? "Ask the room again" : "Ask the room";
    this.find(".again").hidden = !(step === "told" || this.notYet) || Boolean(poll);
    this.find(".room-says").textContent = room_words(step, poll, this.room?.count);
    this.find(".body").classList.toggle("told", step === "told");
    this.fill(step);
  }

  // The middle of the card, made anew only when something in it has changed: nothing moves under a finger.
  fill(step) {
    const { now, own, truth, notYet, poll } = this, crowd = poll?.result ?? null;
    const shown = JSON.stringify([now.id, step, notYet, step === "ask" && !notYet ? null : [own, truth, crowd]]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.find(".asked").replaceChildren(...prose(now.ask));
    const isOpen = step === "ask" && !notYet;
    this.find(".guess").replaceChildren(...(isOpen ? [guess_input(now.form, own, (guess) => this.chosen(guess))] : guess_result(now.form, { own, truth: truth?.value, crowd })));
    if (isOpen) this.guess = own;
    this.find(".after").replaceChildren(...this.after());
  }

  after() {
    const { truth, notYet } = this;
    if (!truth) return notYet ? prose(notYet) : [];
    const [first, ...others] = prose(truth.text);
    if (truth.verdict) first.prepend(made("span", { className: `verdict ${truth.verdict}`, textContent: `${VERDICTS[truth.verdict]} ` }));
    return [first, ...others, made("div", { className: "belief" }, ...prose(truth.misconception))];
  }

  chosen(guess) {
    this.guess = guess;
    this.find(".submit").disabled = guess === null;
  }

  say(why) { this.find(".say").textContent = why; }

  // One message at a time; its body, or null if it was refused, and then the card says why.
  async send(path, message) {
    if (this.isBusy) return null;
    this.isBusy = true;
    this.draw();
    const { ok, body, why } = await post(`${this.data.base}${path}`, message);
    this.isBusy = false;
    this.say(why);
    this.draw();
    return ok ? body ?? {} : null;
  }

  async submit() {
    const { guess, now, poll } = this, isOfRoom = Boolean(poll?.isOpen);
    if (guess === null) return;
    if (isOfRoom) {
      const { ok, why } = await post(`${this.at}/vote`, { poll: poll.id, guess });
      this.say(why);
      if (!ok) return;
    }
    const body = await this.send(`/predictions/${now.id}/guess`, { guess, query: here_now().query, isHeld: isOfRoom });
    if (!body && !isOfRoom) return;
    Object.assign(this, { own: guess, isOver: !isOfRoom });
    this.keep();
    if (!isOfRoom) this.take(body);
    else this.draw();
  }

  async reveal() {
    if (this.step === "lead") {
      const { ok, why } = await post(`${this.at}/uncover`, { poll: this.poll.id, query: here_now().query });
      if (!ok) return this.say(why);
    }
    this.isOver = true;
    this.keep();
    await this.tell_truth();
  }

  async ask_room() {
    const { ok, why } = await post(`${this.at}/predict`, { prediction: this.now.id });
    this.say(why);
    if (ok) this.again();
  }

  async tell_truth(query = here_now().query) {
    const { id } = this.now, body = await this.send(`/predictions/${id}/truth`, { query, guess: this.own });
    if (body && id === this.now.id) this.take(body);
  }

  take({ notYet = "", ...truth }) {
    Object.assign(this, { notYet, truth: notYet ? null : truth });
    this.draw();
  }

  again() {
    Object.assign(this, { own: null, truth: null, notYet: "", isOver: false });
    this.keep();
    this.draw();
  }

  turn(by) {
    const { predictions } = this.data, next = predictions[predictions.indexOf(this.now) + by];
    if (next) this.move(next);
  }

  move({ path, put }, isAgain = false) {
    const query = new URLSearchParams();
    for (const [name, texts] of Object.entries(put)) for (const text of texts) query.append(name, text);
    const tour = new URLSearchParams(location.search).get("tour");
    if (tour) query.set("tour", tour);
    const place = { path, query: query.toString() };
    go(place, isAgain);
    this.missed = new Missed(place, performance.now(), has_all);
  }

  close() {
    const query = new URLSearchParams(location.search);
    query.delete("predict");
    go({ path: location.pathname, query: query.toString() });
  }

  look() {
    if (!this.root.isConnected) return this.end();
    const now = performance.now();
    if (this.arriving && (!is_at_work() || now - this.arriving > PATIENCE)) { // a page that is broken off in its first run draws twice
      this.arriving = 0;
      this.move(this.now, true);
    }
    if (this.missed?.should_repeat(here_now(), is_at_work(), now)) go(this.missed.place, true);
    if (this.notYet && !this.isBusy && now > this.wait) {
      this.wait = now + ASK_AGAIN;
      this.tell_truth();
    }
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".card");
  root.card ??= new Card(root);
  const shows = root.card.show(data);
  return () => root.card.end(shows);
}
