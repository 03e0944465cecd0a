// What came out of the toy network, read three ways: softmax, arg max, threshold.

import { write } from "../shared/numbers.js";
import { HEAD } from "./layout.js";
import { arg_max, same, softmax, threshold } from "./toy_math.js";

export class Readings {
  // explain(i): the softmax of output i was pointed at; null: no longer.
  constructor(root, explain) {
    this.find = (selector) => root.querySelector(selector);
    this.explain = explain;
  }

  // scale: of the drawing beside it.
  build(labels, { is_narrow, gap }, scale) {
    this.find(".readings thead").innerHTML = `<tr style="height:${is_narrow ? 0 : HEAD * scale}px"><th class="name"></th><th>softmax<small>the real one, at temperature <span class="at"></span></small></th>`
      + `<th>arg max<small>the highest wins</small></th><th>threshold<small>1 or more counts</small></th></tr>`;
    this.find(".readings tbody").replaceChildren(...labels.map((label, i) => this.row(label, i, gap * scale)));
    this.find(".readings tfoot").innerHTML = `<tr><td class="name"></td><td class="soft-back"></td><td class="top-back"></td><td class="over-back"></td></tr>`;
  }

  row(label, i, gap) {
    const row = document.createElement("tr");
    row.style.height = `${gap}px`;
    row.innerHTML = `<td class="name"></td><td><span class="share" tabindex="0"><i></i><b></b></span></td><td class="top"></td><td class="over"></td>`;
    row.querySelector(".name").textContent = label;
    const share = row.querySelector(".share");
    share.onpointerenter = share.onfocus = () => this.explain(i);
    share.onpointerleave = share.onblur = () => this.explain(null);
    return row;
  }

  show({ o, x, temperature }) {
    const shares = softmax(o, temperature), top = arg_max(o), over = threshold(o), is_binary = x.every((v) => v === 0 || v === 1);
    this.find(".readings tbody").childNodes.forEach((row, i) => {
      row.querySelector("i").style.width = `${100 * shares[i]}%`;
      row.querySelector("b").textContent = shares[i].toFixed(3);
      for (const [name, value] of [["top", top[i]], ["over", over[i]]]) {
        const cell = row.querySelector(`.${name}`);
        cell.textContent = value;
        cell.classList.toggle("one", value === 1);
      }
    });
    const likes = x.reduce((sum, v) => sum + (v === 1), 0), is_tie = !top.includes(1), best = shares[x.indexOf(1)] ?? 0;
    const back = (is_back) => (is_binary ? `<span class="${is_back ? "yes" : "no"}">${is_back ? "✓ the input" : "✗ differs"}</span>` : `<span class="faint">not 0 or 1</span>`);
    this.find(".soft-back").innerHTML = is_binary && likes === 1 ? `<span class="${same(top, x) ? "yes" : "no"}">${(100 * best).toFixed(1)} % on the like</span>` : `<span class="faint">sums to 1</span>`;
    this.find(".top-back").innerHTML = back(same(top, x)) + (is_tie && likes ? `<br><span class="faint">a tie</span>` : "");
    this.find(".over-back").innerHTML = back(same(over, x));
    this.find(".at").textContent = write(temperature);
    this.find(".temperature").value = Math.log10(temperature);
    this.find(".warm output").textContent = temperature.toFixed(temperature < 1 ? 2 : 1);
  }
}
