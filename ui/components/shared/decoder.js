// What the server makes of a code: its picture is painted, and its distance from the real codes told.

import { bytes_of } from "./bytes.js";
import { put_pixels } from "./pixels.js";

const EDGE = 0.95, FAR = 0.995; // shares of real codes that are nearer to theirs

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
