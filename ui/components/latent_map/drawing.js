// The points: as dots, small discs drawn once for each colour and depth and then stamped, or as pictures cut from the atlas.

import { is_calm } from "../shared/calm.js";
import { clamp } from "../shared/numbers.js";

export const NEUTRAL = 255; // the level of a point without a colour
const LAYERS = 8, PHASES = 4; // depths told apart by size and strength; places within a pixel
const CROWD = 400; // up to so many points in view are shown as pictures
export const GREY = { light: "#8a8f98", dark: "#8b94a3" };

// Discs as coverage masks, blended into the pixels by hand: 25 times faster than as many drawImage calls (1.3 ms for 10,000).
class Stamps {
  // radius in device pixels; the far layers are smaller and fainter. Each disc has a thin halo of paper, so that neighbours stay apart.
  make(radius, isDeep, strength) {
    const key = [radius, isDeep, strength].join();
    if (this.key === key) return;
    const layers = isDeep ? LAYERS : 1, side = Math.ceil(2 * radius + 1.6) + 2;
    Object.assign(this, { key, side, layers, masks: [] });
    for (let layer = 0; layer < layers; layer += 1) {
      const near = isDeep ? layer / (LAYERS - 1) : 1, r = radius * (0.55 + 0.45 * near), alpha = (isDeep ? 0.34 + 0.52 * near : 0.84) * strength;
      for (let v = 0; v < PHASES; v += 1) for (let u = 0; u < PHASES; u += 1) this.masks.push(this.mask(r, alpha, (u + 0.5) / PHASES, (v + 0.5) / PHASES));
    }
  }

  // For each pixel, in 256ths: how much stays of what was there, how much is paper, how much is colour.
  mask(r, alpha, dx, dy) {
    const { side } = this, parts = new Uint16Array(3 * side * side), middle = Math.floor(side / 2), halo = 0.6 * clamp(r / 2, 0.4, 1.6);
    for (let y = 0, k = 0; y < side; y += 1)
      for (let x = 0; x < side; x += 1, k += 3) {
        const distance = Math.hypot(x + 0.5 - middle - dx, y + 0.5 - middle - dy);
        const colour = alpha * clamp(r + 0.5 - distance, 0, 1), paper = 0.6 * alpha * clamp(r + halo + 0.5 - distance, 0, 1) * (1 - colour);
        parts[k + 1] = Math.round(256 * paper);
        parts[k + 2] = Math.round(256 * colour);
        parts[k] = 256 - parts[k + 1] - parts[k + 2];
      }
    return parts;
  }
}

// CSS colours as the words of ImageData, 0xAABBGGRR.
function words_of(colours) {
  const canvas = Object.assign(document.createElement("canvas"), { width: colours.length, height: 1 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  colours.forEach((colour, k) => {
    pen.fillStyle = colour;
    pen.fillRect(k, 0, 1, 1);
  });
  return new Uint32Array(pen.getImageData(0, 0, colours.length, 1).data.buffer);
}

// The radius of a dot in CSS pixels: smaller where many points share the frame, growing slowly with the zoom.
function dot_radius(count, width, height, zoom) {
  const base = clamp(0.24 * Math.sqrt((width * height) / Math.max(count, 1)), 1.5, 6);
  return Math.round(4 * clamp(base * clamp(zoom, 0.7, 60) ** 0.3, 1.4, 8)) / 4;
}

export class PointsDrawing {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    this.stamps = [new Stamps(), new Stamps()]; // of what is not selected, where something is, and of the others
    this.pictures = 0; // how far the pictures have faded in, from 0 to 1
  }

  // scene: view, order, levels, chosen (mask) or null, palette, paper, isDark, ratio, atlas, bitmap, inView, allPictures
  draw(scene) {
    const { view, ratio } = scene, { width, height } = view, { pen } = this;
    this.tile = tile_size(scene);
    const wants = scene.bitmap && (scene.allPictures || scene.inView <= CROWD) ? 1 : 0, isFading = Math.abs(wants - this.pictures) > 0.01;
    this.pictures = isFading && !is_calm() ? this.pictures + clamp(wants - this.pictures, -0.14, 0.14) : wants;
    this.radius = dot_radius(scene.order.length, width, height, view.camera.zoom);
    const order = view.dims === 3 ? by_depth(scene.order, view.depth) : scene.order, passes = scene.chosen ? [0, 1] : [-1];
    this.start(scene);
    for (const pass of passes) {
      const stamps = this.stamps[pass === 0 ? 0 : 1];
      stamps.make(this.radius * ratio, view.dims === 3, pass === 0 ? 0.22 : 1);
      this.dots(scene, order, pass, stamps);
    }
    pen.putImageData(this.image, 0, 0);
    if (this.pictures > 0) {
      const those = scene.allPictures && scene.inView > CROWD ? thinned(order, scene, this.tile) : order;
      pen.globalAlpha = this.pictures;
      for (const pass of passes) this.tiles(scene, those, pass);
    }
    pen.globalAlpha = 1;
    return isFading;
  }

  // An empty sheet, and the colours as words.
  start({ palette, paper, isDark }) {
    const { width, height } = this.canvas, key = [...palette, isDark ? GREY.dark : GREY.light, paper];
    if (this.image?.width !== width || this.image.height !== height) {
      this.image = new ImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    if (this.colourKey !== key.join()) Object.assign(this, { colourKey: key.join(), colours: words_of(key) });
    this.pixels.fill(this.colours.at(-1));
  }

  dots({ view, levels, chosen, ratio }, order, pass, { side, layers, masks }) {
    const { sx, sy, depth } = view, { pixels, colours } = this, { width, height } = this.canvas, middle = Math.floor(side / 2);
    const grey = colours.length - 2, paper = colours.at(-1), paperRB = paper & 0xff00ff, paperG = (paper >>> 8) & 0xff;
    for (let k = 0; k < order.length; k += 1) {
      const i = order[k];
      if (pass >= 0 && chosen[i] !== pass) continue;
      const x = sx[i] * ratio, y = sy[i] * ratio, column = Math.floor(x), row = Math.floor(y), left = column - middle, top = row - middle;
      if (!(left > -side && top > -side && left < width && top < height)) continue;
      const phase = Math.floor((y - row) * PHASES) * PHASES + Math.floor((x - column) * PHASES);
      const mask = masks[(layers > 1 ? layer_of(depth[i]) : 0) * PHASES * PHASES + phase];
      const word = colours[Math.min(levels[i], grey)], wordRB = word & 0xff00ff, wordG = (word >>> 8) & 0xff;
      const [x0, x1, y0, y1] = [Math.max(0, -left), Math.min(side, width - left), Math.max(0, -top), Math.min(side, height - top)];
      for (let v = y0; v < y1; v += 1)
        for (let u = x0, m = 3 * (v * side + x0), at = (top + v) * width + left + x0; u < x1; u += 1, m += 3, at += 1) {
          const stays = mask[m];
          if (stays === 256) continue;
          const under = pixels[at], halo = mask[m + 1], full = mask[m + 2];
          const redBlue = ((under & 0xff00ff) * stays + paperRB * halo + wordRB * full) >>> 8;
          const green = ((under >>> 8) & 0xff) * stays + paperG * halo + wordG * full;
          pixels[at] = 0xff000000 | (redBlue & 0xff00ff) | (green & 0xff00);
        }
    }
  }

  tiles({ view, levels, chosen, ratio, atlas, bitmap, palette, isDark, paper, number_of }, order, pass) {
    const { sx, sy } = view, { pen } = this, wide = this.tile * ratio, high = (wide * atlas.height) / atlas.width, edge = Math.max(1, wide / 18);
    pen.imageSmoothingEnabled = wide < atlas.width;
    pen.lineWidth = edge;
    for (let k = 0; k < order.length; k += 1) {
      const i = order[k];
      if (pass >= 0 && chosen[i] !== pass) continue;
      const x = Math.round(sx[i] * ratio - wide / 2), y = Math.round(sy[i] * ratio - high / 2);
      if (!(x > -wide && y > -high && x < this.canvas.width && y < this.canvas.height)) continue;
      pen.drawImage(bitmap, ...tile_at(atlas, number_of(i)), x, y, wide, high);
      pen.strokeStyle = palette[levels[i]] ?? (isDark ? GREY.dark : GREY.light);
      pen.strokeRect(x, y, wide, high);
      if (pass !== 0) continue;
      pen.save(); // not selected: under a veil, not see-through
      pen.globalAlpha *= 0.74;
      pen.fillStyle = paper;
      pen.fillRect(x - edge, y - edge, wide + 2 * edge, high + 2 * edge);
      pen.restore();
    }
    pen.imageSmoothingEnabled = true;
  }
}

const layer_of = (depth) => clamp(Math.floor(((depth + 1.3) / 2.6) * LAYERS), 0, LAYERS - 1);

// Where a tile lies in the atlas: left, top, width, height.
export function tile_at({ columns, width, height }, number) {
  return [(number % columns) * width, Math.floor(number / columns) * height, width, height];
}

// The edge of a picture on the map in CSS pixels, from the room there is.
function tile_size({ view, inView, allPictures }) {
  const room = 0.72 * Math.sqrt((view.width * view.height) / Math.max(inView, 1));
  return allPictures && inView > CROWD ? 26 : clamp(room, 22, 62);
}

// One point for each square of the frame, the one nearest to its middle; the squares move along with the map.
function thinned(order, { view }, edge) {
  const { sx, sy, width, height, camera } = view, size = view.unit * camera.zoom, [dx, dy] = [camera.x * size, -camera.y * size], best = new Map();
  for (const i of order) {
    if (!(sx[i] > -edge && sy[i] > -edge && sx[i] < width + edge && sy[i] < height + edge)) continue;
    const column = (sx[i] + dx) / edge, row = (sy[i] + dy) / edge, square = Math.floor(column) * 65536 + Math.floor(row);
    const distance = (column - Math.floor(column) - 0.5) ** 2 + (row - Math.floor(row) - 0.5) ** 2, other = best.get(square);
    if (!other || distance < other[1]) best.set(square, [i, distance]);
  }
  return Uint32Array.from(best.values(), ([i]) => i);
}

// The same points, far ones first: counted into slices.
function by_depth(order, depth) {
  const SLICES = 64, slice = (i) => clamp(Math.floor(((depth[i] + 1.8) / 3.6) * SLICES), 0, SLICES - 1), next = new Uint32Array(SLICES + 1);
  for (const i of order) next[slice(i) + 1] += 1;
  for (let s = 0; s < SLICES; s += 1) next[s + 1] += next[s];
  const sorted = new Uint32Array(order.length);
  for (const i of order) sorted[next[slice(i)]++] = i;
  return sorted;
}
