// Presenting: the keys, which every page obeys, and the bar of a presented page. It hears hands on every page, and so also
// says when a page is at work on what was asked. It runs a page anew that has lost its server and found one again.

import { Asked } from "./asked.js";
import { meaning } from "./keys.js";
import { press } from "./players.js";
import { Timer } from "./timer.js";

const KEPT = "present-timer";
const LOOK_EVERY = 250; // milliseconds
const PARTS = ["form", "menu"];
const APP = '[data-testid="stApp"]';
const HAND = ["pointerdown", "pointerup", "keydown", "change"]; // what asks a page for something
const OPEN_ABOVE = '[data-testid="stPopoverBody"], [data-testid="stDialog"], [role="listbox"], [role="menu"]'; // what Escape closes first

const page = document.documentElement;
const is_running = () => document.querySelector(APP)?.dataset.testScriptState === "running";
const values = (slider) => [...slider.querySelectorAll("input")].map((each) => each.value).join();

class Present {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.timer = new Timer(JSON.parse(sessionStorage.getItem(KEPT) ?? "{}"));
    const acts = { timer: () => this.timer.turn(Date.now()), reset: () => this.timer.reset(), form: () => this.fold("form"), menu: () => this.fold("menu"), leave: () => this.turn() };
    for (const [name, act] of Object.entries(acts)) {
      this.find(`.${name}`).onclick = (event) => {
        act();
        this.draw();
        if (event.detail) event.currentTarget.blur(); // else the next space of a clicker pressed it again
      };
    }
    this.find(".timer").ondblclick = () => { this.timer.reset(); this.draw(); };
    this.hear = (event) => this.key(event);
    this.hear_first = (event) => { if (event.key.toLowerCase() === "r") this.key(event); }; // Streamlit would rerun the page
    addEventListener("keydown", this.hear);
    addEventListener("keydown", this.hear_first, true);
    this.clock = setInterval(() => this.look(), LOOK_EVERY);
    this.asked = new Asked();
    this.hear_hand = ({ type, target }) => {
      this.asked.note(performance.now(), is_running());
      this.mark();
      const slider = target.closest?.('[data-testid="stSlider"]');
      if (!slider) return;
      if (type === "pointerdown" || type === "keydown") this.before = values(slider);
      if (type === "pointerup" || type === "keydown") setTimeout(() => this.moved(slider));
    };
    for (const kind of HAND) addEventListener(kind, this.hear_hand, true);
    this.work = new MutationObserver(() => { this.mark(); this.find_server(); });
    const app = document.querySelector(APP);
    if (app) this.work.observe(app, { attributes: true, attributeFilter: ["data-test-script-state", "data-test-connection-state"] });
  }

  // Whether the page is at work on what the person here has asked for; the line along the top shows only then.
  mark() {
    const now = performance.now(), isOpen = this.asked.isOpen(is_running(), now), isShown = isOpen && (is_running() || this.asked.isSure);
    if (isShown && !this.isShown) page.style.setProperty("--sign-in", `${Math.round(this.asked.signIn(now))}ms`);
    this.isShown = isShown;
    page.toggleAttribute("data-asked", isOpen);
    if (isOpen && this.asked.isSure) page.dataset.asked = "sure";
    else if (isOpen) page.dataset.asked = "";
  }

  // A slider waits for the hand to rest before it asks; by then its sign of work would be late.
  moved(slider) {
    if (values(slider) === this.before) return;
    this.asked.note(performance.now(), is_running(), true);
    this.mark();
  }

  // A server that was started again does not know the parts of this page that run by themselves, until all of it has run.
  find_server() {
    const isThere = document.querySelector(APP)?.dataset.testConnectionState === "CONNECTED", wasThere = this.isThere ?? true;
    this.isThere = isThere;
    if (isThere && !wasThere) dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  }

  end() {
    for (const kind of HAND) removeEventListener(kind, this.hear_hand, true);
    this.work.disconnect();
    clearInterval(this.clock);
    removeEventListener("keydown", this.hear);
    removeEventListener("keydown", this.hear_first, true);
  }

  show({ isPresented }, on_turn) {
    Object.assign(this, { isPresented, on_turn });
    this.look();
  }

  look() {
    if (location.pathname !== this.path || !this.isPresented) for (const part of PARTS) delete page.dataset[part];
    this.path = location.pathname;
    if ("asked" in page.dataset) this.mark(); // what asked for nothing is forgotten
    this.draw();
  }

  draw() {
    sessionStorage.setItem(KEPT, JSON.stringify({ kept: this.timer.kept, since: this.timer.since }));
    this.root.hidden = !this.isPresented;
    const timer = this.find(".timer"), words = this.timer.words(Date.now());
    if (timer.textContent !== words) timer.textContent = words;
    timer.classList.toggle("runs", this.timer.runs);
    for (const part of PARTS) this.find(`.${part}`).setAttribute("aria-pressed", page.dataset[part] === "open");
    this.find(".form").hidden = !document.querySelector('[class*="st-key-page-form"]');
  }

  fold(part) {
    if (page.dataset[part]) delete page.dataset[part];
    else page.dataset[part] = "open";
  }

  turn() { this.on_turn(); }

  key(event) {
    const target = event.composedPath()[0], { tagName = "", type, isContentEditable } = target;
    const wish = meaning(event, { tag: tagName.toLowerCase(), type, role: target.getAttribute?.("role") ?? "", isEditable: isContentEditable }, this.isPresented);
    if (!wish || (wish === "leave" && document.querySelector(OPEN_ABOVE))) return;
    if (event.repeat && !["next", "back"].includes(wish)) return;
    if (this.obey(wish)) event.preventDefault();
    if (wish === "reveal") event.stopImmediatePropagation();
  }

  // Whether the page had something for it.
  obey(wish) {
    if (["next", "back", "play", "reveal", "point"].includes(wish)) return press(wish);
    if (wish === "timer") this.timer.turn(Date.now());
    else if (wish === "form") this.fold("form");
    else this.turn();
    this.draw();
    return true;
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".present");
  root.bar ??= new Present(root);
  root.bar.show(data, () => setTriggerValue("turn", true));
  return () => { root.bar?.end(); delete root.bar; };
}
