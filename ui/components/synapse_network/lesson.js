// Learning by gradient descent, in sight: one step or many, and the curve of the loss.

import { draw } from "../shared/svg.js";
import { copy_network, films_back, learn_step } from "./toy_math.js";

export const LARGEST = 1e6;
const EVERY = 50, TELL = 500, ENOUGH = 0.005, MOST = 5000, POINTS = 300; // milliseconds twice; a loss that is low enough; steps; points of the curve

export class Lesson {
  // toy: has net, biases, applied, and is told: learned(net), tell(), refuse(sentence)
  constructor(root, toy) {
    this.find = (selector) => root.querySelector(selector);
    Object.assign(this, { toy, timer: null });
    this.start_over();
    this.find(".step").onclick = () => { this.pause(); this.learn(); toy.tell(); };
    this.find(".run").onclick = () => (this.timer ? this.pause() : this.run());
  }

  start_over() {
    Object.assign(this, { steps: 0, losses: [] });
  }

  learn() {
    const { toy } = this, net = copy_network(toy.applied), rate = Number(this.find(".rate").value), has_biases = toy.biases !== "none";
    const loss = learn_step(net, rate, has_biases);
    if (![net.w1, net.w2, net.b1, net.b2].flat(2).every((v) => Math.abs(v) <= LARGEST)) {
      this.pause();
      return toy.refuse("These steps are too long: the weights run away. Take a smaller learning rate; the last weights stay.");
    }
    this.steps += 1;
    this.losses.push(loss);
    toy.learned(has_biases ? net : { ...net, b1: toy.net.b1, b2: toy.net.b2 });
  }

  run() {
    this.find(".run").textContent = "Pause";
    let told = performance.now();
    this.timer = setInterval(() => {
      this.learn();
      if (this.losses.at(-1) < ENOUGH || this.steps >= MOST) this.pause();
      else if (performance.now() - told > TELL) { told = performance.now(); this.toy.tell(); }
    }, EVERY);
  }

  pause(is_told = true) {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.find(".run").textContent = "Run";
    if (is_told) this.toy.tell();
  }

  report() {
    const { steps, losses } = this, back = films_back(this.toy.applied), count = this.toy.x.length;
    const loss = losses.length ? `Step ${steps}: cross-entropy ${losses.at(-1).toFixed(3)} nats; ` : "";
    this.find(".told").textContent = `${loss}${back} of ${count} single likes are reconstructed`;
    const top = Math.max(...losses, 0.1), shown = losses.length > POINTS ? losses.filter((_, i) => i % Math.ceil(losses.length / POINTS) === 0) : losses;
    const d = shown.map((v, i) => `${i ? "L" : "M"}${(4 + (142 * i) / Math.max(1, shown.length - 1)).toFixed(1)} ${(34 - (30 * v) / top).toFixed(1)}`).join("");
    this.find(".curve").style.visibility = losses.length ? "" : "hidden"; // its place is kept
    this.find(".curve").replaceChildren(draw("path", { d: d || "M0 0" }));
  }
}
