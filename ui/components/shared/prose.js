// Elements of texts in Markdown. Texts are put in as texts, never as HTML.

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
