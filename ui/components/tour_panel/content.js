// The elements of the panel's middle: text, question, hint. Texts are put in as texts, never as HTML.

import { blocks } from "./words.js";

export const made = (name, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
};

const NAMES = { bold: "b", italic: "i", code: "code" };

function inline({ kind, text, href }) {
  if (kind === "text") return text;
  if (kind === "link") return made("a", { href, target: "_blank", rel: "noopener", textContent: text });
  return made(NAMES[kind], { textContent: text });
}

// The elements of a text in Markdown.
export const prose = (text) => blocks(text).map(({ kind, items }) => {
  if (kind === "p") return made("p", {}, ...items[0].map(inline));
  return made("ul", {}, ...items.map((item) => made("li", {}, ...item.map(inline))));
});

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
