// What lies over the points: lines to neighbours, rings, stars of the visitor's own, the lasso, names where there are no pictures.

import { clamp } from "../shared/numbers.js";
import { GREY, tile_at } from "./drawing.js";

const NAMES_UP_TO = 160; // points in view, for names to be written beside them
const TRIED = 600, LETTERS = 26; // of named points, how many are tried for room; how long a name may be

export class Overlay {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
  }

  // scene: as for the points, and picked, hovered, linked, marks (with their pictures), line (of a lasso), names, labels, dot, tile
  draw(scene) {
    const { pen } = this, { view, ratio, picked, hovered, linked } = scene;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (!view.has_places) return;
    this.at = (i) => [view.sx[i], view.sy[i]];
    const isWords = scene.names.length > view.count / 2 && !scene.atlas; // not classes
    if (isWords && (scene.named || scene.inView <= NAMES_UP_TO)) this.names(scene);
    if (picked >= 0) {
      for (const i of linked) this.link(scene, picked, i);
      for (const i of linked) this.ring(scene, i, 1.5, 1.4);
    }
    if (hovered >= 0 && hovered !== picked) this.ring(scene, hovered, 2, 1.8);
    if (picked >= 0) this.ring(scene, picked, 3, 2.6, scene.accent);
    scene.marks.forEach((mark, k) => { this.star(scene, mark, view.count + k); });
    if (scene.line.length > 1) this.lasso(scene);
  }

  link({ ink, paper }, a, b) {
    const { pen } = this, [ax, ay] = this.at(a), [bx, by] = this.at(b);
    for (const [colour, width, alpha] of [[paper, 3.4, 0.7], [ink, 1.3, 0.75]]) {
      Object.assign(pen, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha });
      pen.beginPath();
      pen.moveTo(ax, ay);
      pen.lineTo(bx, by);
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  // Around a dot or a picture, which is drawn once more, over its neighbours.
  ring({ ink, paper, dot, tile, shownAsPictures, atlas, bitmap, palette, levels, number_of }, i, gap, width, colour = ink) {
    const { pen } = this, [x, y] = this.at(i), wide = tile / 2 + gap, high = (tile * (atlas?.height ?? 1)) / (atlas?.width ?? 1) / 2 + gap;
    if (shownAsPictures) {
      pen.imageSmoothingEnabled = false;
      pen.drawImage(bitmap, ...tile_at(atlas, number_of(i)), x - wide, y - high, 2 * wide, 2 * high);
    } else this.disc(x, y, dot + gap + 1.5, paper, dot + 0.5, palette[levels[i]] ?? GREY.dark);
    for (const [stroke, line] of [[paper, width + 2.6], [colour, width]]) {
      Object.assign(pen, { strokeStyle: stroke, lineWidth: line });
      pen.beginPath();
      if (shownAsPictures) pen.roundRect(x - wide, y - high, 2 * wide, 2 * high, 4);
      else pen.arc(x, y, dot + gap + 1.5, 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  // The point itself once more, on paper, free of those that lie over it.
  disc(x, y, outer, paper, inner, colour) {
    for (const [radius, fill] of [[outer, paper], [inner, colour]]) {
      this.pen.fillStyle = fill;
      this.pen.beginPath();
      this.pen.arc(x, y, radius, 0, 2 * Math.PI);
      this.pen.fill();
    }
  }

  star({ view, ink, paper, accent, font }, mark, i) {
    const { pen } = this, [x, y] = this.at(i);
    if (!Number.isFinite(x)) return;
    const shape = new Path2D();
    for (let k = 0; k < 10; k += 1) {
      const r = k % 2 ? 4.6 : 10.5, angle = (k * Math.PI) / 5 - Math.PI / 2;
      shape.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
    }
    shape.closePath();
    pen.lineJoin = "round";
    Object.assign(pen, { strokeStyle: paper, lineWidth: 5 });
    pen.stroke(shape);
    Object.assign(pen, { fillStyle: accent, strokeStyle: ink, lineWidth: 1.4 });
    pen.fill(shape);
    pen.stroke(shape);
    const high = 34, wide = mark.image ? clamp((high * mark.image.naturalWidth) / mark.image.naturalHeight, 12, 80) : -6;
    pen.font = `600 13px ${font}`;
    const room = wide + 6 + pen.measureText(mark.label).width;
    let right = x + 15 + room < view.width ? x + 15 : x - 15 - room;
    if (mark.image) {
      pen.imageSmoothingEnabled = mark.image.naturalHeight > high;
      pen.drawImage(mark.image, right, y - high / 2, wide, high);
      pen.imageSmoothingEnabled = true;
      Object.assign(pen, { strokeStyle: accent, lineWidth: 2 });
      pen.strokeRect(right, y - high / 2, wide, high);
      right += wide + 6;
    }
    this.word(mark.label, right, y, ink, paper, `600 13px ${font}`);
  }

  word(text, x, y, ink, paper, font) {
    const { pen } = this;
    Object.assign(pen, { font, textBaseline: "middle", lineJoin: "round", strokeStyle: paper, lineWidth: 4, fillStyle: ink });
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
  }

  // Beside the points, as many as have room; the first ones are first served.
  names({ view, order, named, names, labels, ink, paper, font, dot }) {
    const taken = [], { pen } = this;
    let tried = 0;
    pen.font = `13px ${font}`;
    for (const i of named ?? order) {
      const [x, y] = this.at(i), text = cropped(names[labels?.[i]]);
      if (!text || !(x > 0 && y > 0 && x < view.width && y < view.height)) continue;
      tried += 1;
      if (tried > TRIED) break;
      const wide = pen.measureText(text).width + 4, left = x + dot + 4 + wide <= view.width || x < wide ? x + dot + 4 : x - dot - 4 - wide;
      const box = [left, y - 8, left + wide, y + 8];
      if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
      taken.push(box);
      this.word(text, box[0], y, ink, paper, pen.font);
    }
  }

  lasso({ line, accent }) {
    const { pen } = this;
    pen.beginPath();
    line.forEach(([x, y]) => { pen.lineTo(x, y); });
    pen.closePath();
    Object.assign(pen, { fillStyle: accent, strokeStyle: accent, lineWidth: 1.6, globalAlpha: 0.12, lineJoin: "round" });
    pen.fill("evenodd");
    pen.globalAlpha = 1;
    pen.setLineDash([6, 4]);
    pen.stroke();
    pen.setLineDash([]);
  }
}

const cropped = (text) => (text?.length > LETTERS ? `${text.slice(0, LETTERS - 1).trimEnd()}…` : text);
