// Codes are decoded by the server: the newest is asked for, older ones that still wait are forgotten, and the answer is painted.

const EDGE = 0.95, FAR = 0.995, APART = 30; // shares of real codes that are nearer to theirs; milliseconds between two askings
const bytes_of = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const floats_of = (text) => new Float32Array(bytes_of(text).buffer);
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

class Decoder {
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

// pixels: uint8, C x H x W
function paint(canvas, { shape: [channels, height, width], pixels }) {
  const values = typeof pixels === "string" ? bytes_of(pixels) : pixels, size = width * height;
  Object.assign(canvas, { width, height });
  canvas.style.setProperty("--aspect", `${width} / ${height}`);
  const context = canvas.getContext("2d"), image = context.createImageData(width, height);
  for (let p = 0; p < size; p += 1) {
    for (let c = 0; c < 3; c += 1) image.data[4 * p + c] = values[(channels === 3 ? c * size : 0) + p];
    image.data[4 * p + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

// How far a code is from all real ones, in words.
function tell_distance(element, { ratio, share }) {
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

// The nearest real example beside what was decoded.
class NearestExample {
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
