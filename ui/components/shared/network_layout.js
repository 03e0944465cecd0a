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

// How far from the film's node a synapse's number stands, as a share of the way: a lane for each hidden node.
export const LANES = [[0.36], [0.26, 0.5], [0.2, 0.38, 0.56], [0.15, 0.31, 0.47, 0.63]];

const ROUNDS = 12;
const SHARES = [...Array(37).keys()].map((n) => 0.1 + (0.8 * n) / 36);

// Moves numbers along their synapses until none lies on another, on a node or on a word: each takes the free place nearest to its share, else the one with most room.
// synapses: [{from, to, share}]; nodes: [{id, x, y, r}]; width, height: of a number; words: [{x, y: middle, w, h}]. Gives the synapses with their new shares.
export function spread_numbers(synapses, nodes, width, height, words = []) {
  const places = new Map(nodes.map((node) => [node.id, node])), taken = [...nodes.map(({ x, y, r }) => ({ x, y, w: 2 * r, h: 2 * r })), ...words];
  const room = (one, others) => Math.min(...others.map((other) => room_between(one, other)));
  const spots = synapses.map(({ from, to, share }) => {
    const a = places.get(from), b = places.get(to), near = (p, q) => Math.abs(p - share) - Math.abs(q - share);
    return [share, ...[...SHARES].sort(near)].map((each) => ({ share: each, x: a.x + (b.x - a.x) * each, y: a.y + (b.y - a.y) * each, w: width, h: height }));
  });
  const settle = (mine, others) => mine.find((one) => room(one, others) >= 0) ?? mine.reduce((most, one) => (room(one, others) > room(most, others) ? one : most));
  const chosen = [];
  for (const mine of spots) chosen.push(settle(mine, [...taken, ...chosen]));
  for (let round = 0; round < ROUNDS; round += 1) {
    spots.forEach((mine, i) => { // whoever is covered looks again, now that all have a place
      const others = [...taken, ...chosen.filter((_, k) => k !== i)];
      if (room(chosen[i], others) < 0) chosen[i] = settle(mine, others);
    });
  }
  return synapses.map((synapse, i) => ({ ...synapse, share: chosen[i].share }));
}

// Pixels between two boxes {x, y: middle, w, h}; below zero where they overlap.
export function room_between(one, other) {
  return Math.max(Math.abs(one.x - other.x) - (one.w + other.w) / 2, Math.abs(one.y - other.y) - (one.h + other.h) / 2);
}
