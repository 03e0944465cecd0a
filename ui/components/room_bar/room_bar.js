// The bar of a room, below every page: who is there, where the host is, polls and questions. It speaks with the server by
// a line of its own, so that a class that votes or a host who moves a slider reruns nobody's page.

import { go, here_now, is_at_work, Missed, parted, trimmed } from "../shared/places.js";
import { Pointing, Spot } from "./pointer.js";
import { post } from "../shared/post.js";
import { tell } from "../shared/room_news.js";
import { Following, Leading } from "./following.js";
import { is_guessing, poll_content, questions_content } from "./sheets.js";
import { Wire } from "./wire.js";

const LOOK_EVERY = 200; // milliseconds: where is this tab, and is the host's place still to be gone to
const CLICK_AFTER = 350; // milliseconds within which a click follows the finger that is lifted

class RoomBar {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.sheet = this.find(".sheet");
    this.field = this.find("textarea");
    this.open = null; // which sheet: "poll", "questions" or none
    this.say = "";
    this.shows = 0;
    this.find(".follow").onclick = () => this.turn();
    this.find(".poll").onclick = () => this.choose("poll");
    this.find(".ask").onclick = () => this.choose("questions");
    this.find(".send").onclick = () => this.ask();
    this.spot = new Spot(this.find(".dot"), this.find(".ring"));
    this.pointing = new Pointing(this.find(".glass"), (spot) => this.wire.say({ spot }), (spot) => this.spot.take(spot));
    this.find(".point").onclick = () => this.point(!this.pointing.isOn);
    this.leave = (event) => { if (event.key === "Escape" && this.pointing.isOn) { this.point(false); event.stopImmediatePropagation(); } };
    this.sheet.onpointerdown = () => this.hold();
    root.onkeydown = (event) => { if (event.key === "Escape" && this.open) this.choose(this.open); };
  }

  // What Python says: the code, the titles of the pages by their paths, and what stands before each path. The number
  // returned belongs to this call: only the last one's end ends the bar.
  show({ code, titles, base }) {
    Object.assign(this, { titles, base });
    this.shows++;
    if (code === this.code) return this.shows;
    this.end();
    this.code = code;
    this.key = `room-${code}`;
    this.following = new Following(this.kept("follow"));
    this.leading = new Leading(this.kept("tab") ?? crypto.getRandomValues(new Uint32Array(2)).join("-"));
    this.keep();
    this.find(".code").textContent = code;
    this.wire = new Wire(`${base}/rooms/${code}/live`, (message) => this.take(message), (isLost) => { this.isLost = isLost; this.draw(); });
    this.timer = setInterval(() => this.look(), LOOK_EVERY);
    addEventListener("keydown", this.leave, true);
    return this.shows;
  }

  end(shows = this.shows) {
    if (shows !== this.shows) return;
    removeEventListener("keydown", this.leave, true);
    this.spot.end();
    this.wire?.close();
    clearInterval(this.timer);
    if (this.code) tell(null);
    this.code = this.room = null;
  }

  take(room) {
    if ("spot" in room) return this.see(room.spot);
    if (room.ended) {
      this.wire.close();
      this.room = null;
      tell(null);
      this.open = null;
      this.sheet.hidden = true;
      this.write(".where", room.ended);
      for (const button of this.find(".actions").children) button.disabled = true;
      return;
    }
    this.following.hear(room.place, performance.now());
    const { poll } = room, isNew = poll?.isOpen && poll.id !== this.room?.poll?.id && poll.own === null && !room.isHost;
    const isFirst = !this.room;
    this.room = room;
    if (isFirst && room.isHost && !room.leader) this.act("take-lead", { tab: this.leading.tab });
    if (isNew && !this.is_on_page() && !this.is_typing()) this.open = "poll"; // what somebody is writing is not put away
    this.draw();
    tell({ code: this.code, base: this.base, room });
  }

  // Whether the page's own card asks what the poll asks.
  is_on_page() {
    const { poll } = this.room ?? {};
    return Boolean(poll?.prediction) && new URLSearchParams(location.search).get("predict") === poll.prediction;
  }

  is_typing() {
    return this.open === "questions" && Boolean(this.field.value || this.field.getRootNode().activeElement === this.field);
  }

  is_asked() {
    return this.open === "poll" && Boolean(this.room.poll?.isOpen && this.room.poll.own === null);
  }

  draw() {
    const { room } = this;
    if (!room) return;
    this.write(".count", `${room.count} here`);
    this.write(".where", this.words());
    const follow = this.find(".follow"), isOn = room.isHost ? room.leader === this.leading.tab : this.following.isOn;
    this.write(".follow", room.isHost ? (isOn ? "Leading" : "Lead") : isOn ? "Following" : "Follow");
    follow.setAttribute("aria-pressed", isOn);
    follow.title = room.isHost ? "Whether those who follow go where this tab goes" : "Whether you go where the host goes";
    this.write(".ask", room.open ? `Questions (${room.open})` : "Questions");
    this.find(".point").hidden = !room.isHost;
    this.find(".point").title = "Everybody sees where you point; a click rings what is there, Escape ends it (key l while presenting)";
    this.find(".poll").disabled = !room.poll;
    this.find(".poll").classList.toggle("news", Boolean(room.poll?.isOpen && room.poll.own === null && !room.isHost));
    for (const [name, selector] of [["poll", ".poll"], ["questions", ".ask"]]) this.find(selector).setAttribute("aria-expanded", this.open === name);
    this.fill();
  }

  write(selector, text) {
    const node = this.find(selector);
    if (node.textContent !== text) node.textContent = text;
  }

  words() {
    const { room, titles, base } = this, title = titles[(room.place.path.startsWith(base) ? room.place.path.slice(base.length) : room.place.path) || "/"];
    if (this.isLost) return "Connection lost; trying again.";
    if (room.isHost) return room.leader === this.leading.tab ? "Those who follow see the page that you see." : room.leader ? "Another tab of yours leads." : "Nobody leads.";
    return room.place.path && title ? `The host is on ${title}.` : "The host has not gone anywhere yet.";
  }

  choose(name) {
    this.open = this.open === name ? null : name;
    this.say = "";
    this.draw();
  }

  // Nothing changes under a finger: what came meanwhile is drawn after the click that belongs to it.
  hold() {
    this.held?.abort();
    const held = new AbortController();
    this.held = held;
    const release = () => { held.abort(); if (this.held === held) { this.held = null; this.draw(); } };
    addEventListener("pointerup", () => setTimeout(release, CLICK_AFTER), { signal: held.signal });
    addEventListener("pointercancel", release, { signal: held.signal });
    this.sheet.addEventListener("click", () => setTimeout(release), { signal: held.signal });
  }

  fill() {
    const { room } = this, isPoll = this.open === "poll";
    if (this.held) return;
    this.sheet.hidden = !this.open || (isPoll && !room.poll);
    if (this.sheet.hidden) return;
    this.write(".title", isPoll ? room.poll.question : "Questions");
    const shown = JSON.stringify(isPoll ? (is_guessing(room.poll, room.isHost) ? room.poll.id : room.poll) : room.questions) + this.open;
    if (shown !== this.shown) {
      this.shown = shown;
      const focused = this.sheet.getRootNode().activeElement?.dataset?.id;
      this.find(".content").replaceChildren(...(isPoll ? poll_content(room.poll, room.isHost, (guess) => this.act("vote", { poll: room.poll.id, guess })) : questions_content(room.questions, room.isHost, (name, body) => this.act(name, body))));
      if (focused) this.find(`[data-id="${focused}"]`)?.focus();
    }
    this.find(".asking").hidden = isPoll || room.isHost || room.isMuted;
    this.find(".send").disabled = Boolean(this.isAsking);
    this.write(".say", this.say);
  }

  async ask() {
    if (!this.field.value.trim()) return this.field.focus();
    if (this.isAsking) return;
    this.isAsking = true;
    this.draw();
    const text = this.field.value;
    if (await this.act("ask", { text }) && this.field.value === text) this.field.value = "";
    this.isAsking = false;
    this.draw();
  }

  // Whether the server has done it; if not, the sheet says why.
  async act(name, body) {
    const { ok, why } = await post(`${this.base}/rooms/${this.code}/${name}`, body);
    this.say = why;
    this.draw();
    return ok;
  }

  // Where the host points: to be seen by those who follow, on the host's page.
  see(spot) {
    this.seen = spot;
    if (!this.room?.isHost) this.spot.take(this.follows() ? spot : null);
  }

  follows() {
    return this.following.isOn && trimmed(location.pathname) === trimmed(this.room?.place.path ?? "");
  }

  point(isOn) {
    this.pointing.turn(isOn);
    this.find(".point").setAttribute("aria-pressed", isOn);
  }

  turn() {
    if (!this.room) return;
    if (this.room.isHost) {
      this.act("take-lead", { tab: this.room.leader === this.leading.tab ? "" : this.leading.tab });
      return;
    }
    this.following.turn(!this.following.isOn);
    this.missed = null;
    this.keep();
    this.draw();
    this.look();
  }

  look() {
    if (!this.root.isConnected) return this.end();
    if (!this.room) return;
    const { path, query } = here_now(), here = { path, query: parted(query).shared }, now = performance.now();
    this.spot.look(is_at_work(), now, this.root.offsetHeight);
    if (this.room.isHost) {
      this.pointing.look(now);
      return this.lead(here, now);
    }
    if (this.open === "poll" && this.wasOnPage === false && this.is_on_page()) this.choose("poll"); // it asks once
    this.wasOnPage = this.is_on_page();
    if (this.seen && Boolean(this.spot.spot) !== this.follows()) this.see(this.seen);
    const before = this.following.moves, next = this.following.next(here, now);
    if (this.following.moves !== before) this.keep();
    if (next) {
      if (this.open && trimmed(next.path) !== trimmed(path) && !this.is_typing() && !this.is_asked()) this.choose(this.open); // it would cover the page that comes
      go(next);
      this.missed = new Missed(next, now);
    } else if (this.missed?.should_repeat(here, is_at_work(), now)) go(this.missed.place, true);
  }

  async lead(here, now) {
    const place = this.leading.next(here, this.room, now);
    if (!place) return;
    const isDone = await this.act("lead", { ...place, tab: this.leading.tab });
    this.leading.told(place, isDone, performance.now());
  }

  keep() {
    sessionStorage.setItem(this.key, JSON.stringify({ follow: { isOn: this.following.isOn, moves: this.following.moves }, tab: this.leading.tab }));
  }

  kept(name) {
    return JSON.parse(sessionStorage.getItem(this.key) ?? "{}")[name];
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".room");
  root.bar ??= new RoomBar(root);
  const shows = root.bar.show(data);
  return () => root.bar.end(shows);
}
