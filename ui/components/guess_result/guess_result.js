// What a room has guessed, on the page of the room.

import { guess_result } from "../shared/guess_result.js";

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".guesses"), shown = JSON.stringify(data);
  if (root.shown === shown) return;
  root.shown = shown;
  root.replaceChildren(...guess_result(data.form, { truth: data.truth ?? undefined, crowd: data.crowd }));
}
