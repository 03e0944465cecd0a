// The map of a latent space: fetches where the points lie, draws them, and tells Python what was picked and selected.

import { bytes_of } from "../shared/bytes.js";
import { NEUTRAL, PointsDrawing } from "./drawing.js";
import { Gestures } from "./gestures.js";
import { ScreenIndex } from "./index.js";
import { MapLegend } from "./legend.js";
import { Overlay } from "./overlay.js";
import { Pointing } from "./pointing.js";
import { GLIDE, MapView } from "./view.js";

const POLL = 200, RETRY = 1500, TRIES = 4; // milliseconds between askings; how often before it is said that nothing comes
const MOST_PIXELS = 6e6;

class LatentMap extends Pointing {
  constructor(root) {
    super();
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    Object.assign(this, { view: new MapView(), index: new ScreenIndex(), tool: "pan", line: [], hovered: -1, picked: -1, chosen: null, moment: 0, toBring: null, order: new Uint32Array(0) });
    this.over = this.find(".over");
    this.dots = new PointsDrawing(this.find(".points"));
    this.overlay = new Overlay(this.over);
    this.legend = new MapLegend(this.find(".legend"), () => this.sort_out());
    this.gestures = new Gestures(this.over, this);
    new ResizeObserver(() => this.resize()).observe(this.find(".stage"));
    root.addEventListener("transitionend", (event) => event.target === root && this.redraw());
    this.buttons();
  }

  buttons() {
    for (const button of root_tools(this.root)) button.onclick = () => this.use(button.dataset.tool);
    this.find(".pictures").onclick = () => { this.allPictures = !this.allPictures; this.show_tools(); };
    const zoom = (factor) => { this.view.zoom_at(this.view.width / 2, this.view.height / 2, factor, 200); this.redraw(); };
    this.find(".nearer").onclick = () => zoom(1.6);
    this.find(".farther").onclick = () => zoom(1 / 1.6);
    this.find(".whole").onclick = () => { this.view.fit(); this.redraw(); };
    this.find(".chosen button").onclick = () => { this.select([], false); this.over.focus({ preventScroll: true }); };
    this.use("pan");
  }

  use(tool) {
    this.tool = tool;
    this.over.dataset.tool = tool;
    this.show_tools();
  }

  show_tools() {
    for (const button of root_tools(this.root)) button.setAttribute("aria-pressed", button.dataset.tool === this.tool);
    const isDeep = this.data?.dims === 3, pan = this.find('[data-tool="pan"]'), words = isDeep ? "Turn: drag the map (right button: move it)" : "Move: drag the map";
    this.find(".stage").classList.toggle("deep", isDeep);
    pan.title = words;
    pan.setAttribute("aria-label", words);
    this.find(".pictures").hidden = !this.data?.atlas;
    this.find(".pictures").setAttribute("aria-pressed", Boolean(this.allPictures));
    this.redraw();
  }

  // What Python says, at first and after each of its runs.
  show(data, send) {
    const before = this.data, isNew = before?.revision !== data.revision, changed = (name) => isNew || before[name] !== data[name];
    Object.assign(this, { data, send });
    if (changed("levels")) this.levels = bytes_of(data.levels);
    if (changed("labels")) this.labels = data.labels && new Int32Array(bytes_of(data.labels).buffer);
    if (changed("noted")) this.noted = data.noted && new Int32Array(bytes_of(data.noted).buffer);
    if (changed("first")) this.first = data.first && new Uint32Array(bytes_of(data.first).buffer);
    if (isNew || !same(before.figures, data.figures)) this.take_figures(data.figures);
    if (changed("numbers")) this.numbers = data.numbers && new Uint32Array(bytes_of(data.numbers).buffer);
    if (changed("shown")) this.shown = data.shown === null ? null : new Uint32Array(bytes_of(data.shown).buffer);
    if (isNew) {
      Object.assign(this, { chosen: circled(data), hovered: -1, picked: -1, wanted: null });
      this.legend.start_over();
      this.view.raw = undefined;
    }
    if (isNew || !same([before.palette, before.legend], [data.palette, data.legend])) this.legend.start_over();
    if (changed("positions") || changed("dims")) this.view.home();
    if (data.heard >= this.moment) this.take_over(data);
    this.find(".stage").style.setProperty("--height", `${data.height}px`);
    if (isNew || !same(before.marks, data.marks)) this.take_marks(data.marks);
    if (!same(before?.atlas, data.atlas)) this.fetch_atlas(data.atlas);
    if (changed("positions") || changed("isLive")) this.follow(changed("positions"));
    this.resize();
    this.show_tools();
    this.sort_out();
  }

  // Python's own choice of a point, when it is another one than before.
  take_over({ picked }) {
    if (this.wanted === picked) return;
    const isOther = (picked ?? -1) !== this.picked;
    this.wanted = picked;
    this.picked = picked ?? -1;
    if (isOther && picked !== null) this.toBring = picked;
  }

  take_marks(marks) {
    this.marks = marks.map((mark) => {
      const mine = { ...mark, image: null }, image = mark.picture && new Image();
      if (image) Object.assign(image, { onload: () => { mine.image = image; this.redraw(); }, src: mark.picture });
      return mine;
    });
    if (marks.length) this.toBring = this.data.count + marks.length - 1;
    if (this.view.raw?.length === this.data.count * this.data.dims) this.place(this.view.raw);
  }

  take_figures(figures) {
    this.figures = figures.map(({ words, tenths }) => ({ words, tenths: bytes_of(tenths) }));
    this.find(".card").dataset.point = "";
  }

  async fetch_atlas(atlas) {
    this.bitmap = null;
    if (!atlas) return;
    try {
      const answer = await fetch(atlas.address);
      if (!answer.ok) return;
      const bitmap = await createImageBitmap(await answer.blob());
      if (this.data.atlas?.address === atlas.address) this.bitmap = bitmap;
    } catch { /* without pictures the dots remain */ }
    this.redraw();
  }

  // Asks for the positions, once or until they are done; a later call takes the place of an earlier one.
  async follow(isOther) {
    const turn = {}, { positions, count, dims, isLive } = this.data, isMine = () => this.turn === turn && this.root.isConnected;
    this.turn = turn;
    if (isOther) Object.assign(this, { tag: null, isDone: false, step: null, isWrong: false });
    for (let failures = 0; isMine() && (isLive || failures < TRIES); ) {
      if (document.hidden && isLive) { await pause(RETRY); continue; }
      try {
        const answer = await fetch(positions, this.tag ? { headers: { "If-None-Match": this.tag }, cache: "no-store" } : isLive ? { cache: "no-store" } : {});
        const raw = answer.status === 200 ? new Float32Array(even(await answer.arrayBuffer())) : null;
        if (!isMine()) return;
        if (answer.status !== 304 && raw?.length !== count * dims) throw new Error(`${answer.status}`);
        failures = 0;
        this.hear(answer, raw);
        if (this.isDone || !isLive) return;
      } catch {
        failures += 1;
        this.isWrong = failures >= TRIES && !isLive;
      }
      if (isMine()) this.describe();
      await pause(failures > 5 || (failures && !isLive) ? RETRY : POLL);
    }
  }

  hear(answer, raw) {
    this.tag = answer.headers.get("ETag") ?? this.tag;
    this.step = answer.headers.get("X-Step") ?? this.step;
    if (raw || answer.headers.has("X-Done")) this.isDone = answer.headers.get("X-Done") === "1";
    this.isWrong = false;
    if (raw) this.place(raw);
    else this.describe();
  }

  place(raw) {
    const isFirst = !this.view.has_places;
    this.view.place(raw, this.data.dims, this.marks.map((mark) => mark.position), this.data.isLive && !this.isDone ? POLL + 120 : GLIDE);
    if (isFirst) this.view.step(performance.now());
    this.sort_out();
  }

  // Which points are drawn: those shown, less hidden groups and places that are no numbers.
  sort_out() {
    const { levels, shown, data, view } = this, { hidden } = this.legend, counts = {};
    const all = shown ?? Uint32Array.from({ length: data.count }, (_, i) => i);
    for (const i of all) counts[levels[i]] = (counts[levels[i]] ?? 0) + 1;
    this.legend.show(data, Object.fromEntries([...data.palette.keys(), NEUTRAL].map((level) => [level, counts[level] ?? 0])));
    const { goal } = view, isPlaced = (i) => view.has_places && Number.isFinite(goal[3 * i]) && Number.isFinite(goal[3 * i + 1]) && Number.isFinite(goal[3 * i + 2]);
    this.order = all.filter((i) => i < data.count && !hidden.has(levels[i]) && isPlaced(i));
    const drawn = this.first && new Set(this.order);
    this.named = drawn && this.first.filter((i) => drawn.has(i));
    if (this.toBring !== null && view.has_places) {
      view.bring(this.toBring);
      this.toBring = null;
    }
    this.describe();
    this.redraw();
  }

  resize() {
    const box = this.over.getBoundingClientRect(), { view } = this;
    if (!box.width) return;
    this.ratio = Math.min(devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / (box.width * box.height)));
    const [wide, high] = [Math.round(box.width * this.ratio), Math.round(box.height * this.ratio)];
    [view.width, view.height] = [box.width, box.height];
    for (const canvas of [this.over, this.dots.canvas]) if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
    this.redraw();
  }

  redraw() {
    this.frame ??= requestAnimationFrame((time) => this.paint(time));
  }

  paint(time) {
    this.frame = null;
    if (!this.data || !this.ratio) return;
    const isMoving = this.view.step(time);
    this.view.project();
    this.indexed = false;
    if (this.isAimed) this.aim();
    const scene = this.scene();
    const isFading = this.dots.draw(scene);
    this.overlay.draw({ ...scene, dot: this.dots.radius, tile: this.dots.tile, shownAsPictures: this.dots.pictures > 0.5 });
    this.over.classList.toggle("still", this.tool === "pan" && this.view.dims === 2 && this.view.is_home);
    if (isMoving || isFading) this.redraw();
    if (this.hovered >= 0) this.show_card();
  }

  scene() {
    const { data, view, order, levels, labels, chosen, ratio, bitmap, line, hovered, picked, marks } = this, style = getComputedStyle(this.root);
    const colour = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise, paper = colour("--st-background-color", "#fff");
    return {
      view, order, levels, labels, chosen, named: this.named, ratio, bitmap, line, hovered, picked, marks, paper, isDark: is_dark(paper), ink: colour("--st-text-color", "#222"),
      accent: colour("--st-orange-color", "#e69f00"), font: style.fontFamily, palette: data.palette, names: data.names, atlas: data.atlas,
      linked: picked >= 0 && picked === this.wanted ? data.linked : [], inView: this.seek().inside, number_of: (i) => this.number_of(i), allPictures: this.allPictures,
    };
  }
}

// The points that Python says are circled, as a mask; null for none.
function circled({ selected, count }) {
  const mask = new Uint8Array(count);
  for (const i of selected ? new Uint32Array(bytes_of(selected).buffer) : []) mask[i] = 1;
  return mask.includes(1) ? mask : null;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const even = (buffer) => (buffer.byteLength % 4 ? new ArrayBuffer(0) : buffer);
const is_dark = (colour) => { // of #rrggbb
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.3 * r + 0.59 * g + 0.11 * b < 128;
};
const root_tools = (root) => root.querySelectorAll("[data-tool]:not(canvas)");

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".map");
  root.latentMap ??= new LatentMap(root);
  root.latentMap.show(data, setStateValue);
}
