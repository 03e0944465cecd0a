// Where the nodes of a small network stand.

// Middle points of a layer's nodes: `count` of them at `x`, evenly between top and bottom, centred when there are few.
export function column(count, x, top, bottom, most = 110) {
  const gap = Math.min(most, (bottom - top) / Math.max(1, count));
  const middle = (top + bottom) / 2;
  return [...Array(count)].map((_, i) => ({ x, y: middle + (i - (count - 1) / 2) * gap }));
}

// The same from left to right, `step` apart around the middle of the width.
export function row(count, y, step, width) {
  return [...Array(count)].map((_, i) => ({ x: width / 2 + (i - (count - 1) / 2) * step, y }));
}
