// Shared by the components: how numbers are written, and how a network is laid out and its synapses look.

const SVG = "http://www.w3.org/2000/svg";

// An SVG element with attributes; `text` becomes its content.
function draw(tag, attributes = {}, text = null) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== null) element.textContent = text;
  return element;
}

// A number as people write it: a true minus sign, at most `places` decimals, powers of ten beyond a hundred thousand.
function write(value, places = 2) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  let text;
  if (size >= 1e5) {
    const [, power] = size.toExponential(1).split("e+"); // rounded first: 999,999 is 1·10⁶, not 10·10⁵
    text = `${(size / 10 ** power).toFixed(1).replace(/\.0$/, "")}·10${[...String(power)].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]).join("")}`;
  } else {
    text = size.toFixed(places);
    if (text.includes(".")) text = text.replace(/0+$/, "").replace(/\.$/, "");
    if (text === "0") return size > 0 ? "≈0" : "0";
  }
  return (value < 0 ? "−" : "") + text;
}

// A number inside a product or a sum: in brackets when it is negative.
const inside = (value, places = 2) => (value < 0 ? `(${write(value, places)})` : write(value, places));

// What a person typed as a number: a comma or a typographic minus will do. NaN if it is none.
function read_number(text) {
  const plain = String(text).trim().replace(/[−–]/g, "-").replace(",", ".");
  return plain === "" ? NaN : Number(plain);
}

// Middle points of a layer's nodes: `count` of them at `x`, evenly between top and bottom, centred when there are few.
function column(count, x, top, bottom, most = 110) {
  const gap = Math.min(most, (bottom - top) / Math.max(1, count));
  const middle = (top + bottom) / 2;
  return [...Array(count)].map((_, i) => ({ x, y: middle + (i - (count - 1) / 2) * gap }));
}

// How a synapse of this weight looks: class and width. Sign is colour and dash, size is width.
function synapse_look(weight) {
  const size = Math.min(1, Math.log2(1 + Math.abs(weight)) / 2);
  return { kind: Math.abs(weight) < 1e-9 ? "zero" : weight < 0 ? "minus" : "plus", width: 1.2 + 5.6 * size };
}
