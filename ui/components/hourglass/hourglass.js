// The hourglass: a picture, its code as bars that can be dragged, and what the decoder paints from them, at once.
// The decoder runs here, so that a lecture hall of visitors costs the server nothing.

import { is_calm } from "../shared/calm.js";
import { put_pixels } from "../shared/pixels.js";
import { fetch_when_calm } from "../shared/plotly.js";
import { decode, read } from "./forward.js";

class Hourglass {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.find(".reset").onclick = () => this.choose(this.chosen);
    this.drawFunnels();
  }

  async show(address, chosen) {
    this.wanted = chosen;
    if (this.address === address) {
      if (this.model && chosen !== this.chosen) this.choose(Math.min(chosen, this.model.count - 1));
      return;
    }
    this.address = address;
    this.model = null;
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(answer.status);
      const model = read(await answer.json());
      if (this.address !== address) return; // another model was asked for meanwhile
      this.model = model;
    } catch {
      this.address = null;
      this.find(".say").textContent = "The network could not be fetched from the server. Reload the page to try again.";
      return;
    }
    this.code = null;
    this.makeGallery();
    this.makeBars();
    this.choose(Math.min(this.wanted, this.model.count - 1));
  }

  drawFunnels() {
    const line = (x1, y1, x2, y2) => `<path d="M${x1} ${y1} C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}"/>`;
    const wide = [...Array(9)].map((_, i) => 4 + (92 * i) / 8), narrow = wide.map((y) => 34 + (32 * (y - 4)) / 92);
    this.find(".encoder svg").innerHTML = wide.map((y, i) => line(0, y, 100, narrow[i])).join("");
    this.find(".decoder svg").innerHTML = wide.map((y, i) => line(0, narrow[i], 100, y)).join("");
  }

  makeGallery() {
    const gallery = this.find(".gallery");
    gallery.replaceChildren(...[...Array(this.model.count)].map((_, k) => {
      const button = document.createElement("button"), canvas = document.createElement("canvas");
      button.type = "button";
      button.setAttribute("role", "option");
      button.setAttribute("aria-label", `Picture ${k + 1}`);
      put_pixels(canvas, this.model.picture(k), this.model.shape, 1);
      button.append(canvas);
      button.onclick = () => {
        this.choose(k);
        this.tell(k);
      };
      return button;
    }));
  }

  makeBars() {
    const bars = this.find(".bars"), size = this.model.low.length;
    bars.replaceChildren(...[...Array(size)].map((_, i) => {
      const bar = document.createElement("div");
      bar.className = "bar";
      bar.tabIndex = 0;
      bar.setAttribute("role", "slider");
      bar.setAttribute("aria-orientation", "vertical");
      bar.setAttribute("aria-label", `Number ${i + 1} of ${size} in the code`);
      bar.innerHTML = "<i></i><b></b><span></span>";
      const span = () => this.model.high[i] - this.model.low[i];
      const drag = (event) => {
        const box = bar.getBoundingClientRect();
        const share = 1 - Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
        this.turn(i, this.model.low[i] + share * span());
      };
      bar.onpointerdown = (event) => { bar.setPointerCapture(event.pointerId); drag(event); };
      bar.onpointermove = (event) => { if (event.buttons) drag(event); };
      bar.onkeydown = (event) => {
        const step = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 5, PageDown: -5 }[event.key];
        if (!step) return;
        event.preventDefault();
        this.turn(i, this.code[i] + (step * span()) / 25);
      };
      return bar;
    }));
    this.find(".code-note").textContent = `The code: ${size} numbers. Drag one.`;
  }

  turn(i, value) {
    cancelAnimationFrame(this.frame);
    this.find(".flow").classList.remove("moving");
    this.code[i] = Math.min(this.model.high[i], Math.max(this.model.low[i], value));
    this.isOwn = false;
    this.draw();
  }

  choose(k) {
    const size = this.model.low.length, target = this.model.codes.slice(k * size, (k + 1) * size);
    const start = this.code && this.code.length === size ? Float32Array.from(this.code) : target;
    this.chosen = k;
    this.isOwn = true;
    this.find(".gallery").childNodes.forEach((button, i) => { button.setAttribute("aria-selected", i === k); });
    put_pixels(this.find(".in"), this.model.picture(k), this.model.shape, 1);
    cancelAnimationFrame(this.frame);
    const calm = is_calm(), begin = performance.now();
    const step = (now) => {
      const share = calm ? 1 : Math.min(1, Math.max(0, (now - begin) / 350)), ease = share * share * (3 - 2 * share);
      this.code = start.map((value, i) => value + ease * (target[i] - value));
      this.draw();
      this.find(".flow").classList.toggle("moving", share < 1);
      if (share < 1) this.frame = requestAnimationFrame(step);
    };
    step(begin);
    if (!calm) this.frame = requestAnimationFrame(step);
  }

  draw() {
    const { model, code } = this, output = decode(model.layers, code);
    put_pixels(this.find(".out"), output, model.shape, 1);
    this.find(".bars").childNodes.forEach((bar, i) => {
      const place = (v) => 100 * (1 - (v - model.low[i]) / (model.high[i] - model.low[i]));
      const top = Math.min(100, Math.max(0, place(code[i]))), zero = Math.min(100, Math.max(0, place(0)));
      bar.firstChild.style.cssText = `top:${Math.min(top, zero)}%;height:${Math.abs(top - zero)}%`;
      bar.children[1].style.top = `${top}%`;
      bar.lastChild.textContent = code[i].toFixed(1).replace("-", "−");
      bar.setAttribute("aria-valuenow", code[i].toFixed(2));
      bar.setAttribute("aria-valuemin", model.low[i].toFixed(2));
      bar.setAttribute("aria-valuemax", model.high[i].toFixed(2));
    });
    this.say(output);
  }

  say(output) {
    const { model } = this, original = model.picture(this.chosen), count = model.inputs.toLocaleString("en");
    let error = 0;
    for (let i = 0; i < output.length; i++) error += (output[i] - original[i]) ** 2 / output.length;
    this.root.dataset.error = error;
    this.find(".in-note").textContent = `The picture: ${count} numbers`;
    this.find(".out-note").textContent = `The reconstruction, from the code alone: ${count} numbers`;
    this.find(".reset").hidden = this.isOwn;
    this.find(".say").textContent = this.isOwn
      ? `${count} numbers become a code of ${model.low.length}: ${Math.round(model.inputs / model.low.length)} times fewer. ` +
        `Squared error per pixel: ${error.toFixed(4)} (0 is a perfect copy; pixels run from 0, dark, to 1, bright).`
      : `This code is yours: it belongs to no picture, and the decoder paints it all the same.`;
  }
}

// A click is told as an event, not as a state: the picture on show is the one that the address names.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".stage");
  root.hourglass ??= new Hourglass(root);
  root.hourglass.tell = (k) => setTriggerValue("chosen", k);
  root.hourglass.show(data.address, data.chosen);
  if (data.library) fetch_when_calm(data.library); // the pages that come next have charts
}
