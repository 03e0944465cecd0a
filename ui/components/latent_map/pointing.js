// What the visitor points at, picks and selects on the map, the card beside the pointer, and what Python hears of it.

import { text_of } from "../shared/bytes.js";
import { clamp } from "../shared/numbers.js";
import { tile_at } from "./drawing.js";
import { inside_line } from "./index.js";

const CARD = 92; // longest edge of the picture on the card, in CSS pixels
const NO_FIGURE = 255;

const number = (value) => value.toLocaleString("en");

// A map that can be pointed at: LatentMap adds where the points come from and how they are drawn.
export class Pointing {
  nearest(x, y, reach) {
    if (!this.view.has_places) return -1;
    const half = this.dots.pictures > 0.5 ? this.dots.tile * 0.6 : 0;
    return this.seek().nearest(x, y, Math.max(half, reach));
  }

  // Where the points are on screen now; found again after each drawing.
  seek() {
    if (!this.indexed) this.index.build(this.order, this.view.sx, this.view.sy, this.view.width, this.view.height);
    this.indexed = true;
    return this.index;
  }

  inside(line) {
    return line.length > 2 ? inside_line(line, this.order, this.view.sx, this.view.sy) : [];
  }

  hover([x, y], reach) {
    const found = this.nearest(x, y, reach);
    if (found === this.hovered) return;
    this.hovered = found;
    this.isAimed = false;
    this.over.classList.toggle("on", found >= 0);
    this.redraw();
    this.show_card();
  }

  leave() {
    if (this.hovered < 0) return;
    this.hovered = -1;
    this.over.classList.remove("on");
    this.find(".card").hidden = true;
    this.redraw();
  }

  // By keyboard the middle of the map is the pointer.
  aimed(isAimed) {
    this.isAimed = isAimed;
  }

  aim() {
    const found = this.nearest(this.view.width / 2, this.view.height / 2, 60);
    if (found === this.hovered) return;
    this.hovered = found;
    this.say(found < 0 ? "" : this.words(found).join(", "));
    this.show_card();
  }

  pick(i) {
    this.picked = i;
    this.say(`Picked: ${this.words(i).join(", ")}.`);
    this.send_on("picked", { index: i });
    this.redraw();
  }

  select(points, isAdding) {
    const chosen = new Uint8Array(this.data.count), before = isAdding ? this.selected() : [];
    for (const i of before) chosen[i] = 1;
    for (const i of points) chosen[i] = 1;
    const had = this.chosen !== null;
    this.chosen = chosen.includes(1) ? chosen : null;
    this.describe();
    this.redraw();
    if (!had && !this.chosen) return;
    this.say(this.chosen ? `${number(this.selected().length)} points selected.` : "Nothing is selected.");
    this.send_on("selected", { indices: text_of(Uint32Array.from(this.selected())) });
  }

  selected() {
    const found = [];
    if (this.chosen) for (let i = 0; i < this.chosen.length; i += 1) if (this.chosen[i]) found.push(i);
    return found;
  }

  // Escape: the lasso being drawn, else the selection, else the picked point.
  clear() {
    if (this.line.length) this.gestures.drop();
    else if (this.chosen) this.select([], false);
    else if (this.picked >= 0) {
      this.picked = -1;
      this.say("No point is picked.");
      this.send_on("picked", { index: null });
      this.redraw();
    }
  }

  // moment: only ever grows; Python hands back the last one it has heard, so that late answers undo nothing.
  send_on(name, what) {
    this.moment = Math.max(this.moment + 1, Date.now());
    this.send(name, { revision: this.data.revision, moment: this.moment, ...what });
  }

  number_of(i) {
    return this.numbers ? this.numbers[i] : i;
  }

  words(i) {
    const name = this.data.names[this.labels?.[i]];
    return [...(name === undefined ? [] : [name]), this.more(i) || `No. ${number(this.number_of(i))}`];
  }

  // What Python says of a point besides its name.
  more(i) {
    const figures = this.figures.filter(({ tenths }) => tenths[i] !== NO_FIGURE).map(({ words, tenths }) => words.replace("{}", (tenths[i] / 10).toFixed(1)));
    return [this.data.notes[this.noted?.[i]], ...figures].filter(Boolean).join(" · ");
  }

  show_card() {
    const card = this.find(".card"), i = this.hovered, { view } = this;
    card.hidden = i < 0;
    if (i < 0) return;
    if (card.dataset.point !== `${i}` || card.dataset.of !== this.data.revision || this.cardBitmap !== this.bitmap) this.fill_card(card, i);
    const { width, height } = card.getBoundingClientRect(), gap = this.dots.radius + 14 + (this.dots.pictures > 0.5 ? this.dots.tile / 2 : 0);
    const x = view.sx[i], y = view.sy[i], left = x + gap + width < view.width - 4 ? x + gap : x - gap - width;
    card.style.transform = `translate(${clamp(left, 4, Math.max(4, view.width - width - 4))}px, ${clamp(y - height / 2, 4, Math.max(4, view.height - height - 4))}px)`;
  }

  fill_card(card, i) {
    const [title, more = ""] = this.words(i), picture = card.querySelector("canvas"), { atlas } = this.data;
    Object.assign(card.dataset, { point: i, of: this.data.revision });
    this.cardBitmap = this.bitmap;
    card.querySelector("b").textContent = title;
    card.querySelector("span").textContent = more;
    card.style.setProperty("--dot", this.data.palette[this.levels[i]] ?? "var(--grey)");
    picture.hidden = !this.bitmap;
    card.classList.toggle("bare", picture.hidden);
    if (picture.hidden) return;
    const scale = CARD / Math.max(atlas.width, atlas.height);
    Object.assign(picture, { width: atlas.width, height: atlas.height });
    Object.assign(picture.style, { width: `${atlas.width * scale}px`, height: `${atlas.height * scale}px` });
    picture.getContext("2d").drawImage(this.bitmap, ...tile_at(atlas, this.number_of(i)), 0, 0, atlas.width, atlas.height);
  }

  say(words) {
    this.find(".spoken").textContent = words;
  }

  // The words at the edge of the map: how many points, which iteration, how many are selected.
  describe() {
    const { data, order, chosen } = this, count = chosen ? this.selected().length : 0, box = this.find(".chosen"), status = this.find(".status");
    box.hidden = !count;
    box.querySelector("span").textContent = `${number(count)} selected`;
    const drawn = order.length === data.count ? `${number(data.count)} points` : `${number(order.length)} of ${number(data.count)} points`;
    const isLive = data.isLive && !this.isDone && this.view.has_places;
    status.classList.toggle("live", isLive);
    status.classList.toggle("middle", this.isWrong === true || !this.view.has_places);
    if (this.isWrong) status.textContent = "The map could not be fetched from the server. Reload the page to try again.";
    else if (!this.view.has_places) status.textContent = data.isLive ? "The first picture of the map is on its way …" : "Fetching the map …";
    else status.textContent = isLive && this.step ? `${number(Number(this.step))} ${data.stepName} · ${drawn}` : drawn;
    const keys = `Arrow keys ${data.dims === 3 ? "turn" : "move"} it, plus and minus zoom, 0 shows all, Enter picks the point nearest to the middle, Escape clears.`;
    this.over.setAttribute("aria-label", `Map of ${drawn}${count ? `, ${number(count)} selected` : ""}. ${keys}`);
  }
}
