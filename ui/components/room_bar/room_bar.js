// The bar of a room, below every page: who is there, where the host is, polls and questions. It speaks with the server by
// a line of its own, so that a class that votes or a host who moves a slider reruns nobody's page.

import { go, here_now, is_at_work, Missed } from "../shared/places.js";
import { Following } from "./following.js";
import { poll_sheet, questions_sheet } from "./sheets.js";
import { Wire } from "./wire.js";

const LOOK_EVERY = 200; // milliseconds: where is this tab, and is the host's place still to be gone to

class RoomBar {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.sheet = this.find(".sheet");
    this.open = null; // which sheet: "poll", "questions" or none
    this.find(".follow").onclick = () => this.turn();
    this.find(".poll").onclick = () => this.choose("poll");
    this.find(".ask").onclick = () => this.choose("questions");
    this.sheet.onpointerdown = () => this.hold();
    root.onkeydown = (event) => { if (event.key === "Escape") this.choose(null); };
  }

  // What Python says: the code, and the titles of the pages by their paths.
  show({ code, titles }) {
    this.titles = titles;
    if (code === this.code) return;
    this.end();
    this.code = code;
    this.key = `room-${code}`;
    this.following = new Following(this.kept("follow"));
    this.leads = this.kept("lead")?.isOn ?? true;
    this.find(".code").textContent = code;
    this.wire = new Wire(`/rooms/${code}/live`, (message) => this.take(message), (isLost) => this.root.classList.toggle("lost", isLost));
    this.timer = setInterval(() => this.look(), LOOK_EVERY);
  }

  end() {
    this.wire?.close();
    clearInterval(this.timer);
  }

  take(room) {
    if (room.ended) {
      this.end();
      this.find(".where").textContent = room.ended;
      this.find(".actions").hidden = true;
      return;
    }
    this.following.hear(room.place, performance.now());
    const isNewPoll = room.poll?.isOpen && room.poll.id !== this.room?.poll?.id && room.poll.own === null && !room.isHost;
    this.room = room;
    if (isNewPoll) this.choose("poll");
    this.draw();
  }

  draw() {
    const { room } = this;
    this.find(".count").textContent = `${room.count} here`;
    this.find(".where").textContent = this.words();
    const follow = this.find(".follow"), isOn = room.isHost ? this.leads : this.following.isOn;
    follow.textContent = room.isHost ? (isOn ? "Leading" : "Lead again") : isOn ? "Following" : "Follow again";
    follow.setAttribute("aria-pressed", isOn);
    follow.title = room.isHost ? "Whether those who follow go where you go" : "Whether you go where the host goes";
    const open = room.questions.filter((each) => !each.isAnswered).length;
    this.find(".ask").textContent = open ? `Questions (${open})` : "Questions";
    this.find(".poll").hidden = !room.poll;
    for (const [name, selector] of [["poll", ".poll"], ["questions", ".ask"]]) this.find(selector).setAttribute("aria-expanded", this.open === name);
    this.fill();
  }

  words() {
    const { room, titles } = this, title = titles[room.place.path];
    if (room.isHost) return this.leads ? "Those who follow see the page that you see." : "You look around alone.";
    if (!title) return "The host has not gone anywhere yet.";
    return `${this.following.isOn ? "You follow the host" : "The host"} ${this.following.isOn ? "on" : "is on"} ${title}`;
  }

  choose(name) {
    this.open = this.open === name ? null : name;
    this.say = "";
    if (this.room) this.draw();
  }

  // Nothing changes under a finger: what came meanwhile is drawn after the click that belongs to it.
  hold() {
    this.isHeld = true;
    const release = () => setTimeout(() => { this.isHeld = false; if (this.room) this.draw(); });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, release, { once: true });
  }

  // A field that somebody is typing in stays as it is.
  fill() {
    if (this.isHeld) return;
    const { room } = this, field = this.sheet.querySelector("textarea"), typed = field?.value ?? "", hasFocus = field && field.getRootNode().activeElement === field;
    this.sheet.hidden = !this.open || (this.open === "poll" && !room.poll);
    if (this.sheet.hidden) return this.sheet.replaceChildren();
    const parts = this.open === "poll" ? poll_sheet(room.poll, room.isHost, (choice) => this.act("vote", { poll: room.poll.id, choice })) : questions_sheet(room.questions, room, (name, body) => this.act(name, body));
    const said = Object.assign(document.createElement("p"), { className: "say", textContent: this.say ?? "" });
    said.setAttribute("role", "status");
    this.sheet.replaceChildren(...parts, said);
    const fresh = this.sheet.querySelector("textarea");
    if (fresh && typed) fresh.value = typed;
    if (fresh && hasFocus) fresh.focus();
  }

  // Whether the server has done it; if not, it says why.
  async act(name, body) {
    try {
      const answer = await fetch(`/rooms/${this.code}/${name}`, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
      this.say = answer.ok ? "" : await answer.text();
    } catch {
      this.say = "The server does not answer. Try again in a moment.";
    }
    if (this.say) this.fill();
    return !this.say;
  }

  turn() {
    if (!this.room) return;
    if (this.room.isHost) this.leads = !this.leads;
    else this.following.turn(!this.following.isOn);
    this.keep();
    this.draw();
    this.look();
  }

  look() {
    if (!this.root.isConnected) return this.end();
    if (!this.room) return;
    const here = here_now();
    if (this.room.isHost) return this.lead(here);
    const next = this.following.next(here, performance.now());
    if (next) {
      this.keep();
      go(next);
      this.missed = new Missed(next);
    } else if (this.missed?.should_repeat(here, is_at_work(), performance.now())) go(this.missed.place);
  }

  // The address stands still for one look before it is told: a slider that is dragged is not told for each pixel.
  lead(here) {
    const text = JSON.stringify(here), isStill = text === this.seen;
    this.seen = text;
    if (!this.leads || !isStill || text === this.told) return;
    this.told = text;
    this.act("lead", here);
  }

  keep() {
    sessionStorage.setItem(this.key, JSON.stringify({ follow: { isOn: this.following.isOn, moves: this.following.moves }, lead: { isOn: this.leads } }));
  }

  kept(name) {
    return JSON.parse(sessionStorage.getItem(this.key) ?? "{}")[name];
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".room");
  root.bar ??= new RoomBar(root);
  root.bar.show(data);
  return () => root.bar.end();
}
