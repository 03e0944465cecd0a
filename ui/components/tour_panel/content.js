// The elements of a question in the panel.

import { made, prose } from "../shared/prose.js";

// A question. chosen: index of the answer on show, or undefined. choose(index): an answer was pressed.
export function question({ ask, choices, right }, chosen, choose) {
  const rows = choices.map(({ answer }, at) => {
    const button = made("button", { type: "button", className: "choice", textContent: answer, onclick: () => choose(at) });
    button.setAttribute("aria-pressed", at === chosen);
    if (at === chosen) button.classList.add(at === right ? "right" : "wrong");
    return made("li", {}, button);
  });
  const asked = prose(ask);
  for (const each of asked) each.classList.add("ask");
  const list = made("ul", { className: "choices" }, ...rows);
  if (chosen === undefined) return [...asked, list];
  const [first, ...others] = prose(choices[chosen].why);
  first.prepend(made("b", { textContent: chosen === right ? "Right. " : "Not quite. " }));
  return [...asked, list, made("div", { className: chosen === right ? "why right" : "why" }, first, ...others)];
}
