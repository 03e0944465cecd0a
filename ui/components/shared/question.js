// The elements of a question with its choices, each of which says why it is right or not.

import { made, prose } from "./prose.js";

// A question. before: index of the answer on show, or undefined; one that is no longer there (a lecturer has changed the
// question) counts as none. choose(index): an answer was pressed.
// isRoomKept: the longest why has its place from the start, so that nothing moves when one appears.
export function question({ ask, choices, right }, before, choose, { isRoomKept = false } = {}) {
  const chosen = choices[before] ? before : undefined;
  const rows = choices.map(({ answer }, at) => {
    const button = made("button", { type: "button", className: "choice", textContent: answer, onclick: () => choose(at) });
    button.setAttribute("aria-pressed", at === chosen);
    if (at === chosen) button.classList.add(at === right ? "right" : "wrong");
    return made("li", {}, button);
  });
  const asked = prose(ask);
  for (const each of asked) each.classList.add("ask");
  const list = made("ul", { className: "choices" }, ...rows);
  list.setAttribute("role", "list");
  const told = chosen === undefined ? [] : [why(choices, chosen, right)];
  if (!isRoomKept) return [...asked, list, ...told];
  const places = choices.map((_, at) => {
    const place = why(choices, at, right);
    place.setAttribute("aria-hidden", "true");
    return place;
  });
  return [...asked, list, made("div", { className: "room" }, ...places, ...told)];
}

function why(choices, at, right) {
  const [first, ...others] = prose(choices[at].why);
  first.prepend(made("b", { textContent: at === right ? "Right. " : "Not quite. " }));
  return made("div", { className: at === right ? "why right" : "why" }, first, ...others);
}
