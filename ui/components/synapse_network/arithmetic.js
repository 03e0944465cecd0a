// The sums of the toy network in words: what a node adds up, what a synapse carries, what the softmax makes of it.

import { inside, write } from "../shared/numbers.js";
import { softmax } from "./toy_math.js";

export const sub = (i) => [...String(i + 1)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
export const signed = (value) => (value > 0 ? "+" : "") + write(value);
const escape_text = (text) => text.replace(/[&<>]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[letter]);

// A number of the network: a weight, a bias or an input. what: {part, at, from}.
export function value_of({ net, x }, { part, at, from }) {
  if (part === "x") return x[at];
  return part.startsWith("w") ? net[part][at][from] : net[part][at];
}

// What a synapse joins.
export function name_of({ part, at, from }, labels, is_html = false) {
  const film = (k) => (is_html ? escape_text(labels[k]) : labels[k]);
  if (part === "w1") return `from ${film(from)} to h${sub(at)}`;
  if (part === "w2") return `from h${sub(from)} to the output ${film(at)}`;
  return `from the +1 node to ${part === "b1" ? `h${sub(at)}` : `the output ${film(at)}`}`;
}

// The sum of what was pointed at, as HTML. toy: net, x, h, o, labels, biases; of: a synapse, or a node {kind, i, is_bias}.
export function sum_of(of, toy) {
  if (of.is_bias) return "A <b>+1 node</b> always says 1. The weight of its synapse is the bias b of the node it leads to.";
  if (!of.kind) return carried_by(of, toy);
  const { net, x, h, o, labels, biases } = toy, { kind, i } = of;
  if (kind === "in") return `<b>x${sub(i)}</b> = ${write(x[i])}: ${escape_text(labels[i])}${{ 1: ", liked", 0: ", not liked" }[x[i]] ?? ""}. Click to change it.`;
  const is_code = kind === "code", weights = (is_code ? net.w1 : net.w2)[i], from = is_code ? x : h, letter = is_code ? "x" : "h";
  const bias = biases === "none" ? null : net[is_code ? "b1" : "b2"][i], name = `${is_code ? "h" : "o"}${sub(i)}`;
  const letters = weights.map((w, k) => `${k ? (w < 0 ? " − " : " + ") : w < 0 ? "−" : ""}${Math.abs(w) === 1 ? "" : `${write(Math.abs(w))}·`}${letter}${sub(k)}`).join("");
  const numbers = weights.map((w, k) => `${inside(w)}·${inside(from[k])}`).join(" + ");
  return `<b>${name}</b> = ${letters}${bias === null ? "" : " + b"}<br>= ${numbers}${bias === null ? "" : ` + ${inside(bias)}`} = <b>${write((is_code ? h : o)[i], 3)}</b>`;
}

function carried_by(synapse, toy) {
  const weight = value_of(toy, synapse), from = synapse.part === "w1" ? toy.x[synapse.from] : synapse.part === "w2" ? toy.h[synapse.from] : 1;
  return `The synapse ${name_of(synapse, toy.labels, true)} has weight <b>${write(weight, 3)}</b>: it carries ${inside(weight)}·${inside(from)} = <b>${write(weight * from, 3)}</b>.`;
}

export function softmax_of(i, { o, temperature: t }) {
  const power = (v) => `e<sup>${t === 1 ? write(v) : `${write(v)}/${write(t)}`}</sup>`, share = softmax(o, t)[i];
  return `<b>softmax of o${sub(i)}</b> = ${power(o[i])} / (${o.map(power).join(" + ")}) = <b>${share.toFixed(3)}</b>`
    + `<br><span class="faint">The lower the temperature, the more the highest takes; near 0 this becomes the arg max.</span>`;
}
