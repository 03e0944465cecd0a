// Going from one address of the app to another without loading it anew.

export const STILL = 500; // milliseconds after which a page that rests has the address that it keeps
export const LATEST = 15_000; // milliseconds after which a move is over, arrived or not

// A move that has not quite arrived: where two pages have a parameter of one name, Streamlit drops it on the way from one
// to the other. Going there once more, from there, sets it.
export class Missed {
  // now: milliseconds, when the move was made. holds(here, place): whether nothing is missing.
  constructor(place, now, holds = same) {
    Object.assign(this, { place, begin: now, holds, since: null, at: null, isOver: false });
  }

  // here: {path, query} of this tab. At most once true; never once something else has come into the address, nor once
  // somebody has used the page. used: when that was last. A busy server drops what it drops long after the page rests.
  should_repeat(here, isAtWork, now, used = lastUse) {
    if (this.isOver || now - this.begin > LATEST || used > this.begin) return false;
    if (isAtWork) { this.since = null; return false; }
    if (this.since !== null && !has_all(this.at, here)) { this.isOver = true; return false; }
    if (this.since === null || !same(here, this.at)) [this.since, this.at] = [now, here];
    if (now - this.since < STILL || this.holds(here, this.place)) return false;
    this.isOver = true;
    return trimmed(here.path) === trimmed(this.place.path);
  }
}

let lastUse = -Infinity; // when somebody has clicked or typed on the page, not counting the bar of a room and the panel of a tour
const APART = ".st-key-room-bar, .st-key-tour";
for (const kind of ["click", "keydown"]) globalThis.addEventListener?.(kind, (event) => { if (event.isTrusted && !event.target.closest?.(APART)) lastUse = performance.now(); }, true);

const OWN = ["present", "hide"]; // parameters that say how a tab shows a page, and not what

// A query in two parts: what those who follow share, and what is this tab's own.
export function parted(query) {
  const texts = query.split("&").filter(Boolean), is_own = (text) => OWN.includes(text.split("=")[0]);
  return { shared: texts.filter((text) => !is_own(text)).join("&"), own: texts.filter(is_own).join("&") };
}

// Addresses are the same if their parameters are, in whatever order.
export const same = (one, other) => trimmed(one.path) === trimmed(other.path) && sorted(one.query) === sorted(other.query);

// Whether an address has all that the other one has; it may have more.
export function has_all(here, { path, query }) {
  const there = new URLSearchParams(here.query);
  return trimmed(here.path) === trimmed(path) && [...new URLSearchParams(query)].every(([name, text]) => there.getAll(name).includes(text));
}

// As the browser's own buttons Back and Forward do: the page is shown as its address says, without being loaded anew.
// Whether it is presented stays. isAgain: it takes the place of the present address, so that Back does not come here twice.
export function go({ path, query }, isAgain = false) {
  const { shared } = parted(query), all = [shared, parted(location.search.slice(1)).own].filter(Boolean).join("&");
  const address = all ? `${path}?${all}` : path;
  history[isAgain ? "replaceState" : "pushState"]({}, "", address);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}

export const here_now = () => ({ path: location.pathname, query: location.search.slice(1) });
// Whether the page does not rest: it runs, or has lost its server and will run when it has found one.
export const is_at_work = () => {
  const { testScriptState, testConnectionState } = document.querySelector('[data-testid="stApp"]')?.dataset ?? {};
  return testScriptState !== "notRunning" || testConnectionState !== "CONNECTED";
};

export const trimmed = (path) => path.replace(/\/+$/, "") || "/";
const sorted = (query) => JSON.stringify([...new URLSearchParams(query)].sort(([a, b], [c, d]) => (a < c || (a === c && b < d) ? -1 : 1)));
