// What the drawing shows of a moment of training: which parts are lit, where something flows, what stands on synapses and in nodes.

import { is_calm } from "../shared/calm.js";
import { write, write_fixed } from "../shared/numbers.js";
import { STEPS } from "./words.js";

const FLOWS = { "3": { w1: "forward" }, "4": { w2: "forward" }, "6a": { w1: "back", w2: "back" } };
const LIT = {
  "1": [], "2": ["in"], "3": ["w1", "code"], "4": ["w2", "out"], "5": ["in", "out"], "6a": ["w1", "w2", "code", "out"], "6b": ["w1", "w2"], "7": [], "8": ["w1", "w2"],
};

// What the drawing shows of a situation.
export function view_of(s) {
  const { step, visit, row, data, shown } = s, order = STEPS.findIndex(([id]) => id === step), isBack = step === "6a";
  const isIn = order >= 1, isCode = order >= 2, isOut = order >= 3, isError = order >= 4;
  const changes = (step === "6b" && s.isOnline) || (step === "8" && !s.isOnline), sums = step === "6b" && !s.isOnline;
  const of = (weights, part, i, k) => (part === "w1" ? weights.w1[k][i] : weights.w2[i][k]);
  const label = (part) => (i, k) => {
    if (isBack) return [write_fixed(of(visit.gradient, part, i, k), 3)];
    if (sums) return [`Σ ${write_fixed(of(visit.sum, part, i, k), 3)}`];
    if (changes) return [...(data.hidden < 3 ? [write_fixed(of(s.from, part, i, k), 3)] : []), `→ ${write_fixed(of(s.to, part, i, k), 3)}`]; // two lines where there is room
    return [write_fixed(of(shown, part, i, k), 2)];
  };
  const bias = (name, n, delta) => {
    if (isBack) return `δ ${write_fixed(delta[n], 3)}`;
    if (changes) return `b ${write_fixed(s.from[name][n], 2)}→${write_fixed(s.to[name][n], 2)}`;
    return sums ? `Σ ${write_fixed(visit.sum[name][n], 3)}` : `b ${write_fixed(shown[name][n], 2)}`;
  };
  const rating = (value) => (data.kind === "stars" ? `${write_fixed(5 * value, 1)}★` : `${Math.round(100 * value)}% yes`);
  return {
    hidden: data.hidden, w1: shown.w1, w2: shown.w2, chosen: s.chosen, tone: isBack ? "gradient" : changes ? "update" : "weight",
    // where everything lights up nothing does: a batch's last step shows the update, an online one only the new weights
    lit: new Set(step === "8" && s.isOnline ? [] : LIT[step]), flow: is_calm() ? null : FLOWS[step],
    still: { w1: (i, k) => visit.gradient.w1[k][i] === 0, w2: (i, k) => visit.gradient.w2[i][k] === 0 },
    labels: { w1: label("w1"), w2: label("w2") },
    nodes: {
      in: (i) => ({ text: isIn ? write(row.x[i], 2) : "", note: isIn ? (row.mask[i] ? row.shown[i] : "not rated") : "", kind: isIn && !row.mask[i] ? "missing" : "" }),
      code: (k) => ({ text: isCode ? write_fixed(visit.z[k], 2) : "", under: bias("b1", k, visit.delta1) }),
      out: (i) => ({
        text: isOut ? write_fixed(visit.y[i], 2) : "", under: bias("b2", i, visit.delta2), kind: isError && !row.mask[i] ? "missing" : "",
        note: !isOut ? "" : step === "5" ? (row.mask[i] ? `y−x ${write_fixed(visit.difference[i], 2)}` : "left out") : rating(visit.y[i]),
      }),
    },
    say: (part, i, k) => {
      if (part[0] === "w") return `${part === "w1" ? `${data.films[i]} to hidden ${k + 1}` : `Hidden ${k + 1} to ${data.films[i]}`}: ${isBack ? "gradient " : changes ? "weight " : ""}${label(part)(i, k).join(" ")}`;
      if (part === "code") return `Hidden node ${k + 1}${isCode ? `: ${write_fixed(visit.z[k], 2)}` : ""}`;
      return part === "in" ? `Input ${data.films[i]}${isIn ? `: ${write(row.x[i], 2)}` : ""}` : `Output ${data.films[i]}${isOut ? `: ${write_fixed(visit.y[i], 2)}` : ""}`;
    },
  };
}
