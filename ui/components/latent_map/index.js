// Which point is where on screen: the nearest to the pointer, those inside a box or a lasso.

import { clamp } from "../shared/numbers.js";

const CELL = 16; // CSS pixels

export class ScreenIndex {
  // order: the points that are drawn; sx, sy: where. Points outside the frame are left out.
  build(order, sx, sy, width, height) {
    const columns = Math.max(1, Math.ceil(width / CELL)), rows = Math.max(1, Math.ceil(height / CELL));
    const first = new Uint32Array(columns * rows + 1), cells = new Int32Array(order.length);
    let inside = 0;
    for (let k = 0; k < order.length; k += 1) {
      const x = sx[order[k]], y = sy[order[k]], isInside = x >= 0 && y >= 0 && x < width && y < height;
      cells[k] = isInside ? Math.floor(y / CELL) * columns + Math.floor(x / CELL) : -1;
      if (!isInside) continue;
      first[cells[k] + 1] += 1;
      inside += 1;
    }
    for (let c = 0; c < columns * rows; c += 1) first[c + 1] += first[c];
    const next = first.slice(), points = new Uint32Array(inside);
    for (let k = 0; k < order.length; k += 1) if (cells[k] >= 0) points[next[cells[k]]++] = order[k];
    Object.assign(this, { columns, rows, first, points, inside, sx, sy });
  }

  // The drawn point nearest to (x, y), or -1 if none lies within `reach` pixels.
  nearest(x, y, reach) {
    const { columns, rows, first, points, sx, sy } = this, column = (value) => clamp(Math.floor(value / CELL), 0, columns - 1);
    const row = (value) => clamp(Math.floor(value / CELL), 0, rows - 1);
    let found = -1, least = reach * reach;
    for (let r = row(y - reach); r <= row(y + reach); r += 1)
      for (let k = first[r * columns + column(x - reach)]; k < first[r * columns + column(x + reach) + 1]; k += 1) {
        const i = points[k], distance = (sx[i] - x) ** 2 + (sy[i] - y) ** 2;
        if (distance <= least) [found, least] = [i, distance];
      }
    return found;
  }
}

// The drawn points inside a closed line of [x, y]; by the even-odd rule, after their bounds.
export function inside_line(line, order, sx, sy) {
  const xs = line.map(([x]) => x), ys = line.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return order.filter((i) => {
    const x = sx[i], y = sy[i];
    if (!(x >= left && x <= right && y >= top && y <= bottom)) return false;
    let isIn = false;
    for (let a = 0, b = line.length - 1; a < line.length; b = a, a += 1)
      if (ys[a] > y !== ys[b] > y && x < ((xs[b] - xs[a]) * (y - ys[a])) / (ys[b] - ys[a]) + xs[a]) isIn = !isIn;
    return isIn;
  });
}

export const box_line = ([x0, y0], [x1, y1]) => [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
