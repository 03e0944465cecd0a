// Codes are decoded by the server: the newest is asked for, older ones that still wait are forgotten, and the answer is painted.

import { bytes_of } from "./bytes.js";
import { put_pixels } from "./pixels.js";

const EDGE = 0.95, FAR = 0.995, APART = 30; // shares of real codes that are nearer to theirs; milliseconds between two askings

export class Decoder {
  // show(answer): what was asked for last has come; fail(): the server does not answer.
  constructor(show, fail) {
    Object.assign(this, { show, fail, isBusy: false, next: null, delay: null });
  }

  ask(address, code) {
    this.next = { address, body: Float32Array.from(code) };
    this.asked = performance.now();
    this.go();
  }

  async go() {
    if (this.isBusy || !this.next) return;
    const { address, body } = this.next, begin = performance.now();
    this.next = null;
    this.isBusy = true;
    try {
      const answer = await fetch(address, { method: "POST", body: body.buffer, headers: { "Content-Type": "application/octet-stream" } });
      if (!answer.ok) throw new Error(answer.status);
      const found = await answer.json();
      this.delay = performance.now() - begin;
      this.show(found);
    } catch {
      this.fail();
    }
    setTimeout(() => { this.isBusy = false; this.go(); }, Math.max(0, APART - (performance.now() - begin)));
  }
}

// answer: shape and pixels, as the server gives them.
export function paint_answer(canvas, { shape, pixels }) {
  put_pixels(canvas, bytes_of(pixels), shape);
  canvas.style.setProperty("--aspect", `${shape[2]} / ${shape[1]}`);
}

// How far a code is from all real ones, in words.
export function tell_distance(element, { ratio, share }) {
  const far = share > FAR ? "yes" : share > EDGE ? "edge" : "no";
  element.dataset.far = far;
  element.classList.remove("wrong");
  if (ratio < 0.005) {
    element.textContent = "This is the code of a real example.";
    return;
  }
  const times = `<b>${ratio.toFixed(ratio < 10 ? 1 : 0)}</b> times the usual`;
  element.innerHTML = `${{ no: "Among the data.", edge: "At the edge of the data.", yes: "<b>Off the data.</b>" }[far]} To the nearest real code it is ${times}` +
    (far === "no" ? "." : `: further than between neighbours for ${share >= 1 ? "all" : `${(100 * share).toFixed(share > 0.99 ? 1 : 0)} %`} of the examples.`);
}
