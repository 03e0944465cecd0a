// Rows of pictures step by step: strips under each other, and large ones above them that play there and back.

import { is_calm } from "../shared/calm.js";

const FRAME = 110, REST = 700, MOST = 3, EDGE = 0.95, FAR = 0.995; // milliseconds for a step and at a chosen example; ratio of a full bar
const far_of = (share) => (share > FAR ? "yes" : share > EDGE ? "edge" : "no");
const make = (tag, className = "") => Object.assign(document.createElement(tag), { className });

class Film {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.find(".play").onclick = () => this.play(!this.isPlaying);
    this.find("input").oninput = () => { this.play(false); this.go(Number(this.find("input").value)); };
    this.isSeen = true;
    new IntersectionObserver(([entry]) => { this.isSeen = entry.isIntersecting; }).observe(root);
  }

  async show(data) {
    const isNew = this.data?.revision !== data.revision;
    this.data = data;
    if (!isNew) return;
    const images = data.rows.map(({ sheet }) => Object.assign(new Image(), { src: sheet }));
    await Promise.all(images.map((image) => image.decode()));
    if (this.data.revision !== data.revision) return; // another path was chosen meanwhile
    this.images = images;
    this.stations = new Map(data.stations);
    this.root.style.setProperty("--aspect", `${data.width} / ${data.height}`);
    this.make_screens();
    this.make_strips();
    this.find("input").max = data.count - 1;
    this.direction = 1;
    this.go(0);
    this.play(!is_calm());
  }

  make_screens() {
    this.screens = this.data.rows.map((row, k) => {
      const figure = make("figure", row.ratios ? "made" : "real"), canvas = make("canvas"), caption = make("figcaption"), name = make("b"), note = make("em");
      name.textContent = row.name;
      caption.append(name, note);
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `${row.name}, this step`);
      figure.append(canvas, caption);
      return { figure, canvas, note, row, image: this.images[k] };
    });
    this.find(".screens").replaceChildren(...this.screens.map(({ figure }) => figure));
  }

  make_strips() {
    const { rows, count } = this.data, strips = this.find(".strips");
    strips.style.setProperty("--count", count);
    this.cells = [...Array(count)].map(() => []);
    strips.replaceChildren(...rows.flatMap((row, k) => {
      const name = make("div", "name"), label = make("span");
      label.textContent = row.name;
      name.title = row.about;
      name.append(label);
      return [name, ...this.cells.map((column, step) => {
        const cell = make("div", this.stations.has(step) ? "cell station" : "cell"), canvas = make("canvas");
        this.draw(canvas, this.images[k], step);
        cell.append(canvas);
        if (row.ratios) cell.append(this.gauge(row, step));
        cell.onclick = () => { this.play(false); this.go(step); };
        column.push(cell);
        return cell;
      })];
    }));
  }

  gauge({ ratios, shares }, step) {
    const bar = make("div", "bar"), level = make("i");
    level.style.height = `${(100 * Math.min(MOST, ratios[step])) / MOST}%`;
    level.dataset.far = far_of(shares[step]);
    bar.title = `${ratios[step].toFixed(2)} times the usual distance to the nearest real code`;
    bar.append(level);
    return bar;
  }

  draw(canvas, image, step) {
    const { width, height } = this.data;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    canvas.getContext("2d").drawImage(image, step * width, 0, width, height, 0, 0, width, height);
  }

  go(step) {
    this.cells[this.step]?.forEach((cell) => { cell.classList.remove("now"); });
    this.step = step;
    this.cells[step].forEach((cell) => { cell.classList.add("now"); });
    for (const { canvas, note, row, image } of this.screens) {
      this.draw(canvas, image, step);
      note.textContent = row.ratios
        ? `${row.ratios[step].toFixed(1)} × the usual distance to a real code${{ no: "", edge: ": at the edge of the data", yes: ": off the data" }[far_of(row.shares[step])]}`
        : row.about;
    }
    const title = this.stations.get(step);
    this.find("input").value = step;
    this.find("output").textContent = title ?? `step ${step} of ${this.data.count - 1}`;
  }

  play(isPlaying) {
    clearTimeout(this.timer);
    this.isPlaying = isPlaying;
    this.root.classList.toggle("playing", isPlaying);
    if (isPlaying) this.tick(REST);
  }

  tick(wait) {
    this.timer = setTimeout(() => {
      if (!this.root.isConnected) return;
      if (!this.isSeen || document.hidden) return this.tick(REST);
      const next = this.step + this.direction;
      if (next < 0 || next >= this.data.count) this.direction *= -1;
      this.go(this.step + this.direction);
      this.tick(this.stations.has(this.step) ? REST : FRAME);
    }, wait);
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".film");
  root.film ??= new Film(root);
  root.film.show(data);
}
