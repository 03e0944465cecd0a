// The nearest real example beside what was decoded.

import { bytes_of } from "./bytes.js";
export class NearestExample {
  constructor(figure) {
    this.figure = figure;
    this.canvas = figure.querySelector("canvas");
  }

  async set({ atlas, labels, names }) {
    if (this.address === atlas?.address && this.labels === labels) return;
    Object.assign(this, { address: atlas?.address, atlas, labels, names, of: labels && new Int16Array(bytes_of(labels).buffer), bitmap: null });
    this.canvas.hidden = !atlas;
    if (!atlas) return;
    try {
      const answer = await fetch(atlas.address);
      if (answer.ok && this.atlas === atlas) this.bitmap = await createImageBitmap(await answer.blob());
    } catch { /* its number remains */ }
    if (this.shown !== undefined) this.show(this.shown);
  }

  show(i) {
    const { atlas, canvas } = this, name = this.names[this.of?.[i]];
    this.shown = i;
    this.figure.querySelector("span").textContent = `No. ${i.toLocaleString("en")}${name === undefined ? "" : ` · ${name}`}`;
    if (!this.bitmap) return;
    const { width, height, columns } = atlas;
    Object.assign(canvas, { width, height });
    canvas.style.setProperty("--aspect", `${width} / ${height}`);
    canvas.getContext("2d").drawImage(this.bitmap, (i % columns) * width, Math.floor(i / columns) * height, width, height, 0, 0, width, height);
  }
}
