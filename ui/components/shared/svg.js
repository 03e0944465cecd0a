// Elements of an SVG drawing.

const SVG = "http://www.w3.org/2000/svg";

// An SVG element with attributes; `text` becomes its content.
export function draw(tag, attributes = {}, text = null) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== null) element.textContent = text;
  return element;
}
