// How numbers are written, read and kept within bounds.

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// A number as people write it: a true minus sign, at most `places` decimals, powers of ten beyond a hundred thousand.
export function write(value, places = 2) {
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

// A number in a column to be compared: always `places` decimals, except for 0 and what is too small to be told from it.
export function write_fixed(value, places = 2) {
  const text = write(value, places);
  return /^−?\d+(\.\d+)?$/.test(text) && text !== "0" ? `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(places)}` : text;
}

// A number inside a product or a sum: in brackets when it is negative.
export const inside = (value, places = 2) => (value < 0 ? `(${write(value, places)})` : write(value, places));

// What a person typed as a number: a comma or a typographic minus will do. NaN if it is none.
export function read_number(text) {
  const plain = String(text).trim().replace(/[−–]/g, "-").replace(",", ".");
  return plain === "" ? NaN : Number(plain);
}
