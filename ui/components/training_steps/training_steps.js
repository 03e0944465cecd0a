// The training player. Python sends whole epochs, every number of them; here they are stepped through and played without the server.
// An epoch that is not here yet is asked for, and what the visitor does meanwhile waits for it in a queue: nothing is skipped or undone.

import { read_number } from "../shared/numbers.js";
import { WeightedNetwork } from "../shared/weighted_network.js";
import { view_of } from "./view.js";
import { clean, exact, STEPS, words } from "./words.js";

const REST = 600; // milliseconds after which a moment is written to the link

class Player {
  constructor(root) {
    Object.assign(this, { root, epochs: new Map(), queue: [], chosen: null, hovered: null, returns: -1 });
    this.find = (selector) => root.querySelector(selector);
    this.network = new WeightedNetwork(this.find(".drawing svg"), [], (...pick) => this.pick(...pick));
    const actions = { ".back": () => this.step(-1), ".forward": () => this.step(1), ".start": () => this.toStart(), ".next-row": () => this.nextRow(), ".next-epoch": () => this.go(this.now.epoch + 1, 0) };
    for (const [selector, act] of Object.entries(actions)) this.find(selector).onclick = () => { this.pause(); this.act(act); };
    this.find(".play").onclick = () => (this.timer ? this.pause() : this.play());
    this.find(".speed").onchange = () => this.timer && this.play();
    this.find(".epoch").oninput = () => { this.isTyping = true; }; // what is being typed is not written over by what is drawn meanwhile
    this.find(".epoch").onchange = (event) => { this.isTyping = false; this.toEpoch(event.target.value); };
    root.onkeydown = (event) => this.key(event);
    this.find(".steps").append(...STEPS.map(([id, title, formula]) => {
      const item = document.createElement("li");
      item.innerHTML = `<button type="button" data-step="${id}"><span>${id}</span><span>${title}</span>${formula ? `<small>${formula}</small>` : ""}</button>`;
      item.firstChild.onclick = () => { this.pause(); this.act(() => this.toStep(id)); };
      return item;
    }));
  }

  // New data from Python: another lesson, or more epochs of this one. The moment stays where the visitor is, unless there is a new start.
  show(data, setStateValue) {
    const isOther = data.id !== this.data?.id;
    Object.assign(this, { data, setStateValue });
    this.network.films = data.films;
    if (isOther) this.epochs.clear();
    for (const epoch of data.epochs) this.epochs.set(epoch.n, epoch);
    this.moments = [{ row: 0, step: "1" }];
    data.table.forEach((_, row) => {
      for (const step of ["2", "3", "4", "5", "6a", "6b"]) this.moments.push({ row, step });
      this.moments.push({ row, step: row < data.table.length - 1 ? "7" : "8" });
    });
    if (data.returns !== this.returns) {
      const [epoch, row, step] = data.at.split("."), isFirst = this.returns < 0;
      Object.assign(this, { returns: data.returns, queue: [], wanted: null, now: { epoch: Number(epoch), at: this.find_moment(Number(row) - 1, step) } });
      this.pause(false);
      if (!isFirst) this.tell();
    } else if (isOther) this.now.at = Math.min(this.now.at, this.moments.length - 1);
    if (isOther) this.makeTable();
    if (this.wanted && this.epochs.has(this.wanted.epoch)) {
      this.now = this.wanted;
      this.wanted = null;
    }
    if (!this.epochs.has(this.now.epoch)) this.want(this.now);
    this.draw();
    while (this.queue.length && !this.wanted) this.queue.shift()();
  }

  find_moment(row, step) {
    const last = this.data.table.length - 1, place = this.moments.findIndex((m) => m.row === Math.min(row, last) && m.step === step);
    return place >= 0 ? place : step === "1" ? 0 : step === "8" || row > last ? this.moments.length - 1 : this.moments.findIndex((m) => m.row === row && m.step === "6b") + 1;
  }

  act(action) {
    if (this.wanted) this.queue.push(action);
    else action();
  }

  step(by) {
    const at = this.now.at + by;
    if (at >= this.moments.length) this.go(this.now.epoch + 1, 0);
    else if (at < 0) this.go(this.now.epoch - 1, this.moments.length - 1);
    else this.go(this.now.epoch, at);
  }

  nextRow() {
    const { row, step } = this.moments[this.now.at], next = step === "1" ? 0 : row + 1;
    if (next >= this.data.table.length) this.go(this.now.epoch + 1, 1);
    else this.go(this.now.epoch, this.find_moment(next, "2"));
  }

  toStep(step) {
    this.go(this.now.epoch, step === "1" ? 0 : step === "8" ? this.moments.length - 1 : this.find_moment(this.moments[this.now.at].row, step));
  }

  toStart() { this.go(1, 0); }

  toEpoch(text) {
    const number = Math.round(read_number(text));
    this.pause();
    if (Number.isFinite(number)) this.act(() => this.go(Math.min(this.data.lastEpoch, Math.max(1, number)), 0));
    else this.draw(`“${text.slice(0, 20)}” is no epoch: type a number from 1 to ${this.data.lastEpoch}.`);
  }

  go(epoch, at) {
    if (epoch < 1) return;
    if (epoch > this.data.lastEpoch) return this.pause();
    const isNew = epoch !== this.now.epoch;
    if (!this.epochs.has(epoch)) return this.want({ epoch, at });
    this.now = { epoch, at };
    this.draw();
    if (isNew) this.tell();
    else if (!this.timer) this.tellLater();
  }

  want(moment) {
    this.wanted = moment;
    this.root.classList.add("waiting");
    this.send(moment);
  }

  tell() { this.send(this.now); }

  tellLater() {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.tell(), REST);
  }

  send({ epoch, at }) {
    clearTimeout(this.rest);
    const { row, step } = this.moments[at];
    this.setStateValue("at", `${epoch}.${row + 1}.${step}`);
  }

  play() {
    clearInterval(this.timer);
    this.timer = setInterval(() => (this.root.isConnected ? this.wanted || this.step(1) : this.pause(false)), Number(this.find(".speed").value));
    this.find(".play").textContent = "Pause";
    this.find(".say").setAttribute("aria-live", "off");
  }

  pause(isTold = true) {
    if (this.timer && isTold) this.tellLater();
    clearInterval(this.timer);
    this.timer = null;
    this.find(".play").textContent = "Play";
    this.find(".say").setAttribute("aria-live", "polite");
  }

  key(event) {
    if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1), Home: () => this.toStart() }[event.key];
    if (act) {
      this.pause();
      this.act(act);
    } else if (event.key === " " && !event.target.matches("button")) this.find(".play").click();
    else return;
    event.preventDefault();
  }

  pick(part, i, k, how) {
    if (how === "hover") this.hovered = { part, i, k };
    else if (how === "leave") this.hovered = null;
    else this.chosen = { part, i, k };
    this.draw();
  }

  // Everything that belongs to the moment: which weights, which numbers, how far the table is.
  situation() {
    const { data } = this, epoch = this.epochs.get(this.now.epoch), { row: at, step } = this.moments[this.now.at];
    const isOnline = data.order === "online", states = epoch.weights, row = data.table[at];
    const before = states[isOnline ? at : 0], after = isOnline ? states[at + 1] : step === "8" ? states[1] : states[0];
    const isChanged = step === "7" || step === "8" || (step === "6b" && isOnline);
    return {
      data, epoch, step, at, row, visit: epoch.visits[at], before, after, shown: isChanged ? after : before, isOnline,
      from: isOnline ? before : states[0], to: isOnline ? after : states[1], chosen: this.hovered ?? this.chosen,
      next: data.table[at + 1]?.name, tableError: epoch.errors[isOnline ? at + (isChanged ? 1 : 0) : step === "8" ? 1 : 0],
    };
  }

  draw(complaint = "") {
    if (!this.epochs.has(this.now.epoch)) return;
    const s = this.situation(), said = words(s);
    if (!this.wanted) this.root.classList.remove("waiting");
    this.root.dataset.moment = `${s.epoch.n}.${s.at + 1}.${s.step}`;
    this.find(".say").textContent = complaint || said.say;
    this.find(".lines").innerHTML = said.lines.map(([general, numbers]) => `<div><i>${general}</i>${numbers}</div>`).join("");
    for (const button of this.root.querySelectorAll(".steps button")) {
      if (button.dataset.step === s.step) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
    if (!this.isTyping) this.find(".epoch").value = s.epoch.n;
    this.find(".of").textContent = `of ${s.data.lastEpoch}`;
    this.find(".back").disabled = this.find(".start").disabled = s.epoch.n === 1 && this.now.at === 0;
    this.find(".forward").disabled = s.epoch.n === s.data.lastEpoch && this.now.at === this.moments.length - 1;
    this.find(".next-epoch").disabled = s.epoch.n === s.data.lastEpoch;
    this.drawTable(s);
    this.drawCurve(s);
    this.network.paint(view_of(s));
  }

  makeTable() {
    const { data } = this, table = document.createElement("table");
    const cells = (tag, texts) => texts.map((text) => `<${tag}>${clean(text)}</${tag}>`).join("");
    table.innerHTML = `<thead><tr><th></th>${cells("th", data.films)}</tr></thead><tbody>${data.table.map((row) => `<tr><th>${clean(row.name)}</th>${cells("td", row.shown)}</tr>`).join("")}</tbody>`;
    this.find(".ratings").replaceChildren(table);
  }

  drawTable({ step, at }) {
    this.find(".ratings").querySelectorAll("tbody tr").forEach((line, row) => {
      const isIn = step === "1" || (row === at && step !== "8");
      line.className = `${isIn ? "in" : ""} ${step !== "1" && (row < at || step === "8") ? "done" : ""} ${step === "7" && row === at + 1 ? "next" : ""}`;
      if (isIn && step !== "1") line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    });
  }

  drawCurve({ data, epoch, tableError, step }) {
    const epochs = step === "8" ? epoch.n : epoch.n - 1; // over, without the one that is on
    const errors = data.errors.slice(0, epochs + 1), most = Math.max(...errors, 1e-9);
    const points = errors.map((error, n) => `${(240 * n) / Math.max(1, epochs)},${66 - (62 * error) / most}`);
    this.find(".curve svg").innerHTML = epochs ? `<polyline points="${points.join(" ")}"/>` : ""; // one point is no curve
    this.find(".curve figcaption").textContent = tableError === errors[0] && epochs === 0 ? `Error of the table: ${exact(tableError)} at the start. Its curve by epoch grows here.`
      : `Error of the table by epoch: ${exact(errors[0])} at the start, ${exact(tableError)} now${step === "8" ? `, after ${epoch.n} epoch${epoch.n > 1 ? "s" : ""}` : ""}.`;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".player");
  root.player ??= new Player(root);
  root.player.show(data, setStateValue);
}
