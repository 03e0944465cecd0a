// A slider for each number of a code: the picture that the decoder paints follows the thumb.

import { floats_of } from "../shared/bytes.js";
import { paint_answer, tell_distance } from "../shared/decoder.js";
import { NearestExample } from "../shared/nearest_example.js";
import { NewestAnswer } from "../shared/newest_answer.js";
import { clamp } from "../shared/numbers.js";

const STEPS = 500;

class CodeSliders {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.nearest = new NearestExample(this.find(".real"));
    this.decoder = new NewestAnswer((answer) => this.take(answer), () => this.complain());
    this.find(".back").onclick = () => this.go_back();
  }

  // What Python says; a visitor's own numbers are kept as long as `revision` is the same.
  show(data, send) {
    const isNew = this.data?.revision !== data.revision;
    Object.assign(this, { data, send });
    this.nearest.set(data);
    if (!isNew) return;
    this.start = floats_of(data.start);
    this.code = Float32Array.from(this.start);
    for (const { index, value } of data.numbers) this.code[index] = value;
    const given = this.find(".given");
    given.hidden = !data.picture;
    if (data.picture) Object.assign(given.querySelector("img"), { src: data.picture }).style.setProperty("--aspect", data.aspect);
    given.querySelector("span").textContent = data.title;
    this.find(".back").textContent = data.picture ? "Back to the point" : "Back to the mean";
    this.make_rails();
    this.draw();
  }

  make_rails() {
    this.rails = this.data.numbers.map((each) => {
      const box = document.createElement("label");
      box.className = "number";
      box.innerHTML = `<span class="name"></span><output></output><span class="rail"><i class="mean"></i><i></i><input type="range" min="0" max="${STEPS}" step="1"></span>`;
      const name = box.querySelector(".name"), input = box.querySelector("input"), share = 100 * each.share, place = (value) => (value - each.low) / (each.high - each.low);
      name.textContent = `Number ${each.index + 1}`;
      name.append(Object.assign(document.createElement("small"), { textContent: `${share < 1 ? share.toFixed(1) : Math.round(share)} %`, title: "Its share of all that varies in the codes" }));
      input.setAttribute("aria-label", `Number ${each.index + 1}`);
      box.querySelector("i.mean").style.setProperty("--tick", clamp(place(each.mean), 0, 1));
      box.querySelector("i:not(.mean)").style.setProperty("--tick", clamp(place(this.start[each.index]), 0, 1));
      input.oninput = () => {
        this.code[each.index] = each.low + (Number(input.value) / STEPS) * (each.high - each.low);
        this.draw();
      };
      input.onchange = () => this.keep();
      box.ondblclick = () => {
        this.code[each.index] = this.start[each.index];
        this.draw();
        this.keep();
      };
      return { each, box, input, place };
    });
    this.find(".turn").replaceChildren(...this.rails.map(({ box }) => box));
  }

  go_back() {
    this.code = Float32Array.from(this.start);
    this.draw();
    this.keep();
  }

  // Only what a slider cannot show to its own precision counts as the visitor's.
  own() {
    return this.rails.filter(({ each }) => Math.abs(this.code[each.index] - this.start[each.index]) > 1e-6 * (each.high - each.low));
  }

  keep() {
    this.send("kept", { revision: this.data.revision, numbers: this.own().map(({ each }) => [each.index, Number(this.code[each.index].toPrecision(4))]) });
  }

  draw() {
    for (const { each, box, input, place } of this.rails) {
      const value = this.code[each.index], at = clamp(place(value), 0, 1);
      if (document.activeElement !== input || Math.round(STEPS * at) !== Number(input.value)) input.value = Math.round(STEPS * at);
      input.setAttribute("aria-valuetext", value.toFixed(2));
      input.style.setProperty("--at", `calc(10px + ${at} * (100% - 20px))`);
      box.querySelector("output").textContent = value.toFixed(2);
    }
    this.find(".back").disabled = !this.own().length;
    this.decoder.ask(this.data.address, this.code);
  }

  take(answer) {
    paint_answer(this.find(".made canvas"), answer);
    const count = this.own().length;
    this.find(".made span").textContent = count ? `${count} number${count > 1 ? "s" : ""} changed` : this.data.picture ? "its own code" : "the mean code";
    this.nearest.show(answer.nearest);
    tell_distance(this.find(".say"), answer);
    this.root.dataset.delay = this.decoder.delay;
  }

  complain() {
    this.find(".say").textContent = "The server does not answer. Reload the page to try again.";
    this.find(".say").classList.add("wrong");
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".sliders");
  root.codeSliders ??= new CodeSliders(root);
  root.codeSliders.show(data, setStateValue);
}
