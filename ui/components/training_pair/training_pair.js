// Networks side by side, each with its weights as they are; nothing moves and nothing is computed.

import { write_fixed } from "../shared/numbers.js";
import { draw } from "../shared/svg.js";
import { WeightedNetwork } from "../shared/weighted_network.js";

function still_view({ weights: { w1, w2, b1, b2 } }) {
  return {
    hidden: w1.length, w1, w2, tone: "weight", lit: new Set(["w1", "w2"]),
    labels: { w1: (i, k) => [write_fixed(w1[k][i])], w2: (i, k) => [write_fixed(w2[i][k])] },
    nodes: { in: () => ({}), code: (k) => ({ under: `b ${write_fixed(b1[k])}` }), out: (i) => ({ under: `b ${write_fixed(b2[i])}` }) },
  };
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".pair");
  root.sheets ??= data.networks.map(() => {
    const sheet = document.createElement("section"), title = document.createElement("h4"), box = document.createElement("div");
    const svg = draw("svg", { role: "img" });
    sheet.className = "paper";
    box.append(svg);
    sheet.append(title, box);
    root.append(sheet);
    return { title, svg, network: new WeightedNetwork(svg, data.films) };
  });
  data.networks.forEach((each, at) => {
    const { title, svg, network } = root.sheets[at];
    title.textContent = each.title;
    svg.setAttribute("aria-label", each.title);
    network.paint(still_view(each));
  });
}
