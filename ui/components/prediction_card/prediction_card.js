// The card asks for a guess while the result is covered (the page's style does that, until the document's element says
// data-uncovered), and then shows the guess beside the truth; alone, or with everybody in the room.

import { guess_input } from "../shared/guess_input.js";
import { guess_result } from "../shared/guess_result.js";
import { go, has_all, here_now, is_at_work, Missed } from "../shared/places.js";
import { post } from "../shared/post.js";
import { made, prose } from "../shared/prose.js";
import { hear, news_now } from "../shared/room_news.js";
import { own_clicks, Steady } from "../shared/steady.js";
import { has_runs, is_asked_anew, phase, poll_about, room_words, VERDICTS } from "./state.js";

const LOOK_EVERY = 250, ASK_AGAIN = 2000, PATIENCE = 1500; // milliseconds
const ARRIVED = "prediction-arrived";
const page = document.documentElement;

class Card {
  constructor(root) {
    Object.assign(this, { root, turns: 0, queue: Promise.resolve(), waiting: 0, shows: 0 });
    this.find = (selector) => root.querySelector(selector);
    this.steady = new Steady(root);
    own_clicks(root);
    const acts = { submit: () => this.submit(), reveal: () => this.reveal(), "ask-room": () => this.ask_room(), crowd: () => this.show_crowd(), again: () => this.again(), back: () => this.turn(-1), next: () => this.turn(1), close: () => this.close() };
    for (const [name, act] of Object.entries(acts)) this.find(`.${name}`).onclick = act;
    this.find(".always").onchange = (event) => this.wish(event.target);
  }

  // The number returned belongs to this call: only the last one's end ends the card.
  show(data) {
    this.shows++;
    const isNew = data.id !== this.data?.id;
    this.data = data;
    this.now = data.predictions.find(({ id }) => id === data.id);
    if (!this.waiting) this.find(".always").checked = data.isAsked;
    if (!this.timer) {
      this.timer = setInterval(() => this.look(), LOOK_EVERY);
      this.deaf = hear(() => this.news());
    }
    if (isNew) this.begin();
    if (data.arrival && data.arrival !== sessionStorage.getItem(ARRIVED)) {
      sessionStorage.setItem(ARRIVED, data.arrival);
      this.arriving = performance.now();
    }
    this.draw();
    return this.shows;
  }

  end(shows = this.shows) {
    if (shows !== this.shows) return;
    clearInterval(this.timer);
    this.timer = null;
    this.deaf?.();
  }

  // Another question, or the same anew: answers that are still on their way are not for it.
  start({ own = null, isOver = false } = {}) {
    this.turns++;
    Object.assign(this, { guess: null, own, isOver, truth: null, notYet: "", shown: "", wait: 0, seesCrowd: false });
  }

  begin() {
    this.start(JSON.parse(sessionStorage.getItem(this.key) ?? "{}"));
    this.asked = null;
    this.say("");
    this.news();
  }

  get key() { return `prediction-${this.data.id}`; }

  keep() { sessionStorage.setItem(this.key, JSON.stringify({ own: this.own, isOver: this.isOver })); }

  news() {
    const news = news_now();
    Object.assign(this, { room: news?.room ?? null, at: news ? `/rooms/${news.code}` : "", poll: poll_about(this.data.id, news?.room) });
    const { poll } = this;
    if (is_asked_anew(poll, this.asked) && !this.room.isHost) {
      this.start();
      this.keep();
    }
    this.asked = poll?.isOpen ? poll.id : null;
    if (poll && poll.own !== null) this.own = poll.own;
    if (poll?.truth) {
      Object.assign(this, { truth: poll.truth, notYet: "", isOver: true });
      this.keep();
    }
    this.draw();
  }

  get step() { return phase({ truth: this.truth, poll: this.poll, isHost: Boolean(this.room?.isHost) }); }

  draw() { this.steady.when_free(() => this.paint()); }

  paint() {
    if (!this.now) return;
    const { step, now, poll, notYet } = this, { predictions } = this.data, place = predictions.indexOf(now);
    const isHost = Boolean(this.room?.isHost), isOpen = step === "ask" && !notYet, isBusy = this.waiting > 0;
    if (step === "told" || (step === "ask" && notYet)) page.dataset.uncovered = now.id;
    else delete page.dataset.uncovered;
    if (step === "wait" || step === "lead") page.dataset.coveredBy = "room";
    else delete page.dataset.coveredBy;
    this.find(".count").textContent = `${place + 1} of ${predictions.length}`;
    this.find(".back").disabled = place === 0;
    this.find(".next").disabled = place + 1 === predictions.length;
    this.find(".next").dataset.present = step === "told" && place + 1 < predictions.length ? "next" : ""; // before, a clicker steps through the page
    this.find(".submit").hidden = !isOpen;
    this.find(".submit").disabled = this.guess === null || isBusy;
    this.find(".reveal").hidden = !(step === "lead" || (isOpen && !poll?.isOpen));
    this.find(".reveal").textContent = step === "lead" ? "Uncover for everybody" : "Show without guessing";
    this.find(".reveal").classList.toggle("main", step === "lead");
    this.find(".reveal").disabled = this.find(".ask-room").disabled = isBusy;
    this.find(".crowd").hidden = step !== "lead" || this.seesCrowd || !poll.votes;
    this.find(".ask-room").hidden = !isHost || step === "lead";
    this.find(".ask-room").textContent = poll ? "Ask the room again" : "Ask the room";
    this.find(".again").hidden = !(step === "told" || notYet) || Boolean(poll);
    this.find(".room-says").textContent = room_words(step, poll, this.room?.count);
    this.find(".body").classList.toggle("told", step === "told");
    this.fill(step, isOpen);
  }

  // The middle of the card, made anew only when something in it has changed.
  fill(step, isOpen) {
    const { now, own, truth, notYet, poll } = this, crowd = step === "lead" && !this.seesCrowd ? null : (poll?.result ?? null);
    const told = step === "told" ? truth : null;
    const shown = JSON.stringify([now.id, step, notYet, isOpen ? this.turns : [own, told, crowd]]);
    if (shown === this.shown) return;
    const hadFocus = this.root.getRootNode().activeElement;
    this.shown = shown;
    this.find(".asked").replaceChildren(...prose(now.ask));
    if (isOpen) this.guess = own;
    this.find(".guess").replaceChildren(...(isOpen ? [guess_input(now.form, own, (guess) => this.chosen(guess), now.ask)] : guess_result(now.form, { own, truth: told?.value, crowd })));
    this.find(".after").replaceChildren(...this.after(told, notYet));
    if (hadFocus && this.root.contains(hadFocus) === false) this.find(".after").focus({ preventScroll: true });
    if (hadFocus?.hidden) this.find(told || notYet ? ".after" : ".body").focus({ preventScroll: true });
  }

  after(truth, notYet) {
    if (!truth) return notYet ? prose(notYet) : [];
    const [first, ...others] = prose(truth.text);
    if (truth.verdict) first.prepend(made("span", { className: `verdict ${truth.verdict}`, textContent: `${VERDICTS[truth.verdict]} ` }));
    return [first, ...others, made("div", { className: "belief" }, ...prose(truth.misconception))];
  }

  chosen(guess) {
    this.guess = guess;
    this.find(".submit").disabled = guess === null || this.waiting > 0;
  }

  say(why) { this.find(".say").replaceChildren(...(why ? prose(why) : [])); }

  // One message after the other. What came back, or null if another question is on show by now; a refusal is said.
  send(path, message) {
    const turn = this.turns;
    this.waiting++;
    this.draw();
    const sent = this.queue.then(() => post(`${this.data.base}${path}`, message)).then((answer) => {
      this.waiting--;
      const isLate = turn !== this.turns;
      if (!isLate) this.say(answer.why);
      this.draw();
      return isLate ? null : answer;
    });
    this.queue = sent;
    return sent;
  }

  async wish(box) {
    const answer = await this.send("/predictions/all/ask", { isAsked: box.checked });
    if (answer && !answer.ok) box.checked = !box.checked;
  }

  async submit() {
    const { guess, now, poll } = this;
    if (guess === null) return;
    if (poll?.isOpen) { // the news of the room say that it is in
      await this.send(`${this.at}/vote`, { poll: poll.id, guess });
      return;
    }
    const answer = await this.send(`/predictions/${now.id}/guess`, { guess, query: here_now().query });
    if (!answer?.ok) return;
    Object.assign(this, { own: guess, isOver: true });
    this.keep();
    this.say(answer.body.notKept);
    this.take(answer.body);
  }

  async reveal() {
    if (this.step === "lead") {
      await this.send(`${this.at}/uncover`, { poll: this.poll.id, query: here_now().query });
      return;
    }
    this.isOver = true;
    this.keep();
    await this.tell_truth();
  }

  show_crowd() {
    this.seesCrowd = true;
    this.draw();
  }

  async ask_room() {
    const answer = await this.send(`${this.at}/predict`, { prediction: this.now.id });
    if (answer?.ok) this.again();
  }

  async tell_truth() {
    const answer = await this.send(`/predictions/${this.now.id}/truth`, { query: here_now().query, guess: this.own });
    if (answer?.ok) this.take(answer.body);
  }

  take({ notYet = "", ...truth }) {
    Object.assign(this, { notYet, truth: notYet ? null : truth });
    this.draw();
  }

  again() {
    this.start();
    this.keep();
    this.news();
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
    const now = performance.now(), here = here_now();
    if (this.arriving && (!is_at_work() || now - this.arriving > PATIENCE)) { // a page that is broken off in its first run draws twice
      this.arriving = 0;
      this.move(this.now, true);
    }
    if (this.missed?.should_repeat(here, is_at_work(), now)) go(this.missed.place, true);
    const isDue = this.isOver && !this.truth && (!this.notYet || has_runs(here.query)); // a training may have ended; an answer may have been lost
    if (!isDue || this.waiting || now < this.wait || document.hidden) return;
    this.wait = now + ASK_AGAIN;
    this.tell_truth();
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".card");
  root.card ??= new Card(root);
  const shows = root.card.show(data);
  return () => root.card.end(shows);
}
