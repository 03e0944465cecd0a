// The steps of training in words and formulas. Every number was computed in Python; here it is only written out.

import { write } from "../shared/numbers.js";

export const STEPS = [
  ["1", "The table", "a row for each viewer"],
  ["2", "A row enters", "x"],
  ["3", "Encode", "z = σ(W₁x + b₁)"],
  ["4", "Decode", "y = σ(W₂z + b₂)"],
  ["5", "Error", "E = ½ Σ (y − x)²"],
  ["6a", "Gradients flow back", "∂E/∂W, from right to left"],
  ["6b", "Weights change", "W − rate · ∂E/∂W"],
  ["7", "Next row", ""],
  ["8", "All rows: one epoch", ""],
];

// Four decimals; what they would show as nothing gets a power of ten.
export function exact(value) {
  const size = Math.abs(value);
  if (size >= 5e-5 || size < 1e-99) return write(value, 4);
  const power = Math.floor(Math.log10(size)), raised = [...String(-power)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");
  return `${write(value / 10 ** power, 1)}·10⁻${raised}`;
}
const inBrackets = (value) => (value < 0 ? `(${exact(value)})` : exact(value));
const plus = (terms) => terms.join(" + ");
const at = (letter, ...places) => `${letter}[${places.map((place) => place + 1).join(",")}]`;
export const clean = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

// Which film and which hidden node the formulas speak of: the chosen ones, else the first rated film and the first hidden node.
function spoken_of(chosen, row) {
  const first = Math.max(0, row.mask.indexOf(1));
  const part = chosen?.part ?? null;
  return {
    i: part && part !== "code" ? chosen.i : first,
    k: part && part !== "in" && part !== "out" ? chosen.k : 0,
    isEncoder: part === "code" || part === "w1" || part === "in",
  };
}

// {say, lines: [[general, with numbers], ...]} of a moment. s: step, row, visit, before, after, epoch, data, chosen, next, changes
export function words(s) {
  const { row, visit, data } = s, name = row.name, isUnrated = !row.mask.includes(1);
  const spoken = spoken_of(s.chosen, row);
  const rated = row.mask.reduce((sum, m) => sum + m, 0), all = data.films.length;
  const missing = all - rated;
  switch (s.step) {
    case "1": return {
      say: `Epoch ${s.epoch.n} begins. The table has ${data.table.length} row${data.table.length > 1 ? "s" : ""}, one for each viewer, and an error of ${exact(s.epoch.errors[0])}. ` +
        (s.epoch.n === 1 ? "The weights are random: the network knows nothing yet." : "The weights are those that the last epoch left."),
      lines: [["error of the table = E, added over all rows", `= ${exact(s.epoch.errors[0])}`]],
    };
    case "2": return {
      say: isUnrated ? `${name} has rated no film: only zeros enter.`
        : `${name}'s row enters as x. ${data.kind === "stars" ? "Stars are divided by 5, so that every number lies between 0 and 1." : "Yes is 1, no is 0."}` +
          (missing ? ` ${missing} of ${all} films ${missing > 1 ? "are" : "is"} not rated: zeros enter for ${missing > 1 ? "them" : "it"}.` : ""),
      lines: [["x", `= (${row.x.map(exact).join(", ")})`], ...(missing ? [["rated", `${row.mask.map((m) => (m ? "yes" : "no")).join(", ")}`]] : [])],
    };
    case "3": return {
      say: `Encode: each hidden node adds up its inputs times their weights, and the sigmoid σ squeezes the sum between 0 and 1. ${all} numbers have become ${visit.z.length}.`,
      lines: encodeLines(s, spoken.k),
    };
    case "4": return {
      say: `Decode: each output adds up the code times its weights, and σ squeezes it again. y is what the network believes of ${name}'s ${all} films` +
        (missing ? ", those without a rating too." : "."),
      lines: decodeLines(s, spoken.i),
    };
    case "5": return {
      say: isUnrated ? `${name} has rated nothing, so there is nothing to compare with: the error is 0, and this row teaches nothing.`
        : `Compare y with x. The distance is ${exact(visit.distance)}; what training makes small is E = ${exact(visit.error)}.` +
          (missing ? ` Films that are not rated (${missing}) are left out.` : ""),
      lines: errorLines(s),
    };
    case "6a": return {
      say: isUnrated ? "No error, no gradients: all of them are 0."
        : "The error flows back from the outputs to the inputs. Each weight learns how much E would grow if the weight grew: its gradient.",
      lines: spoken.isEncoder ? encoderGradient(s, spoken) : decoderGradient(s, spoken),
    };
    case "6b": return data.order === "online"
      ? {
        say: isUnrated ? "All gradients are 0: the weights stay as they are."
          : `Every weight moves against its gradient, by the learning rate times the gradient: ${exact(data.rate)} times.`,
        lines: updateLines(s, spoken, visit.gradient),
      }
      : {
        say: `Batch learning: the weights wait. The gradients of ${name}'s row are added to those before; the sum is used when all rows have been through.`,
        lines: sumLines(s, spoken),
      };
    case "7": return {
      say: `${name} is done. Next comes ${s.next}, ${data.order === "online" ? "with the weights just changed" : "with the same weights as before"}.`,
      lines: [["error of the table", `now ${exact(s.tableError)}`]],
    };
    default: return {
      say: `All rows have been through: that was epoch ${s.epoch.n}. ` +
        (data.order === "online" ? "" : "Now the weights change, once: against the sum of all gradients, by the learning rate times that sum. ") +
        `The error of the table went from ${exact(s.epoch.errors[0])} to ${exact(s.epoch.errors.at(-1))}.`,
      lines: [
        ["error of the table", `${exact(s.epoch.errors[0])} → ${exact(s.epoch.errors.at(-1))}`],
        ...(data.order === "batch" ? updateLines(s, spoken, visit.sum) : []),
      ],
    };
  }
}

function encodeLines({ before, visit, row }, k) {
  const terms = before.w1[k].map((w, i) => `${inBrackets(w)}·${exact(row.x[i])}`);
  return [[`z[${k + 1}] = σ(Σ W₁[${k + 1},i] · x[i] + b₁[${k + 1}])`, `= σ(${plus(terms)} + ${inBrackets(before.b1[k])}) = σ(${exact(visit.sum1[k])}) = <b>${exact(visit.z[k])}</b>`]];
}

function decodeLines({ before, visit, data }, i) {
  const terms = before.w2[i].map((w, k) => `${inBrackets(w)}·${exact(visit.z[k])}`);
  const stars = data.kind === "stars" ? `, that is ${write(5 * visit.y[i], 1)} stars` : "";
  return [[`y[${i + 1}] = σ(Σ W₂[${i + 1},k] · z[k] + b₂[${i + 1}])`,
    `= σ(${plus(terms)} + ${inBrackets(before.b2[i])}) = σ(${exact(visit.sum2[i])}) = <b>${exact(visit.y[i])}</b> for ${clean(data.films[i])}${stars}`]];
}

function errorLines({ visit, row }) {
  const squares = visit.difference.filter((_, i) => row.mask[i]).map((d) => `${inBrackets(d)}²`), sum = squares.length ? plus(squares) : "0";
  return [
    ["d(x, y) = ‖x − y‖ = √Σ (y − x)²", `= √(${sum}) = <b>${exact(visit.distance)}</b>`],
    ["E = ½ Σ (y − x)², half the square of d", `= <b>${exact(visit.error)}</b>; its gradient by y is y − x`],
  ];
}

function decoderGradient({ visit, row }, { i, k }) {
  const n = i + 1;
  return [
    [`δ₂[${n}] = (y[${n}] − x[${n}]) · y[${n}] · (1 − y[${n}])`, row.mask[i]
      ? `= ${inBrackets(visit.difference[i])} · ${exact(visit.y[i])} · (1 − ${exact(visit.y[i])}) = <b>${exact(visit.delta2[i])}</b>`
      : "= <b>0</b>: this film is not rated, and left out"],
    [`∂E/∂W₂[${n},${k + 1}] = δ₂[${n}] · z[${k + 1}]`, `= ${inBrackets(visit.delta2[i])} · ${exact(visit.z[k])} = <b>${exact(visit.gradient.w2[i][k])}</b>`],
  ];
}

function encoderGradient({ visit, before, row }, { i, k }) {
  const terms = before.w2.map((weights, film) => `${inBrackets(weights[k])}·${inBrackets(visit.delta2[film])}`), n = k + 1;
  return [
    [`δ₁[${n}] = (Σ W₂[i,${n}] · δ₂[i]) · z[${n}] · (1 − z[${n}])`,
      `= (${plus(terms)}) · ${exact(visit.z[k])} · (1 − ${exact(visit.z[k])}) = ${inBrackets(visit.back[k])} · ${exact(visit.z[k])} · (1 − ${exact(visit.z[k])}) = <b>${exact(visit.delta1[k])}</b>`],
    [`∂E/∂W₁[${n},${i + 1}] = δ₁[${n}] · x[${i + 1}]`, `= ${inBrackets(visit.delta1[k])} · ${exact(row.x[i])} = <b>${exact(visit.gradient.w1[k][i])}</b>`],
  ];
}

const entry = (weights, { i, k, isEncoder }) => (isEncoder ? weights.w1[k][i] : weights.w2[i][k]);
const named = ({ i, k, isEncoder }) => (isEncoder ? at("W₁", k, i) : at("W₂", i, k));

function updateLines({ data, from, to }, spoken, gradient) {
  const slope = entry(gradient, spoken), name = named(spoken);
  return [[`${name} − rate · ${data.order === "batch" ? "Σ " : ""}∂E/∂${name}`,
    `= ${exact(entry(from, spoken))} − ${exact(data.rate)} · ${inBrackets(slope)} = ${exact(entry(from, spoken))} − ${inBrackets(data.rate * slope)} = <b>${exact(entry(to, spoken))}</b>`]];
}

function sumLines({ visit }, spoken) {
  const name = named(spoken);
  return [[`Σ ∂E/∂${name} so far`, `= <b>${exact(entry(visit.sum, spoken))}</b>, of which this row gave ${exact(entry(visit.gradient, spoken))}`]];
}
